"""The providers room: a table that lives, the detail of one provider, a headline in words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from zaguan_tui.keys import bindings_for
from zaguan_tui.screens.providers.charts import WINDOW_SECONDS, Points
from zaguan_tui.screens.providers.detail import DetailPane, ProviderDetail
from zaguan_tui.screens.providers.table import (
    DEFAULT_SORT,
    NARROW,
    SORTS,
    fields_for,
    searchable,
    sort_rows,
    table_rows,
)
from zaguan_tui.screens.room import Room
from zaguan_tui.state.provider_board import ProviderBoard
from zaguan_tui.state.provider_row import ProviderRow
from zaguan_tui.state.series import Series
from zaguan_tui.state.store import Phase, Snapshot
from zaguan_tui.text.query import Query, parse
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.content import foreign_line
from zaguan_tui.widgets.filterbar import FilterBar
from zaguan_tui.widgets.livetable import LiveTable
from zaguan_tui.widgets.paint import Paint
from zaguan_tui.widgets.trust import SourceAge, TrustStrip
from zaguan_tui.widgets.words import Words

BESIDE_TABLE = 3
"""Cells of a line that the table cannot use: the room's padding and the scroll bar."""

ABSENT = "This gateway does not tell of its providers. It is asked again now and then."
FILTER_HINT = "words, !not, state:down, breaker:open, p95>2000, errors>5"


