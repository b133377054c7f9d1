"""Saves drafts of prompts twice a second however fast one types, a draft for each conversation.

A prompt that was sent stays a draft on disk until it is on disk as a prompt: there is no moment at which a
crash would lose it.
"""

from __future__ import annotations

from typing import Protocol

from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.send_request import SendRequest
from zaguan_tui.state.app_state import AppState

SAVE_AFTER_S = 0.5


class DraftOwner(Protocol):
    """A session that has a draft."""

    @property
    def draft_place(self) -> str:
        """The key under which the draft is stored."""
        ...


class DraftKeeper:
    """Saves the prompt's text under its key. Works once the conversations are open."""

    def __init__(self, app_state: AppState, chat_session: DraftOwner, prompt: Prompt) -> None:
        self._app_state, self._chat_session, self._prompt = app_state, chat_session, prompt
        self._place = chat_session.draft_place
        self._elsewhere: dict[str, str] = {}
        self._on_the_way: dict[str, SendRequest] = {}
        self._unsaved: set[str] = set()
        self._due = False
        self.open = False

    def written(self) -> None:
        """Something was written: it is on disk in half a second."""
        self._unsaved.add(self._place)
        if not self._due:
            self._due = True
            self._prompt.set_timer(SAVE_AFTER_S, self.keep)

    async def begin(self) -> None:
        """The conversations are open: put the draft into the prompt, unless one is writing already."""
        self._prompt.put_back(await self._app_state.conversations.read_draft(self._place))
        self.open = True

    async def keep(self) -> None:
        """Bring the text to disk."""
        self._due = False
        if self.open:
            await self._save(self._place)

    async def flush(self) -> None:
        """Bring to disk whatever is not there yet."""
        if self.open:
            for place in (*self._unsaved - {self._place}, self._place):
                await self._save(place)

    async def fetch(self, place: str) -> None:
        """Read the draft of a place, so that :meth:`move` need not wait."""
        if place not in self._elsewhere and place != self._place:
            self._elsewhere[place] = await self._app_state.conversations.read_draft(place)

    def move(self) -> None:
        """Follow the session: its draft into the prompt, and the text there to its own conversation."""
        if (place := self._chat_session.draft_place) != self._place:
            self._elsewhere[self._place] = self._prompt.text
            self._unsaved.add(self._place)
            self._place = place
            self._prompt.write(self._elsewhere.pop(place, ""))

    def hold(self, send_request: SendRequest) -> None:
        """The prompt is being sent. Its draft stays stored until :meth:`sent` or :meth:`give_back`."""
        self._on_the_way[send_request.conversation_id] = send_request
        self._unsaved.add(send_request.draft_place)
        self._place = self._chat_session.draft_place
        if self._place != send_request.draft_place:
            self._elsewhere[send_request.draft_place] = ""

    def sent(self, conversation_id: str) -> None:
        """The prompt is on disk: it is no draft any more."""
        if (send_request := self._on_the_way.pop(conversation_id, None)) is not None:
            self._prompt.call_later(self._save, send_request.draft_place)

    async def give_back(self, send_request: SendRequest) -> None:
        """The prompt could not be sent: it stands where it was written, above what was written since."""
        if self._on_the_way.pop(send_request.conversation_id, None) is None or send_request.prompt is None:
            return
        place = send_request.draft_place
        if self._chat_session.draft_place == place:
            self._place = place
            self._prompt.put_above(send_request.prompt)
        else:
            written = self._elsewhere.get(place, "")
            self._elsewhere[place] = "\n".join(part for part in (send_request.prompt, written) if part)
        await self._save(place)

    async def _save(self, place: str) -> None:
        self._unsaved.discard(place)
        going = [
            send_request.prompt or ""
            for send_request in self._on_the_way.values()
            if send_request.draft_place == place
        ]
        written = self._prompt.text if place == self._place else self._elsewhere.get(place, "")
        text = "\n".join(part for part in (*going, written) if part)
        await self._app_state.conversations.save_draft(place, text)
