"""Full-text search of conversations, and the list of all.

Words of three characters and more are looked up in the trigram index, so that parts of words are found, too;
shorter ones are looked for in what those found. What is still in pieces, because the program was killed
while it came, is in no index and is read.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from zaguan_tui.storage.database import Database

MIN_INDEXED_LENGTH: Final = 3
MAX_WORDS: Final = 12
MAX_WORD_LENGTH: Final = 200
EXCERPT_LENGTH: Final = 1_200
"""Characters of a message that a glimpse takes."""

BEFORE, AFTER = 32, 130
"""Characters of a snippet before and after the place found."""

_PARTS: Final = re.compile(r'"([^"]*)(?:"|$)|(\S+)')
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ListedRow:
    """A conversation in the list. ``updated_at`` is in Unix seconds, ``turns`` counts its turns."""

    id: str
    title: str
    model: str | None
    kind: str
    forked_from: str | None
    updated_at: float
    turns: int


@dataclass(frozen=True, slots=True)
class ExcerptRow:
    """The beginning of one message. ``ending`` is ``None`` for a prompt, and for what never ended."""

    role: str
    text: str
    ending: str | None
    status: str


@dataclass(frozen=True, slots=True)
class HitRow:
    """The newest message of a conversation in which all the words are, and in how many they are.

    ``marks`` are spans of ``snippet`` that were looked for.
    """

    conversation_id: str
    turn_id: str
    message_id: str
    role: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    count: int


def split_query(query: str) -> tuple[str, ...]:
    """The words of a query, and its "quoted phrases", in lower case."""
    cleaned = _BREAKS.sub(" ", query)
    terms = (quoted.strip() or bare for quoted, bare in _PARTS.findall(cleaned))
    words = dict.fromkeys(word.lower()[:MAX_WORD_LENGTH] for word in terms if word)
    return tuple(words)[:MAX_WORDS]


class SearchTable:
    """Searches messages. Every method may raise ``StorageError``, none because of what is typed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, limit: int) -> list[ListedRow]:
        """The conversations last talked in, newest first."""
        rows = await self._database.read(_LISTED, (limit,))
        return [ListedRow(*(row[name] for name in ListedRow.__slots__)) for row in rows]

    async def find(self, query: str, limit: int) -> list[HitRow]:
        """The conversations with a message that has all the words, newest first, then by how many."""
        words = split_query(query)
        if not words:
            return []
        rows = await self._database.read(*_statement(words, limit))
        return await asyncio.to_thread(lambda: [_hit(row, words) for row in rows])

    async def title(self, conversation_id: str) -> str | None:
        """The title of a conversation."""
        rows = await self._database.read("SELECT title FROM conversations WHERE id = ?", (conversation_id,))
        return str(rows[0]["title"]) if rows else None

    async def glimpse(self, conversation_id: str, turn_id: str | None, limit: int) -> list[ExcerptRow]:
        """The beginnings of its newest messages, or of those from a turn on."""
        values = {"conversation": conversation_id, "turn": turn_id, "limit": limit, "length": EXCERPT_LENGTH}
        rows = await self._database.read(_NEWEST if turn_id is None else _FROM_TURN, values)
        return [ExcerptRow(*(row[name] for name in ExcerptRow.__slots__)) for row in rows]


