"""The providers screen: a live table, the detail of one provider, a headline in words."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.common.base_screen import BaseScreen
from zaguan_tui.screens.providers.board_view import BoardView
from zaguan_tui.screens.providers.detail import DetailPane
from zaguan_tui.screens.providers.detail_data import provider_records_json
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.filterbar import FilterBar
from zaguan_tui.widgets.live_text import LiveText
from zaguan_tui.widgets.livetable import LiveTable
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
        frame = self.session.frame

        def expects_gateway() -> bool:
            return frame.snapshot.value is not None and frame.snapshot.value.configured

        self._view = BoardView(self, self.app_state.providers, self.app_state.clock, expects_gateway)
        yield LiveText(id="headline")
        yield FilterBar(FILTER_HINT)
        yield LiveTable([field.column for field in self._view.arrangement.fields], id="providers")
        yield DetailPane()
        yield TrustStrip()

    def on_mount(self) -> None:
        """Watch the board. (Textual calls the base's handler by itself.)"""
        self.follow(self.app_state.providers.store, lambda _board: self._view.draw())
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self._view.draw())
        self._view.table.focus()

    def on_resize(self, event: events.Resize) -> None:
        """More width shows more columns."""
        self._view.fit(event.size.width - CELLS_BESIDE_TABLE)

    def open_link(self, target: str) -> None:
        """``provider:groq``: put the cursor there and open the detail."""
        self.query_one(FilterBar).action_clear()
        self._view.table.select(target)
        self._view.open_detail()
        self._view.draw()

    def tick(self) -> None:
        """Countdowns and ages move."""
        self._view.tick()

    @on(LiveTable.RowHighlighted)
    @on(LiveTable.RowSelected)
    def _show_row(self, event: LiveTable.RowHighlighted | LiveTable.RowSelected) -> None:
        if isinstance(event, LiveTable.RowSelected):
            self._view.open_detail()
        else:
            self._view.draw_detail()

    @on(DetailPane.Step)
    def _step(self, event: DetailPane.Step) -> None:
        table = self._view.table
        table.move_cursor(row=table.cursor_row + event.rows)

    @on(LiveTable.HeaderSelected)
    def _sort_by(self, event: LiveTable.HeaderSelected) -> None:
        self._view.arrangement.sort_by(event.column_key.value)
        self._view.draw()

    @on(FilterBar.Changed)
    @on(FilterBar.Left)
    def _filter(self, event: FilterBar.Changed | FilterBar.Left) -> None:
        if isinstance(event, FilterBar.Left):
            self._view.table.focus()
        else:
            self._view.arrangement.filter(event.text)
            self._view.draw()

    def action_filter(self) -> None:
        """Type to filter."""
        self.query_one(FilterBar).open()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Closing is offered while there is something to close."""
        if action == "close":
            return self.has_class("-detail") or not self._view.arrangement.query.empty
        return super().check_action(action, parameters)

    def action_close(self) -> None:
        """Close the detail, then drop the filter."""
        if self.has_class("-detail"):
            self._view.close_detail()
        else:
            self.query_one(FilterBar).action_clear()
            self.refresh_bindings()

    def action_sort(self) -> None:
        """Sort by the next column."""
        self._view.arrangement.sort_by_next()
        self._view.draw()

    def action_reverse(self) -> None:
        """Turn the order round."""
        self._view.arrangement.reverse = not self._view.arrangement.reverse
        self._view.draw()

    @work(group="refresh", exclusive=True, exit_on_error=False)
    async def action_refresh_now(self) -> None:
        """Ask the gateway now."""
        await self.app_state.providers.refresh()

    def action_copy(self) -> None:
        """Put the selected provider's records on the clipboard, as the gateway sent them."""
        row = self._view.selected
        if row is None:
            self.notify("There is no provider to copy.", severity="warning", markup=False)
            return
        self.app.copy_to_clipboard(provider_records_json(row))
        self.notify(f"Sent {clean_line(row.name, 40)} as JSON to the terminal's clipboard.", markup=False)
