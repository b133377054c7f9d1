"""Widgets of the providers screen, drawn from the board: headline, table, detail, ages of the sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from textual.screen import Screen

from zaguan_tui.screens.common.connection_info import Session
from zaguan_tui.screens.providers.arrangement import TableArrangement
from zaguan_tui.screens.providers.detail import DetailPane
from zaguan_tui.screens.providers.detail_data import collect_detail
from zaguan_tui.screens.providers.headline import format_headline, is_fresh, make_source_age
from zaguan_tui.screens.providers.table import table_rows
from zaguan_tui.state.providers.row import ProviderRow
from zaguan_tui.widgets.filterbar import FilterBar
from zaguan_tui.widgets.live_text import LiveText
from zaguan_tui.widgets.livetable import LiveTable
from zaguan_tui.widgets.theme_styles import ThemeStyles
from zaguan_tui.widgets.trust import TrustStrip

CELLS_BESIDE_TABLE = 3
"""Cells of a line that the table cannot use: the screen's padding and the scroll bar."""

FILTER_HINT = "words, !not, state:down, breaker:open, p95>2000, errors>5"


@dataclass(slots=True, eq=False)
class ProvidersView:
    """Draws the board as it is arranged."""

    screen: Screen[None]
    session: Session
    arrangement: TableArrangement
    table: LiveTable = field(init=False)
    headline: LiveText = field(default_factory=lambda: LiveText(id="headline"))
    filter_bar: FilterBar = field(default_factory=lambda: FilterBar(FILTER_HINT))
    detail: DetailPane = field(default_factory=DetailPane)
    trust: TrustStrip = field(default_factory=TrustStrip)
    _is_fresh: bool = True

    def __post_init__(self) -> None:
        self.table = LiveTable([column.column for column in self.arrangement.fields], id="providers")

    @property
    def selected(self) -> ProviderRow | None:
        """The provider under the cursor."""
        key = self.table.selected_key
        return self.session.app_state.providers.board.row(key) if key is not None else None

    @property
    def detail_open(self) -> bool:
        """Whether the detail of a provider is shown."""
        return self.screen.has_class("-detail")

    def draw(self) -> None:
        """Draw everything."""
        self.draw_table()
        self.draw_sources()
        self.draw_detail()

    def draw_table(self) -> None:
        """Draw the rows that the filter lets through, in their order."""
        providers, arrangement, now = self.session.app_state.providers, self.arrangement, self._now
        rows = arrangement.rows(providers.board)
        self._is_fresh = is_fresh(providers.store.snapshot, now)
        styles = ThemeStyles(self.screen.app.theme_variables)
        self.table.show(table_rows(rows, arrangement.fields, styles, now, fresh=self._is_fresh))
        self.table.mark_sorted(arrangement.sort, reverse=arrangement.reverse)
        self.filter_bar.show_counts(len(rows), len(providers.board.rows), arrangement.query.note)

    def draw_sources(self) -> None:
        """Draw the headline and the ages of the sources."""
        providers, now = self.session.app_state.providers, self._now
        snapshot, frame = providers.store.snapshot, self.session.frame.snapshot.value
        self.headline.set_class(snapshot.value is None, "-problem")
        self.headline.say(format_headline(snapshot, now, expected=frame is not None and frame.configured))
        sources = (providers.status.snapshot, providers.breakers.snapshot)
        self.trust.show(tuple(make_source_age(source, now) for source in sources))

    def draw_detail(self) -> None:
        """Draw the detail of the selected provider."""
        row, now = self.selected, self._now
        detail = collect_detail(self.session.app_state.providers, row, now) if row is not None else None
        self.detail.show(detail, now)

    def tick(self) -> None:
        """Move countdowns and ages. Only open breakers move the table between two readings."""
        providers = self.session.app_state.providers
        moving = any(row.breaker not in (None, "closed") for row in providers.board.rows)
        if moving or self._is_fresh != is_fresh(providers.store.snapshot, self._now):
            self.draw_table()
        self.draw_sources()
        self.detail.tick(self._now)

    def fit(self, width: int) -> None:
        """Show as many columns as a screen of so many cells has space for."""
        if self.arrangement.fit(width - CELLS_BESIDE_TABLE):
            self.table.reshape([column.column for column in self.arrangement.fields])
            self.draw()

    def open_detail(self) -> None:
        """Show the detail and give it the focus."""
        self.screen.add_class("-detail")
        self.screen.refresh_bindings()
        self.detail.can_focus = True
        self.detail.focus()

    def close_detail(self) -> None:
        """Hide the detail and go back to the table."""
        self.screen.remove_class("-detail")
        self.table.focus()
        self.detail.can_focus = False

    @property
    def _now(self) -> datetime:
        return self.session.app_state.clock.now()
