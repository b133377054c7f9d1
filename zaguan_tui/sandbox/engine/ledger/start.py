"""Starting a ledger: the seeded past of a new database, and the sentence when one cannot be used."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zaguan_tui.sandbox.engine.ledger.seeded_history import PastDay, make_past_days

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
