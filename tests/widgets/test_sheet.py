"""A sheet is dismissed once, whoever asks how often, and takes no other screen with it."""

from __future__ import annotations

import asyncio

from textual.app import App
from textual.screen import Screen

from zaguan_tui.widgets.sheet import Sheet


class Answer(Sheet[str]):
    """Gives a text back."""


class Host(App[None]):
    MODES = {"one": Screen, "two": Screen}
    DEFAULT_MODE = "one"

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[str | None] = []

    def show(self) -> Answer:
        sheet = Answer()
        self.push_screen(sheet, self.answers.append)
        return sheet


async def test_dismissed_twice_within_one_frame() -> None:
    app = Host()
    async with app.run_test() as pilot:
        below, above = app.show(), app.show()
        await pilot.pause()
        above.dismiss("a")
        above.dismiss("b")
        await above.dismiss("c")
        await pilot.pause()
        assert app.answers == ["a"]
        assert app.screen is below


async def test_dismissed_after_it_is_gone() -> None:
    app = Host()
    async with app.run_test() as pilot:
        sheet = app.show()
        await pilot.pause()
        sheet.dismiss("a")
        await pilot.pause()
        assert not sheet.is_running
        sheet.dismiss("b")
        await pilot.pause()
        assert (app.answers, len(app.screen_stack)) == (["a"], 1)


async def test_dismissed_below_another_sheet() -> None:
    app = Host()
    async with app.run_test() as pilot:
        below, above = app.show(), app.show()
        await pilot.pause()
        below.dismiss("below")
        await pilot.pause()
        assert app.screen is above
        assert not below.is_running
        above.dismiss("above")
        await pilot.pause()
        assert app.answers == ["below", "above"]
        assert len(app.screen_stack) == 1


async def test_dismissed_while_another_mode_is_shown() -> None:
    app = Host()
    async with app.run_test() as pilot:
        sheet = app.show()
        await pilot.pause()
        await app.switch_mode("two")
        other = app.show()
        await pilot.pause()
        sheet.dismiss("first mode")
        await pilot.pause()
        assert app.screen is other
        await app.switch_mode("one")
        assert len(app.screen_stack) == 1
        assert app.answers == ["first mode"]


async def test_dismissed_after_whoever_waited_was_cancelled() -> None:
    app = Host()
    async with app.run_test() as pilot:
        sheet = Answer()

        async def ask() -> None:
            await app.push_screen_wait(sheet)

        worker = app.run_worker(ask())
        await pilot.pause()
        worker.cancel()
        await asyncio.sleep(0)
        sheet.dismiss("nobody hears it")
        await pilot.pause()
        assert len(app.screen_stack) == 1
