"""Queue of the notices of a store, shown one after the other by one worker.

What is mounted must be mounted in order, and a thousand tokens a second must not start a thousand tasks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
Watch = Callable[[Callable[[T], None]], Callable[[], None]]


class NoticeQueue(Generic[T]):
    """Subscribes at once; ``on_notice`` is called as a notice arrives and says whether it is queued."""

    def __init__(self, watch: Watch[T], on_notice: Callable[[T], bool]) -> None:
        self._queue: asyncio.Queue[T] = asyncio.Queue()
        self._on_notice = on_notice
        self.close = watch(self._receive)

    def _receive(self, notice: T) -> None:
        if self._on_notice(notice):
            self._queue.put_nowait(notice)

    async def drain(
        self,
        show: Callable[[T], Awaitable[None]],
        merge: Callable[[Sequence[T]], Sequence[T]] = lambda batch: batch,
    ) -> None:
        """Show every notice until cancelled. ``merge`` may drop those that later ones of a batch replace."""
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty():
                batch.append(self._queue.get_nowait())
            for notice in merge(batch):
                await show(notice)
