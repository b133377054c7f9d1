"""Conversations and what was said in them.

A message that is arriving is one row and a growing number of pieces: appending costs what is appended, not
what is there already. When it ends, its row takes the whole text and the pieces go.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from zaguan_tui.storage.database import Database, Statement


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation without its messages. Moments are Unix seconds; ``params``, ``setup`` JSON objects."""

    id: str
    title: str
    model: str | None
    system_prompt: str
    forked_from: str | None
    created_at: float
    updated_at: float
    kind: str = "chat"
    dialect: str = "chat"
    params: str = "{}"
    setup: str = "{}"


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message. ``details`` is a JSON object with all that is never searched for."""

    id: str
    conversation_id: str
    turn_id: str
    role: str
    status: str
    at: float
    text: str = ""
    reasoning: str = ""
    model: str | None = None
    ending: str | None = None
    request_id: str | None = None
    details: str = "{}"


@dataclass(frozen=True, slots=True)
class Piece:
    """More of a message that is arriving; ``number`` counts from 0 and orders the pieces."""

    message_id: str
    number: int
    text: str
    reasoning: str


class ConversationTable:
    """Reads and writes conversations. Every method may raise ``StorageError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, limit: int = 500) -> list[ConversationRow]:
        """The conversations last talked in, newest first."""
        rows = await self._database.read(
            "SELECT * FROM conversations ORDER BY updated_at DESC LIMIT ?", (limit,)
        )
        return [_conversation(row) for row in rows]

    async def find(self, conversation_id: str) -> ConversationRow | None:
        """The conversation of that id."""
        rows = await self._database.read("SELECT * FROM conversations WHERE id = ?", (conversation_id,))
        return _conversation(rows[0]) if rows else None

    async def messages(self, conversation_id: str) -> list[MessageRow]:
        """All its messages in the order they were begun; of one that was cut short, what had been written."""
        rows = await self._database.read(
            "SELECT * FROM messages WHERE conversation_id = ? ORDER BY number", (conversation_id,)
        )
        pieces = await self._database.read(
            "SELECT pieces.* FROM pieces JOIN messages ON messages.id = pieces.message_id "
            "WHERE messages.conversation_id = ? ORDER BY pieces.message_id, pieces.number",
            (conversation_id,),
        )
        arrived: dict[str, list[sqlite3.Row]] = {}
        for piece in pieces:
            arrived.setdefault(piece["message_id"], []).append(piece)
        return [_with_pieces(_message(row), arrived.get(row["id"], ())) for row in rows]

    async def save(self, conversation: ConversationRow, *messages: MessageRow) -> None:
        """Write a conversation and, with it, these messages of it."""
        await self._database.write(
            (_SAVE_CONVERSATION, asdict(conversation)),
            *((_SAVE_MESSAGE, asdict(message)) for message in messages),
        )

    async def append(self, piece: Piece) -> None:
        """Write what came of a message since the last piece."""
        await self._database.write((_APPEND, asdict(piece)))

    async def rewrite(self, message: MessageRow) -> None:
        """Write an arriving message anew with all that came; its pieces go."""
        await self._database.write(*_whole_row(message))

    async def finish(self, message: MessageRow, updated_at: float) -> None:
        """Write a message that is over, whole, and that its conversation was talked in ``updated_at``."""
        await self._database.write(
            *_whole_row(message),
            ("UPDATE conversations SET updated_at = ? WHERE id = ?", (updated_at, message.conversation_id)),
        )

    async def remove(self, conversation_id: str) -> None:
        """Delete a conversation and all that was said in it."""
        await self._database.write(("DELETE FROM conversations WHERE id = ?", (conversation_id,)))


_SAVE_CONVERSATION = """
    INSERT INTO conversations (id, title, model, system_prompt, forked_from, created_at, updated_at, kind,
        dialect, params, setup)
    VALUES (:id, :title, :model, :system_prompt, :forked_from, :created_at, :updated_at, :kind, :dialect,
        :params, :setup)
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, model = excluded.model,
        system_prompt = excluded.system_prompt, updated_at = excluded.updated_at, kind = excluded.kind,
        dialect = excluded.dialect, params = excluded.params, setup = excluded.setup
"""
_SAVE_MESSAGE = """
    INSERT INTO messages (id, conversation_id, turn_id, role, status, at, text, reasoning, model, ending,
        request_id, details)
    VALUES (:id, :conversation_id, :turn_id, :role, :status, :at, :text, :reasoning, :model, :ending,
        :request_id, :details)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, text = excluded.text,
        reasoning = excluded.reasoning, model = excluded.model, ending = excluded.ending,
        request_id = excluded.request_id, details = excluded.details
"""
_APPEND = """
    INSERT OR REPLACE INTO pieces (message_id, number, text, reasoning)
    VALUES (:message_id, :number, :text, :reasoning)
"""


def _whole_row(message: MessageRow) -> tuple[Statement, Statement]:
    forget_pieces = ("DELETE FROM pieces WHERE message_id = ?", (message.id,))
    return (_SAVE_MESSAGE, asdict(message)), forget_pieces


def _conversation(row: sqlite3.Row) -> ConversationRow:
    return ConversationRow(**{name: row[name] for name in ConversationRow.__slots__})


def _message(row: sqlite3.Row) -> MessageRow:
    return MessageRow(**{name: row[name] for name in MessageRow.__slots__})


def _with_pieces(message: MessageRow, pieces: Sequence[sqlite3.Row]) -> MessageRow:
    if not pieces:
        return message
    return replace(
        message,
        text=message.text + "".join(piece["text"] for piece in pieces),
        reasoning=message.reasoning + "".join(piece["reasoning"] for piece in pieces),
    )


MAX_PROMPTS: Final = 200
MAX_PROMPT_LENGTH: Final = 20_000
"""Characters of a prompt that is still walked through."""


class PromptTable:
    """Reads prompts. They go with their conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent(self, most: int = MAX_PROMPTS) -> list[str]:
        """The last prompts, oldest first, each once. Raises ``StorageError``."""
        rows = await self._database.read(
            "SELECT text FROM messages WHERE role = 'user' AND length(text) BETWEEN 1 AND ? "
            "GROUP BY text ORDER BY max(number) DESC LIMIT ?",
            (MAX_PROMPT_LENGTH, most),
        )
        return [row["text"] for row in reversed(rows)]
