"""Where we go round Textual 8.2, and nowhere else.

Each detour names its reason and has a test that notices when the road is repaired (``tests/workarounds``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from textual.app import App
from textual.driver import Driver

from zaguan_tui.app.workarounds.alt_keys import AltKeyApp
from zaguan_tui.app.workarounds.clicks import AttachedClicks
from zaguan_tui.app.workarounds.clipboard import SafeClipboard
from zaguan_tui.app.workarounds.faults import FaultBarrier
from zaguan_tui.app.workarounds.freeing import free_removed_widgets
from zaguan_tui.app.workarounds.option_list import repair_option_list
from zaguan_tui.app.workarounds.removal import shield_removal
from zaguan_tui.app.workarounds.resizing import end_resizes
from zaguan_tui.app.workarounds.strips import build_strip_caches_on_use
from zaguan_tui.app.workarounds.styles import CachingStylesheet
from zaguan_tui.app.workarounds.text_keys import run_text_keys_in_order
from zaguan_tui.app.workarounds.timers import repair_timers

if TYPE_CHECKING:
    from textual.command import Provider

__all__ = ["AltKeyApp", "CachingStylesheet", "FaultBarrier", "RepairedApp", "SafeClipboard"]

Result = TypeVar("Result")


class RepairedApp(
    AltKeyApp[Result], AttachedClicks[Result], SafeClipboard[Result], FaultBarrier[Result], App[Result]
):
    """An app with every detour: alt keys and pastes whole, option lists paged safely, faults survived."""

    def __init__(self, *args: object, **more: object) -> None:
        repair_option_list()
        shield_removal()
        free_removed_widgets()
        build_strip_caches_on_use()
        repair_timers()
        end_resizes()
        run_text_keys_in_order()
        super().__init__(*args, **more)

    def get_driver_class(self) -> type[Driver]:
        """The driver of this platform, with pastes delivered whole where it reads a POSIX terminal."""
        driver = super().get_driver_class()
        if driver.__module__ != "textual.drivers.linux_driver":
            return driver
        from zaguan_tui.app.workarounds.terminal_driver import TerminalDriver

        return TerminalDriver

    def action_command_palette(self) -> None:
        """Find a command. The palette has no id: one that is still being removed would clash with it."""
        self.open_palette()

    def open_palette(self, providers: Sequence[type[Provider]] | None = None, **more: str) -> None:
        """Open a palette of these providers, of the app's own without them."""
        from zaguan_tui.app.workarounds.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(providers, **more))
