"""Database migrations: the steps from an empty file to the present tables. Steps are only added at the end.

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
    (
        "ALTER TABLE conversations ADD COLUMN kind TEXT NOT NULL DEFAULT 'chat'",
        "ALTER TABLE conversations ADD COLUMN dialect TEXT NOT NULL DEFAULT 'chat'",
        "ALTER TABLE conversations ADD COLUMN params TEXT NOT NULL DEFAULT '{}'",
        "ALTER TABLE conversations ADD COLUMN setup TEXT NOT NULL DEFAULT '{}'",
        # Trigrams find parts of words, also in scripts that put no spaces between them.
        """CREATE VIRTUAL TABLE said USING fts5 (
            text, content = 'messages', content_rowid = 'number', tokenize = 'trigram'
        )""",
        """CREATE TRIGGER said_first AFTER INSERT ON messages BEGIN
            INSERT INTO said (rowid, text) VALUES (new.number, new.text);
        END""",
        """CREATE TRIGGER said_more AFTER UPDATE OF text ON messages BEGIN
            INSERT INTO said (said, rowid, text) VALUES ('delete', old.number, old.text);
            INSERT INTO said (rowid, text) VALUES (new.number, new.text);
        END""",
        """CREATE TRIGGER said_no_more AFTER DELETE ON messages BEGIN
            INSERT INTO said (said, rowid, text) VALUES ('delete', old.number, old.text);
        END""",
        "INSERT INTO said (said) VALUES ('rebuild')",
        """CREATE TABLE library (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            updated_at REAL NOT NULL,
            PRIMARY KEY (kind, name)
        ) WITHOUT ROWID""",
    ),
)
"""Step *n* brings a file of ``user_version`` *n* to *n* + 1."""

FORMAT: Final = len(MIGRATIONS)
"""The ``user_version`` of a file that is up to date."""
