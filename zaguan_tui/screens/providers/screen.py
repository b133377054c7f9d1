"""The providers screen: a live table, the detail of one provider, a headline in words."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.common.base_screen import BaseScreen
from zaguan_tui.screens.providers.arrangement import TableArrangement
from zaguan_tui.screens.providers.detail import DetailPane
from zaguan_tui.screens.providers.detail_data import collect_detail, provider_records_json
from zaguan_tui.screens.providers.headline import format_headline, is_fresh, make_source_age
from zaguan_tui.screens.providers.table import table_rows
from zaguan_tui.state.providers.row import ProviderRow
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.filterbar import FilterBar
from zaguan_tui.widgets.live_text import LiveText
from zaguan_tui.widgets.livetable import LiveTable
from zaguan_tui.widgets.theme_styles import ThemeStyles
from zaguan_tui.widgets.trust import TrustStrip

CELLS_BESIDE_TABLE = 3
"""Cells of a line that the table cannot use: the screen's padding and the scroll bar."""

FILTER_HINT = "words, !not, state:down, breaker:open, p95>2000, errors>5"


class ProvidersScreen(BaseScreen):
    """State, latency, failures and circuit breaker of every provider."""

    NAME = "providers"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("providers")]

    def compose_screen(self) -> ComposeResult:
        """Headline, filter, table, detail, trust."""
        yield LiveText(id="headline")
        yield FilterBar(FILTER_HINT)
        self._arrangement, self._shown_fresh = TableArrangement(), True
        yield LiveTable([field.column for field in self._arrangement.fields], id="providers")
        yield DetailPane()
        yield TrustStrip()

    def on_mount(self) -> None:
        """Watch the board. (Textual calls the base's handler by itself.)"""
        self.follow(self.app_state.providers.store, lambda _board: self._draw())
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._draw())
        self.query_one(LiveTable).focus()

    def on_resize(self, event: events.Resize) -> None:
        """More width shows more columns."""
        if self._arrangement.fit(event.size.width - CELLS_BESIDE_TABLE):
            self.query_one(LiveTable).reshape([field.column for field in self._arrangement.fields])
            self._draw()

    def open_link(self, target: str) -> None:
        """``provider:groq``: put the cursor there and open the detail."""
        self.query_one(FilterBar).action_clear()
        self.query_one(LiveTable).select(target)
        self._open_detail()
        self._draw()

    def tick(self) -> None:
        """Countdowns and ages move. Only open breakers make the table move between two readings."""
        providers = self.app_state.providers
        moving = any(row.breaker not in (None, "closed") for row in providers.board.rows)
        if moving or self._shown_fresh != is_fresh(providers.store.snapshot, self._now):
            self._draw_table()
        self._draw_words()
        self.query_one(DetailPane).tick(self._now)

    @property
    def _now(self) -> datetime:
        return self.app_state.clock.now()

    def _draw(self) -> None:
        self._draw_table()
        self._draw_words()
        self._draw_detail()

    def _draw_table(self) -> None:
        board, arrangement, table = (
            self.app_state.providers.board,
            self._arrangement,
            self.query_one(LiveTable),
        )
        rows = arrangement.rows(board)
        self._shown_fresh = is_fresh(self.app_state.providers.store.snapshot, self._now)
        paint = ThemeStyles(self.app.theme_variables)
        table.show(table_rows(rows, arrangement.fields, paint, self._now, fresh=self._shown_fresh))
        table.mark_sorted(arrangement.sort, reverse=arrangement.reverse)
        self.query_one(FilterBar).show_counts(len(rows), len(board.rows), arrangement.query.note)

    def _draw_words(self) -> None:
        providers, now = self.app_state.providers, self._now
        line, snapshot = self.query_one("#headline", LiveText), providers.store.snapshot
        frame = self.session.frame.snapshot.value
        line.set_class(snapshot.value is None, "-problem")
        line.say(format_headline(snapshot, now, expected=frame is not None and frame.configured))
        sources = (
            make_source_age(providers.status.snapshot, now),
            make_source_age(providers.breakers.snapshot, now),
        )
        self.query_one(TrustStrip).show(sources)

    def _selected(self) -> ProviderRow | None:
        key = self.query_one(LiveTable).selected_key
        return self.app_state.providers.board.row(key) if key is not None else None

    @on(LiveTable.RowHighlighted)
    def _draw_detail(self) -> None:
        row, now = self._selected(), self._now
        detail = collect_detail(self.app_state.providers, row, now) if row is not None else None
        self.query_one(DetailPane).show(detail, now)

    @on(LiveTable.RowSelected)
    def _open_detail(self) -> None:
        self.add_class("-detail")
        self.refresh_bindings()
        self.query_one(DetailPane).can_focus = True
        self.query_one(DetailPane).focus()

    @on(DetailPane.Step)
    def _step(self, event: DetailPane.Step) -> None:
        table = self.query_one(LiveTable)
        table.move_cursor(row=table.cursor_row + event.rows)

    @on(LiveTable.HeaderSelected)
    def _sort_by(self, event: LiveTable.HeaderSelected) -> None:
        self._arrangement.sort_by(event.column_key.value)
        self._draw()

    @on(FilterBar.Changed)
    def _filter(self, event: FilterBar.Changed) -> None:
        self._arrangement.filter(event.text)
        self._draw()

    @on(FilterBar.Left)
    def _leave_filter(self) -> None:
        self.query_one(LiveTable).focus()

    def action_filter(self) -> None:
        """Type to filter."""
        self.query_one(FilterBar).open()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Closing is offered while there is something to close."""
        if action == "close":
            return self.has_class("-detail") or not self._arrangement.query.empty
        return super().check_action(action, parameters)

    def action_close(self) -> None:
        """Close the detail, then drop the filter."""
        if self.has_class("-detail"):
            self.remove_class("-detail")
            self.query_one(LiveTable).focus()
            self.query_one(DetailPane).can_focus = False
        else:
            self.query_one(FilterBar).action_clear()
        self.refresh_bindings()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self._arrangement.sort_by_next()
        self._draw()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._arrangement.reverse = not self._arrangement.reverse
        self._draw()

    @work(group="refresh", exclusive=True, exit_on_error=False)
    async def action_refresh_now(self) -> None:
        """Ask the gateway now."""
        await self.app_state.providers.refresh()

    def action_copy(self) -> None:
        """Put the selected provider's records on the clipboard, as the gateway sent them."""
        row = self._selected()
        if row is None:
            self.notify("There is no provider to copy.", severity="warning", markup=False)
            return
        self.app.copy_to_clipboard(provider_records_json(row))
        self.notify(f"Sent {clean_line(row.name, 40)} as JSON to the terminal's clipboard.", markup=False)
