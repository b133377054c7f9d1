"""A screen that is still to come: it says what it will do."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Middle
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.screens.common.base_screen import BaseScreen


class PlaceholderScreen(BaseScreen):
    """Says what the screen will do and where to go meanwhile."""

    def compose_screen(self) -> ComposeResult:
        """The promise, in the middle."""
        with Middle():
            yield Static(
                Content.assemble(
                    (f"{self.feature.title} is still to come.", "$ink-strong"),
                    "\n\n",
                    (self.feature.promise, "$ink-soft"),
                    "\n\n",
                    ("2", "bold $primary"),
                    (" chats with a model, ", "$ink-soft"),
                    ("5", "bold $primary"),
                    (" watches the providers.", "$ink-soft"),
                ),
                classes="to-come",
            )
