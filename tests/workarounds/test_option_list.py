"""A click on an option list whose options were replaced since it was drawn."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import OptionList

from zaguan_tui.app.workarounds.option_list import _on_click, repair_option_list


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield OptionList("first", "second")


def click_on(options: OptionList, index: int | None) -> events.Click:
    meta = {} if index is None else {"option": index}
    style = Style.from_meta(meta)
    return events.Click(options, 0, 0, 0, 0, 1, False, False, False, 0, 0, style)


@pytest.mark.parametrize(("index", "highlighted"), [(1, 1), (2, 0), (7, 0), (None, 0)])
async def test_only_an_option_that_is_there_is_clicked(index: int | None, highlighted: int) -> None:
    repair_option_list()
    async with Page().run_test() as pilot:
        options = pilot.app.query_one(OptionList)
        options.highlighted = 0
        await options._on_click(click_on(options, index))
        assert options.highlighted == highlighted


async def test_textual_still_needs_the_guard() -> None:
    async with Page().run_test() as pilot:
        options = pilot.app.query_one(OptionList)
        with pytest.raises(IndexError):
            await _on_click(options, click_on(options, 7))
