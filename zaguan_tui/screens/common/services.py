"""Services of a screen for its controllers: notifications, sheets, clipboard, files, workers, focus."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from zaguan_tui.screens.common.connection_info import ScreenOptions
from zaguan_tui.text.sanitize import clean_line

T = TypeVar("T")
HINT_SECONDS = 3.0


def never_disabled() -> str:
    """The reason of a command that can always run."""
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """What an action of the registry runs, and why it cannot run now.

    A coroutine function runs as a worker of ``group``, in place of the one that runs there; with an empty
    ``group`` it is awaited. ``disabled_reason`` gives a sentence, or "" when the command can run.
    ``hint`` shows that sentence briefly, as information and not as a warning.
    """

    run: Callable[[], object]
    disabled_reason: Callable[[], str] = never_disabled
    group: str = "pick"
    hint: bool = False


class ScreenServices:
    """What a controller may ask of the screen it works for."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen

    async def run(self, command: Command) -> None:
        """Run a command, or say why it cannot run."""
        if reason := command.disabled_reason():
            self.inform(reason, timeout=HINT_SECONDS) if command.hint else self.warn(reason)
            return
        if not inspect.iscoroutinefunction(command.run):
            command.run()
        elif command.group:
            self.start(command.run, command.group)
        else:
            await command.run()

    def start(
        self, work: Callable[[], Coroutine[None, None, Any]], group: str, *, exclusive: bool = True
    ) -> None:
        """Run a coroutine function as a worker; with ``exclusive`` in place of the group's others."""
        self._screen.run_worker(work, group=group, exclusive=exclusive, exit_on_error=False)

    def cancel(self, group: str) -> None:
        """Cancel the workers of a group."""
        self._screen.workers.cancel_group(self._screen, group)

    def call_later(self, callback: Callable[..., object], *args: Any) -> None:
        """Call back once the messages that wait are handled."""
        self._screen.call_later(callback, *args)

    def warn(self, sentence: str) -> None:
        """Notify of something that did not work."""
        self._screen.notify(clean_line(sentence), severity="warning", markup=False)

    def inform(self, sentence: str, *, title: str = "", timeout: float | None = None) -> None:
        """Notify of something that worked."""
        self._screen.notify(sentence, title=title, timeout=timeout, markup=False)

    def list_warnings(self, sentences: str, title: str, timeout: float) -> None:
        """Notify of several things, a line each."""
        self._screen.notify(sentences, title=title, severity="warning", timeout=timeout, markup=False)

    def copy(self, text: str, kind: str = "") -> None:
        """Send a text to the terminal's clipboard; ``kind`` (`` of code``) follows the count."""
        self._screen.app.copy_to_clipboard(text)
        self.inform(f"Sent {len(text):,} characters{kind} to the terminal's clipboard.")

    async def ask(self, sheet: Screen[T]) -> T:
        """Show a sheet and return what it is dismissed with. Call it in a worker."""
        return await self._screen.app.push_screen_wait(sheet)

    async def save(self, title: str, path: Path, explanation: Content, data: str | bytes) -> Path | None:
        """Ask where to write ``data``, and write it; see :meth:`write_file`."""
        from zaguan_tui.screens.modals.save_file import SaveSheet

        target = await self.ask(SaveSheet(title, path, explanation))
        return None if target is None else await self.write_file(target, data)

    async def write_file(self, path: Path, data: str | bytes) -> Path | None:
        """Write a new file in a thread and return where. ``None`` when it failed, which is notified."""
        from zaguan_tui.state.core.atomic_file import write_new_file

        try:
            return await asyncio.to_thread(lambda: write_new_file(path.expanduser().absolute(), data))
        except (OSError, RuntimeError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error)
            self.warn(f"{path} could not be written: {why}.")
            return None

    def focus(self, widget: Widget | None) -> None:
        """Give the keys to a widget, or to none."""
        self._screen.set_focus(widget)

    @property
    def focused(self) -> Widget | None:
        """The widget that has the keys."""
        return self._screen.focused

    @property
    def keymap(self) -> Mapping[str, str]:
        """The keys that the person has set, by action id."""
        app = self._screen.app
        return app.options.keymap if isinstance(app, ScreenOptions) else {}

    async def open_link(self, link: str) -> None:
        """Open a link (``comparison:…``) with the app."""
        from zaguan_tui.screens.common.connection_info import LinkOpener

        if isinstance(self._screen.app, LinkOpener):
            await self._screen.app.open_link(link)

    def refresh_bindings(self) -> None:
        """Have the key bar show what can run now."""
        self._screen.refresh_bindings()
