"""Stall detection: time limits between bytes and between events of a stream."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

_CHECKS_PER_LIMIT = 4


@dataclass(frozen=True, slots=True)
class StallLimits:
    """How long a stream may be silent, in seconds; ``None`` is for ever (``proposal``, wire reference §12).

    ``byte_s`` runs while not a single byte comes; it is off by default because the transport watches that
    (:attr:`~.options.Timeouts.stall`, 60 s). ``event_s`` runs while nothing but signs of life come
    (comments, empty events). Time the consumer takes for itself never counts.
    """

    byte_s: float | None = None
    event_s: float | None = 300.0


class StallWatch:
    """A lazy alarm: one timer that looks now and then, instead of one timer per read.

    ``waiting`` is true while a read waits. ``alarm`` gets the sentence that says what is missing.
    """

    __slots__ = ("_alarm", "_byte_since", "_event_since", "_limits", "_loop", "_now", "_timer", "waiting")

    def __init__(self, limits: StallLimits, alarm: Callable[[str], None]) -> None:
        self._limits = limits
        self._alarm = alarm
        self._loop = asyncio.get_running_loop()
        self._now = self._loop.time
        self._timer: asyncio.TimerHandle | None = None
        self.waiting = False
        self._byte_since = self._event_since = self._now()
        self._arm(self._now())

    def expect_byte(self) -> None:
        """A read begins to wait."""
        self._byte_since = self._now()
        self.waiting = True

    def expect_event(self) -> None:
        """An event is due from now on."""
        self._event_since = self._now()

    def quiet_s(self) -> float:
        """Seconds the read has been waiting; 0 when none waits."""
        return self._now() - self._byte_since if self.waiting else 0.0

    def stop(self) -> None:
        """No alarm any more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _silences(self) -> list[tuple[float, float, str]]:
        """Since when, for how long at most, and what is missing."""
        both = (
            (self._byte_since, self._limits.byte_s, "byte"),
            (self._event_since, self._limits.event_s, "event"),
        )
        return [(since, limit, what) for since, limit, what in both if limit is not None]

    def _arm(self, now: float) -> None:
        silences = self._silences()
        if not silences:
            return
        pause = min(limit for _, limit, _ in silences) / _CHECKS_PER_LIMIT
        if self.waiting:
            pause = min(pause, *(max(0.0, since + limit - now) for since, limit, _ in silences))
        self._timer = self._loop.call_at(now + pause, self._check)

    def _check(self) -> None:
        now = self._now()
        for since, limit, what in self._silences() if self.waiting else ():
            if now - since >= limit:
                self._timer = None
                self._alarm(f"stalled: no {what} for {limit:g} s")
                return
        self._arm(now)
