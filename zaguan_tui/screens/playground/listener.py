"""Takes what the conversations tell, one notice after the other, to the transcript: what is mounted must be
mounted in order, and a thousand tokens a second must not queue a thousand tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from zaguan_tui.screens.playground.desk import Desk
from zaguan_tui.screens.playground.transcript import Transcript
from zaguan_tui.state import conversation_changes as news
from zaguan_tui.state.conversation_changes import ConversationNotice
from zaguan_tui.state.conversations import ConversationStore


class Listener:
    """Hears every conversation, and shows the one on the desk.

    ``turned`` is called when a turn begins or ends, with the prompt to give back if nothing came of it;
    ``warned`` with a sentence when something could not be kept.
    """

    def __init__(
        self,
        conversations: ConversationStore,
        desk: Desk,
        transcript: Transcript,
        *,
        turned: Callable[[str | None], None],
        warned: Callable[[str], None],
    ) -> None:
        self._queue: asyncio.Queue[ConversationNotice] = asyncio.Queue()
        self._desk, self._transcript = desk, transcript
        self._turned, self._warned = turned, warned
        self.close = conversations.watch(self._queue.put_nowait)

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            notice = await self._queue.get()
            if isinstance(notice, news.MemoryFailed):
                self._warned(notice.sentence)
            elif notice.conversation_id == self._desk.id:
                await self._show(notice)

    async def _show(self, notice: ConversationNotice) -> None:
        transcript = self._transcript
        match notice:
            case news.Delta(message_id=message, text=text, reasoning=reasoning):
                transcript.feed(message, text, reasoning)
            case news.TextBecameReasoning(message_id=message):
                await transcript.text_became_reasoning(message)
            case news.MeterChanged(message_id=message, meter=meter):
                transcript.meter(message, meter)
            case news.TurnStarted(prompt=prompt, answer=answer):
                await transcript.start(prompt, answer)
                self._turned(None)
            case news.TurnEnded(answer=answer, prompt=given_back):
                await transcript.end(answer)
                self._turned(given_back)
            case _:
                pass  # titles, removals and pieces of tool calls change nothing that is on screen yet
