"""Takes what the conversations tell, one notice after the other, to the transcript: what is mounted must be
mounted in order, and a thousand tokens a second must not queue a thousand tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.state.conversations import notices as news
from zaguan_tui.state.conversations.notices import ConversationNotice

if TYPE_CHECKING:
    from zaguan_tui.state.conversations.store import ConversationStore


class ConversationListener:
    """Hears every conversation, and shows the one on the desk.

    ``started`` is called with the conversation as soon as a prompt is on disk, whichever conversation it is;
    ``turned`` when a turn begins or ends, with the prompt to give back if nothing came of it;
    ``warned`` with a sentence when something could not be kept.
    """

    def __init__(
        self,
        conversations: ConversationStore,
        chat_session: ChatSession,
        transcript: Transcript,
        *,
        started: Callable[[str], None],
        turned: Callable[[str | None], None],
        warned: Callable[[str], None],
    ) -> None:
        self._queue: asyncio.Queue[ConversationNotice] = asyncio.Queue()
        self._chat_session, self._transcript = chat_session, transcript
        self._started, self._turned, self._warned = started, turned, warned
        self.close = conversations.watch(self._hear)

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            notice = await self._queue.get()
            if isinstance(notice, news.StorageFailed):
                self._warned(notice.sentence)
            elif notice.conversation_id == self._chat_session.id:
                await self._show(notice)

    def _hear(self, notice: ConversationNotice) -> None:
        if isinstance(notice, news.TurnStarted):
            self._started(notice.conversation_id)
        self._queue.put_nowait(notice)

    async def _show(self, notice: ConversationNotice) -> None:
        transcript = self._transcript
        match notice:
            case news.Delta(message_id=message, text=text, reasoning=reasoning):
                transcript.feed(message, text, reasoning)
            case news.ToolCallDelta(message_id=message, call=call, name=name, arguments=arguments):
                transcript.feed_call(message, call, name, arguments)
            case news.TextBecameReasoning(message_id=message):
                await transcript.text_became_reasoning(message)
            case news.MeterChanged(message_id=message, meter=meter):
                transcript.meter(message, meter)
            case news.TurnStarted(prompt=prompt, answers=answers):
                await transcript.start(prompt, answers)
                self._turned(None)
            case news.TurnEnded(answer=answer, prompt=given_back):
                await transcript.end(answer)
                self._turned(given_back)
            case news.MessageAmended(message=message):
                transcript.amend(message)
            case _:
                pass  # titles and removals change nothing that is on screen yet
