"""A fault in a handler closes its sheet, is reported, and leaves the app to go on."""

from __future__ import annotations

import asyncio

import pytest
from textual import work
from textual.app import App, ComposeResult
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.widgets import Button, Input, OptionList, Static

from zaguan_tui.app.workarounds import FaultBarrier
from zaguan_tui.app.workarounds.faults import MOST_FAULTS
from zaguan_tui.app.workarounds.option_list import repair_option_list
from zaguan_tui.widgets.sheet import Sheet


class Faulty(Sheet[None]):
    """A sheet that fails in the way its name says."""

    AUTO_FOCUS = "Button"

    def __init__(self, way: str) -> None:
        super().__init__()
        self.way = way

    def compose(self) -> ComposeResult:
        if self.way == "compose":
            raise ValueError(self.way)
        yield Button("fail")

    def on_mount(self) -> None:
        if self.way == "mount":
            raise ValueError(self.way)

    def on_button_pressed(self) -> None:
        if self.way == "handler":
            raise ValueError(self.way)
        if self.way == "timer":
            self.set_timer(0.01, self.fail)
        if self.way == "next":
            self.call_after_refresh(self.fail)
        if self.way == "worker":
            self.fail_in_worker()

    def fail(self) -> None:
        raise ValueError(self.way)

    @work
    async def fail_in_worker(self) -> None:
        await asyncio.sleep(0)
        raise ValueError(self.way)


class Survivor(FaultBarrier[None]):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[tuple[str, Screen[object] | None]] = []

    def compose(self) -> ComposeResult:
        yield Input()

    def on_fault(self, error: Exception, sheet: Screen[object] | None) -> None:
        self.faults.append((str(error), sheet))

    def forget_fault(self) -> None:
        """Keep the pilot from raising at its end what was survived."""
        self._exception = None
        self._exception_event.clear()


@pytest.mark.parametrize("way", ["compose", "mount", "handler", "timer", "next", "worker"])
async def test_a_fault_closes_its_sheet_and_nothing_else(way: str) -> None:
    app = Survivor()
    async with app.run_test() as pilot:
        sheet = Faulty(way)
        app.push_screen(sheet)
        await pilot.pause()
        app.forget_fault()
        if sheet.is_running:
            await pilot.press("enter")
            await pilot.pause(0.05)
            app.forget_fault()
        await pilot.pause()
        assert app.faults == [(way, sheet)]
        assert app.screen is app.screen_stack[0]
        await pilot.press("a", "b")
        assert app.query_one(Input).value == "ab"
    assert app.fault is None


class FailingInput(Input):
    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value.endswith("x"):
            raise ValueError(event.value)


class Room(Survivor):
    def compose(self) -> ComposeResult:
        yield FailingInput()


async def test_a_widget_lives_on_after_its_fault() -> None:
    app = Room()
    async with app.run_test() as pilot:
        for key in "axb":
            await pilot.press(key)
            await pilot.pause()
            app.forget_fault()
        assert app.faults == [("ax", None)]
        assert app.query_one(Input).value == "axb"


async def test_faults_that_do_not_stop_end_the_app() -> None:
    app = Room()
    with pytest.raises(ValueError, match="x"):
        async with app.run_test() as pilot:
            for _ in range(MOST_FAULTS + 1):
                await pilot.press("x")
                await pilot.pause()
                app.forget_fault()
            assert not app.is_running
            raise app.fault or AssertionError("it lives")
    assert app.return_code == 1


class Late(Sheet[None]):
    """A sheet that is spoken to while it is removed."""

    def compose(self) -> ComposeResult:
        yield Static("text")

    def on_unmount(self) -> None:
        self.query_one(Static)


async def test_a_late_message_is_dropped() -> None:
    app = Survivor()
    async with app.run_test() as pilot:
        app.push_screen(Late())
        await pilot.pause()
        app.screen.dismiss()
        await pilot.pause()
        assert app.faults == []


class Early(Sheet[None]):
    def on_mount(self) -> None:
        self.query_one(Static)


async def test_a_missing_widget_of_a_living_sheet_is_a_fault() -> None:
    app = Survivor()
    with pytest.raises(NoMatches):
        async with app.run_test() as pilot:
            app.push_screen(Early())
            await pilot.pause()
    assert len(app.faults) == 1


async def test_textual_itself_still_ends_at_a_fault() -> None:
    """When Textual survives by itself, the workaround can go."""

    class Bare(App[None]):
        def compose(self) -> ComposeResult:
            yield FailingInput()

    app = Bare()
    with pytest.raises(ValueError, match="x"):
        async with app.run_test() as pilot:
            await pilot.press("x")
            await pilot.pause()
            assert not app.is_running


def paged_before_layout(options: OptionList) -> None:
    options.add_options(["one", "two"])
    options.highlighted = 0
    options.action_page_down()
    options.action_page_up()


async def test_an_option_list_can_be_paged_before_it_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """When Textual itself can, the workaround can go."""
    from zaguan_tui.app.workarounds import option_list

    class Lists(App[None]):
        def compose(self) -> ComposeResult:
            yield OptionList()

    app = Lists()
    async with app.run_test() as pilot:
        options = app.query_one(OptionList)
        monkeypatch.setattr(OptionList, "_move_page", option_list._move_page)
        with pytest.raises(KeyError):
            paged_before_layout(options)
        repair_option_list()
        options.clear_options()
        options.action_page_down()
        paged_before_layout(options)
        await pilot.pause()
        await pilot.press("tab", "pagedown")
        assert options.highlighted == 1
