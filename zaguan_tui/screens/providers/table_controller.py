"""Arranging the table of providers: sort, filter, select, copy a row."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.providers.arrangement import TableArrangement
from zaguan_tui.screens.providers.detail_data import provider_records_json
from zaguan_tui.screens.providers.providers_view import ProvidersView
from zaguan_tui.text.sanitize import clean_line

NO_PROVIDER = "There is no provider to copy."


@dataclass(slots=True, eq=False)
class ProviderTableController:
    """Changes what the table shows, and in which order."""

    services: ScreenServices
    arrangement: TableArrangement
    view: ProvidersView

    def sort_by_next_column(self) -> None:
        """Sort by the next column."""
        self.arrangement.sort_by_next()
        self.view.draw()

    def sort_by(self, column: str | None) -> None:
        """Sort by this column; a second time in the other direction."""
        self.arrangement.sort_by(column)
        self.view.draw()

    def reverse(self) -> None:
        """Sort in the other direction."""
        self.arrangement.reverse = not self.arrangement.reverse
        self.view.draw()

    def filter(self, text: str) -> None:
        """Show only what matches ``text``."""
        self.arrangement.filter(text)
        self.view.draw()

    def select(self, provider: str) -> None:
        """Put the cursor on a provider and open its detail."""
        self.view.filter_bar.action_clear()
        self.view.table.select(provider)
        self.view.open_detail()
        self.view.draw()

    def move_cursor(self, rows: int) -> None:
        """Select the provider so many rows further down."""
        self.view.table.move_cursor(row=self.view.table.cursor_row + rows)

    @property
    def can_close(self) -> bool:
        """Whether there is something to close."""
        return self.view.detail_open or not self.arrangement.query.empty

    def close(self) -> None:
        """Close the detail, then drop the filter."""
        if self.view.detail_open:
            self.view.close_detail()
        else:
            self.view.filter_bar.action_clear()
        self.view.screen.refresh_bindings()

    def copy(self) -> None:
        """Copy the selected provider's records as the gateway sent them."""
        if (row := self.view.selected) is None:
            self.services.warn(NO_PROVIDER)
        else:
            self.services.copy(provider_records_json(row), f"{clean_line(row.name, 40)} as JSON")

    def explain_no_copy(self) -> str:
        """Why there is nothing to copy; empty when there is something."""
        return NO_PROVIDER if self.view.selected is None else ""
