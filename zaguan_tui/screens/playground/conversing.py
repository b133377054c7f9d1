"""The half of the room that keeps conversations: find, open, rename, delete, bring back, export, import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual import work
from textual.widgets import Static

from zaguan_tui.screens.chat.chat_session import draft_place
from zaguan_tui.screens.chat.error_messages import CONVERSATION_DELETED, NO_PROMPT, OPENING
from zaguan_tui.screens.chat.title_line import format_title
from zaguan_tui.screens.common.connection_info import LinkOpener
from zaguan_tui.screens.playground.branching import BranchingRoom
from zaguan_tui.screens.playground.empty_conversation import SUGGESTIONS
from zaguan_tui.state.conversations.conversation import ConversationKind
from zaguan_tui.storage.errors import StorageError
from zaguan_tui.text.sanitize import clean_line

if TYPE_CHECKING:
    from zaguan_tui.state.conversations.undo_delete import ConversationTrash

NOTHING_DELETED = "Nothing was deleted that could come back."
MOST_NOTES: Final = 8
"""Sentences about an import that are listed one by one."""


class ConversingRoom(BranchingRoom):
    """A room whose conversations can be managed."""

    _bin_of_this_run: ConversationTrash | None = None
    _source: str | None = None

    @work(group="open", exclusive=True, exit_on_error=False)
    async def action_new_conversation(self) -> None:
        """Clear the desk."""
        with self._telling("A new conversation could not be begun."):
            await self._clear()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_open_conversation(self) -> None:
        """Choose among all conversations, or do something with one."""
        from zaguan_tui.screens.playground.history.sheet import HistorySheet

        if self._listener is None:
            self._warn(OPENING)
            return
        await self._drafts.flush()
        opened = await self.app.push_screen_wait(
            HistorySheet(self.app_state, self._bin, self.chat_session.id)
        )
        if opened is not None and opened.kind is ConversationKind.COMPARISON:
            if isinstance(self.app, LinkOpener):
                await self.app.open_link(f"comparison:{opened.conversation_id}")
        elif opened is not None:
            self._take(opened.conversation_id, opened.turn_id)
        elif self._conversation_was_deleted:
            with self._telling("A new conversation could not be begun."):
                await self._clear()
        else:
            self._draw_title()

    @work(group="open", exclusive=True, exit_on_error=False)
    async def _take(self, conversation_id: str, turn_id: str | None = None) -> None:
        if self._listener is None:
            self._warn(OPENING)
            return
        with self._telling("The conversation could not be opened."):
            await self._open(conversation_id, turn_id)

    async def _open(self, conversation_id: str, turn_id: str | None = None) -> None:
        """Put a conversation on the desk. Raises ``ConversationGoneError``."""
        with self._turning_the_page():
            await self.chat_session.fetch(conversation_id)
            await self._drafts.fetch(draft_place(conversation_id))
            self._source = await self._title_of(self.app_state.conversations.get(conversation_id).forked_from)
            conversation = self.chat_session.take(conversation_id)
            self._drafts.move()
            self._prompt.suggestions = ()
            self._draw_model()
            self._draw_title()
            await self._transcript.open(conversation, turn_id)
            self._show_places()

    async def _clear(self) -> None:
        """Put nothing on the desk."""
        with self._turning_the_page():
            await self._drafts.fetch(draft_place(None))
            self.chat_session.start_new()
            self._drafts.move()
            self._prompt.suggestions = SUGGESTIONS
            self._draw_title()
            await self._transcript.open(None)
            self._transcript.written(self._prompt.text)

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_rename(self) -> None:
        """Give the conversation on the desk another title."""
        from zaguan_tui.screens.modals.ask_text import AskTextScreen

        conversation = self.chat_session.conversation
        if conversation is None:
            self._warn(NO_PROMPT)
            return
        sheet = AskTextScreen("Rename", "The title of the conversation.", clean_line(conversation.title))
        if (title := await self.app.push_screen_wait(sheet)) is not None:
            try:
                await self.app_state.conversations.change(conversation.id, title=title)
            except KeyError:
                self._warn(CONVERSATION_DELETED)
            self._draw_title()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_export(self) -> None:
        """Write the conversation on the desk to a file."""
        from zaguan_tui.screens.playground.history.export_sheet import export_conversation

        conversation = self.chat_session.conversation
        if conversation is None or not conversation.turns:
            self._warn(NO_PROMPT)
        else:
            await export_conversation(self, self.app_state, conversation.id)

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_import(self) -> None:
        """Take in conversations, and open the first."""
        from zaguan_tui.screens.playground.history.import_sheet import ImportSheet

        if self._listener is None:
            self._warn(OPENING)
            return
        imported = await self.app.push_screen_wait(ImportSheet(self.app_state.clock.now()))
        if not imported:
            return
        for one in imported:
            await self.app_state.conversations.adopt(one.conversation)
        first = imported[0].conversation
        with self._telling("The conversation could not be opened."):
            await self._open(first.id)
        many = len(imported)
        turns = f"{len(first.turns)} turn{'' if len(first.turns) == 1 else 's'}"
        words = f"Imported {many} conversations; this is the first." if many > 1 else f"Imported {turns}."
        if first.turns and first.turns[-1].answer is None:
            words += " The last prompt has no answer yet: ctrl+g asks."
        self.notify(words, markup=False)
        if notes := [note for one in imported for note in one.notes]:
            self._list_notes(notes)

    def _list_notes(self, notes: Sequence[str]) -> None:
        """Say what could not be taken over."""
        lines = [clean_line(note) for note in notes[:MOST_NOTES]]
        if (more := len(notes) - MOST_NOTES) > 0:
            lines.append(f"… and {more} more")
        self.notify("\n".join(lines), title="Not taken over", severity="warning", timeout=20, markup=False)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def action_undo_delete(self) -> None:
        """Bring back what was deleted last, and open it."""
        back = await self._bin.bring_back() if self._listener is not None else None
        if back is None:
            self._warn(NOTHING_DELETED)
        elif back.kind is ConversationKind.CHAT:
            with self._telling("The conversation could not be opened."):
                await self._open(back.id)
        if back is not None:
            self.notify(f"“{clean_line(back.title)}” is back.", markup=False)

    @property
    def _bin(self) -> ConversationTrash:
        if self._bin_of_this_run is None:
            from zaguan_tui.state.conversations.undo_delete import ConversationTrash

            self._bin_of_this_run = ConversationTrash(self.app_state.conversations, self.app_state.turns)
        return self._bin_of_this_run

    @property
    def _conversation_was_deleted(self) -> bool:
        """Whether the conversation on the desk was deleted meanwhile."""
        removed = self._bin.removed
        return removed is not None and removed.id == self.chat_session.id

    def _draw_model(self) -> None:
        """Another model, dialect or system prompt is in force."""

    async def _title_of(self, conversation_id: str | None) -> str | None:
        """The title of the conversation that was forked, as far as it is still known."""
        if conversation_id is None:
            return None
        try:
            title: str | None = await self.app_state.conversations.search.title(conversation_id)
        except StorageError:
            return None
        return title

    def _draw_title(self) -> None:
        self.query_one("#title-line", Static).update(
            format_title(self.chat_session.conversation, self._source)
        )
