"""Store subscriptions of a screen: snapshots while it is shown, and the newest one missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from textual.screen import Screen

from zaguan_tui.state.core.store import Snapshot, Store, Unsubscribe
from zaguan_tui.widgets.watching import watcher_of

T = TypeVar("T")


class StoreSubscription(Generic[T]):
    """One store followed by one screen."""

    def __init__(
        self, store: Store[T], show: Callable[[Snapshot[T]], None], visible: Callable[[], bool]
    ) -> None:
        self._show = show
        self._visible = visible
        self._missed: Snapshot[T] | None = None
        self.unsubscribe: Unsubscribe = store.watch(self._on_snapshot, now=False)
        self._missed = store.snapshot

    def _on_snapshot(self, snapshot: Snapshot[T]) -> None:
        if self._visible():
            self._missed = None
            self._show(snapshot)
        else:
            self._missed = snapshot

    def catch_up(self) -> None:
        """Show what was missed, if anything."""
        missed, self._missed = self._missed, None
        if missed is not None:
            self._show(missed)


class StoreSubscriptions:
    """All that one screen follows, ended together."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._followed: list[StoreSubscription[Any]] = []
        self._others: list[Unsubscribe] = []

    def follow(self, store: Store[T], show: Callable[[Snapshot[T]], None]) -> None:
        """Hand every snapshot of ``store`` to ``show`` while the screen is shown."""
        screen = self._screen
        self._followed.append(StoreSubscription(store, watcher_of(screen, show), lambda: screen.is_current))

    def add(self, unsubscribe: Unsubscribe) -> None:
        """End this subscription with the others."""
        self._others.append(unsubscribe)

    def catch_up(self) -> None:
        """Show the snapshots that were missed."""
        for followed in self._followed:
            followed.catch_up()

    def close(self) -> None:
        """End all subscriptions."""
        for unsubscribe in (*(followed.unsubscribe for followed in self._followed), *self._others):
            unsubscribe()
        self._followed.clear()
        self._others.clear()
