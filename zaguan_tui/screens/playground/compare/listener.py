"""Takes what the conversations tell, one notice after the other, to the lanes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from zaguan_tui.screens.playground.compare.board import Board
from zaguan_tui.state import conversation_changes as news
from zaguan_tui.state.comparing.comparison import Comparison
from zaguan_tui.state.conversation_changes import ConversationNotice
from zaguan_tui.state.message import Message
from zaguan_tui.state.meter import Meter

if TYPE_CHECKING:
    from zaguan_tui.state.conversations import ConversationStore


class Audience(Protocol):
    """What the room does with what it hears of the comparison on its desk."""

    async def began(self) -> None:
        """A run began: other answers stand in the lanes now."""

    def as_shown(self, answer: Message) -> Message:
        """An answer as it may be seen."""

    def measured(self, message_id: str, meter: Meter) -> None:
        """The figures of an answer moved."""

    def changed(self) -> None:
        """An answer is over, or something was learned of one."""

    def warned(self, sentence: str) -> None:
        """Something could not be kept."""


class Listener:
    """Hears every conversation, and shows the one on the desk. ``waiting`` is how many notices are not shown
    yet; ``sent`` is called with a conversation as soon as a prompt of it is on disk."""

    def __init__(
        self,
        conversations: ConversationStore,
        comparison: Comparison,
        board: Board,
        room: Audience,
        sent: Callable[[str], None],
    ) -> None:
        self._queue: asyncio.Queue[ConversationNotice] = asyncio.Queue()
        self._comparison, self._board, self._room, self._sent = comparison, board, room, sent
        self.close = conversations.watch(self._hear)

    @property
    def waiting(self) -> int:
        """The notices that are not shown yet."""
        return self._queue.qsize()

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            notice = await self._queue.get()
            if isinstance(notice, news.MemoryFailed):
                self._room.warned(notice.sentence)
            elif notice.conversation_id == self._comparison.id and (showing := self._show(notice)):
                await showing

    def _hear(self, notice: ConversationNotice) -> None:
        if isinstance(notice, news.TurnStarted):
            self._sent(notice.conversation_id)
        self._queue.put_nowait(notice)

    def _show(self, notice: ConversationNotice) -> Awaitable[None] | None:
        match notice:
            case news.Delta(message_id=message, text=text, reasoning=reasoning):
                self._board.feed(message, text, reasoning)
            case news.MeterChanged(message_id=message, meter=meter):
                self._board.meter(message, meter)
                self._room.measured(message, meter)
            case news.TextBecameReasoning(message_id=message):
                return self._board.text_became_reasoning(message)
            case news.TurnStarted():
                return self._room.began()
            case news.TurnEnded(answer=answer):
                return self._end(answer)
            case news.MessageAmended():
                self._room.changed()
            case _:
                pass  # titles and removals change nothing that is on screen
        return None

    async def _end(self, answer: Message) -> None:
        await self._board.end(self._room.as_shown(answer))
        self._room.changed()
