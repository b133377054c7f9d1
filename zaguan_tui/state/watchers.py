"""The list of people who want to hear about a change, and the telling of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

Unwatch = Callable[[], None]
"""Undoes a ``watch``; harmless when called twice."""


class Watchers(Generic[T]):
    """Calls everyone on the list, in the order they came."""

    __slots__ = ("_watchers",)

    def __init__(self) -> None:
        self._watchers: list[Callable[[T], None]] = []

    def __len__(self) -> int:
        return len(self._watchers)

    def add(self, watcher: Callable[[T], None]) -> Unwatch:
        """Put ``watcher`` on the list; returns the undo."""
        self._watchers.append(watcher)

        def unwatch() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return unwatch

    def tell(self, news: T) -> None:
        """Call everyone. One that fails does not keep the news from the others; its error is raised after."""
        failure: Exception | None = None
        for watcher in tuple(self._watchers):
            try:
                watcher(news)
            except Exception as error:  # noqa: BLE001 - boundary between watchers; raised below
                failure = failure or error
        if failure is not None:
            raise failure
