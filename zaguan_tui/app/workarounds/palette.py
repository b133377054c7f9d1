"""Textual's palettes, of commands and of themes, with a query of limited length, and closed once."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.command import CommandInput, CommandList, CommandPalette, SearchIcon
from textual.containers import Horizontal, Vertical
from textual.events import Mount
from textual.widgets import LoadingIndicator

from zaguan_tui.text.fuzzy import QUERY_LIMIT
from zaguan_tui.widgets.safe_input import SafeInput
from zaguan_tui.widgets.sheet import DismissOnce


class PaletteInput(CommandInput, SafeInput):
    """The palette's line to type on: clean text of limited length."""


class Palette(CommandPalette, DismissOnce[None]):
    """Textual's palette, which takes a query of limited length and can be closed twice."""

    def compose(self) -> ComposeResult:
        """The line to type on, and the list."""
        with Vertical(id="--container"):
            with Horizontal(id="--input"):
                yield SearchIcon()
                yield PaletteInput(
                    placeholder=self._placeholder, select_on_focus=False, max_length=QUERY_LIMIT
                )
            with Vertical(id="--results"):
                yield CommandList()
                yield LoadingIndicator()

    def _on_mount(self, event: Mount) -> None:
        """Textual takes the screen below for the one that called; a key may have gone elsewhere meanwhile."""
        if self.app.screen is self and len(self.app.screen_stack) > 1:
            super()._on_mount(event)
        else:
            self.dismiss()
        event.prevent_default()
