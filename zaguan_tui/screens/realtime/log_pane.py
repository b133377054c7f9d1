"""Event log of a realtime session with heading and filter."""

from __future__ import annotations

from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.screens.realtime.log_view import EventLogView
from zaguan_tui.state.realtime.event_log import Direction, EventLog, LogEntry
from zaguan_tui.text.format import count
from zaguan_tui.text.query import Query, parse
from zaguan_tui.widgets.filterbar import FilterBar

PAINT_EVERY_S: Final = 0.1
HINT: Final = "words of the type, !delta, way:sent, error:yes"
FIELDS: Final = ("type", "way", "error")
_WAYS: Final = {Direction.SENT: "sent", Direction.RECEIVED: "received", Direction.NOTE: "note"}


class LogPane(Vertical):
    """Shows one :class:`EventLog`; call :meth:`changed` when it has new entries."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(id="log-pane")
        self._log = log
        self._query: Query = parse("")
        self._matches: dict[int, bool] = {}
        self._due = False

    def compose(self) -> ComposeResult:
        """The heading, the filter, the lines."""
        yield Static("", id="log-head")
        yield FilterBar(HINT)
        yield EventLogView()

    def on_mount(self) -> None:
        """Show the present entries."""
        self._paint()

    @property
    def lines(self) -> EventLogView:
        """The list of entries."""
        return self.query_one(EventLogView)

    def changed(self) -> None:
        """Paint soon, once for many new events."""
        if not self._due and self.is_mounted:
            self._due = True
            self.set_timer(PAINT_EVERY_S, self._paint)

    def open_filter(self) -> None:
        """Put the cursor into the filter."""
        self.query_one(FilterBar).open()

    @on(FilterBar.Changed)
    def _filtered(self, event: FilterBar.Changed) -> None:
        event.stop()
        self._query = parse(event.text, fields=FIELDS)
        self._matches.clear()
        self._paint()

    @on(FilterBar.Left)
    def _left(self, event: FilterBar.Left) -> None:
        event.stop()
        self.lines.focus()

    def _paint(self) -> None:
        self._due = False
        entries = self._log.entries
        shown = entries if self._query.empty else tuple(filter(self._is_match, entries))
        self.lines.offer(shown)
        self.query_one(FilterBar).show_counts(len(shown), len(entries), self._query.note)
        self.query_one("#log-head", Static).update(self._format_heading(len(entries)))

    def _is_match(self, entry: LogEntry) -> bool:
        """Whether an entry matches the filter; evaluated once for each, as its type never changes."""
        if entry.number not in self._matches:
            type_text = f"{entry.type} {entry.label}"
            row = {"type": type_text, "way": _WAYS[entry.direction], "error": entry.trouble}
            self._matches[entry.number] = self._query.matches(row)
        return self._matches[entry.number]

    def _format_heading(self, lines: int) -> Content:
        log = self._log
        head = Content.assemble(("Events", "bold $ink-strong"), (f"  {count(log.events)}", "$ink-soft"))
        if lines < log.events:
            head = Content.assemble(head, (f" on {count(lines)} lines", "$ink-faint"))
        if log.dropped:
            head = Content.assemble(
                head, (f" · the oldest {count(log.dropped)} lines were let go", "$warning")
            )
        return head
