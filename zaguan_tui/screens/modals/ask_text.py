"""Sheet that asks for one line of text, such as a name."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.widgets.safe_input import SafeInput
from zaguan_tui.widgets.sheet import Sheet


class AskTextScreen(Sheet[str | None]):
    """Dismisses with a line that is not empty, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("line")]
    AUTO_FOCUS = "Input"

    def __init__(self, title: str, explanation: str, text: str = "") -> None:
        super().__init__()
        self._title, self._explanation, self._text = title, explanation, text

    def compose(self) -> ComposeResult:
        """What it is for, and the line."""
        with Vertical(classes="sheet ask-line") as sheet:
            sheet.border_title = self._title
            sheet.border_subtitle = "enter keeps · esc closes"
            yield Static(Content.styled(self._explanation, "$ink-soft"))
            yield SafeInput(self._text, compact=True, max_length=120, classes="gap")

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(event.value.strip())
