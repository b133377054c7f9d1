"""Credit ledger in SQLite: calls, costs and the remaining balance.

SQLite with one writer thread. The event loop only puts rows on a queue; the thread commits whatever has
gathered in one transaction and then tells the waiting requests, so a confirmed debit is on disk.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import astuple, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from zaguan_tui.sandbox.engine.clock import WorldClock
from zaguan_tui.sandbox.engine.ledger.schema import INSERT_ENTRY, USED_SINCE, prepare
from zaguan_tui.sandbox.engine.ledger.seeded_history import seed_past, why_unusable
from zaguan_tui.sandbox.engine.providers.world_state import (
    TimeMark,
    read_disabled_providers,
    read_time_mark,
    write_time_mark,
)

T = TypeVar("T")
Write = Callable[[sqlite3.Connection], None]

_MAX_JOBS_AT_ONCE = 1000
_LONGEST_GAP_S = 1.0
"""Real seconds that a killed sandbox may have run after its last time mark; it writes two a second."""
_WAIT_FOR_LOCK_S = 1.0
"""How long a start waits for the sandbox before it to end."""
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


@dataclass(slots=True)
class _Transaction:
    """Writes that are committed together; those made after it has ended are on their own."""

    writes: list[Write] = field(default_factory=list)
    ended: bool = False


_TRANSACTION: ContextVar[_Transaction | None] = ContextVar("ledger transaction", default=None)
"""The transaction that this task has open."""


class Ledger:
    """The one owner of the ledger's database. Open, use from one event loop, close.

    World time is kept in the file: ``clock`` begins no earlier than where an earlier run has come to;
    ``resumed`` says whether its start was moved for that. ``disabled_providers`` are those that an earlier
    run has left switched off.
    """

    def __init__(self, file: Path | None, *, seed: int, clock: WorldClock) -> None:
        """Open ``file`` (``None``: in memory), seeding a new one. Raises `LedgerError`."""
        self.resumed = False
        self.disabled_providers: frozenset[str] = frozenset()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._on_disk = file is not None
        self._clock = clock
        self._connection = self._connect(file, seed)
        self._thread = threading.Thread(target=self._serve, name="ledger", daemon=True)
        self._thread.start()

    def note(self, entry: Entry) -> None:
        """Write ``entry`` soon, without waiting."""
        self.later(_insertion(entry))

    def later(self, work: Write) -> None:
        """Do ``work`` soon, after everything written before, without waiting."""
        transaction = _TRANSACTION.get()
        if transaction is None or transaction.ended:
            self._jobs.put(_Job(work))
        else:
            transaction.writes.append(work)

    async def write(self, work: Write) -> None:
        """Do ``work`` and return once it is committed, in a `transaction` at once. Raises `LedgerError`."""
        transaction = _TRANSACTION.get()
        if transaction is None or transaction.ended:
            await self.read(work)
        else:
            transaction.writes.append(work)

    async def record(self, entry: Entry) -> None:
        """Write ``entry`` and return once it is committed. Raises `LedgerError`."""
        await self.write(_insertion(entry))

    async def flush(self) -> None:
        """Return once everything written before is committed. Raises `LedgerError`."""
        await self.read(lambda _: None)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Commit all writes that this task makes within the block together at its end, none when it fails.

        Reads within the block do not see them. Raises `LedgerError`.
        """
        transaction = _Transaction()
        token = _TRANSACTION.set(transaction)
        try:
            yield
        finally:
            transaction.ended = True
            _TRANSACTION.reset(token)
        if transaction.writes:
            await self.read(_all_of(transaction.writes))

    def mark_time(self) -> None:
        """Keep the present world time soon; does nothing for a ledger in memory."""
        if self._on_disk:
            self.later(self._mark_time)

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
        """Commit what is queued and the time, and close the file."""
        self.mark_time()
        self._jobs.put(None)
        self._thread.join(timeout=5)

    def _connect(self, file: Path | None, seed: int) -> sqlite3.Connection:
        place = ":memory:" if file is None else str(file)
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(
                place, timeout=_WAIT_FOR_LOCK_S, check_same_thread=False, isolation_level=None
            )
            prepare(connection)
            if connection.execute(_PERIOD).fetchone() is None:
                seed_past(connection, seed, self._clock.start_at)
            elif (mark := read_time_mark(connection)) is not None:
                reached = mark.world_time_at(time.time(), self._clock.scale, _LONGEST_GAP_S)
                self.resumed = reached > self._clock.start_at.timestamp() + _LONGEST_GAP_S
                self._clock.start_at = max(self._clock.start_at, datetime.fromtimestamp(reached, UTC))
            self.disabled_providers = read_disabled_providers(connection)
            self._mark_time(connection)  # also shows whether the file can be written at all
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise LedgerError(why_unusable(file, error)) from error
        return connection

    def _mark_time(self, connection: sqlite3.Connection) -> None:
        write_time_mark(connection, TimeMark(self._clock.now().timestamp(), time.time()))

    def _serve(self) -> None:
        open_ended = True
        while open_ended:
            batch = [self._jobs.get()]
            while len(batch) < _MAX_JOBS_AT_ONCE and not self._jobs.empty():
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
        _notify_waiting(jobs)

    def _transact(self, jobs: list[_Job]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        before = self._connection.total_changes
        try:
            for job in jobs:
                job.result = job.work(self._connection)
            if self._on_disk and self._connection.total_changes != before:
                self._mark_time(self._connection)  # no row is ever younger than the time kept beside it
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _notify_waiting(jobs: list[_Job]) -> None:
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


def _all_of(writes: list[Write]) -> Write:
    def write(connection: sqlite3.Connection) -> None:
        for write in writes:
            write(connection)

    return write


def _insertion(entry: Entry) -> Write:
    def insert(connection: sqlite3.Connection) -> None:
        connection.execute(INSERT_ENTRY, astuple(entry))

    return insert


def _balance(connection: sqlite3.Connection, now: datetime) -> Balance:
    starts_at, days, granted = connection.execute(_PERIOD).fetchone()
    length = days * 86_400.0
    since = starts_at + max(0, (now.timestamp() - starts_at) // length) * length
    used: int = connection.execute(USED_SINCE, {"since": since}).fetchone()[0]
    return Balance(
        granted, used, datetime.fromtimestamp(since, UTC), datetime.fromtimestamp(since + length, UTC)
    )
