"""The event log with its heading and its filter."""

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
    """Follows one :class:`EventLog`; :meth:`changed` says that there is more."""

    def __init__(self, log: EventLog) -> None:
        super().__init__(id="log-pane")
        self._log = log
        self._query: Query = parse("")
        self._verdicts: dict[int, bool] = {}
        self._due = False

    def compose(self) -> ComposeResult:
        """How many, the filter, the lines."""
        yield Static("", id="log-head")
        yield FilterBar(HINT)
        yield EventLogView()

    def on_mount(self) -> None:
        """Show what is there."""
        self._paint()

    @property
    def lines(self) -> EventLogView:
        """The lines themselves."""
        return self.query_one(EventLogView)

    def changed(self) -> None:
        """More was logged: paint soon, and not once for each event."""
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
        self._verdicts.clear()
        self._paint()

    @on(FilterBar.Left)
    def _left(self, event: FilterBar.Left) -> None:
        event.stop()
        self.lines.focus()

    def _paint(self) -> None:
        self._due = False
        entries = self._log.entries
        shown = entries if self._query.empty else tuple(filter(self._fits, entries))
        self.lines.offer(shown)
        self.query_one(FilterBar).show_counts(len(shown), len(entries), self._query.note)
        self.query_one("#log-head", Static).update(self._head(len(entries)))

    def _fits(self, entry: LogEntry) -> bool:
        """Whether the filter lets it through; asked once for each entry, as its type never changes."""
        found = self._verdicts.get(entry.number)
        if found is None:
            words = f"{entry.type} {entry.label}"
            row = {"type": words, "way": _WAYS[entry.direction], "error": entry.trouble}
            found = self._verdicts[entry.number] = self._query.matches(row)
        return found

    def _head(self, kept: int) -> Content:
        log = self._log
        head = Content.assemble(("Events", "bold $ink-strong"), (f"  {count(log.events)}", "$ink-soft"))
        if kept < log.events:
            head = Content.assemble(head, (f" on {count(kept)} lines", "$ink-faint"))
        if log.dropped:
            head = Content.assemble(
                head, (f" · the oldest {count(log.dropped)} lines were let go", "$warning")
            )
        return head
