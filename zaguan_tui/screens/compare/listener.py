"""Listener of the conversations that shows streaming answers of a comparison in its lanes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.common.notice_queue import NoticeQueue
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.compare.compare_view import CompareView
from zaguan_tui.screens.compare.lanes.presenter import LanePresenter
from zaguan_tui.screens.compare.ranking.controller import RankingController
from zaguan_tui.state.comparison.comparison import Comparison
from zaguan_tui.state.conversations import notices
from zaguan_tui.state.conversations.notices import ConversationNotice
from zaguan_tui.state.core.store import Snapshot

if TYPE_CHECKING:
    from zaguan_tui.state.app_state import AppState


@dataclass(slots=True, eq=False)
class ComparisonListener:
    """Subscribes to every conversation, and shows the open comparison.

    A prompt is no draft any more as soon as it is on disk, whichever comparison it belongs to.
    """

    services: ScreenServices
    app_state: AppState
    comparison: Comparison
    view: CompareView
    presenter: LanePresenter
    ranking: RankingController
    drafts: DraftKeeper
    _queue: NoticeQueue[ConversationNotice] | None = None

    @property
    def is_open(self) -> bool:
        """Whether conversations can be read and kept."""
        return self._queue is not None

    def on_ready(self, snapshot: Snapshot[bool]) -> None:
        """Subscribe once the conversations are open, and restore the draft."""
        if snapshot.value and self._queue is None:
            self._queue = NoticeQueue(self.app_state.conversations.watch, self._on_notice)
            self.services.run("listen", self._run, self._queue, exclusive=True)

    async def close(self) -> None:
        """Save what was typed last, and unsubscribe."""
        await self.drafts.flush()
        if self._queue is not None:
            self._queue.close()

    async def _run(self, queue: NoticeQueue[ConversationNotice]) -> None:
        await self.drafts.begin()
        await queue.drain(self._show)

    def _on_notice(self, notice: ConversationNotice) -> bool:
        if isinstance(notice, notices.TurnStarted):
            self.drafts.sent(notice.conversation_id)
        return True

    async def _show(self, notice: ConversationNotice) -> None:
        if isinstance(notice, notices.StorageFailed):
            self.services.warn(notice.sentence)
            return
        if notice.conversation_id != self.comparison.id:
            return
        grid = self.view.grid
        match notice:
            case notices.Delta(message_id=message, text=text, reasoning=reasoning):
                grid.feed(message, text, reasoning)
            case notices.MeterChanged(message_id=message, meter=meter):
                grid.meter(message, meter)
                self.ranking.record_meter(message, meter)
            case notices.TextBecameReasoning(message_id=message):
                await grid.text_became_reasoning(message)
            case notices.TurnStarted():
                await self.view.show()
            case notices.TurnEnded(answer=answer):
                await grid.end(self.presenter.mask(answer))
                self._on_answer_changed()
            case notices.MessageAmended():
                self._on_answer_changed()
            case _:
                pass  # titles and removals change nothing that is on screen

    def _on_answer_changed(self) -> None:
        self.ranking.update_soon()
        self.view.refresh_keys()
