"""Working through a job's requests, several at a time, until they are done or somebody says stop."""

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
    left: list[T] = []

    async def lane() -> None:
        for item in waiting:
            if stop():
                left.append(item)
            else:
                await work(item)

    await asyncio.gather(*(lane() for _ in range(width)))
    return left
