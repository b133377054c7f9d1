"""Deletes conversations, with undo of the last deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaguan_tui.state.conversations.conversation import Conversation

if TYPE_CHECKING:
    from zaguan_tui.state.chat.turn_runner import TurnRunner
    from zaguan_tui.state.conversations.store import ConversationStore


class DeleteWhileAnsweringError(Exception):
    """An answer is coming in the conversation that is to be deleted."""


class ConversationTrash:
    """Deletes conversations, and keeps the last one for undo."""

    def __init__(self, conversations: ConversationStore, turns: TurnRunner | None = None) -> None:
        self._conversations, self._turns = conversations, turns
        self._removed: Conversation | None = None

    @property
    def removed(self) -> Conversation | None:
        """What can be brought back."""
        return self._removed

    async def remove(self, conversation_id: str) -> Conversation:
        """Delete it. Raises ``KeyError`` when it is not kept, ``StillAnsweringError`` while one answers."""
        if self._turns is not None and self._turns.answering(conversation_id):
            raise DeleteWhileAnsweringError(conversation_id)
        whole = await self._conversations.open(conversation_id)
        self._removed = whole
        await self._conversations.remove(conversation_id)
        return whole

    async def bring_back(self) -> Conversation | None:
        """The last deleted conversation is kept again; ``None`` when there is none."""
        removed, self._removed = self._removed, None
        return None if removed is None else await self._conversations.adopt(removed)
