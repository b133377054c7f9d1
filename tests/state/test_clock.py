from __future__ import annotations

import asyncio

import pytest

from zaguan_tui.state.core.clock import FakeClock, SystemClock, run_within, sleep_or_event


async def test_sleepers_wake_in_the_order_of_their_moments() -> None:
    clock, heard = FakeClock(), list[tuple[str, float]]()

    async def sleeper(name: str, seconds: float, times: int) -> None:
        for _ in range(times):
            await clock.sleep(seconds)
            heard.append((name, clock.monotonic()))

    tasks = [asyncio.create_task(sleeper("slow", 3, 1)), asyncio.create_task(sleeper("quick", 1, 3))]
    await clock.advance(10)
    await asyncio.gather(*tasks)
    assert heard == [("quick", 1.0), ("quick", 2.0), ("slow", 3.0), ("quick", 3.0)]
    assert clock.monotonic() == 10


async def test_within_gives_up_and_cancels_the_work() -> None:
    clock, let_go = FakeClock(), list[bool]()

    async def work() -> None:
        try:
            await clock.sleep(100)
        finally:
            let_go.append(True)

    task = asyncio.create_task(run_within(clock, 5, work()))
    await clock.advance(6)
    with pytest.raises(TimeoutError, match="5 s"):
        await task
    assert let_go == [True]


async def test_cancelling_the_caller_of_within_cancels_the_work() -> None:
    clock, let_go = FakeClock(), list[bool]()

    async def work() -> None:
        try:
            await clock.sleep(100)
        finally:
            let_go.append(True)

    task = asyncio.create_task(run_within(clock, 50, work()))
    await clock.settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert let_go == [True]


async def test_sleep_or_ends_by_event_or_by_time() -> None:
    clock, event = FakeClock(), asyncio.Event()
    task = asyncio.create_task(sleep_or_event(clock, 5, event))
    await clock.advance(5)
    assert await task is False
    task = asyncio.create_task(sleep_or_event(clock, None, event))
    await clock.settle()
    event.set()
    assert await task is True


async def test_the_system_clock_is_aware_and_sleeps() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0.01)
    assert clock.monotonic() - before >= 0.009
    assert clock.now().utcoffset() is not None
