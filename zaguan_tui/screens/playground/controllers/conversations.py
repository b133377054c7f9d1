"""Opens, clears, renames, deletes, brings back, exports and imports conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from textual.content import Content

from zaguan_tui.screens.chat.chat_session import ChatSession, draft_place
from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.empty_conversation import SUGGESTIONS
from zaguan_tui.screens.chat.error_messages import (
    CONVERSATION_DELETED,
    NO_PROMPT,
    NOTHING_DELETED,
    OPENING,
    warn_of_errors,
)
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.chat.title_line import format_title
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.screens.playground.controllers.send import SendController
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.conversations.conversation import ConversationKind
from zaguan_tui.storage.errors import StorageError
from zaguan_tui.text.sanitize import clean_line

if TYPE_CHECKING:
    from zaguan_tui.state.conversations.importing.reader import ImportedConversation
    from zaguan_tui.state.conversations.undo_delete import ConversationTrash

NOT_OPENED = "The conversation could not be opened."
NOT_BEGUN = "A new conversation could not be begun."
MAX_NOTES: Final = 8
"""Sentences about an import that are listed one by one."""


@dataclass(eq=False)
class ConversationController:
    """Puts conversations into session, prompt and transcript at once.

    ``show_title`` gets the line above the transcript; ``on_switch`` is called when another conversation, or
    none, has been opened; ``on_model_change`` when it may be with another model.
    """

    app_state: AppState
    session: ChatSession
    drafts: DraftKeeper
    prompt: Prompt
    transcript: Transcript
    sender: SendController
    services: ChatServices
    show_title: Callable[[Content], object]
    on_switch: Callable[[], None]
    on_model_change: Callable[[], None]
    _source_title: str | None = field(default=None, init=False)
    _trash: ConversationTrash | None = field(default=None, init=False)

    def refresh_title(self) -> None:
        """Show the title of the conversation that is open, and what it was forked from."""
        self.show_title(format_title(self.session.conversation, self._source_title))

    @contextmanager
    def _switch(self) -> Iterator[None]:
        """Let nothing be sent while session, draft and transcript are of two conversations."""
        self.sender.opening += 1
        try:
            yield
        finally:
            self.sender.opening -= 1
        self.prompt.focus()
        self.services.refresh_bindings()
        self.on_switch()

    async def open(self, conversation_id: str, turn_id: str | None = None) -> None:
        """Open a conversation, at its end or at a turn. Raises ``ConversationDeletedError``."""
        with self._switch():
            await self.session.fetch(conversation_id)
            await self.drafts.fetch(draft_place(conversation_id))
            self._source_title = await self._read_title(
                self.app_state.conversations.get(conversation_id).forked_from
            )
            conversation = self.session.take(conversation_id)
            self.drafts.move()
            self.prompt.suggestions = ()
            self.on_model_change()
            self.refresh_title()
            await self.transcript.open(conversation, turn_id)
            self.transcript.number_answers(conversation)

    async def clear(self) -> None:
        """Begin a new conversation: empty session, its own draft, empty transcript."""
        with self._switch():
            await self.drafts.fetch(draft_place(None))
            self.session.start_new()
            self.drafts.move()
            self.prompt.suggestions = SUGGESTIONS
            self.refresh_title()
            await self.transcript.open(None)
            self.transcript.written(self.prompt.text)

    async def open_or_warn(self, conversation_id: str, turn_id: str | None = None) -> None:
        """Open a conversation, or say why it cannot be."""
        if not self.sender.ready:
            self.services.warn(OPENING)
            return
        with warn_of_errors(self.services.warn, NOT_OPENED):
            await self.open(conversation_id, turn_id)

    async def begin_new(self) -> None:
        """Begin a new conversation, or say why it cannot be."""
        with warn_of_errors(self.services.warn, NOT_BEGUN):
            await self.clear()

    async def browse(self) -> None:
        """Choose among all conversations, or do something with one."""
        from zaguan_tui.screens.playground.history.sheet import HistorySheet
        from zaguan_tui.state.conversations.undo_delete import ConversationTrash

        if self._trash is None:
            self._trash = ConversationTrash(self.app_state.conversations, self.app_state.turns)
        await self.drafts.flush()
        choice = await self.services.show_sheet(HistorySheet(self.app_state, self._trash, self.session.id))
        removed = self._trash.removed
        if choice is not None and choice.kind is ConversationKind.COMPARISON:
            await self.services.open_link(f"comparison:{choice.conversation_id}")
        elif choice is not None:
            self.services.run(
                "open", self.open_or_warn, choice.conversation_id, choice.turn_id, exclusive=True
            )
        elif removed is not None and removed.id == self.session.id:
            await self.begin_new()
        else:
            self.refresh_title()

    async def rename(self) -> None:
        """Give the open conversation another title."""
        from zaguan_tui.screens.modals.ask_text import AskTextScreen

        if (conversation := self.session.conversation) is None:
            return
        sheet = AskTextScreen("Rename", "The title of the conversation.", clean_line(conversation.title))
        if (title := await self.services.show_sheet(sheet)) is not None:
            try:
                await self.app_state.conversations.change(conversation.id, title=title)
            except KeyError:
                self.services.warn(CONVERSATION_DELETED)
            self.refresh_title()

    def rename_reason(self) -> str:
        """Why there is no title to change."""
        return NO_PROMPT if self.session.conversation is None else ""

    async def export(self) -> None:
        """Write the open conversation to a file."""
        from zaguan_tui.screens.playground.history.export_sheet import export_conversation

        if self.session.id is not None:
            await export_conversation(self.services, self.app_state, self.session.id)

    def export_reason(self) -> str:
        """Why there is nothing to export."""
        conversation = self.session.conversation
        return NO_PROMPT if conversation is None or not conversation.turns else ""

    async def import_conversations(self) -> None:
        """Take in conversations, and open the first."""
        from zaguan_tui.screens.playground.history.import_sheet import ImportSheet

        imported = await self.services.show_sheet(ImportSheet(self.app_state.clock.now()))
        if not imported:
            return
        for one in imported:
            await self.app_state.conversations.adopt(one.conversation)
        with warn_of_errors(self.services.warn, NOT_OPENED):
            await self.open(imported[0].conversation.id)
        self.services.inform(describe_import(imported))
        if notes := [clean_line(note) for one in imported for note in one.notes]:
            if (more := len(notes) - MAX_NOTES) > 0:
                notes[MAX_NOTES:] = [f"… and {more} more"]
            self.services.list_warnings("\n".join(notes), "Not taken over", 20)

    async def undo_delete(self) -> None:
        """Bring back what was deleted last, and open it."""
        if self._trash is None or (conversation := await self._trash.bring_back()) is None:
            return
        if conversation.kind is ConversationKind.CHAT:
            with warn_of_errors(self.services.warn, NOT_OPENED):
                await self.open(conversation.id)
        self.services.inform(f"“{clean_line(conversation.title)}” is back.")

    def undo_reason(self) -> str:
        """Why nothing can be brought back."""
        return NOTHING_DELETED if self._trash is None or self._trash.removed is None else ""

    async def _read_title(self, conversation_id: str | None) -> str | None:
        """The title of the conversation that was forked, as far as it is still known."""
        if conversation_id is None:
            return None
        try:
            title: str | None = await self.app_state.conversations.search.title(conversation_id)
        except StorageError:
            return None
        return title


def describe_import(imported: Sequence[ImportedConversation]) -> str:
    """What was imported, and what can be done with it."""
    first, many = imported[0].conversation, len(imported)
    turns = f"{len(first.turns)} turn{'' if len(first.turns) == 1 else 's'}"
    text = f"Imported {many} conversations; this is the first." if many > 1 else f"Imported {turns}."
    if first.turns and first.turns[-1].answer is None:
        text += " The last prompt has no answer yet: ctrl+g asks."
    return text
