"""A long line is drawn by the row as Textual draws it whole."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.strip import Strip
from textual.widgets import TextArea
from textual.widgets.text_area import Selection

from zaguan_tui.widgets.safe_text_area import LONG_LINE, SafeTextArea


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield SafeTextArea()


def cells(strip: Strip) -> list[tuple[str, str]]:
    return [(character, str(segment.style)) for segment in strip for character in segment.text]


@pytest.mark.parametrize(
    "selection",
    [
        Selection((0, 0), (0, 0)),
        Selection((0, 3), (0, 200)),
        Selection((0, 500), (0, 90)),
        Selection((1, LONG_LINE), (1, LONG_LINE)),
        Selection((0, 10), (1, 30)),
        Selection((2, 2), (0, LONG_LINE)),
    ],
    ids=str,
)
@pytest.mark.parametrize("unit", ["x", "word ", "wide \u8a9e "])
async def test_every_row_of_a_long_line_is_what_textual_draws(unit: str, selection: Selection) -> None:
    line = (unit * LONG_LINE)[: LONG_LINE + 7]
    app = Page()
    async with app.run_test(size=(60, 90)) as pilot:
        area = app.query_one(SafeTextArea)
        area.write(f"{line}\n{line}\nshort")
        area.focus()
        area.selection = selection
        await pilot.pause()
        for row in range(area.wrapped_document.height):
            assert cells(area._render_line(row)) == cells(TextArea._render_line(area, row)), row
