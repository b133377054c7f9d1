"""The frames line by line: drawn where they are seen, so that twenty thousand cost what twenty do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message as TextualMessage
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from zaguan_tui.keys import bindings_for
from zaguan_tui.screens.playground.wire.lines import row_line
from zaguan_tui.state.message import Message
from zaguan_tui.state.wire.frames import Frame, Row, Silence
from zaguan_tui.state.wire.record import WireRecord

CACHED_LINES = 512


class FrameList(ScrollView, can_focus=True):
    """Shows rows, oldest on top. Follows the newest until the cursor is moved away from it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground.wire.frames")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"frames--line", "frames--cursor"}

    @dataclass
    class Opened(TextualMessage):
        """The person wants to see this frame."""

        frame: Frame

    def __init__(self) -> None:
        super().__init__(id="wire-lines")
        self._record: WireRecord | None = None
        self._message: Message | None = None
        self._rows: Sequence[Row] = ()
        self._count = 0
        self._cursor = 0
        self._raw = False
        self._lines: dict[tuple[float, bool], Strip] = {}
        self.following = True

    @property
    def current(self) -> Row | None:
        """The row under the cursor."""
        return self._rows[self._cursor] if 0 <= self._cursor < len(self._rows) else None

    @property
    def raw(self) -> bool:
        """Whether data is shown as it came."""
        return self._raw

    def show(self, record: WireRecord | None, rows: Sequence[Row], message: Message | None) -> None:
        """Show these; the cursor stays on its row, or on the newest while following."""
        if record is not self._record:
            self._record, self.following, self._count = record, True, 0
            self._lines.clear()
        if message is not self._message:
            self._message = message
            self._lines.clear()
        before = self.current.number if self._count and self.current is not None else None
        self._rows, self._count = rows, len(rows)
        self.virtual_size = Size(self.size.width, len(rows))
        if self.following or before is None:
            self._cursor = max(0, len(rows) - 1)
            self.scroll_end(animate=False, immediate=True)
        else:
            place = _place(rows, before)
            if place != self._cursor:  # rows before it were let go, or the filter changed
                self._cursor = place
                self._bring_into_sight()
        self.refresh()

    def step(self, step: int) -> Frame | None:
        """Move the cursor to another frame and say which."""
        place = self._cursor + step
        while 0 <= place < len(self._rows):
            row = self._rows[place]
            if isinstance(row, Frame):
                self._go(place)
                return row
            place += step
        return None

    def to_next_stall(self) -> bool:
        """Go to the next stall, after the last to the first; whether there is one."""
        stalls = [place for place, row in enumerate(self._rows) if isinstance(row, Silence)]
        if stalls:
            self._go(next((place for place in stalls if place > self._cursor), stalls[0]))
            self.following = False
        return bool(stalls)

    def toggle_raw(self) -> None:
        """Show the data as it came, or what it says."""
        self._raw = not self._raw
        self.refresh()

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

    def action_open_frame(self) -> None:
        """Open the frame under the cursor."""
        if isinstance(row := self.current, Frame):
            self.post_message(self.Opened(row))

    def on_click(self, event: events.Click) -> None:
        """A click chooses, a second one opens."""
        place = self.scroll_offset.y + event.y
        if place == self._cursor:
            self.action_open_frame()
        elif place < len(self._rows):
            self._go(place)

    def on_focus(self) -> None:
        """The cursor shows."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor hides."""
        self.refresh()

    def on_resize(self) -> None:
        """Other widths; the newest stays in sight."""
        self._lines.clear()
        self.virtual_size = Size(self.size.width, len(self._rows))
        if self.following:
            self.scroll_end(animate=False, immediate=True)

    def notify_style_update(self) -> None:
        """Another theme: what was drawn holds the old colours."""
        self._lines.clear()
        super().notify_style_update()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Scrolling up stops the following; scrolling to the end follows again."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < old_value and self.following and new_value < self.max_scroll_y:
            self.following = False
        elif new_value >= self.max_scroll_y:
            self.following = True

    def render_line(self, y: int) -> Strip:
        """One row, drawn once: what came does not change."""
        place, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        if place >= len(self._rows) or self._record is None:
            return Strip.blank(width, self.get_visual_style("frames--line").rich_style)
        row = self._rows[place]
        if self.has_focus and place == self._cursor:
            return self._draw(self._record, row, width, "frames--cursor")
        key = (row.number, self._raw)
        if not isinstance(row, Frame):
            return self._draw(self._record, row, width, "frames--line")
        if (strip := self._lines.get(key)) is None:
            if len(self._lines) >= CACHED_LINES:
                self._lines.clear()
            strip = self._lines[key] = self._draw(self._record, row, width, "frames--line")
        return strip

    def _draw(self, record: WireRecord, row: Row, width: int, style: str) -> Strip:
        line = row_line(record, row, width, self._message, raw=self._raw)
        return Visual.to_strips(self, line, width, 1, self.get_visual_style(style), pad=True)[0]

    def _go(self, place: int) -> None:
        last = len(self._rows) - 1
        self._cursor = max(0, min(last, place))
        self._bring_into_sight()
        self.following = self._cursor >= last
        self.refresh()

    def _bring_into_sight(self) -> None:
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False, immediate=True)


def _place(rows: Sequence[Row], number: float) -> int:
    """Where the row of this number is, or the next after it. Numbers grow."""
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if rows[middle].number < number else (low, middle)
    return max(0, min(low, len(rows) - 1))
