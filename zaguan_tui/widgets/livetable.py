"""A table that lives: rows are replaced by key, so cursor, selection and scroll stay where the reader put
them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.coordinate import Coordinate
from textual.widgets import DataTable
from textual.widgets.data_table import CellDoesNotExist, RowDoesNotExist

from zaguan_tui.actions.registry import bindings_for

Cells = tuple[Text, ...]


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
    cells: Cells


class LiveTable(DataTable[Text]):
    """Shows rows in the order given; :meth:`show` touches only what changed since the last time.

    The cursor stays on the row a person chose, by key, also when that row was away for a while. Until one was
    chosen it stays on the first row, whichever that is.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("table")]

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:  # noqa: A002  # Textual's name
        self._arranging = False
        super().__init__(
            id=id,
            cursor_type="row",
            zebra_stripes=False,
            cell_padding=1,
            cursor_foreground_priority="renderable",
        )
        self._shape = tuple(columns)
        self._shown: dict[str, Cells] = {}
        self._sorted: tuple[str, bool] | None = None
        self._chosen: str | None = None
        self._rest_at: int | None = None

    def on_mount(self) -> None:
        """A table has columns only once it belongs to an app."""
        self.reshape(self._shape)

    def reshape(self, columns: Sequence[Column]) -> None:
        """Have these columns from now on; the rows come with the next :meth:`show`."""
        if self._shown:
            self._rest_at = self.scroll_offset.y
        self._arranging = True
        self.clear(columns=True)
        self._arranging = False
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
            arrow = (" ▾" if reverse else " ▴") if column.key == key else ""
            self.columns[next(k for k in self.columns if k.value == column.key)].label = self._heading(
                column, arrow
            )
        self._update_count += 1
        self.refresh()

    def show(self, rows: Sequence[TableRow]) -> None:
        """Make the table these rows in this order.

        On a terminal's own colours the cursor row has one colour for all: nobody knows what is readable.
        """
        self.cursor_foreground_priority = "css" if self.app.current_theme.ansi else "renderable"
        offset, in_sight = self.scroll_offset, self._in_sight(self.cursor_row)
        updates = self._update_count
        cells_by_key = {row.key: row.cells for row in rows}
        self._arranging = True
        try:
            with self.app.batch_update():
                self._replace(cells_by_key)
                self._put_cursor_back(cells_by_key)
                if self.scroll_offset != offset:
                    self.scroll_to(offset.x, offset.y, animate=False)
        finally:
            self._arranging = False
        if self._update_count != updates:
            # Textual keeps 10,000 cells and 1,000 lines as they looked before: 40 MB that nothing can use.
            self._clear_caches()
        if self._rest_at is not None and rows:
            self.call_after_refresh(self._rest)
        elif in_sight and not self._in_sight(self.cursor_row):
            self.call_after_refresh(self._scroll_cursor_into_view)

    def on_resize(self) -> None:
        """The cursor is in sight at every size."""
        self.call_after_refresh(self._scroll_cursor_into_view)

    def select(self, key: str) -> None:
        """Put the cursor on the row of ``key``, now or as soon as it is there, and bring it into sight."""
        self._chosen = key
        try:
            index = self.get_row_index(key)
        except RowDoesNotExist:
            return
        self.move_cursor(row=index, animate=False, scroll=True)

    def action_select_cursor(self) -> None:
        """Choose the row under the cursor."""
        self._chosen = self.selected_key
        super().action_select_cursor()

    def watch_cursor_coordinate(self, old_coordinate: Coordinate, new_coordinate: Coordinate) -> None:
        """A person moved the cursor, or :meth:`show` put it back, which must not scroll."""
        if not self._arranging:
            super().watch_cursor_coordinate(old_coordinate, new_coordinate)
            self._chosen = self.selected_key or self._chosen
        elif old_coordinate != new_coordinate:
            self.refresh_row(old_coordinate.row)
            self._highlight_row(new_coordinate.row)

    def _replace(self, cells_by_key: Mapping[str, Cells]) -> None:
        gone = [key for key in self._shown if key not in cells_by_key]
        if len(gone) * 2 > len(self._shown):
            self.clear()
            self._shown.clear()
        for key in gone:
            if self._shown.pop(key, None) is not None:
                self.remove_row(key)
        for key, cells in cells_by_key.items():
            if key in self._shown:
                self._update(key, cells)
            else:
                self.add_row(cells[0].copy(), *cells[1:], key=key)
                self._shown[key] = cells
        if list(self._shown) != list(cells_by_key):
            self._reorder(list(cells_by_key))

    def _put_cursor_back(self, cells_by_key: Mapping[str, Cells]) -> None:
        if self._chosen is None:
            index = 0
        elif self._chosen in cells_by_key:
            index = self.get_row_index(self._chosen)
        else:
            return
        if cells_by_key and index != self.cursor_row:
            self.cursor_coordinate = Coordinate(index, 0)

    def _rest(self) -> None:
        """Scroll back to where the rows were before the columns changed."""
        if self._rest_at is not None:
            self.scroll_to(y=self._rest_at, animate=False)
            self._rest_at = None
            self._scroll_cursor_into_view()

    def _in_sight(self, row: int) -> bool:
        top = self.scroll_offset.y
        return top <= row < top + self.scrollable_content_region.height - self.header_height

    def _update(self, key: str, cells: Cells) -> None:
        for column, old, new in zip(self._shape, self._shown[key], cells, strict=True):
            if old != new or old.style != new.style:
                try:
                    self.update_cell(key, column.key, new.copy())
                except CellDoesNotExist:
                    return
        self._shown[key] = cells

    def _reorder(self, keys: list[str]) -> None:
        """Sort. The table keeps copies of the cells, so each first cell stands for one row alone."""
        first = self._shape[0].key
        place = {id(self.get_cell(key, first)): index for index, key in enumerate(keys)}
        self.sort(first, key=lambda cell: place[id(cell)])
        self._shown = {key: self._shown[key] for key in keys}

    @staticmethod
    def _heading(column: Column, arrow: str) -> Text:
        text = f"{column.heading}{arrow}"
        return Text(text.rjust(column.width) if column.right else text)