class ProvidersRoom(Room):
    """Who is well, who is not, since when, and when the breaker will try again."""

    NAME = "providers"
    STYLES = "providers.tcss"
    HELP_TEXT = (
        "One line a provider: what it reports, how fast it answers, how much of it fails (and of how many), "
        "and what its circuit breaker does. ≠ marks a contradiction, such as healthy with an open breaker. "
        "Enter opens the detail, escape closes it. Ages and counts say how far a line may be believed."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("providers"),
    ]

    def compose_room(self) -> ComposeResult:
        """Headline, filter, table, detail, trust."""
        yield Words(id="headline")
        yield FilterBar(FILTER_HINT)
        yield LiveTable([field.column for field in fields_for(NARROW)], id="providers")
        yield DetailPane()
        yield TrustStrip()

    def on_mount(self) -> None:
        """Watch the board. (Textual calls the base's handler by itself.)"""
        self._sort, self._reverse = DEFAULT_SORT, False
        self._query: Query = parse("")
        self._fields = fields_for(NARROW)
        self._board: Snapshot[ProviderBoard] = self.house.providers.store.snapshot
        self.follow(self.house.providers.store, self._show)
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._draw())
        self.query_one(LiveTable).focus()

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """Somebody looks: poll at full pace."""
        self.house.providers.set_visible(1)

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """Nobody looks any more, unless it was only a sheet that came over us."""
        self.house.providers.set_visible(1 if self.is_current else 0)

    def on_resize(self, event: events.Resize) -> None:
        """More room shows more columns."""
        fields = fields_for(event.size.width - BESIDE_TABLE)
        if fields != self._fields:
            self._fields = fields
            self.query_one(LiveTable).reshape([field.column for field in fields])
            self._draw()

    def open_link(self, target: str) -> None:
        """``provider:groq``: put the cursor there and open the detail."""
        self.query_one(FilterBar).action_clear()
        self.query_one(LiveTable).select(target)
        self._open_detail()
        self._draw()

    def tick(self) -> None:
        """Countdowns and ages move. Only open breakers make the table move between two readings."""
        board = self._board.value
        if board is not None and any(row.breaker not in (None, "closed") for row in board.rows):
            self._draw_table()
        self._draw_words()
        self.query_one(DetailPane).tick(self._now)

    @property
    def _now(self) -> datetime:
        return self.house.clock.now()

    def _show(self, snapshot: Snapshot[ProviderBoard]) -> None:
        self._board = snapshot
        self._draw()

    def _draw(self) -> None:
        self._draw_table()
        self._draw_words()
        self._draw_detail()

    def _rows(self) -> list[ProviderRow]:
        board = self._board.value
        rows = board.rows if board is not None else ()
        kept = [row for row in rows if self._query.matches(searchable(row))]
        return sort_rows(kept, self._sort, reverse=self._reverse)

    def _draw_table(self) -> None:
        rows, table = self._rows(), self.query_one(LiveTable)
        table.show(table_rows(rows, self._fields, Paint(self.app.theme_variables), self._now))
        table.mark_sorted(self._sort, reverse=self._reverse)
        total = len(self._board.value.rows) if self._board.value is not None else 0
        self.query_one(FilterBar).tell(len(rows), total, self._query.note)

    def _draw_words(self) -> None:
        snapshot, now = self._board, self._now
        board = snapshot.value
        if board is not None:
            headline = foreign_line(board.summary(now), "$ink-strong")
        elif snapshot.phase is Phase.ABSENT:
            headline = Content.styled(ABSENT, "$ink-soft")
        elif snapshot.problem is not None:
            words = (
                foreign_line(snapshot.problem.sentence, "$foreground"),
                foreign_line(snapshot.problem.next_step, "$ink-soft"),
            )
            headline = Content(" ").join([Content.styled("✖", "$error"), *words])
        else:
            headline = Content.styled("Asking the gateway for its providers …", "$ink-soft")
        self.query_one("#headline", Words).say(headline)
        providers = self.house.providers
        sources = (_source_age(providers.status.snapshot, now), _source_age(providers.breakers.snapshot, now))
        self.query_one(TrustStrip).show(sources)

    def _selected(self) -> ProviderRow | None:
        board, key = self._board.value, self.query_one(LiveTable).selected_key
        return board.row(key) if board is not None and key is not None else None

    @on(LiveTable.RowHighlighted)
    def _draw_detail(self) -> None:
        row = self._selected()
        self.query_one(DetailPane).show(self._detail_of(row) if row is not None else None, self._now)

    def _detail_of(self, row: ProviderRow) -> ProviderDetail:
        providers = self.house.providers
        series = providers.series(row.id)
        return ProviderDetail(
            row,
            p50=self._points(series.p50) if series else (),
            p95=self._points(series.p95) if series else (),
            error_rate=self._points(series.error_rate) if series else (),
            spans=providers.lane(row.id, row.breaker_scope),
            transitions=providers.transitions(row.id),
        )

    def _points(self, series: Series) -> Points:
        window = series.window(WINDOW_SECONDS, self._now)
        return tuple((datetime.fromtimestamp(point.at, UTC), point.mean) for point in window)

    @on(LiveTable.RowSelected)
    def _open_detail(self) -> None:
        self.add_class("-detail")
        self.query_one(DetailPane).can_focus = True
        self.query_one(DetailPane).focus()

    @on(DetailPane.Step)
    def _step(self, event: DetailPane.Step) -> None:
        table = self.query_one(LiveTable)
        table.move_cursor(row=table.cursor_row + event.rows)

    @on(LiveTable.HeaderSelected)
    def _sort_by(self, event: LiveTable.HeaderSelected) -> None:
        key = event.column_key.value
        if key in SORTS:
            self._reverse = key == self._sort and not self._reverse
            self._sort = key
            self._rearrange()

    def _rearrange(self) -> None:
        self._draw_table()
        self._draw_detail()

    @on(FilterBar.Changed)
    def _filter(self, event: FilterBar.Changed) -> None:
        self._query = parse(event.text, fields=tuple(searchable(ProviderRow("", ""))))
        self._rearrange()

    @on(FilterBar.Left)
    def _leave_filter(self) -> None:
        self.query_one(LiveTable).focus()

    def action_filter(self) -> None:
        """Type to filter."""
        self.query_one(FilterBar).open()

    def action_close(self) -> None:
        """Close the detail, then drop the filter."""
        if self.has_class("-detail"):
            self.remove_class("-detail")
            self.query_one(LiveTable).focus()
            self.query_one(DetailPane).can_focus = False
        else:
            self.query_one(FilterBar).action_clear()

    def action_sort(self) -> None:
        """Sort by the next column."""
        keys = [key for key in SORTS if any(field.column.key == key for field in self._fields)]
        place = keys.index(self._sort) + 1 if self._sort in keys else 0
        self._sort = keys[place % len(keys)]
        self._rearrange()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._reverse = not self._reverse
        self._rearrange()

    @work(group="refresh", exclusive=True, exit_on_error=False)
    async def action_refresh_now(self) -> None:
        """Ask the gateway now."""
        await self.house.providers.refresh()

    def action_copy(self) -> None:
        """Put the selected provider's records on the clipboard, as the gateway sent them.

        JSON escapes whatever is not ASCII, so nothing in them can act on a terminal they are pasted into.
        """
        row = self._selected()
        if row is None:
            self.notify("There is no provider to copy.", severity="warning", markup=False)
            return
        status = row.health.raw if row.health is not None else None
        record = {"provider": status, "breakers": [breaker.raw for breaker in row.breakers]}
        self.app.copy_to_clipboard(json.dumps(record, indent=2, default=str))
        self.notify(f"Sent {clean_line(row.name, 40)} as JSON to the terminal's clipboard.", markup=False)


def _source_age(snapshot: Snapshot[Any], now: datetime) -> SourceAge:
    wait = None if snapshot.next_poll_at is None else (snapshot.next_poll_at - now) / timedelta(seconds=1)
    return SourceAge(
        snapshot.source,
        snapshot.phase,
        snapshot.age(now),
        snapshot.failures,
        wait,
        snapshot.problem.sentence if snapshot.problem is not None else None,
    )
