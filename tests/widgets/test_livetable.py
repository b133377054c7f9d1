"""The table that lives: only what changed is touched, and the reader's place is kept by key."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from rich.text import Text

from widgets.alone import alone
from zaguan_tui.widgets.livetable import Column, LiveTable, TableRow

COLUMNS = (Column("name", "name", 12), Column("value", "value", 8, right=True))


class Watched(LiveTable):
    """Counts what is done to it."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        super().__init__(COLUMNS, id="table")

    def add_row(self, *cells: Text, **options: Any) -> Any:
        self.done["add"] += 1
        return super().add_row(*cells, **options)

    def update_cell(self, *arguments: Any, **options: Any) -> None:
        self.done["update"] += 1
        super().update_cell(*arguments, **options)

    def remove_row(self, row_key: Any) -> None:
        self.done["remove"] += 1
        super().remove_row(row_key)

    def sort(self, *columns: Any, **options: Any) -> Any:
        self.done["sort"] += 1
        return super().sort(*columns, **options)


def rows(*keys: str, value: str = "1", style: str = "") -> list[TableRow]:
    return [TableRow(key, (Text(key), Text(value, style))) for key in keys]


def order(table: LiveTable) -> list[Any]:
    return [row.key.value for row in table.ordered_rows]


async def test_only_what_changed_is_touched() -> None:
    table = Watched()
    async with alone(table):
        table.show(rows("a", "b", "c"))
        assert table.done == {"add": 3}
        table.show(rows("a", "b", "c"))
        assert table.done == {"add": 3}
        table.show([*rows("a", "b"), *rows("c", value="2")])
        assert table.done == {"add": 3, "update": 1}
        table.show([*rows("a", "b"), *rows("c", value="2", style="red")])
        assert table.done == {"add": 3, "update": 2}
        table.show([*rows("a", "d"), *rows("c", value="2", style="red")])
        assert table.done == {"add": 4, "update": 2, "remove": 1, "sort": 1}
        assert order(table) == ["a", "d", "c"]
        assert str(table.get_cell("c", "value")) == "2"


async def test_rows_that_share_a_cell_can_be_sorted() -> None:
    table, same = LiveTable(COLUMNS), Text("same")
    async with alone(table):
        for keys in ("abc", "cba", "bca"):
            table.show([TableRow(key, (same, Text(key))) for key in keys])
            assert order(table) == list(keys)
            assert [str(table.get_cell(key, "value")) for key in keys] == list(keys)


async def test_most_rows_gone_is_a_fresh_start_with_the_cursor_kept() -> None:
    table = Watched()
    async with alone(table) as pilot:
        table.show(rows(*(f"{n:03}" for n in range(100))))
        table.focus()
        await pilot.press(*["down"] * 5)
        table.show(rows("005", "050"))
        assert table.done["remove"] == 0
        assert table.selected_key == "005"


async def test_cursor_before_and_after_a_choice() -> None:
    table = LiveTable(COLUMNS)
    async with alone(table) as pilot:
        table.focus()
        table.show(rows("a", "b", "c"))
        assert table.selected_key == "a"
        table.show(rows("c", "a", "b"))
        assert table.selected_key == "c"
        await pilot.press("j")
        assert table.selected_key == "a"
        table.show(rows("b", "c", "a"))
        assert table.selected_key == "a"
        table.show(rows("b", "c"))
        assert table.selected_key == "c"
        table.show(rows("c", "a", "b"))
        assert table.selected_key == "a"
        table.show([])
        assert table.selected_key is None
        table.show(rows("b", "a"))
        assert table.selected_key == "a"


async def test_vim_keys() -> None:
    table = LiveTable(COLUMNS)
    async with alone(table) as pilot:
        table.focus()
        table.show(rows(*(f"{n:02}" for n in range(50))))
        for key, selected in (
            ("G", "49"),
            ("k", "48"),
            ("g", "00"),
            ("j", "01"),
            ("end", "49"),
            ("home", "00"),
        ):
            await pilot.press(key)
            assert table.selected_key == selected, key


async def test_scroll_stays_where_it_is() -> None:
    table = LiveTable(COLUMNS)
    async with alone(table, size=(40, 12)) as pilot:
        table.show(rows(*(f"{n:03}" for n in range(100))))
        table.focus()
        await pilot.pause()
        table.scroll_to(y=40, animate=False)
        await pilot.pause()
        for _ in range(3):
            table.show(rows(*(f"{n:03}" for n in range(100)), value=str(_)))
            await pilot.pause()
            assert table.scroll_offset.y == 40
        assert table.selected_key == "000"
        table.show(rows(*(f"{n:03}" for n in range(1, 100))))
        await pilot.pause()
        assert table.scroll_offset.y == 40


async def test_a_cursor_in_sight_stays_in_sight() -> None:
    table = LiveTable(COLUMNS)
    keys = [f"{n:03}" for n in range(100)]
    async with alone(table, size=(40, 12)) as pilot:
        table.show(rows(*keys))
        table.select("030")
        await pilot.pause()
        table.show(rows(*keys[::-1]))
        await pilot.pause()
        top = table.scroll_offset.y
        assert table.selected_key == "030"
        assert top <= table.cursor_row < top + table.size.height - 1
        await pilot.resize_terminal(40, 6)
        await pilot.pause()
        top = table.scroll_offset.y
        assert top <= table.cursor_row < top + table.size.height - 1


async def test_reshape_keeps_cursor_and_scroll() -> None:
    table = LiveTable(COLUMNS)
    keys = [f"{n:03}" for n in range(100)]
    async with alone(table, size=(40, 12)) as pilot:
        table.show(rows(*keys))
        table.select("050")
        await pilot.pause()
        offset = table.scroll_offset.y
        table.reshape((*COLUMNS, Column("more", "more", 5)))
        table.show([TableRow(key, (Text(key), Text("1"), Text("x"))) for key in keys])
        await pilot.pause()
        await pilot.pause()
        assert table.selected_key == "050"
        assert table.scroll_offset.y == offset
        assert len(table.columns) == 3


async def test_select_waits_for_a_row_that_is_not_there_yet() -> None:
    table = LiveTable(COLUMNS)
    async with alone(table):
        table.select("z")
        table.show(rows("a", "b"))
        assert table.selected_key == "a"
        table.show(rows("a", "b", "z"))
        assert table.selected_key == "z"


@pytest.mark.parametrize(("reverse", "arrow"), [(False, "▴"), (True, "▾")])
async def test_the_heading_shows_the_sort_order(reverse: bool, arrow: str) -> None:
    table = LiveTable(COLUMNS)
    async with alone(table):
        table.mark_sorted("value", reverse=reverse)
        labels = [str(column.label) for column in table.ordered_columns]
        assert labels == ["name", f" value {arrow}"]
        table.mark_sorted("name", reverse=reverse)
        assert str(table.ordered_columns[1].label) == "   value"


async def test_it_can_be_asked_before_it_shows_anything() -> None:
    table = LiveTable(COLUMNS)
    assert table.selected_key is None
    async with alone(table) as pilot:
        table.focus()
        await pilot.press("enter", "down", "up", "end")
        assert table.selected_key is None
