"""Clocks: the system clock, and a fake one that tests step; waits and time limits on either."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """The time, and waiting."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow; for measuring."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait. Zero or less gives the other tasks one turn."""
        ...


class SystemClock:
    """The machine's own clock."""

    __slots__ = ()

    def now(self) -> datetime:
        """The wall clock in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the event loop."""
        await asyncio.sleep(max(0.0, seconds))


class FakeClock:
    """A clock that stands still until a test advances it.

    ``advance`` wakes the sleepers that fall due in the order of their moments, and lets everything they
    set in motion come to rest before time moves on, so that a test sees the same story every time.
    """

    SETTLING_TURNS = 24
    """Turns of the event loop given to the tasks after each wake-up."""

    def __init__(self, start: datetime = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0
        self._tickets = 0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The start plus every step since."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Seconds stepped since the start."""
        return self._elapsed

    @property
    def sleepers(self) -> int:
        """How many tasks are waiting on this clock."""
        return sum(not future.done() for _, _, future in self._sleepers)

    async def sleep(self, seconds: float) -> None:
        """Wait until someone has stepped the clock that far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tickets += 1
        heapq.heappush(self._sleepers, (self._elapsed + seconds, self._tickets, future))
        await future

    async def settle(self) -> None:
        """Let every task that can run do so, without moving time."""
        for _ in range(self.SETTLING_TURNS):
            await asyncio.sleep(0)

    async def advance(self, seconds: float) -> None:
        """Step ``seconds`` forward, running everyone who falls due on the way."""
        await self.settle()
        target = self._elapsed + seconds
        while self._sleepers and self._sleepers[0][0] <= target:
            due, _, future = heapq.heappop(self._sleepers)
            if future.done():
                continue
            self._elapsed = max(self._elapsed, due)
            future.set_result(None)
            await self.settle()
        self._elapsed = target

    def jump(self, seconds: float) -> None:
        """Move time without waking anyone, as when a machine slept. They wake at the next ``advance``."""
        self._elapsed += seconds


async def sleep_or_event(clock: Clock, seconds: float | None, event: asyncio.Event) -> bool:
    """Wait until ``seconds`` are over (``None``: for ever) or ``event`` is set; true if it was the event."""
    if seconds is None:
        await event.wait()
        return True
    sleeping = asyncio.ensure_future(clock.sleep(seconds))
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({sleeping, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        sleeping.cancel()
        waiting.cancel()
    return event.is_set()


def fetch_error(task: asyncio.Future[Any]) -> None:
    """Done callback that retrieves a task's exception, for a task that may be dropped before it is awaited.

    Who awaits the task still gets the exception; who was cancelled meanwhile leaves none behind that the
    event loop would report as a fault.
    """
    if not task.cancelled():
        task.exception()


async def run_within(clock: Clock, seconds: float, work: Awaitable[T]) -> T:
    """The result of ``work``, or ``TimeoutError`` when it takes longer than ``seconds`` of ``clock``.

    Cancelling the caller cancels ``work`` too and waits until it has let go; an error that ``work`` raises
    at that very moment is dropped with it.
    """
    working = asyncio.ensure_future(work)
    working.add_done_callback(fetch_error)
    limit = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({working, limit}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise TimeoutError(f"no answer within {seconds:g} s")
    finally:
        limit.cancel()
        if not working.done():
            working.cancel()
            await asyncio.wait({working})
        # A task holds its exception, which holds this frame: together they would wait for the collector.
        del working


def report_task_fault(task: asyncio.Task[Any]) -> None:
    """Done callback: hand the error of a task that nobody awaits to the event loop's exception handler."""
    fault = None if task.cancelled() else task.exception()
    if fault is not None:
        task.get_loop().call_exception_handler({"message": f"{task.get_name()} died", "exception": fault})
