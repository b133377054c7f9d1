"""The seeded past: what this account used on each of the 90 days before the world began, as daily sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from zaguan_tui.sandbox.engine.seeds import stream

DAYS = 90
_WEEKDAYS = (1.0, 1.08, 1.12, 1.05, 0.92, 0.34, 0.27)
_REQUESTS_A_DAY = 1450.0
_CREDITS_A_REQUEST = 5.2
SPIKE_DAYS_AGO = 23
"""A runaway evaluation job made this day four times as dear as a working day, whatever weekday it is."""


@dataclass(frozen=True, slots=True)
class PastDay:
    """One day in sums; ``starts_at`` is its UTC midnight."""

    starts_at: datetime
    requests: int
    credits: int


def make_past_days(seed: int, start: datetime) -> list[PastDay]:
    """The days before ``start``, oldest first; the last one is the part of today that has already passed."""
    midnight = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    today = (start - midnight) / timedelta(days=1)
    days = []
    for ago in range(DAYS, -1, -1):
        day = midnight - timedelta(days=ago)
        rng = stream(seed, "past", day.date())
        weekday = 1.0 if ago == SPIKE_DAYS_AGO else _WEEKDAYS[day.weekday()]
        weight = weekday * rng.uniform(0.88, 1.12) * (1.0 - 0.002 * ago)
        weight *= 4.0 if ago == SPIKE_DAYS_AGO else 1.0
        weight *= today if ago == 0 else 1.0
        requests = round(_REQUESTS_A_DAY * weight)
        days.append(PastDay(day, requests, round(requests * _CREDITS_A_REQUEST * rng.uniform(0.9, 1.1))))
    return days
