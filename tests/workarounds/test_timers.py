"""Timers with delays that Textual does not expect, and timers that are late."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import chain, repeat

import pytest
from textual import _time
from textual.app import App
from textual.timer import Timer

from zaguan_tui.app.workarounds.timers import _init, repair_timers


@pytest.fixture(autouse=True)
def _timers_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Timer, "__init__", Timer.__init__)


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second look at the clock, and all after it, find a timer a second late."""
    looks: Iterator[float] = chain([100.0], repeat(101.0))
    monkeypatch.setattr(_time, "get_time", lambda: next(looks))


async def fired(delay: float) -> bool:
    """Whether a timer of an app fires once within half a second."""
    event = asyncio.Event()
    timer = Timer(App(), delay, repeat=0, callback=event.set)
    timer._tick = lambda **_: asyncio.sleep(0, event.set())  # type: ignore[method-assign, assignment]
    timer._start()
    try:
        await asyncio.wait_for(event.wait(), 0.5)
    except TimeoutError:
        return False
    finally:
        timer.stop()
    return True


@pytest.mark.parametrize("delay", [-3.0, 0.0, 0.01])
async def test_any_delay_fires(delay: float) -> None:
    repair_timers()
    assert await fired(delay)


@pytest.mark.usefixtures("late")
async def test_what_is_late_fires() -> None:
    repair_timers()
    assert await fired(0.05)


@pytest.mark.usefixtures("late")
async def test_textual_still_forgets_what_is_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """When this fails, the workaround can go."""
    monkeypatch.setattr(Timer, "__init__", _init)
    assert not await fired(0.05)


async def test_a_repeated_timer_of_no_interval_gives_the_loop_back() -> None:
    repair_timers()
    app = App[None]()
    async with app.run_test():
        app.set_interval(0.0, lambda: None)
        app.set_interval(-1.0, lambda: None)
        await asyncio.wait_for(asyncio.sleep(0.05), 2)
