"""The one list of steps from an empty file to today's tables. Steps are only ever added at the end.

Moments are Unix seconds (UTC, real), so that they sort and compare; texts are UTF-8; structures are JSON.
"""

from __future__ import annotations

from typing import Final

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        """CREATE TABLE conversations (
            id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            model TEXT,
            system_prompt TEXT NOT NULL DEFAULT '',
            forked_from TEXT,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL
        ) WITHOUT ROWID""",
        "CREATE INDEX conversations_by_age ON conversations (updated_at DESC)",
        """CREATE TABLE messages (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            turn_id TEXT NOT NULL,
            role TEXT NOT NULL,
            status TEXT NOT NULL,
            at REAL NOT NULL,
            text TEXT NOT NULL DEFAULT '',
            reasoning TEXT NOT NULL DEFAULT '',
            model TEXT,
            ending TEXT,
            request_id TEXT,
            details TEXT NOT NULL DEFAULT '{}'
        )""",
        "CREATE INDEX messages_in_order ON messages (conversation_id, number)",
        """CREATE TABLE pieces (
            message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            text TEXT NOT NULL,
            reasoning TEXT NOT NULL,
            PRIMARY KEY (message_id, number)
        ) WITHOUT ROWID""",
        "CREATE TABLE drafts (place TEXT PRIMARY KEY, text TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID",
        """CREATE TABLE samples (
            series TEXT NOT NULL,
            at REAL NOT NULL,
            value REAL,
            PRIMARY KEY (series, at)
        ) WITHOUT ROWID""",
        "CREATE INDEX samples_by_age ON samples (at)",
        """CREATE TABLE transitions (
            number INTEGER PRIMARY KEY,
            gateway TEXT NOT NULL,
            provider TEXT NOT NULL,
            scope TEXT NOT NULL,
            from_state TEXT NOT NULL,
            to_state TEXT NOT NULL,
            at REAL NOT NULL,
            details TEXT NOT NULL DEFAULT '{}',
            UNIQUE (gateway, provider, scope, to_state, at)
        )""",
        "CREATE INDEX transitions_by_age ON transitions (at)",
        "CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    ),
)
"""Step *n* brings a file of ``user_version`` *n* to *n* + 1."""

FORMAT: Final = len(MIGRATIONS)
"""The ``user_version`` of a file that is up to date."""
