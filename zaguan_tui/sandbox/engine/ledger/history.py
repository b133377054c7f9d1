"""Read the account's history and its sums from the ledger; past days become rows when needed."""

from __future__ import annotations

import base64
import binascii
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.ledger.expansion import DAY, expand_day
from zaguan_tui.sandbox.engine.ledger.ledger import Ledger
from zaguan_tui.sandbox.engine.ledger.schema import INSERT_ENTRY

Models = Callable[[], Mapping[str, ModelData]]

_COLUMNS = (
    "id, request_id, completion_id, ts, tenant, model, provider, band, prompt_tokens, completion_tokens, "
    "reasoning_tokens, cached_tokens, credits, cost_nano, latency_ms, status, error_message"
)
_PENDING = (
    "SELECT day, starts_at, ends_at, requests, credits, "
    "((SELECT MAX(starts_at) FROM summarised_days) - starts_at) / 86400 FROM summarised_days "
    "WHERE NOT expanded AND starts_at < :until AND ends_at > :since AND ends_at > :edge "
    "ORDER BY starts_at DESC LIMIT 1"
)
_GROUPS = (
    "SELECT CAST(ts / 86400 AS INTEGER), provider, model, band, COUNT(*), SUM(credits), "
    "SUM(prompt_tokens + completion_tokens), SUM(cost_nano), SUM(latency_ms) FROM entries WHERE {where} "
    "GROUP BY 1, 2, 3, 4"
)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows: unix seconds, ``since`` included and ``until`` not; ``None`` filters nothing."""

    since: float
    until: float
    model: str | None = None
    provider: str | None = None
    band: str | None = None
    status: str | None = None

    @property
    def filters(self) -> dict[str, str]:
        """The filters in force, by column."""
        fields = {name: getattr(self, name) for name in ("model", "provider", "band", "status")}
        return {name: value for name, value in fields.items() if value is not None}

    def where(self) -> tuple[str, dict[str, Any]]:
        """The condition in SQL and its values."""
        tests = ["ts >= :since", "ts < :until", *(f"{name} = :{name}" for name in self.filters)]
        return " AND ".join(tests), {"since": self.since, "until": self.until, **self.filters}


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: after a row (``ts`` and ``id`` of it), or ``skip`` rows from the newest."""

    after: tuple[float, int] | None = None
    skip: int = 0


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page, newest first. ``total`` counts the whole selection."""

    rows: list[dict[str, Any]]
    total: int
    following: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """Sums of one day, provider, model and band; ``day`` counts days since 1970."""

    day: int
    provider: str
    model: str
    band: str
    requests: int
    credits: int
    tokens: int
    cost_nano: int
    latency_ms: float


class History:
    """Reads the ledger. Every past day is turned into rows in a job of its own, so that debits never wait."""

    def __init__(self, ledger: Ledger, seed: int, models: Models) -> None:
        self._ledger = ledger
        self._seed = seed
        self._models = models

    async def page(self, selection: Selection, place: Position, limit: int) -> HistoryPage:
        """``limit`` rows of the selection from ``place`` on. Raises `LedgerError`."""
        if selection.filters:
            await self._expand(selection)
        while True:
            rows = await self._ledger.read(lambda connection: _rows(connection, selection, place, limit + 1))
            edge = rows[-1]["ts"] if len(rows) > limit else 0.0
            until = selection.until if place.after is None else min(selection.until, place.after[0] + 1)
            if not await self._expand_one(selection.since, until, edge):
                break
        total = await self._total(selection)
        more = len(rows) > limit
        return HistoryPage(rows[:limit], total, cursor(rows[limit - 1]) if more else None)

    async def groups(self, selection: Selection) -> list[Group]:
        """The selection summed up. Raises `LedgerError`."""
        await self._expand(selection)
        where, values = selection.where()
        query = _GROUPS.format(where=where)
        return await self._ledger.read(
            lambda connection: [Group(*row) for row in connection.execute(query, values).fetchall()]
        )

    async def _total(self, selection: Selection) -> int:
        """Rows of the selection; whole days may still be sums, days at the edges may not."""
        for edge in (selection.since, selection.until):
            if edge % DAY:
                await self._expand_one(edge, edge + 0.001, 0.0)
        where, values = selection.where()
        count = f"SELECT COUNT(*) FROM entries WHERE {where}"
        if not selection.filters:
            count = (
                f"SELECT ({count}) + COALESCE((SELECT SUM(requests) FROM summarised_days "
                "WHERE NOT expanded AND starts_at >= :since AND starts_at < :until), 0)"
            )
        return await self._ledger.read(
            lambda connection: int(connection.execute(count, values).fetchone()[0])
        )

    async def _expand(self, selection: Selection) -> None:
        while await self._expand_one(selection.since, selection.until, 0.0):
            pass

    async def _expand_one(self, since: float, until: float, edge: float) -> bool:
        """Expand into rows the newest day that touches the time span and ends after ``edge``."""
        bounds = {"since": since, "until": until, "edge": edge}
        models = self._models()

        def work(connection: sqlite3.Connection) -> bool:
            day = connection.execute(_PENDING, bounds).fetchone()
            if day is None:
                return False
            name, starts_at, ends_at, requests, credits_used, ago = day
            rows = expand_day(
                self._seed, name, starts_at, ends_at, requests, credits_used, round(ago), models
            )
            connection.executemany(INSERT_ENTRY, rows)
            connection.execute("UPDATE summarised_days SET expanded = 1 WHERE day = ?", (name,))
            return True

        return await self._ledger.read(work)


def cursor(row: Mapping[str, Any]) -> str:
    """The opaque cursor of the place after ``row``."""
    return base64.urlsafe_b64encode(f"{row['ts']!r}:{row['id']}".encode()).decode().rstrip("=")


def read_cursor(word: str) -> tuple[float, int]:
    """The place a cursor stands for. Raises `ValueError`."""
    try:
        text = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
        instant, _, number = text.partition(":")
        place = float(instant), int(number)
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError(word) from error
    if not (0 <= place[0] < 1e12 and 0 <= place[1] < 2**63):
        raise ValueError(word)
    return place


def _rows(
    connection: sqlite3.Connection, selection: Selection, place: Position, limit: int
) -> list[dict[str, Any]]:
    where, values = selection.where()
    if place.after is not None:
        where += " AND (ts, id) < (:after_ts, :after_id)"
        values |= {"after_ts": place.after[0], "after_id": place.after[1]}
    query = (
        f"SELECT {_COLUMNS} FROM entries WHERE {where} ORDER BY ts DESC, id DESC LIMIT :limit OFFSET :skip"
    )
    cursor = connection.execute(query, {**values, "limit": limit, "skip": place.skip})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
