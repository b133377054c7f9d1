"""The base of modal sheets: closing one twice, late, or from below another sheet is harmless."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

ResultType = TypeVar("ResultType")


async def _nothing() -> None:
    """What is left to do when a screen is closed already."""


class DismissOnce(Screen[ResultType]):
    """A screen whose :meth:`dismiss` closes this screen and no other, and does nothing when it is closed.

    Textual's pops whatever lies on top of the current mode: a second enter within one frame, a selection that
    arrives after escape, or a worker that ends later would close another sheet or raise ``ScreenStackError``.
    """

    def dismiss(self, result: ResultType | None = None) -> AwaitComplete:
        """Close this screen and hand ``result`` to whoever opened it."""
        stack = next((stack for stack in self.app._screen_stacks.values() if self in stack), None)
        if stack is None:
            return AwaitComplete(_nothing())
        for waiting in self._result_callbacks:
            if waiting.future is not None and waiting.future.done():
                waiting.future = None  # the worker that awaited the result was cancelled
        if self.app.screen is self:
            return super().dismiss(result)
        if self._result_callbacks:
            self._result_callbacks[-1](result)
            self._pop_result_callback()
        stack.remove(self)
        return AwaitComplete(self._leave()).call_next(self.app)

    async def _leave(self) -> None:
        await self.app._replace_screen(self)


class Sheet(ModalScreen[ResultType], DismissOnce[ResultType]):
    """A modal screen that gives one result back."""
