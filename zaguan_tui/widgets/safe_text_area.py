"""A field for many lines that takes no control characters: a text area would pass them to the terminal."""

from __future__ import annotations

from typing import Final

from rich.text import Text
from textual import events
from textual.strip import Strip
from textual.widgets import TextArea

from zaguan_tui.text.sanitize import clean

LONG_LINE: Final = 2_000
"""Characters from which on a line is drawn by the row: Textual lays all of it out for every row it takes."""


class SafeTextArea(TextArea):
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

    def _render_line(self, y: int) -> Strip:
        """Draw one row; of a long line only the part that stands in it."""
        rows, place = self.wrapped_document._offset_to_line_info, y + self.scroll_offset.y
        if place < len(rows):
            line_index, section = rows[place]
            line = self.document.get_line(line_index)
            if self.soft_wrap and len(line) >= LONG_LINE and "\t" not in line:
                bounds = [0, *self.wrapped_document.get_offsets(line_index), len(line) + 1]
                return self._render_part(line_index, bounds[section], bounds[section + 1])
        return super()._render_line(y)

    def _render_part(self, line_index: int, start: int, end: int) -> Strip:
        """The characters from ``start`` to ``end`` of a line, with what is selected and the cursor."""
        line = self.document.get_line(line_index)
        part = Text((line + " ")[start:end], end="", no_wrap=True)
        theme, (top, bottom), (row, column) = self._theme, sorted(self.selection), self.selection.end
        if theme.selection_style and top != bottom and top[0] <= line_index <= bottom[0]:
            first = top[1] if top[0] == line_index else 0
            last = bottom[1] if bottom[0] == line_index else len(line)
            part.stylize(theme.selection_style, max(0, first - start), max(0, last - start))
        if theme.cursor_style and self._draw_cursor and row == line_index and start <= column < end:
            part.stylize(theme.cursor_style, column - start, column - start + 1)
        width = self.scrollable_content_region.size.width - self.gutter_width
        strip = Strip(part.render(self.app.console), cell_length=part.cell_len)
        return strip.extend_cell_length(width, theme.base_style).apply_style(
            theme.base_style or self.rich_style
        )
