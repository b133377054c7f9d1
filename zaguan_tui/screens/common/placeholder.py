"""A room that is still to come: it says so in one honest line."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Middle
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.screens.common.base_screen import BaseScreen


class PlaceholderScreen(BaseScreen):
    """Stands where a room will be, and says what it will do and where to go meanwhile."""

    def compose_screen(self) -> ComposeResult:
        """The promise, in the middle."""
        with Middle():
            yield Static(
                Content.assemble(
                    (f"{self.info.title} is still to come.", "$ink-strong"),
                    "\n\n",
                    (self.info.promise, "$ink-soft"),
                    "\n\n",
                    ("2", "bold $primary"),
                    (" chats with a model, ", "$ink-soft"),
                    ("5", "bold $primary"),
                    (" watches the providers.", "$ink-soft"),
                ),
                classes="to-come",
            )
