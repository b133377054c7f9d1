"""Process the items of a job with several workers until they are done or stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

WIDTH = 8
"""Requests of one batch under way at the same time."""


async def process_items(
    items: Iterable[T], work: Callable[[T], Awaitable[None]], stop: Callable[[], bool], width: int = WIDTH
) -> list[T]:
    """Give every item to ``work``; returns those that were not begun because ``stop`` said so."""
    waiting = iter(items)
    remaining: list[T] = []

    async def worker() -> None:
        for item in waiting:
            if stop():
                remaining.append(item)
            else:
                await work(item)

    await asyncio.gather(*(worker() for _ in range(width)))
    return remaining
