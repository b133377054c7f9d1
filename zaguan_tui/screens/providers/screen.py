"""Screen of the providers: headline, live table, detail of one provider, ages of the sources."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.common.base_screen import BaseScreen
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.providers.arrangement import TableArrangement
from zaguan_tui.screens.providers.detail import DetailPane
from zaguan_tui.screens.providers.providers_view import ProvidersView
from zaguan_tui.screens.providers.table_controller import ProviderTableController
from zaguan_tui.widgets.filterbar import FilterBar
from zaguan_tui.widgets.livetable import LiveTable


class ProvidersScreen(BaseScreen):
    """State, latency, failures and circuit breaker of every provider."""

    NAME = "providers"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("providers")]

    def compose_screen(self) -> ComposeResult:
        """Headline, filter, table, detail, ages."""
        services, arrangement = ScreenServices(self), TableArrangement()
        self.view = view = ProvidersView(self, self.session, arrangement)
        self.table = table = ProviderTableController(services, arrangement, view)
        services.bind_actions(
            {
                "filter": view.filter_bar.open,
                "sort": table.sort_by_next_column,
                "reverse": table.reverse,
                "close": table.close,
                "copy": table.copy,
                "refresh_now": services.worker("refresh", self.app_state.providers.refresh, exclusive=True),
            }
        )
        yield from (view.headline, view.filter_bar, view.table, view.detail, view.trust)

    def on_mount(self) -> None:
        """Follow the board. (Textual calls the base's handler by itself.)"""
        self.follow(self.app_state.providers.store, lambda _board: self.view.draw())
        self.app.theme_changed_signal.subscribe(self, lambda _theme: self.view.draw())
        self.view.table.focus()

    def on_resize(self, event: events.Resize) -> None:
        """A wider screen shows more columns."""
        self.view.fit(event.size.width)

    def open_link(self, target: str) -> None:
        """``provider:groq``: put the cursor there and open the detail."""
        self.table.select(target)

    def tick(self) -> None:
        """Countdowns and ages move."""
        self.view.tick()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Closing is offered while there is something to close."""
        return self.table.can_close if action == "close" else super().check_action(action, parameters)

    def disabled_reason(self, action_id: str) -> str:
        """The sentence that the action would warn with."""
        if action_id == "providers.copy":
            return self.table.explain_no_copy()
        return super().disabled_reason(action_id)

    @on(LiveTable.RowHighlighted)
    def _on_row_highlighted(self) -> None:
        self.view.draw_detail()

    @on(LiveTable.RowSelected)
    def _on_row_selected(self) -> None:
        self.view.open_detail()

    @on(DetailPane.Step)
    def _on_step(self, event: DetailPane.Step) -> None:
        self.table.move_cursor(event.rows)

    @on(LiveTable.HeaderSelected)
    def _on_header_selected(self, event: LiveTable.HeaderSelected) -> None:
        self.table.sort_by(event.column_key.value)

    @on(FilterBar.Changed)
    def _on_filter_changed(self, event: FilterBar.Changed) -> None:
        self.table.filter(event.text)

    @on(FilterBar.Left)
    def _on_filter_left(self) -> None:
        self.view.table.focus()
