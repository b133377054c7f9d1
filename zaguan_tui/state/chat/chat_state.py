"""Conversations, turns and receipts: the chat's part of the application state, built once storage is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaguan_tui.state.chat.answer_masks import AnswerMasks
from zaguan_tui.state.chat.answer_watch import AnswerWatch
from zaguan_tui.state.chat.library import Library
from zaguan_tui.state.chat.prompt_history import PromptHistory
from zaguan_tui.state.chat.turn_runner import TurnRunner
from zaguan_tui.state.conversations.store import ConversationStore
from zaguan_tui.state.credits.receipts import ReceiptTracker
from zaguan_tui.state.subject import Subject

if TYPE_CHECKING:
    from zaguan_tui.state.app_state import AppState
    from zaguan_tui.storage.database import Database


@dataclass(slots=True)
class ChatState(Subject):
    """The conversations, what asks in them, and what answers cost. ``prompts`` are those of earlier runs."""

    conversations: ConversationStore
    turns: TurnRunner
    receipts: ReceiptTracker
    library: Library
    prompts: PromptHistory | None = None

    async def aclose(self) -> None:
        """Stop the answers, so that what came is saved, and ask for no more receipts."""
        self.turns.stop()
        await self.receipts.aclose()


def build_chat_state(
    app_state: AppState, database: Database | None = None, masks: AnswerMasks | None = None
) -> ChatState:
    """The chat on an open file, or in memory. ``masks`` take secrets out of answers as they come."""
    clock, handle = app_state.clock, app_state.client_handle
    if database is None:
        conversations, library, prompts = ConversationStore(clock), Library(clock), None
    else:
        from zaguan_tui.storage.conversations import ConversationTable, PromptTable
        from zaguan_tui.storage.drafts import DraftTable
        from zaguan_tui.storage.library import LibraryTable
        from zaguan_tui.storage.search import SearchTable

        tables = ConversationTable(database), DraftTable(database), SearchTable(database)
        conversations = ConversationStore(clock, *tables)
        library, prompts = Library(clock, LibraryTable(database)), PromptHistory(PromptTable(database))
    if masks is not None:
        conversations.masks = masks
    conversations.watch(AnswerWatch(app_state.link, clock))
    turns = TurnRunner(handle, conversations, clock, handle.explain, tap=app_state.wire)
    receipts = ReceiptTracker(handle, app_state.models, app_state.estimates, conversations, clock)
    return ChatState(conversations, turns, receipts, library, prompts)
