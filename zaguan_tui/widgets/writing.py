"""A field for many lines that takes no control characters: a text area would pass them to the terminal."""

from __future__ import annotations

from textual import events
from textual.widgets import TextArea

from zaguan_tui.text.sanitize import clean


class WritingArea(TextArea):
    """A text area whose text is harmless, however it got there."""

    def __init__(self, text: str = "", *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(
            clean(text),
            id=id,
            soft_wrap=True,
            show_line_numbers=False,
            compact=True,
            highlight_cursor_line=False,
        )

    async def _on_paste(self, event: events.Paste) -> None:
        """What is pasted is cleaned first."""
        event.prevent_default().stop()
        if not self.read_only and (result := self._replace_via_keyboard(clean(event.text), *self.selection)):
            self.move_cursor(result.end_location)

    def write(self, text: str) -> None:
        """Put this text into the field, the cursor at its end."""
        self.text = clean(text)
        self.move_cursor(self.document.end)
