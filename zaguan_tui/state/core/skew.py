"""Clock skew: how far a server's clock is from ours, steady enough for countdowns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_SAME_S = 1.5
"""Differences below this are travel time and rounding, not skew."""


class ClockSkew:
    """The server's clock minus ours in seconds; changes only when a reading is unambiguous."""

    __slots__ = ("seconds",)

    def __init__(self) -> None:
        self.seconds = 0.0

    def measure(self, theirs: datetime | None, ours: datetime) -> float:
        """Take in one pair of readings; returns the skew to use."""
        if theirs is not None:
            seen = (theirs - ours).total_seconds()
            if abs(seen) < _SAME_S:
                self.seconds = 0.0
            elif abs(seen - self.seconds) >= _SAME_S:
                self.seconds = seen
        return self.seconds


def shift_instant(moment: datetime, seconds: float) -> datetime:
    """``moment`` moved by ``seconds``; beyond the calendar's ends it is its first or last instant."""
    try:
        return moment + timedelta(seconds=seconds)
    except OverflowError:
        return (datetime.max if seconds > 0 else datetime.min).replace(tzinfo=UTC)
