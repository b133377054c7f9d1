"""A removal whose waiter is cancelled."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App, ComposeResult
from textual.await_remove import AwaitRemove
from textual.containers import Vertical
from textual.widgets import Static

from zaguan_tui.app.workarounds.removal import shield_removal

textuals_await = AwaitRemove.__await__


class Slow(Static):
    async def on_unmount(self) -> None:
        await asyncio.sleep(0.05)


class Page(App[None]):
    def compose(self) -> ComposeResult:
        with Vertical():
            yield Slow("word")


async def cancel_removal() -> int:
    """How many widgets are left of a part after the task that removes it was cancelled."""
    app = Page()
    async with app.run_test():
        part = app.query_one(Vertical)

        async def remove() -> None:
            await part.remove()

        removing = asyncio.create_task(remove())
        await asyncio.sleep(0.02)
        removing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await removing
        await asyncio.sleep(0.1)
        return len(app.screen.query("Vertical, Slow"))


async def test_a_cancelled_removal_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AwaitRemove, "__await__", AwaitRemove.__await__)
    shield_removal()
    assert await cancel_removal() == 0


async def test_textual_leaves_half_removed_widgets(monkeypatch: pytest.MonkeyPatch) -> None:
    """When this fails, the workaround can go."""
    monkeypatch.setattr(AwaitRemove, "__await__", textuals_await)
    with pytest.raises(asyncio.CancelledError):  # when the app is closed
        await cancel_removal()
