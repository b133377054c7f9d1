"""Shows the notices of the conversation store in the transcript, in their order.

One task reads a queue: a thousand tokens a second must not start a thousand tasks.
"""

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
    """Queues the notices of all conversations, and shows those of the open one.

    ``on_start`` is called with the conversation as soon as a prompt is on disk, whichever conversation it is;
    ``on_turn`` when a turn begins or ends, with the prompt to give back if nothing came of it;
    ``on_warning`` with a sentence when something could not be kept.
    """

    def __init__(
        self,
        conversations: ConversationStore,
        chat_session: ChatSession,
        transcript: Transcript,
        *,
        on_start: Callable[[str], None],
        on_turn: Callable[[str | None], None],
        on_warning: Callable[[str], None],
    ) -> None:
        self._queue: asyncio.Queue[ConversationNotice] = asyncio.Queue()
        self._chat_session, self._transcript = chat_session, transcript
        self._on_start, self._on_turn, self._on_warning = on_start, on_turn, on_warning
        self.close = conversations.watch(self._hear)

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            notice = await self._queue.get()
            if isinstance(notice, news.StorageFailed):
                self._on_warning(notice.sentence)
            elif notice.conversation_id == self._chat_session.id:
                await self._show(notice)

    def _hear(self, notice: ConversationNotice) -> None:
        if isinstance(notice, news.TurnStarted):
            self._on_start(notice.conversation_id)
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
                self._on_turn(None)
            case news.TurnEnded(answer=answer, prompt=given_back):
                await transcript.end(answer)
                self._on_turn(given_back)
            case news.MessageAmended(message=message):
                transcript.amend(message)
            case _:
                pass  # titles and removals change nothing that is on screen yet
