"""A table that lives: rows are replaced by key, so cursor, selection and scroll stay where the reader put
them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text
from textual.widgets import DataTable
from textual.widgets.data_table import CellDoesNotExist, RowDoesNotExist


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its heading, its fixed width in cells, and whether its values stand on the right."""

    key: str
    heading: str
    width: int
    right: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row as it should look: the key that makes it the same row next time, and a cell for every column."""

    key: str
    cells: tuple[Text, ...]


class LiveTable(DataTable[Text]):
    """Shows rows in the order given; :meth:`show` touches only what changed since the last time."""

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__(
            id=id,
            cursor_type="row",
            zebra_stripes=False,
            cell_padding=1,
            cursor_foreground_priority="renderable",
        )
        self._shape: tuple[Column, ...] = ()
        self._shown: dict[str, tuple[Text, ...]] = {}
        self._sorted: tuple[str, bool] | None = None
        self.reshape(columns)

    def reshape(self, columns: Sequence[Column]) -> None:
        """Have these columns from now on; the rows come with the next :meth:`show`."""
        self.clear(columns=True)
        self._shown.clear()
        self._sorted = None
        self._shape = tuple(columns)
        for column in self._shape:
            self.add_column(self._heading(column, ""), key=column.key, width=column.width)

    @property
    def selected_key(self) -> str | None:
        """The key of the row under the cursor."""
        if not self._shown or not self.is_valid_row_index(self.cursor_row):
            return None
        return self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value

    def mark_sorted(self, key: str, *, reverse: bool) -> None:
        """Put the arrow of the sort order into the heading of ``key``."""
        if self._sorted == (key, reverse):
            return
        self._sorted = (key, reverse)
        for column in self._shape:
            arrow = ("▾" if reverse else "▴") if column.key == key else ""
            self.columns[next(k for k in self.columns if k.value == column.key)].label = self._heading(
                column, arrow
            )
        self._update_count += 1
        self.refresh()

    def show(self, rows: Sequence[TableRow]) -> None:
        """Make the table these rows in this order."""
        selected, offset = self.selected_key, self.scroll_offset
        wanted = {row.key: row.cells for row in rows}
        with self.app.batch_update():
            for key in [key for key in self._shown if key not in wanted]:
                self.remove_row(key)
                del self._shown[key]
            for key, cells in wanted.items():
                if key in self._shown:
                    self._update(key, cells)
                else:
                    self.add_row(*cells, key=key)
                    self._shown[key] = cells
            if list(self._shown) != list(wanted):
                self._reorder(list(wanted))
            if selected is not None:
                self.select(selected, scroll=False)
            if self.scroll_offset != offset:
                self.scroll_to(offset.x, offset.y, animate=False)

    def select(self, key: str, *, scroll: bool = True) -> None:
        """Put the cursor on the row of ``key`` if it is there."""
        try:
            index = self.get_row_index(key)
        except RowDoesNotExist:
            return
        if index != self.cursor_row:
            self.move_cursor(row=index, animate=False, scroll=scroll)

    def _update(self, key: str, cells: tuple[Text, ...]) -> None:
        for column, old, new in zip(self._shape, self._shown[key], cells, strict=True):
            if old != new or old.style != new.style:
                try:
                    self.update_cell(key, column.key, new)
                except CellDoesNotExist:
                    return
        self._shown[key] = cells

    def _reorder(self, keys: list[str]) -> None:
        first = self._shape[0].key
        place = {id(self.get_cell(key, first)): index for index, key in enumerate(keys)}
        self.sort(first, key=lambda cell: place[id(cell)])
        self._shown = {key: self._shown[key] for key in keys}

    @staticmethod
    def _heading(column: Column, arrow: str) -> Text:
        text = f"{column.heading}{arrow}"
        return Text(text.rjust(column.width) if column.right else text)
