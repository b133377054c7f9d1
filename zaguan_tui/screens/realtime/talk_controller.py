"""Conversation in a realtime session: connect, send a turn, stop an answer, answer tool calls, disconnect."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.realtime.default_model import NextSession
from zaguan_tui.screens.realtime.realtime_view import RealtimeView
from zaguan_tui.state.realtime.notices import Phase
from zaguan_tui.state.realtime.session import AnsweringError, NotOpenError, RealtimeSession
from zaguan_tui.state.realtime.turns import ToolRequest, TurnEnding
from zaguan_tui.text.sanitize import clean_line

NOT_OPEN = "No session is open: ctrl+n connects. What you wrote stays."
CONNECTING = "One moment: the session is being opened."
ANSWER_IN_PROGRESS = "An answer is still coming. Escape stops it."
NO_MODEL = "Pick a model first: ctrl+o."


@dataclass(slots=True, eq=False)
class RealtimeTalkController:
    """Sends turns in the present session, and begins and ends sessions."""

    services: ScreenServices
    session: RealtimeSession
    next_session: NextSession
    view: RealtimeView

    def connect(self) -> None:
        """Begin a new session."""
        if (model := self.next_session.model) is None:
            self.services.warn(NO_MODEL)
        else:
            self.session.connect(model)
            self.view.focus_prompt()

    def explain_no_connect(self) -> str:
        """Why no session can begin; empty when one can."""
        return NO_MODEL if self.next_session.model is None else ""

    def submit(self, text: str) -> bool:
        """Send what was written; false, with the reason shown, when it cannot be sent."""
        if self.session.status.phase is not Phase.OPEN:
            self.services.warn(CONNECTING if self.session.live else NOT_OPEN)
        elif self.session.running is not None:
            self.services.warn(ANSWER_IN_PROGRESS)
        else:
            self.services.run("say", self._send, text)
            return True
        return False

    @property
    def open_calls(self) -> tuple[ToolRequest, ...]:
        """The functions whose results the newest turn waits for."""
        turns = self.session.book.turns
        waiting = bool(turns) and turns[-1].ending is TurnEnding.TOOL_CALLS
        return turns[-1].calls if waiting and self.session.status.phase is Phase.OPEN else ()

    async def answer_calls(self) -> None:
        """Write what the functions return, one after the other; leaving one leaves all."""
        from zaguan_tui.screens.modals.edit_text import EditTextScreen

        outputs = []
        for call in self.open_calls:
            explanation = clean_line(
                f"What {call.name or 'the function'} gives for {call.arguments or 'nothing'}", 300
            )
            output = await self.services.show_sheet(EditTextScreen("Answer as the tool", "{}", explanation))
            if output is None:
                return
            outputs.append((call, output))
        if outputs:
            with self._warn_if_too_late():
                await self.session.answer(outputs)

    async def _send(self, text: str) -> None:
        with self._warn_if_too_late(lambda: self.view.prompt.put_above(text)):
            await self.session.say(text)

    @contextmanager
    def _warn_if_too_late(self, undo: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Warn, after ``undo``, that the session has ended or answers already."""
        try:
            yield
        except (NotOpenError, AnsweringError) as error:
            undo()
            self.services.warn(ANSWER_IN_PROGRESS if isinstance(error, AnsweringError) else NOT_OPEN)
