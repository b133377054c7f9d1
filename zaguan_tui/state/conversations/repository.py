"""Conversation repository: reads and writes conversations; a failing file is reported once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from zaguan_tui.state.chat.live_message import LiveMessage
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.conversations.conversation import Conversation
from zaguan_tui.state.conversations.rows import conversation_from_row, conversation_to_row, message_to_row
from zaguan_tui.storage.conversations import ConversationTable, Piece
from zaguan_tui.storage.drafts import DraftTable
from zaguan_tui.storage.errors import StorageError

T = TypeVar("T")


class ConversationRepository:
    """Reads and writes conversations, or does nothing where there is no file.

    ``on_failure`` gets the first sentence of every run of failures.
    """

    def __init__(self, table: ConversationTable | None, drafts: DraftTable | None) -> None:
        self._table = table
        self._drafts = drafts
        self._failing = False
        self.on_failure: Callable[[str], None] = lambda sentence: None

    async def recent(self, limit: int) -> list[Conversation]:
        """The conversations last talked in, newest first, without their turns."""
        rows = await self._try(self._table.recent(limit)) if self._table else None
        return [conversation_from_row(row) for row in rows or ()]

    async def read(self, conversation_id: str) -> Conversation | None:
        """A conversation with all its turns."""
        if self._table is None:
            return None
        row = await self._try(self._table.find(conversation_id))
        if row is None:
            return None
        messages = await self._try(self._table.messages(conversation_id))
        return conversation_from_row(row, messages or ())

    async def save(self, conversation: Conversation, *messages: tuple[str, Message]) -> None:
        """Write a conversation, and these messages (each with the id of its turn)."""
        if self._table:
            rows = (message_to_row(message, conversation.id, turn_id) for turn_id, message in messages)
            await self._try(self._table.save(conversation_to_row(conversation), *rows))

    async def keep(self, live: LiveMessage) -> None:
        """Write what came of an answer since the last time."""
        if self._table is None:
            live.take_piece()
        elif live.rewrite_due:
            whole = message_to_row(live.take_whole(), live.conversation_id, live.turn_id)
            await self._try(self._table.rewrite(whole))
        elif piece := live.take_piece():
            number = live.pieces_saved
            live.pieces_saved += 1
            await self._try(self._table.append(Piece(live.id, number, *piece)))

    async def finish(self, live: LiveMessage, message: Message, at: datetime) -> None:
        """Write an answer that is over."""
        if self._table:
            row = message_to_row(message, live.conversation_id, live.turn_id)
            await self._try(self._table.finish(row, at.timestamp()))

    async def remove(self, conversation_id: str) -> None:
        """Delete a conversation."""
        if self._table:
            await self._try(self._table.remove(conversation_id))

    async def read_draft(self, place: str) -> str:
        """What was typed at ``place`` and not sent."""
        return (await self._try(self._drafts.read(place)) or "") if self._drafts else ""

    async def save_draft(self, place: str, text: str, at: datetime) -> None:
        """Keep what is typed at ``place``."""
        if self._drafts:
            await self._try(self._drafts.write(place, text, at.timestamp()))

    async def _try(self, work: Awaitable[T]) -> T | None:
        try:
            outcome = await work
        except StorageError as error:
            if not self._failing:
                self._failing = True
                self.on_failure(str(error))
            return None
        self._failing = False
        return outcome
