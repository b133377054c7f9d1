"""The event log line by line: drawn where it is seen, so that thousands of events cost nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from zaguan_tui.keys import bindings_for
from zaguan_tui.state.realtime.log import Direction, LogEntry
from zaguan_tui.text.cells import left, right
from zaguan_tui.text.format import latency
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.content import foreign_line

SHORT_LABEL, LONG_LABEL = 21, 30
ROOMY: Final = 78
_COLORS: Final = {
    Direction.SENT: "$primary",
    Direction.RECEIVED: "$success",
    Direction.NOTE: "$ink-faint",
}


class EventLogView(ScrollView, can_focus=True):
    """Shows entries, oldest on top. Follows the newest until the cursor is moved away from it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("realtime.log")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"log--line", "log--cursor"}

    @dataclass
    class Opened(Message):
        """The person wants to see this entry."""

        number: int

    def __init__(self) -> None:
        super().__init__(id="log")
        self._entries: Sequence[LogEntry] = ()
        self._cursor = 0
        self.following = True

    @property
    def current(self) -> LogEntry | None:
        """The entry under the cursor."""
        return self._entries[self._cursor] if 0 <= self._cursor < len(self._entries) else None

    def show(self, entries: Sequence[LogEntry]) -> None:
        """Show these; the cursor stays on its entry, or on the newest while following."""
        before = self.current
        gone = len(self._entries) and entries and entries[0].number > self._entries[0].number
        self._entries = entries
        self.virtual_size = Size(self.size.width, len(entries))
        if self.following or before is None:
            self._cursor = max(0, len(entries) - 1)
            self.scroll_end(animate=False, immediate=True)
        else:
            self._cursor = _place(entries, before.number)
            if gone:
                self._bring_into_sight()
        self.refresh()

    def select(self, number: int) -> None:
        """Put the cursor on the entry of this number."""
        self._go(_place(self._entries, number))

    def step(self, step: int) -> LogEntry | None:
        """Move the cursor and say where it is."""
        self._go(self._cursor + step)
        return self.current

    def action_move(self, step: int) -> None:
        """Move the cursor."""
        self._go(self._cursor + step)

    def action_first(self) -> None:
        """Go to the oldest."""
        self._go(0)

    def action_newest(self) -> None:
        """Go to the newest and follow."""
        self._go(len(self._entries) - 1)

    def page(self, step: int) -> None:
        """Move a page."""
        self._go(self._cursor + step * max(1, self.size.height - 1))

    def action_open_event(self) -> None:
        """Open the entry under the cursor."""
        if (entry := self.current) is not None:
            self.post_message(self.Opened(entry.number))

    def on_click(self, event: events.Click) -> None:
        """A click chooses, a second one opens."""
        place = self.scroll_offset.y + event.y
        if place == self._cursor:
            self.action_open_event()
        elif place < len(self._entries):
            self._go(place)

    def on_focus(self) -> None:
        """The cursor shows."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor hides."""
        self.refresh()

    def on_resize(self) -> None:
        """Other widths; the newest stays in sight."""
        self.virtual_size = Size(self.size.width, len(self._entries))
        if self.following:
            self.scroll_end(animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        """One entry."""
        place, width = self.scroll_offset.y + y, self.scrollable_content_region.width
        chosen = self.has_focus and place == self._cursor
        style = self.get_visual_style("log--cursor" if chosen else "log--line")
        if place >= len(self._entries):
            return Strip.blank(width, style.rich_style)
        line = entry_line(self._entries[place], width)
        return Visual.to_strips(self, line, width, 1, style, pad=True)[0]

    def _go(self, place: int) -> None:
        last = len(self._entries) - 1
        self._cursor = max(0, min(last, place))
        self.following = self._cursor >= last
        self._bring_into_sight()
        self.refresh()

    def _bring_into_sight(self) -> None:
        self.scroll_to_region(Region(0, self._cursor, 1, 1), animate=False, immediate=True)


def entry_line(entry: LogEntry, width: int) -> Content:
    """``← 1.750 +0.250 response.created resp_1``, cut to ``width`` cells."""
    mark, color = ("✖ ", "$error") if entry.trouble else ("", "$foreground")
    if entry.direction is Direction.NOTE and not entry.trouble:
        color = "$ink-soft"
    label = left(mark + clean_line(entry.label), LONG_LABEL if width >= ROOMY else SHORT_LABEL)
    lasted = f"{latency(entry.last_s - entry.at_s)} · " if entry.times > 1 else ""
    line = Content.assemble(
        (f"{entry.direction} ", _COLORS[entry.direction]),
        (right(_seconds(entry.at_s), 7), "$ink-soft"),
        (right("" if entry.gap_s is None else f"+{_seconds(entry.gap_s)}", 8), "$ink-faint"),
        (f"  {label} ", color),
        (lasted, "$ink-faint"),
        foreign_line(entry.summary, "$error" if entry.trouble else "$ink-soft"),
    )
    return line.truncate(max(0, width), ellipsis=True)


def _seconds(seconds: float) -> str:
    """Milliseconds while they fit: ``0.235``, ``1042.7``, ``86400``."""
    return (
        f"{seconds:.3f}" if seconds < 1_000 else f"{seconds:.1f}" if seconds < 100_000 else f"{seconds:.0f}"
    )


def _place(entries: Sequence[LogEntry], number: int) -> int:
    """Where the entry of this number is, or the next after it. Numbers grow."""
    low, high = 0, len(entries)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if entries[middle].number < number else (low, middle)
    return max(0, min(low, len(entries) - 1))
