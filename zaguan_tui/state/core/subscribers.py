"""Subscribers of a change, and their notification."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

Unsubscribe = Callable[[], None]
"""Undoes a ``watch``; harmless when called twice."""


class Subscribers(Generic[T]):
    """Calls every subscriber, in the order of subscription."""

    __slots__ = ("_subscribers",)

    def __init__(self) -> None:
        self._subscribers: list[Callable[[T], None]] = []

    def __len__(self) -> int:
        return len(self._subscribers)

    def add(self, subscriber: Callable[[T], None]) -> Unsubscribe:
        """Put ``subscriber`` on the list; returns the undo."""
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    def notify(self, value: T) -> None:
        """Call everyone. One that fails does not stop the others; its error is raised after."""
        failure: Exception | None = None
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(value)
            except Exception as error:  # noqa: BLE001 - boundary between watchers; raised below
                failure = failure or error
        if failure is not None:
            raise failure