_LISTED: Final = """
    SELECT id, title, model, kind, forked_from, updated_at,
        (SELECT count(DISTINCT turn_id) FROM messages WHERE conversation_id = conversations.id) AS turns
    FROM conversations ORDER BY updated_at DESC, created_at DESC LIMIT ?
"""
_BEGINNING: Final = """
    SELECT number, role, status, ending, substr(text || coalesce((
        SELECT group_concat(text, '') FROM (
            SELECT text FROM pieces WHERE message_id = messages.id ORDER BY number
        )
    ), ''), 1, :length) AS text FROM messages WHERE conversation_id = :conversation
"""
_NEWEST: Final = f"SELECT * FROM ({_BEGINNING} ORDER BY number DESC LIMIT :limit) ORDER BY number"
_FROM_TURN: Final = f"""
    {_BEGINNING} AND number >= (
        SELECT min(number) FROM messages WHERE conversation_id = :conversation AND turn_id = :turn
    ) ORDER BY number LIMIT :limit
"""
_PIECES: Final = """
    SELECT messages.number, messages.text || (
        SELECT group_concat(text, '') FROM (
            SELECT text FROM pieces WHERE message_id = messages.id ORDER BY number
        )
    ) AS text
    FROM messages WHERE id IN (SELECT message_id FROM pieces)
"""


def _statement(words: Sequence[str], limit: int) -> tuple[str, dict[str, str | int]]:
    """The query for these words. The bare columns beside ``max`` are those of the newest message."""
    values: dict[str, str | int] = {"limit": limit}
    indexed = [word for word in words if len(word) >= MIN_INDEXED_LENGTH]
    whole = " AND ".join(_like_conditions(words, "text", values))
    parts = _like_conditions(
        [word for word in words if len(word) < MIN_INDEXED_LENGTH], "messages.text", values
    )
    if indexed:
        values["match"] = " AND ".join(f'"{_escape_quotes(word)}"' for word in indexed)
        parts.insert(0, "number IN (SELECT rowid FROM said WHERE said MATCH :match)")
    sql = f"""
        WITH cut AS MATERIALIZED ({_PIECES}),
        fitting AS (
            SELECT number, text FROM messages
            WHERE {" AND ".join(parts)} AND number NOT IN (SELECT number FROM cut)
            UNION ALL SELECT number, text FROM cut WHERE {whole}
        )
        SELECT conversation_id, turn_id, messages.id AS message_id, role, fitting.text AS text,
            max(fitting.number), count(*) AS count
        FROM fitting JOIN messages ON messages.number = fitting.number
        JOIN conversations ON conversations.id = conversation_id
        GROUP BY conversation_id ORDER BY conversations.updated_at DESC, count DESC LIMIT :limit
    """
    return sql, values


def _like_conditions(words: Sequence[str], column: str, values: dict[str, str | int]) -> list[str]:
    """A condition for each word. LIKE ignores the case of ASCII letters only, so others are tried in each."""
    conditions = []
    for word in words:
        spellings = dict.fromkeys((word, word.upper(), word.capitalize()))
        names = []
        for spelling in spellings if not word.isascii() else (word,):
            name = f"like_{len(values)}"
            values[name] = f"%{_escape_like(spelling)}%"
            names.append(f"{column} LIKE :{name} ESCAPE '\\'")
        conditions.append(f"({' OR '.join(names)})")
    return conditions


def _escape_like(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)


def _escape_quotes(word: str) -> str:
    return word.replace('"', '""')


def _hit(row: sqlite3.Row, words: Sequence[str]) -> HitRow:
    snippet, marks = make_snippet(row["text"], words)
    return HitRow(
        row["conversation_id"], row["turn_id"], row["message_id"], row["role"], snippet, marks, row["count"]
    )


def make_snippet(text: str, words: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text round the first place found, and the spans in it that were looked for."""
    pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))), re.IGNORECASE)
    first = pattern.search(text)
    at = first.start() if first is not None else 0
    start = max(0, at - BEFORE)
    if start:
        space = text.find(" ", start, at)
        start = space + 1 if space >= 0 else start
    before, cut = ("…", text[start : at + AFTER]) if start else ("", text[: at + AFTER])
    after = "…" if at + AFTER < len(text) else ""
    snippet = f"{before}{cut}{after}"
    return snippet, tuple(_spans(pattern, snippet))


def _spans(pattern: re.Pattern[str], snippet: str) -> Iterator[tuple[int, int]]:
    yield from (match.span() for match in pattern.finditer(snippet) if match.end() > match.start())
