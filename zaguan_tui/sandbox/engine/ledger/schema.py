"""The sandbox's tables. One row per real request; older days as sums until their rows are read.
Files, batches and jobs are kept beside them, as JSON and as bytes."""

from __future__ import annotations

import sqlite3

VERSION = 2

_TABLES = """
CREATE TABLE period (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    starts_at REAL NOT NULL,
    days INTEGER NOT NULL,
    credits_granted INTEGER NOT NULL
);
CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    request_id TEXT NOT NULL,
    completion_id TEXT NOT NULL DEFAULT '',
    ts REAL NOT NULL,
    tenant TEXT NOT NULL,
    model TEXT NOT NULL,
    provider TEXT NOT NULL,
    band TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    credits INTEGER NOT NULL,
    cost_nano INTEGER NOT NULL,
    latency_ms REAL NOT NULL,
    status TEXT NOT NULL,
    error_message TEXT NOT NULL DEFAULT ''
);
CREATE INDEX entries_by_time ON entries (ts, credits);
CREATE INDEX entries_by_request ON entries (request_id);
CREATE TABLE summarised_days (
    day TEXT PRIMARY KEY,
    starts_at REAL NOT NULL,
    ends_at REAL NOT NULL,
    requests INTEGER NOT NULL,
    credits INTEGER NOT NULL,
    expanded INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE objects (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE blobs (
    id TEXT PRIMARY KEY,
    data BLOB NOT NULL
) WITHOUT ROWID;
"""

INSERT_ENTRY = """
INSERT INTO entries (request_id, completion_id, ts, tenant, model, provider, band, prompt_tokens,
    completion_tokens, reasoning_tokens, cached_tokens, credits, cost_nano, latency_ms, status, error_message)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

USED_SINCE = """
SELECT (SELECT COALESCE(SUM(credits), 0) FROM entries WHERE ts >= :since)
     + (SELECT COALESCE(SUM(credits), 0) FROM summarised_days WHERE starts_at >= :since AND NOT expanded)
"""
"""Credits used since an instant: rows, and the days that are still sums. The balance is derived from this."""


def prepare(connection: sqlite3.Connection) -> None:
    """Bring a database to the present version. Raises `sqlite3.DatabaseError`.

    The connection keeps the file to itself until it is closed or its process ends.
    """
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == VERSION:
        return
    if version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise sqlite3.DatabaseError("it is not a sandbox ledger of this version")
    connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
