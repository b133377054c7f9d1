"""Lists and searches the stored conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.state.chat.message import MessageStatus
from zaguan_tui.state.conversations.conversation import ConversationKind

if TYPE_CHECKING:
    from zaguan_tui.storage.search import ExcerptRow, SearchTable

MAX_LISTED: Final = 10_000
MAX_FOUND: Final = 200
MAX_EXCERPTS: Final = 8


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation in the list. ``turns`` counts its turns."""

    id: str
    title: str
    model: str | None
    kind: ConversationKind
    updated_at: datetime
    turns: int
    forked: bool = False


@dataclass(frozen=True, slots=True)
class MessageExcerpt:
    """The beginning of a message. ``ending`` is ``None`` for a prompt."""

    by_model: bool
    text: str
    ending: Ending | None = None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A match: the newest message of a conversation that has all the words.

    ``marks`` are the spans of ``snippet`` that were looked for; ``count`` says in how many messages they are.
    """

    conversation_id: str
    turn_id: str
    snippet: str
    marks: tuple[tuple[int, int], ...]
    by_model: bool
    count: int


class ConversationSearch:
    """Searches the stored conversations; without a file there are none."""

    def __init__(self, table: SearchTable | None) -> None:
        self._table = table

    async def listed(self, limit: int = MAX_LISTED) -> list[ConversationSummary]:
        """Every conversation, the one last talked in first. Raises ``StorageError``."""
        rows = await self._table.listed(limit) if self._table else ()
        return [
            ConversationSummary(
                row.id,
                row.title,
                row.model,
                ConversationKind.COMPARISON if row.kind == "comparison" else ConversationKind.CHAT,
                datetime.fromtimestamp(row.updated_at, UTC),
                row.turns,
                row.forked_from is not None,
            )
            for row in rows
        ]

    async def find(self, query: str, limit: int = MAX_FOUND) -> list[SearchHit]:
        """Where all the words and "quoted phrases" of a query were said. Raises ``StorageError``."""
        rows = await self._table.find(query, limit) if self._table else ()
        return [
            SearchHit(
                row.conversation_id, row.turn_id, row.snippet, row.marks, row.role == "assistant", row.count
            )
            for row in rows
        ]

    async def title(self, conversation_id: str) -> str | None:
        """The title of a conversation; ``None`` when it is not kept. Raises ``StorageError``."""
        return await self._table.title(conversation_id) if self._table else None

    async def glimpse(self, conversation_id: str, turn_id: str | None = None) -> list[MessageExcerpt]:
        """How its newest messages begin, or those from a turn on. Raises ``StorageError``."""
        rows = await self._table.glimpse(conversation_id, turn_id, MAX_EXCERPTS) if self._table else ()
        return [MessageExcerpt(row.role == "assistant", row.text, _ending(row)) for row in rows]


def _ending(row: ExcerptRow) -> Ending | None:
    if row.role != "assistant":
        return None
    if row.status == MessageStatus.ENDED and row.ending in set(Ending):
        return Ending(row.ending)
    return Ending.TRUNCATED
