"""Which providers the table shows, in which order, with which columns: what a person arranged."""

from __future__ import annotations

from dataclasses import dataclass, field

from zaguan_tui.screens.providers.table import (
    DEFAULT_SORT,
    NARROW,
    SORTS,
    ProviderColumn,
    fields_for,
    filter_fields,
    sort_rows,
)
from zaguan_tui.state.providers.board import ProviderBoard
from zaguan_tui.state.providers.row import ProviderRow
from zaguan_tui.text.query import Query, parse

_SEARCHABLE = tuple(filter_fields(ProviderRow("", "")))


@dataclass(slots=True)
class TableArrangement:
    """Filter, order and columns, kept over every refresh."""

    sort: str = DEFAULT_SORT
    reverse: bool = False
    query: Query = field(default_factory=lambda: parse(""))
    fields: tuple[ProviderColumn, ...] = field(default_factory=lambda: fields_for(NARROW))

    def rows(self, board: ProviderBoard) -> list[ProviderRow]:
        """The rows of ``board`` that the filter lets through, in order."""
        matching = [row for row in board.rows if self.query.matches(filter_fields(row))]
        return sort_rows(matching, self.sort, reverse=self.reverse)

    def filter(self, text: str) -> None:
        """Show only what fits ``text``."""
        self.query = parse(text, fields=_SEARCHABLE)

    def fit(self, width: int) -> bool:
        """Take the columns a table of ``width`` cells has space for; true when they are other ones."""
        before, self.fields = self.fields, fields_for(width)
        return self.fields != before

    def sort_by_next(self) -> None:
        """Sort by the next column that is in sight."""
        keys = [field.column.key for field in self.fields if field.sort is not None]
        place = keys.index(self.sort) + 1 if self.sort in keys else 0
        self.sort = keys[place % len(keys)]

    def sort_by(self, key: str | None) -> None:
        """Sort by this column; a second time turns the order round."""
        if key in SORTS:
            self.reverse = key == self.sort and not self.reverse
            self.sort = key
