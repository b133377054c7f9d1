"""A removed widget needs no garbage collector."""

from __future__ import annotations

import gc
import weakref

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Button, OptionList, Static

from zaguan_tui.app.workarounds.freeing import free_removed_widgets

textuals_exit = Widget._message_loop_exit


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield Vertical()


async def is_freed(part: Widget) -> bool:
    """Whether ``part`` goes although the collector no longer looks at what it set aside."""
    app = Page()
    async with app.run_test() as pilot:
        page = app.query_one(Vertical)
        await page.mount(part)
        await pilot.pause()
        gc.collect()
        gc.freeze()
        try:
            await part.remove()
            part.styles.width = 3  # as a late message may do
            seen = weakref.ref(part)
            del part
            for _ in range(6):  # layouts, of which Textual keeps some
                await page.mount(other := Static())
                await pilot.pause()
                await other.remove()
            gc.collect()
            return seen() is None
        finally:
            gc.unfreeze()


@pytest.mark.parametrize("kind", [Static, Button, OptionList])
async def test_a_removed_widget_is_freed(monkeypatch: pytest.MonkeyPatch, kind: type[Widget]) -> None:
    monkeypatch.setattr(Widget, "_message_loop_exit", textuals_exit)
    free_removed_widgets()
    assert await is_freed(kind())


async def test_textuals_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """When this fails, the workaround can go."""
    monkeypatch.setattr(Widget, "_message_loop_exit", textuals_exit)
    assert not await is_freed(Static())
