"""Takes what the session tells to the turns on the screen, one notice after the other: what is mounted must
be mounted in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from zaguan_tui.state.realtime import notices as news

if TYPE_CHECKING:
    from zaguan_tui.screens.realtime.turn_list import TurnList
    from zaguan_tui.state.realtime.session import RealtimeSession


class SessionListener:
    """Hears the session from its making on. ``logged``, ``changed`` and ``warned`` are called at once."""

    def __init__(
        self,
        session: RealtimeSession,
        talk: TurnList,
        *,
        logged: Callable[[], None],
        changed: Callable[[], None],
        warned: Callable[[str], None],
    ) -> None:
        self._queue: asyncio.Queue[news.SessionNotice] = asyncio.Queue()
        self._talk = talk
        self._turns = session.book.turns
        self._logged, self._changed, self._warned = logged, changed, warned
        self.close = session.watch(self._hear)

    async def run(self) -> None:
        """Show the turns there are, then listen until cancelled."""
        await self._talk.open(self._turns)
        while True:
            batch = [await self._queue.get()]
            while not self._queue.empty():
                batch.append(self._queue.get_nowait())
            for notice in drop_replaced_figures(batch):
                await self._show(notice)

    def _hear(self, notice: news.SessionNotice) -> None:
        if isinstance(notice, news.EventLogged):
            self._logged()
            return
        if isinstance(notice, news.SessionError):
            self._warned(notice.problem.sentence)
            return
        if not isinstance(notice, news.TextAdded | news.TurnChanged):
            self._changed()
        if not isinstance(notice, news.StatusChanged):
            self._queue.put_nowait(notice)

    async def _show(self, notice: news.SessionNotice) -> None:
        match notice:
            case news.TurnStarted(turn=turn):
                await self._talk.start(turn)
            case news.TextAdded(turn_id=turn_id, text=text):
                if (view := self._talk.view(turn_id)) is not None:
                    view.feed(text)
            case news.TurnChanged(turn=turn):
                if (view := self._talk.view(turn.id)) is not None:
                    view.show(turn)
            case news.TurnEnded(turn=turn):
                if (view := self._talk.view(turn.id)) is not None:
                    await view.end(turn)
            case _:
                pass


def drop_replaced_figures(batch: Sequence[news.SessionNotice]) -> list[news.SessionNotice]:
    """The notices without the figures that a later one of the batch replaces: sound comes in many pieces."""
    kept: list[news.SessionNotice] = []
    replaced: set[int] = set()
    for notice in reversed(batch):
        if isinstance(notice, news.TurnChanged):
            if notice.turn.id in replaced:
                continue
            replaced.add(notice.turn.id)
        kept.append(notice)
    return kept[::-1]
