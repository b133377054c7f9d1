"""Two sizes under way at once to a screen that has something else to do for each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from textual.app import App
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen

from zaguan_tui.app.workarounds.resizing import end_resizes

WIDE, NARROW = Size(120, 40), Size(40, 10)
ENOUGH = 100


class NotedScreen(Screen[None]):
    """A screen that posts a message at each resize, so that no resize follows directly upon another."""

    class Noted(Message):
        """A resize was noted."""

    def __init__(self) -> None:
        super().__init__()
        self.resizes = 0

    def on_resize(self) -> None:
        self.resizes += 1
        if self.resizes < ENOUGH:
            self.post_message(self.Noted())


@pytest.fixture(autouse=True)
def _screens_as_before() -> Iterator[None]:
    before = vars(Screen).get("on_event")
    if before is not None:
        del Screen.on_event
    yield
    if vars(Screen).get("on_event") is not None:
        del Screen.on_event
    if before is not None:
        Screen.on_event = before  # type: ignore[method-assign]


async def resize_twice() -> tuple[int, Size]:
    """How often a screen was resized, and its size, a moment after two resizes to other sizes."""
    app = App[None]()
    async with app.run_test(size=WIDE) as pilot:
        screen = NotedScreen()
        await app.push_screen(screen)
        await pilot.pause()
        for message in (Resize(NARROW, NARROW), NotedScreen.Noted(), Resize(WIDE, WIDE)):
            screen.post_message(message)
        async with asyncio.timeout(10):
            for _ in range(30):
                await asyncio.sleep(0.01)
        return screen.resizes, screen.size


async def test_the_size_of_the_terminal_wins() -> None:
    end_resizes()
    resizes, size = await resize_twice()
    assert resizes < ENOUGH // 10
    assert size == WIDE


async def test_textual_still_resizes_for_ever() -> None:
    """When this fails, the workaround can go."""
    resizes, _ = await resize_twice()
    assert resizes >= ENOUGH
