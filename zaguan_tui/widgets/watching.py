"""Watchers of a store that belong to a widget: none outlives it, and none brings its faults to the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.widget import Widget

T = TypeVar("T")


def watcher_of(owner: Widget, show: Callable[[T], None]) -> Callable[[T], None]:
    """A watcher that calls ``show`` until ``owner`` is removed; what comes later is dropped.

    A fault of ``show`` is one of the app, as in a message handler: the
    store, and the poller that filled it, go on.
    """

    def show_until_removed(news: T) -> None:
        if owner._closing or owner._closed or not owner.is_attached:
            return
        try:
            show(news)
        except Exception as error:  # noqa: BLE001 - the boundary between a store and a screen; handled by the app
            owner.app._handle_exception(error)

    return show_until_removed
