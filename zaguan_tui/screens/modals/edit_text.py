"""A sheet with a text to edit: dismisses with the new text, or ``None`` when left as it was."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.widgets.safe_text_area import SafeTextArea
from zaguan_tui.widgets.sheet import Sheet


class EditTextScreen(Sheet[str | None]):
    """Edit a few lines: a system prompt, a note."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("edit")]
    AUTO_FOCUS = "TextArea"

    def __init__(self, title: str, text: str, explanation: str) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._explanation = explanation

    def compose(self) -> ComposeResult:
        """What it is for, and the text."""
        with Vertical(classes="sheet edit-text") as sheet:
            sheet.border_title = self._title
            sheet.border_subtitle = "f2 or ctrl+s keeps · esc leaves it as it was"
            yield Static(Content.styled(self._explanation, "$ink-soft"))
            yield SafeTextArea(self._text)

    def action_keep(self) -> None:
        """Give the text back."""
        self.dismiss(self.query_one(SafeTextArea).text)
