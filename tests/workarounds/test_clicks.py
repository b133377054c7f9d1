"""A click between the removal of a widget and the next layout."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from zaguan_tui.app.workarounds.clicks import AttachedClicks


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("word")


class SafePage(AttachedClicks[None], Page):
    pass


async def press_over_removed(app: Page) -> None:
    async with app.run_test() as pilot:
        word = app.query_one(Static)
        parent = word._parent
        word._parent = None  # as while it is being removed
        try:
            event = events.MouseDown(None, 0, 0, 0, 0, 1, False, False, False, 0, 0)
            event.set_sender(app)
            await app.on_event(event)
        finally:
            word._parent = parent
        await pilot.pause()


async def test_a_press_over_a_removed_widget_does_nothing() -> None:
    await press_over_removed(SafePage())


async def test_textual_still_needs_the_guard() -> None:
    with pytest.raises(AttributeError, match="region"):
        await press_over_removed(Page())
