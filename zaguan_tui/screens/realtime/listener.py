"""Listener of the realtime session that shows its turns as they stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from zaguan_tui.screens.common.notice_queue import NoticeQueue
from zaguan_tui.state.realtime import notices
from zaguan_tui.state.realtime.notices import SessionNotice

if TYPE_CHECKING:
    from zaguan_tui.screens.realtime.turn_list import TurnList
    from zaguan_tui.state.realtime.session import RealtimeSession


class SessionListener:
    """Subscribes at once; calls ``on_event``, ``on_change`` and ``on_warning`` as notices arrive."""

    def __init__(
        self,
        session: RealtimeSession,
        turns: TurnList,
        *,
        on_event: Callable[[], None],
        on_change: Callable[[], None],
        on_warning: Callable[[str], None],
    ) -> None:
        self._turns, self._first_turns = turns, session.book.turns
        self._on_event, self._on_change, self._on_warning = on_event, on_change, on_warning
        self._queue = NoticeQueue(session.watch, self._on_notice)
        self.close = self._queue.close

    async def run(self) -> None:
        """Show the turns there are, then notices until cancelled."""
        await self._turns.open(self._first_turns)
        await self._queue.drain(self._show, drop_replaced_figures)

    def _on_notice(self, notice: SessionNotice) -> bool:
        """Whether a notice is queued: one about a turn."""
        match notice:
            case notices.EventLogged():
                self._on_event()
                return False
            case notices.SessionError(problem=problem):
                self._on_warning(problem.sentence)
                return False
        if not isinstance(notice, notices.TextAdded | notices.TurnChanged):
            self._on_change()
        return not isinstance(notice, notices.StatusChanged)

    async def _show(self, notice: SessionNotice) -> None:
        match notice:
            case notices.TurnStarted(turn=turn):
                await self._turns.start(turn)
            case notices.TextAdded(turn_id=turn_id, text=text):
                if (view := self._turns.view(turn_id)) is not None:
                    view.feed(text)
            case notices.TurnChanged(turn=turn):
                if (view := self._turns.view(turn.id)) is not None:
                    view.show(turn)
            case notices.TurnEnded(turn=turn):
                if (view := self._turns.view(turn.id)) is not None:
                    await view.end(turn)
            case _:
                pass


def drop_replaced_figures(batch: Sequence[SessionNotice]) -> list[SessionNotice]:
    """The notices without the figures that a later one of the batch replaces: sound comes in many pieces."""
    latest: list[SessionNotice] = []
    seen: set[int] = set()
    for notice in reversed(batch):
        if isinstance(notice, notices.TurnChanged):
            if notice.turn.id in seen:
                continue
            seen.add(notice.turn.id)
        latest.append(notice)
    return latest[::-1]
