"""Stand-ins for time and onlookers, and patience with a limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from zaguan_tui.client import Clock, TraceEvent

KEY = "zk-test-key/with+signs=0001"


@dataclass
class FastTime:
    """Waits take no time and are written down; no chance; the wall clock stands at 2026-11-20 14:30 UTC."""

    waits: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)
            await asyncio.sleep(0)

        return Clock(sleep=sleep, wall=lambda: 1795185000.0, chance=lambda: 0.0)


class Notebook:
    """An observer that writes everything down."""

    def __init__(self) -> None:
        self.events: list[TraceEvent] = []

    def observe(self, event: TraceEvent) -> None:
        self.events.append(event)

    @property
    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


async def until(condition: Callable[[], object], seconds: float = 2.0) -> None:
    """Wait until ``condition`` holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for happens inside the code under test
            await asyncio.sleep(0.005)
