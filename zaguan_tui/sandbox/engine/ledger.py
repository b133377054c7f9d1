"""The credit ledger: who called what, what it cost, and what is left.

SQLite with one writer thread. The event loop only puts rows on a queue; the thread commits whatever has
gathered in one transaction and then tells the waiting requests, so a confirmed debit is on disk.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from zaguan_tui.sandbox.engine.ledger_schema import INSERT_ENTRY, USED_SINCE, prepare
from zaguan_tui.sandbox.engine.past import PastDay, past_days

T = TypeVar("T")

PERIOD_DAYS = 30
CREDITS_A_PERIOD = 250_000
_PERIOD_BEGAN_DAYS_AGO = 18
_MOST_JOBS_AT_ONCE = 1000
_PERIOD = "SELECT starts_at, days, credits_granted FROM period"


class LedgerError(Exception):
    """The ledger cannot be opened or written; the message says why in one sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as the ledger keeps it. ``at`` is unix seconds of world time, costs are nano-dollars."""

    request_id: str
    completion_id: str
    at: float
    tenant: str
    model: str
    provider: str
    band: str
    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int
    cached_tokens: int
    credits: int
    cost_nano: int
    latency_ms: float
    status: str
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of this period's credits."""

    total: int
    used: int
    began_at: datetime
    reset_at: datetime

    @property
    def remaining(self) -> int:
        """Credits left, never below zero."""
        return max(0, self.total - self.used)


@dataclass(slots=True)
class _Job:
    work: Callable[[sqlite3.Connection], Any]
    loop: asyncio.AbstractEventLoop | None = None
    done: asyncio.Future[Any] | None = None
    result: Any = None
    error: BaseException | None = None


class Ledger:
    """The one owner of the ledger's database. Open, use from one event loop, close."""

    def __init__(self, file: Path | None, *, seed: int, start: datetime) -> None:
        """Open ``file`` (``None``: in memory), seeding a new one. Raises `LedgerError`."""
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._connection = self._connect(file, seed, start)
        self._thread = threading.Thread(target=self._serve, name="ledger", daemon=True)
        self._thread.start()

    def note(self, entry: Entry) -> None:
        """Write ``entry`` soon; nobody waits for it."""
        self.later(_insertion(entry))

    def later(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do ``work`` soon, after everything written before; nobody waits for it."""
        self._jobs.put(_Job(work))

    async def record(self, entry: Entry) -> None:
        """Write ``entry`` and return once it is committed. Raises `LedgerError`."""
        await self.read(_insertion(entry))

    async def balance(self, now: datetime) -> Balance:
        """The balance of the period ``now`` lies in, summed from the ledger."""
        return await self.read(lambda connection: _balance(connection, now))

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run ``work`` on the ledger's thread, after everything written before. Raises `LedgerError`."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, loop, done))
        return await done

    def close(self) -> None:
        """Commit what is queued and close the file."""
        self._jobs.put(None)
        self._thread.join(timeout=5)

    def _connect(self, file: Path | None, seed: int, start: datetime) -> sqlite3.Connection:
        place = ":memory:" if file is None else str(file)
        try:
            connection = sqlite3.connect(place, check_same_thread=False, isolation_level=None)
            if prepare(connection):
                _seed(connection, seed, start)
        except sqlite3.Error as error:
            raise LedgerError(f"The ledger {place} cannot be used: {error}.") from error
        return connection

    def _serve(self) -> None:
        open_ended = True
        while open_ended:
            batch = [self._jobs.get()]
            while len(batch) < _MOST_JOBS_AT_ONCE and not self._jobs.empty():
                batch.append(self._jobs.get())
            open_ended = None not in batch
            self._commit([job for job in batch if job is not None])
        self._connection.close()

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            self._transact(jobs)
        except Exception:  # noqa: BLE001 - one bad job must not cost the others their debit: each again, alone
            for job in jobs:
                try:
                    self._transact([job])
                except Exception as error:  # noqa: BLE001 - the thread's edge: handed to the one who waits
                    job.error = LedgerError(f"The ledger could not be used: {error}.")
        _tell(jobs)

    def _transact(self, jobs: list[_Job]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for job in jobs:
                job.result = job.work(self._connection)
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _tell(jobs: list[_Job]) -> None:
    """Wake the waiting requests, with one call into each loop."""
    waiting: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in jobs:
        if job.loop is not None:
            waiting.setdefault(job.loop, []).append(job)
    for loop, their_jobs in waiting.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, their_jobs)


def _resolve(jobs: list[_Job]) -> None:
    for job in jobs:
        if job.done is None or job.done.done():
            continue
        if job.error is not None:
            job.done.set_exception(job.error)
        else:
            job.done.set_result(job.result)


def _insertion(entry: Entry) -> Callable[[sqlite3.Connection], None]:
    def insert(connection: sqlite3.Connection) -> None:
        connection.execute(INSERT_ENTRY, astuple(entry))

    return insert


def _seed(connection: sqlite3.Connection, seed: int, start: datetime) -> None:
    midnight = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    began = midnight - timedelta(days=_PERIOD_BEGAN_DAYS_AGO)
    rows = [_sum_row(day, start) for day in past_days(seed, start)]
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


def _balance(connection: sqlite3.Connection, now: datetime) -> Balance:
    starts_at, days, granted = connection.execute(_PERIOD).fetchone()
    length = days * 86_400.0
    since = starts_at + max(0, (now.timestamp() - starts_at) // length) * length
    used: int = connection.execute(USED_SINCE, {"since": since}).fetchone()[0]
    return Balance(
        granted, used, datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(since + length, UTC)
    )
