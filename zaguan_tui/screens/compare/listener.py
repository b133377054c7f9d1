"""Takes what the conversations tell, one notice after the other, to the lanes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Protocol

from zaguan_tui.screens.compare.lane_grid_view import LaneGridView
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.stream_meter import MeterReading
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.conversations import notices as news
from zaguan_tui.state.conversations.notices import ConversationNotice

if TYPE_CHECKING:
    from zaguan_tui.state.conversations.store import ConversationStore


class LaneObserver(Protocol):
    """What the room does with what it hears of the comparison on its desk."""

    async def began(self) -> None:
        """A run began: other answers stand in the lanes now."""

    def as_shown(self, answer: Message) -> Message:
        """An answer as it may be seen."""

    def measured(self, message_id: str, meter: MeterReading) -> None:
        """The figures of an answer moved."""

    def changed(self) -> None:
        """An answer is over, or something was learned of one."""

    def warned(self, sentence: str) -> None:
        """Something could not be kept."""


class ComparisonListener:
    """Hears every conversation, and shows the one on the desk. ``waiting`` is how many notices are not shown
    yet; ``sent`` is called with a conversation as soon as a prompt of it is on disk."""

    def __init__(
        self,
        conversations: ConversationStore,
        comparison: Comparison,
        board: LaneGridView,
        observer: LaneObserver,
        sent: Callable[[str], None],
    ) -> None:
        self._queue: asyncio.Queue[ConversationNotice] = asyncio.Queue()
        self._comparison, self._board, self._observer, self._sent = comparison, board, observer, sent
        self.close = conversations.watch(self._hear)

    @property
    def waiting(self) -> int:
        """The notices that are not shown yet."""
        return self._queue.qsize()

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            notice = await self._queue.get()
            if isinstance(notice, news.StorageFailed):
                self._observer.warned(notice.sentence)
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
                self._observer.measured(message, meter)
            case news.TextBecameReasoning(message_id=message):
                return self._board.text_became_reasoning(message)
            case news.TurnStarted():
                return self._observer.began()
            case news.TurnEnded(answer=answer):
                return self._end(answer)
            case news.MessageAmended():
                self._observer.changed()
            case _:
                pass  # titles and removals change nothing that is on screen
        return None

    async def _end(self, answer: Message) -> None:
        await self._board.end(self._observer.as_shown(answer))
        self._observer.changed()
