"""Stored world state besides calls and jobs: the time mark and the disabled providers.

Kept as rows of the ``objects`` table, so that a database of an earlier sandbox needs no change.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

PUT_OBJECT = "INSERT INTO objects VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body"
"""Insert or replace one row of the ``objects`` table: kind, id, JSON text."""

_TIME = ("world", "time")
_SWITCH = "provider switch"


@dataclass(frozen=True, slots=True)
class TimeMark:
    """World time at a moment of real time; both in unix seconds."""

    world: float
    real: float

    def world_time_at(self, real: float, scale: float, longest_gap_s: float) -> float:
        """World time if the world had run on after the mark, for ``longest_gap_s`` real seconds at most."""
        return self.world + min(max(0.0, real - self.real), longest_gap_s) * scale


def read_time_mark(connection: sqlite3.Connection) -> TimeMark | None:
    """The last mark, ``None`` in a database that has none."""
    row = connection.execute("SELECT body FROM objects WHERE kind = ? AND id = ?", _TIME).fetchone()
    return None if row is None else TimeMark(**json.loads(row[0]))


def write_time_mark(connection: sqlite3.Connection, mark: TimeMark) -> None:
    """Replace the mark."""
    connection.execute(PUT_OBJECT, (*_TIME, json.dumps({"world": mark.world, "real": mark.real})))


def read_disabled_providers(connection: sqlite3.Connection) -> frozenset[str]:
    """The ids of the providers that an administrator has switched off."""
    rows = connection.execute("SELECT id, body FROM objects WHERE kind = ?", (_SWITCH,)).fetchall()
    return frozenset(provider for provider, text in rows if not json.loads(text)["enabled"])


def provider_switch(provider: str, *, enabled: bool) -> Callable[[sqlite3.Connection], None]:
    """The write that keeps a provider switched on or off over a restart."""
    row = (_SWITCH, provider, json.dumps({"id": provider, "enabled": enabled}))

    def write(connection: sqlite3.Connection) -> None:
        connection.execute(PUT_OBJECT, row)

    return write
