"""Board view: draws the provider board into table, headline, trust strip and detail pane."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from textual.screen import Screen

from zaguan_tui.screens.providers.arrangement import TableArrangement
from zaguan_tui.screens.providers.detail import DetailPane
from zaguan_tui.screens.providers.detail_data import collect_detail
from zaguan_tui.screens.providers.headline import format_headline, is_fresh, make_source_age
from zaguan_tui.screens.providers.table import table_rows
from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.providers.provider_state import ProvidersState
from zaguan_tui.state.providers.row import ProviderRow
from zaguan_tui.widgets.filterbar import FilterBar
from zaguan_tui.widgets.live_text import LiveText
from zaguan_tui.widgets.livetable import LiveTable
from zaguan_tui.widgets.theme_styles import ThemeStyles
from zaguan_tui.widgets.trust import TrustStrip


class BoardView:
    """``arrangement`` is the person's: filter, order, columns. ``expects_gateway`` says whether there is a
    gateway to ask, or will be."""

    def __init__(
        self,
        screen: Screen[Any],
        providers: ProvidersState,
        clock: Clock,
        expects_gateway: Callable[[], bool],
    ) -> None:
        self._screen, self._providers, self._clock = screen, providers, clock
        self._expects_gateway = expects_gateway
        self.arrangement = TableArrangement()
        self._fresh = True

    @property
    def table(self) -> LiveTable:
        """The table of providers."""
        return self._screen.query_one(LiveTable)

    @property
    def selected(self) -> ProviderRow | None:
        """The row under the cursor."""
        key = self.table.selected_key
        return self._providers.board.row(key) if key is not None else None

    def fit(self, width: int) -> None:
        """Take the columns that a table of ``width`` cells has space for."""
        if self.arrangement.fit(width):
            self.table.reshape([field.column for field in self.arrangement.fields])
            self.draw()

    def tick(self) -> None:
        """Countdowns and ages move. Only open breakers make the table move between two readings."""
        moving = any(row.breaker not in (None, "closed") for row in self._providers.board.rows)
        if moving or self._fresh != is_fresh(self._providers.store.snapshot, self._now):
            self._draw_table()
        self._draw_words()
        self._screen.query_one(DetailPane).tick(self._now)

    def draw(self) -> None:
        """Draw everything."""
        self._draw_table()
        self._draw_words()
        self.draw_detail()

    def open_detail(self) -> None:
        """Show the detail pane, and give it the focus."""
        self._screen.add_class("-detail")
        self._screen.refresh_bindings()
        pane = self._screen.query_one(DetailPane)
        pane.can_focus = True
        pane.focus()

    def close_detail(self) -> None:
        """Hide the detail pane, and go back to the table."""
        self._screen.remove_class("-detail")
        self.table.focus()
        self._screen.query_one(DetailPane).can_focus = False
        self._screen.refresh_bindings()

    def draw_detail(self) -> None:
        """Draw the detail of the selected provider."""
        row, now = self.selected, self._now
        detail = collect_detail(self._providers, row, now) if row is not None else None
        self._screen.query_one(DetailPane).show(detail, now)

    def _draw_table(self) -> None:
        board, arrangement, table = self._providers.board, self.arrangement, self.table
        rows = arrangement.rows(board)
        self._fresh = is_fresh(self._providers.store.snapshot, self._now)
        paint = ThemeStyles(self._screen.app.theme_variables)
        table.show(table_rows(rows, arrangement.fields, paint, self._now, fresh=self._fresh))
        table.mark_sorted(arrangement.sort, reverse=arrangement.reverse)
        self._screen.query_one(FilterBar).show_counts(len(rows), len(board.rows), arrangement.query.note)

    def _draw_words(self) -> None:
        providers, now = self._providers, self._now
        line, snapshot = self._screen.query_one("#headline", LiveText), providers.store.snapshot
        line.set_class(snapshot.value is None, "-problem")
        line.say(format_headline(snapshot, now, expected=self._expects_gateway()))
        sources = (
            make_source_age(providers.status.snapshot, now),
            make_source_age(providers.breakers.snapshot, now),
        )
        self._screen.query_one(TrustStrip).show(sources)

    @property
    def _now(self) -> datetime:
        return self._clock.now()
