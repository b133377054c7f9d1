"""A long list line by line: drawn where it is seen, so that twenty thousand lines cost what twenty do."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import ClassVar, Generic, Protocol, TypeVar

from textual import events, on
from textual.content import Content
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual


class NumberedRow(Protocol):
    """A line of the list. Numbers grow, and stay a line's own while others come and go."""

    @property
    def number(self) -> float:
        """The line's own number."""
        ...


RowT = TypeVar("RowT", bound=NumberedRow)


class CursorList(ScrollView, Generic[RowT], can_focus=True):
    """Shows rows, oldest on top. Follows the newest until the cursor, or the reader, goes away from it.

    Subclasses draw a row and open one; ``LINE`` and ``CURSOR`` are their component classes.
    """

    LINE: ClassVar[str]
    CURSOR: ClassVar[str]

    def __init__(self, *, id: str) -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id)
        self._rows: Sequence[RowT] = ()
        self._cursor = 0
        self.following = True

    @property
    def current(self) -> RowT | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if 0 <= self._cursor < len(self._rows) else None

    def offer(self, rows: Sequence[RowT], *, anew: bool = False) -> None:
        """Show these; the cursor stays on its row, or on the newest while following or ``anew``."""
        before = None if anew or self.current is None else self.current.number
        self._rows = rows
        self.virtual_size = Size(self.size.width, len(rows))
        if self.following or before is None:
            self._cursor = max(0, len(rows) - 1)
            self.scroll_end(animate=False, immediate=True)
        elif (place := _find_row(self._rows, before)) != self._cursor:  # rows before it were dropped
            self._cursor = place
            self._bring_into_sight()
        self.refresh()

    def open_current(self) -> None:
        """Open the row under the cursor."""
        raise NotImplementedError

    def select(self, number: float) -> None:
        """Put the cursor on the row of this number."""
        self._go(_find_row(self._rows, number))

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self._go(self._cursor + step)

    def action_first(self) -> None:
        """Go to the oldest."""
        self._go(0)

    def action_newest(self) -> None:
        """Go to the newest and follow."""
        self._go(len(self._rows) - 1)

    def page(self, step: int) -> None:
        """Move a page."""
        self._go(self._cursor + step * max(1, self.size.height - 1))

    def on_click(self, event: events.Click) -> None:
        """A click chooses, a second one opens."""
        place = self.scroll_offset.y + event.y
        if place == self._cursor:
            self.open_current()
        elif place < len(self._rows):
            self._go(place)

    @on(events.Focus)
    @on(events.Blur)
    def _redraw_cursor(self) -> None:
        """The cursor shows only while the list has the focus."""
        self.refresh()

    def on_resize(self) -> None:
        """Other widths; the newest stays visible."""
        self.virtual_size = Size(self.size.width, len(self._rows))
        if self.following:
            self.scroll_end(animate=False, immediate=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling up stops the following; scrolling to the end follows again."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < old_value and self.following and new_value < self.max_scroll_y:
            self.following = False
        elif new_value >= self.max_scroll_y:
            self.following = True

    def render_line(self, y: int) -> Strip:
        """One row."""
        place, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        if place >= len(self._rows):
            return Strip.blank(width, self.get_visual_style(self.LINE).rich_style)
        return self.row_strip(self._rows[place], width, chosen=self.has_focus and place == self._cursor)

    def row_strip(self, row: RowT, width: int, *, chosen: bool) -> Strip:
        """A row as it is painted."""
        style = self.get_visual_style(self.CURSOR if chosen else self.LINE)
        return Visual.to_strips(self, self.row_line(row, width), width, 1, style, pad=True)[0]

    def row_line(self, row: RowT, width: int) -> Content:
        """The text of a row, in at most ``width`` cells."""
        raise NotImplementedError

    def _go(self, place: int) -> None:
        last = len(self._rows) - 1
        self._cursor = max(0, min(last, place))
        self._bring_into_sight()
        self.following = self._cursor >= last
        self.refresh()

    def _bring_into_sight(self) -> None:
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False, immediate=True)


def _find_row(rows: Sequence[NumberedRow], number: float) -> int:
    """The place of the row of this number, or of the next after it."""
    place = bisect_left(rows, number, key=lambda row: row.number)
    return max(0, min(place, len(rows) - 1))
