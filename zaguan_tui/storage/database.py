"""The database: the SQLite file and the one connection to it.

WAL mode: a write that was acknowledged survives ``kill -9``; a second program on the same file waits its
turn.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from zaguan_tui.storage.errors import NewerFileError, StorageError
from zaguan_tui.storage.migrations import FORMAT, MIGRATIONS

if TYPE_CHECKING:
    from aiosqlite import Connection

Value = str | float | int | bytes | None
Tables = Mapping[str, Sequence[Sequence[str]]]
Statement = tuple[str, Mapping[str, Value] | Sequence[Value]]

BUSY_TIMEOUT_MS: Final = 5_000
"""How long a statement waits for another program that holds the file."""

PAGE_CACHE_KIB: Final = 512
"""Pages kept in memory, a quarter of SQLite's default: the system caches the file, too."""

CHECKED_BYTES: Final = 32_000_000
"""Files up to this size are checked whole when they are opened; about 1 ms a megabyte."""

_DAMAGED: Final = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))
_SIDE_FILES: Final = ("", "-wal", "-shm")


def _keep_text(text: str) -> str:
    return text


class Database:
    """An open file. Made by ``Database.open``; closed by ``close`` or by leaving ``async with``.

    ``notices`` are sentences about what was done at the opening that the person should know of.
    """

    def __init__(
        self,
        path: Path | None,
        connection: Connection,
        notices: Sequence[str] = (),
        redact: Callable[[str], str] = _keep_text,
    ) -> None:
        self.path = path
        self._redact = redact
        self.notices = tuple(notices)
        self._connection: Connection | None = connection
        self._turn = asyncio.Lock()
        self._writing: set[asyncio.Task[None]] = set()

    @classmethod
    async def open(
        cls,
        path: Path | None,
        redact: Callable[[str], str] = _keep_text,
        tables: Tables = MappingProxyType({}),
    ) -> Database:
        """Open the file at ``path`` (``None``: in memory), made and brought up to date where needed.

        ``redact`` takes the secrets out of every text that is written, whichever table it goes to. ``tables``
        are the features' own, by the feature's name, each as steps like :data:`MIGRATIONS`.

        A damaged file is set aside under another name and a new one begun. Raises ``NewerFileError`` for a
        file of a newer program and ``StorageError`` for one that cannot be opened.
        """
        notices: list[str] = []
        if path is not None:
            try:
                await asyncio.to_thread(_make_private, path)
            except OSError as error:
                raise StorageError(f"The history file {path} cannot be made: {error.strerror}.") from error
        try:
            connection = await _connect(path, tables)
        except sqlite3.DatabaseError as error:
            if path is None or not _is_damage(error):
                raise _make_storage_error(error, path) from error
            aside = await asyncio.to_thread(_rename_damaged, path)
            notices.append(f"The history file was damaged; it is kept as {aside} and a new one was begun.")
            try:
                await asyncio.to_thread(_make_private, path)
                connection = await _connect(path, tables)
            except (OSError, sqlite3.Error) as again:
                raise _make_storage_error(again, path) from again
        return cls(path, connection, notices, redact)

    async def __aenter__(self) -> Database:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def read(self, sql: str, values: Mapping[str, Value] | Sequence[Value] = ()) -> list[sqlite3.Row]:
        """All rows of a query. Raises ``StorageError``."""
        try:
            return list(await self._open.execute_fetchall(sql, values))
        except sqlite3.Error as error:
            raise _make_storage_error(error, self.path) from error

    async def write(self, *statements: Statement) -> None:
        """Run the statements in one transaction: all of them or none. Raises ``StorageError``.

        Once begun it is carried through, also when the caller is cancelled meanwhile.
        """
        await self._carry_through(self._transact(statements))

    async def write_many(self, sql: str, rows: Iterable[Mapping[str, Value] | Sequence[Value]]) -> None:
        """Run one statement for every row, in one transaction. Raises ``StorageError``."""
        await self._carry_through(self._transact((), sql, list(rows)))

    async def close(self) -> None:
        """Wait for the writes under way, then let go of the file; harmless when closed already."""
        while self._writing:
            await asyncio.wait(self._writing)
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    @property
    def _open(self) -> Connection:
        if self._connection is None:
            raise StorageError("The history file is closed.")
        return self._connection

    async def _carry_through(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._writing.add(task)
        task.add_done_callback(self._on_written)
        await asyncio.shield(task)

    def _on_written(self, task: asyncio.Task[None]) -> None:
        self._writing.discard(task)
        if not task.cancelled():
            task.exception()  # seen by whoever still waits; nobody else needs to hear of it

    async def _transact(
        self,
        statements: Sequence[Statement],
        many: str = "",
        rows: Sequence[Mapping[str, Value] | Sequence[Value]] = (),
    ) -> None:
        async with self._turn:
            connection = self._open
            try:
                await connection.execute("BEGIN IMMEDIATE")
                try:
                    for sql, values in statements:
                        await connection.execute(sql, _storable(values, self._redact))
                    if many:
                        await connection.executemany(many, [_storable(row, self._redact) for row in rows])
                    await connection.execute("COMMIT")
                except BaseException:
                    with contextlib.suppress(sqlite3.Error):  # SQLite may have rolled back by itself
                        await connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise _make_storage_error(error, self.path) from error


async def _connect(path: Path | None, tables: Tables) -> Connection:
    import aiosqlite

    connection = await aiosqlite.connect(":memory:" if path is None else path, isolation_level=None)
    try:
        connection.row_factory = sqlite3.Row
        await connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        await _refuse_damaged(connection, path)
        version = int((await _rows(connection, "PRAGMA user_version"))[0][0])
        if version > FORMAT:
            raise NewerFileError(path, version, FORMAT)
        cache = f"cache_size = {-PAGE_CACHE_KIB}"
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", cache):
            await connection.execute(f"PRAGMA {pragma}")
        await _migrate(connection, path, tables)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _refuse_damaged(connection: Connection, path: Path | None) -> None:
    await _rows(connection, "SELECT count(*) FROM sqlite_master")
    pages, page_bytes = [
        int((await _rows(connection, f"PRAGMA {name}"))[0][0]) for name in ("page_count", "page_size")
    ]
    if path is None or pages * page_bytes > CHECKED_BYTES:
        return
    verdict = await _rows(connection, "PRAGMA quick_check(1)")
    if verdict and verdict[0][0] != "ok":
        damage = sqlite3.DatabaseError(str(verdict[0][0]))
        damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damage


async def _migrate(connection: Connection, path: Path | None, tables: Tables) -> None:
    """Take the steps that are missing, all or none, also when two programs start on a new file at once."""
    await connection.execute("BEGIN IMMEDIATE")
    try:
        version = int((await _rows(connection, "PRAGMA user_version"))[0][0])
        for step in MIGRATIONS[version:]:
            for statement in step:
                await connection.execute(statement)
        if version < FORMAT:
            await connection.execute(f"PRAGMA user_version = {FORMAT}")
        for name, steps in tables.items():
            await _migrate_feature(connection, path, f"tables:{name}", steps)
        await connection.execute("COMMIT")
    except BaseException:
        await connection.execute("ROLLBACK")
        raise


async def _migrate_feature(
    connection: Connection, path: Path | None, key: str, steps: Sequence[Sequence[str]]
) -> None:
    """Take the missing steps of one feature; how many were taken stands in ``kv``."""
    rows = list(await connection.execute_fetchall("SELECT value FROM kv WHERE key = ?", (key,)))
    done = int(rows[0][0]) if rows else 0
    if done > len(steps):
        raise NewerFileError(path, done, len(steps))
    for step in steps[done:]:
        for statement in step:
            await connection.execute(statement)
    await connection.execute("INSERT OR REPLACE INTO kv VALUES (?, ?)", (key, str(len(steps))))


async def _rows(connection: Connection, sql: str) -> list[sqlite3.Row]:
    return list(await connection.execute_fetchall(sql))


def _make_private(path: Path) -> None:
    """Make the file, or close it to others: its side files take over its mode."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)


def _rename_damaged(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.damaged-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.damaged-{stamp}-{number}")
    for suffix in _SIDE_FILES:
        piece = path.with_name(path.name + suffix)
        if piece.exists():
            piece.rename(aside.with_name(aside.name + suffix))
    return aside


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(code, int) and code & 0xFF in _DAMAGED


def _make_storage_error(error: sqlite3.Error | OSError, path: Path | None) -> StorageError:
    where = f"The history file {path}" if path else "The history"
    if isinstance(error, sqlite3.Error) and _is_damage(error):
        return StorageError(f"{where} is damaged ({error}). Restart to set it aside and begin a new one.")
    return StorageError(f"{where} could not be used: {error}.")


def _storable(
    values: Mapping[str, Value] | Sequence[Value], redact: Callable[[str], str]
) -> Mapping[str, Value] | Sequence[Value]:
    """The same values, secrets taken out of texts, and lone surrogates (no UTF-8 holds them) replaced."""
    if isinstance(values, Mapping):
        return {name: _storable_value(value, redact) for name, value in values.items()}
    return [_storable_value(value, redact) for value in values]


def _storable_value(value: Value, redact: Callable[[str], str]) -> Value:
    if not isinstance(value, str):
        return value
    value = redact(value)
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value
