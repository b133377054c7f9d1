"""Notices, clipboard, sheets, saving to a file, background work and actions of one screen.

Controllers get this object instead of the screen, so that they can be tested without a terminal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from zaguan_tui.state.core.store import Problem
from zaguan_tui.text.sanitize import clean_line

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class ScreenServices:
    """What every screen or sheet does in the same way, for its ``owner``."""

    def __init__(self, owner: Widget) -> None:
        self._owner = owner

    def bind_actions(self, commands: Mapping[str, Callable[..., object]]) -> None:
        """Run ``commands[name]`` as the Textual action ``name`` of the owner: no method is needed."""
        for name, command in commands.items():
            setattr(self._owner, f"action_{name}", command)

    def inform(self, sentence: str, *, timeout: float | None = None) -> None:
        """Show a notice; ``timeout`` in seconds."""
        self._owner.notify(clean_line(sentence), timeout=timeout, markup=False)

    def warn(self, sentence: str) -> None:
        """Show a warning: what failed or cannot be done now, and what to do."""
        self._owner.notify(clean_line(sentence), severity="warning", markup=False)

    def warn_of(self, problem: Problem) -> None:
        """Show a problem and its next step as a warning."""
        self.warn(f"{problem.sentence} {problem.next_step}")

    def copy(self, text: str, description: str = "") -> None:
        """Send text to the terminal's clipboard and say so; the app takes secrets and controls out of it."""
        self._owner.app.copy_to_clipboard(text)
        self.inform(f"Sent {description or f'{len(text):,} characters'} to the terminal's clipboard.")

    def run(
        self,
        group: str,
        work: Callable[[*Arguments], Coroutine[Any, Any, object]],
        *arguments: *Arguments,
        exclusive: bool = False,
    ) -> None:
        """Start a worker of the owner; ``exclusive`` cancels the others of its group. Faults are reported."""
        start: Callable[[], Coroutine[None, None, Any]] = partial(work, *arguments)
        self._owner.run_worker(start, group=group, exclusive=exclusive, exit_on_error=False)

    def worker(
        self,
        group: str,
        work: Callable[[*Arguments], Coroutine[Any, Any, object]],
        *,
        exclusive: bool = False,
    ) -> Callable[[*Arguments], None]:
        """A function that starts ``work`` as :meth:`run` does, for a table of actions."""
        return lambda *arguments: self.run(group, work, *arguments, exclusive=exclusive)

    def cancel(self, group: str) -> None:
        """Cancel the workers of a group."""
        self._owner.workers.cancel_group(self._owner, group)

    async def show_sheet(self, sheet: Screen[T]) -> T:
        """Show a sheet over the screen and wait for its result. Call it in a worker."""
        return await self._owner.app.push_screen_wait(sheet)

    async def save_file(
        self,
        title: str,
        stem: str,
        suffixes: tuple[str, ...],
        explanation: Content,
        write: Callable[[Path], str],
        errors: tuple[type[Exception], ...] = (),
    ) -> None:
        """Ask for a path, write in a thread, say the sentence that ``write`` returns, or why it failed.

        The path offered is free with every suffix. ``errors`` are those of ``write`` whose text is a
        sentence for people.
        """
        from zaguan_tui.screens.modals.save_file import SaveSheet, find_free_path

        offered = await asyncio.to_thread(find_free_path, Path.cwd(), stem, *suffixes)
        path = await self.show_sheet(SaveSheet(title, offered, explanation))
        if path is None:
            return
        try:
            self.inform(await asyncio.to_thread(write, path))
        except FileExistsError as error:
            self.warn(f"There is a file {error.filename} already: nothing was written.")
        except errors as error:
            self.warn(str(error))
        except OSError as error:
            self.warn(f"{error.filename or path} could not be written: {error.strerror or error}.")
