"""The seeded past: what this account used on each of the 90 days before the world began, as daily sums."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

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


PERIOD_DAYS = 30
CREDITS_A_PERIOD = 250_000
_PERIOD_BEGAN_DAYS_AGO = 18


def seed_past(connection: sqlite3.Connection, seed: int, start: datetime) -> None:
    """Write the account's period and the daily sums of the time before ``start`` into a new database."""
    midnight = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    began = midnight - timedelta(days=_PERIOD_BEGAN_DAYS_AGO)
    rows = [_sum_row(day, start) for day in make_past_days(seed, start)]
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO period VALUES (1, ?, ?, ?)", (began.timestamp(), PERIOD_DAYS, CREDITS_A_PERIOD)
    )
    connection.executemany(
        "INSERT INTO summarised_days (day, starts_at, ends_at, requests, credits) VALUES (?, ?, ?, ?, ?)",
        rows,
    )
    connection.execute("COMMIT")


def _sum_row(day: PastDay, start: datetime) -> tuple[str, float, float, int, int]:
    begins = day.starts_at.timestamp()
    ends = min(begins + 86_400.0, start.timestamp())
    return day.starts_at.date().isoformat(), begins, ends, day.requests, day.credits


def why_unusable(file: Path | None, error: sqlite3.Error) -> str:
    """Why a database cannot be used and what to do, in one sentence."""
    place = ":memory:" if file is None else str(file)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # an error of this package itself has none
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"The ledger {place} is in use by another sandbox; end that one or choose another file."
    if _is_read_only(file) or code == sqlite3.SQLITE_READONLY:
        return f"The ledger {place} cannot be used: it is read-only. Make it writable or choose another file."
    return f"The ledger {place} cannot be used: {error}."


def _is_read_only(file: Path | None) -> bool:
    """Whether the file is there and this process may not write it."""
    effective = os.access in os.supports_effective_ids
    return file is not None and file.is_file() and not os.access(file, os.W_OK, effective_ids=effective)
