"""Services of a chat screen for its controllers; commands: what an action runs, and why it cannot run now."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from zaguan_tui.screens.chat.next_steps import get_keymap
from zaguan_tui.screens.common.connection_info import LinkOpener
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.text.sanitize import clean_line

HINT_SECONDS = 3.0


def never_disabled() -> str:
    """The reason of a command that can always run."""
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """What an action runs, with the arguments of the action, and why it cannot run now.

    A coroutine function runs as a worker of ``group``, in place of the one that runs there; with an empty
    ``group`` it is awaited. ``disabled_reason`` gives a sentence, or "" when the command can run. ``hint``
    shows that sentence briefly, as information and not as a warning.
    """

    run: Callable[..., object]
    disabled_reason: Callable[[], str] = never_disabled
    group: str = "pick"
    hint: bool = False


class ChatServices(ScreenServices):
    """What a controller may ask of the chat screen it works for."""

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__(screen)
        self._screen = screen

    def bind_commands(self, commands: Mapping[str, Command]) -> None:
        """Run ``commands[name]`` as the Textual action ``name`` of the screen."""
        self.bind_actions({name: self._make_action(command) for name, command in commands.items()})

    def _make_action(self, command: Command) -> Callable[..., object]:
        def run(*arguments: object) -> object:
            if reason := command.disabled_reason():
                self.hint(reason) if command.hint else self.warn(reason)
            elif command.group and inspect.iscoroutinefunction(command.run):
                self.run(command.group, command.run, *arguments, exclusive=True)
            else:
                return command.run(*arguments)
            return None

        return run

    def hint(self, sentence: str) -> None:
        """Show a notice for a moment: there is nothing to do."""
        self.inform(sentence, timeout=HINT_SECONDS)

    def list_warnings(self, lines: str, title: str, timeout: float) -> None:
        """Show a warning of several lines."""
        self._screen.notify(lines, title=title, severity="warning", timeout=timeout, markup=False)

    def inform(self, sentence: str, *, timeout: float | None = None, title: str = "") -> None:
        """Show a notice; ``timeout`` in seconds."""
        self._screen.notify(clean_line(sentence), title=title, timeout=timeout, markup=False)

    async def save(self, title: str, path: Path, explanation: Content, data: str | bytes) -> Path | None:
        """Ask where to write ``data``, and write it as :meth:`write_file` does."""
        from zaguan_tui.screens.modals.save_file import SaveSheet

        target = await self.show_sheet(SaveSheet(title, path, explanation))
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

    def call_later(self, callback: Callable[..., object], *args: Any) -> None:
        """Call back once the messages that wait are handled."""
        self._screen.call_later(callback, *args)

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
        return get_keymap(self._screen.app)

    async def open_link(self, link: str) -> None:
        """Open a link (``comparison:…``) with the app."""
        if isinstance(self._screen.app, LinkOpener):
            await self._screen.app.open_link(link)

    def refresh_bindings(self) -> None:
        """Have the key bar show what can run now."""
        self._screen.refresh_bindings()
