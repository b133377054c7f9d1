"""List of realtime events, one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.cursor_list import CursorList
from zaguan_tui.state.realtime.event_log import Direction, LogEntry
from zaguan_tui.text.cells import left, right
from zaguan_tui.text.format import latency
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.foreign_text import foreign_line

SHORT_LABEL, LONG_LABEL = 21, 30
WIDE: Final = 78
_COLORS: Final = {
    Direction.SENT: "$primary",
    Direction.RECEIVED: "$success",
    Direction.NOTE: "$ink-faint",
}


class EventLogView(CursorList[LogEntry]):
    """The entries of the event log."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("realtime.log")]
    LINE, CURSOR = "log--line", "log--cursor"
    COMPONENT_CLASSES: ClassVar[set[str]] = {LINE, CURSOR}

    @dataclass
    class Opened(Message):
        """Open this entry."""

        number: int

    def __init__(self) -> None:
        super().__init__(id="log")

    def step(self, step: int) -> LogEntry | None:
        """Move the cursor; the entry it is on then."""
        self.action_move(step)
        return self.current

    def action_open_event(self) -> None:
        """Open the entry under the cursor."""
        self.open_current()

    def open_current(self) -> None:
        """Open the entry under the cursor."""
        if (entry := self.current) is not None:
            self.post_message(self.Opened(entry.number))

    def row_line(self, row: LogEntry, width: int) -> Content:
        """One entry."""
        return format_entry(row, width)


def format_entry(entry: LogEntry, width: int) -> Content:
    """``← 1.750 +0.250 response.created resp_1``, cut to ``width`` cells."""
    mark, color = ("✖ ", "$error") if entry.trouble else ("", "$foreground")
    if entry.direction is Direction.NOTE and not entry.trouble:
        color = "$ink-soft"
    label = left(mark + clean_line(entry.label), LONG_LABEL if width >= WIDE else SHORT_LABEL)
    duration = f"{latency(entry.last_s - entry.at_s)} · " if entry.times > 1 else ""
    line = Content.assemble(
        (f"{entry.direction} ", _COLORS[entry.direction]),
        (right(_seconds(entry.at_s), 7), "$ink-soft"),
        (right("" if entry.gap_s is None else f"+{_seconds(entry.gap_s)}", 8), "$ink-faint"),
        (f"  {label} ", color),
        (duration, "$ink-faint"),
        foreign_line(entry.summary, "$error" if entry.trouble else "$ink-soft"),
    )
    return line.truncate(max(0, width), ellipsis=True)


def _seconds(seconds: float) -> str:
    """Milliseconds while they fit: ``0.235``, ``1042.7``, ``86400``."""
    return (
        f"{seconds:.3f}" if seconds < 1_000 else f"{seconds:.1f}" if seconds < 100_000 else f"{seconds:.0f}"
    )
