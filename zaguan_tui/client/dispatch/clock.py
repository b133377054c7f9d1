"""``Clock``: sleep, monotonic and wall time, and random numbers, replaced in tests."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """``sleep`` waits seconds, ``monotonic`` measures, ``wall`` is Unix time, ``chance`` gives 0 ≤ x < 1."""

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    monotonic: Callable[[], float] = time.perf_counter
    wall: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random

    def now(self) -> datetime:
        """The wall clock as an aware UTC datetime."""
        return datetime.fromtimestamp(self.wall(), UTC)
