"""The line that filters a table: shown by ``/``, cleared and hidden by escape, always saying how many are
left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.text.format import count
from zaguan_tui.text.fuzzy import QUERY_LIMIT
from zaguan_tui.widgets.foreign_text import foreign_line
from zaguan_tui.widgets.safe_input import SafeInput


class FilterBar(Horizontal):
    """An input and a count. Posts :class:`Changed` at every keystroke and :class:`Left` when done."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("filter")]

    @dataclass
    class Changed(Message):
        """The filter text is now this."""

        text: str

    class Left(Message):
        """The person goes back to the table."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(id="filter")
        self._placeholder = placeholder
        self._shown_counts: tuple[int, int, str] | None = None

    def compose(self) -> ComposeResult:
        """A slash, the text, the count."""
        yield Static(Content.styled("/", "bold $primary"), classes="filter-mark")
        yield SafeInput(placeholder=self._placeholder, max_length=QUERY_LIMIT, compact=True)
        yield Static("", classes="filter-note")
        yield Static("", classes="filter-count")

    def on_mount(self) -> None:
        """Hidden until asked for."""
        self.display = False

    @property
    def text(self) -> str:
        """The filter as typed."""
        return self.query_one(Input).value

    def open(self) -> None:
        """Show the bar and put the cursor in."""
        self.display = True
        self.query_one(Input).focus()

    def show_counts(self, shown: int, total: int, note: str = "") -> None:
        """Say how many rows are left, and what in the filter was not understood."""
        if (shown, total, note) == self._shown_counts:
            return
        self._shown_counts = (shown, total, note)
        self.query_one(".filter-count", Static).update(
            Content.styled(f"{count(shown)} of {count(total)}", "$ink-soft")
        )
        self.query_one(".filter-note", Static).update(foreign_line(note, "$warning"))

    def action_clear(self) -> None:
        """Drop the filter, hide the bar, go back."""
        self.query_one(Input).value = ""
        self.display = False
        self.post_message(self.Left())

    def action_leave(self) -> None:
        """Keep the filter, go back."""
        self.display = bool(self.text)
        self.post_message(self.Left())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_leave()
