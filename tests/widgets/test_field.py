"""A line of limited length takes what fits of a long paste, and says how much was left out."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult

from zaguan_tui.text.fuzzy import QUERY_LIMIT
from zaguan_tui.widgets.safe_input import SafeInput


class Line(App[None]):
    def compose(self) -> ComposeResult:
        yield SafeInput(max_length=QUERY_LIMIT)


@pytest.mark.parametrize(
    ("before", "pasted", "value", "left_out"),
    [
        ("", "x" * 130_000, "x" * 200, "129,800"),
        ("ab", "x" * 199, "ab" + "x" * 198, "1 were"),
        ("ab", "x" * 198, "ab" + "x" * 198, None),
        ("y" * 200, "xyz", "y" * 200, "3 were"),
        ("", "short", "short", None),
    ],
)
async def test_what_is_too_long_is_cut_and_said(
    before: str, pasted: str, value: str, left_out: str | None
) -> None:
    app = Line()
    async with app.run_test(notifications=True) as pilot:
        field = app.query_one(SafeInput)
        field.value = before
        field.cursor_position = len(before)
        field.focus()
        await pilot.pause()
        app.post_message(events.Paste(pasted))
        await pilot.pause()
        assert field.value == value
        said = [notification.message for notification in app._notifications]
        assert len(said) == (left_out is not None)
        assert left_out is None or left_out in said[0]
