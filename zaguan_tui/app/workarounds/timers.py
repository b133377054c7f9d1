"""Timers that always fire and never hold the event loop.

Textual's timer skips what it is late for. A timer that fires once and is late at its first look never fires:
what waits to be painted stays unpainted. A delay below zero (a toast shown later than it lasts) counts
backwards for ever, without giving the loop back; a delay of zero divides by it.
"""

from __future__ import annotations

from typing import Any, Final

from textual.timer import Timer

MIN_INTERVAL_S: Final = 0.001

_init = Timer.__init__


def _init_safely(
    timer: Timer, target: Any, interval: float, *, repeat: int | None = None, skip: bool = True, **more: Any
) -> None:
    fires_once = repeat == 0
    _init(timer, target, max(interval, MIN_INTERVAL_S), repeat=repeat, skip=skip and not fires_once, **more)


def repair_timers() -> None:
    """Give every new timer a positive interval, and let one that fires once fire however late."""
    Timer.__init__ = _init_safely  # type: ignore[method-assign, assignment]
