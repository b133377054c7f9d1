"""A realtime session that outlives the room which shows it: connect, say, stop, change, disconnect.

One connection at a time. A new one is a new session, of which the server remembers nothing; the turns and the
log of those before stay.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from zaguan_tui.state.answer_masks import AnswerMasks
from zaguan_tui.state.clock import Clock
from zaguan_tui.state.problems import INTERNAL
from zaguan_tui.state.store import Problem
from zaguan_tui.state.watchers import Unwatch, Watchers

from . import news
from .book import TurnBook
from .closing import problem_of, words_of
from .log import EventLog, LogEntry
from .news import Gauge, Notice, Phase, SessionStatus
from .told import failed, with_session
from .turns import RealtimeTurn, ToolRequest, TurnEnding

if TYPE_CHECKING:
    from zaguan_tui.client.realtime import RealtimeSession as Connection
    from zaguan_tui.client.realtime_events import ServerEvent
    from zaguan_tui.client.realtime_requests import ClientEvent

HUNG_UP: Final = "Closed by you."
LEFT: Final = "The gateway was left, and the session with it."
QUITTING: Final = "The program ends."
GOODBYE_S: Final = 2.0
"""Seconds that a server has to answer our goodbye: nobody waits longer to leave."""


class NotOpenError(Exception):
    """Something was said while no session is open."""


class AnsweringError(Exception):
    """A turn was begun while another one runs."""


class Door(Protocol):
    """Where the gateway is."""

    @property
    def address(self) -> str:
        """Host and port."""
        ...

    def realtime(self, *, model: str) -> Connection:
        """A connection, not yet made. Raises when there is no gateway."""
        ...

    def explain(self, error: BaseException) -> Problem:
        """The problem behind an error."""
        ...


class RealtimeSession:
    """What the server does never raises: it is in the status, in the turns and in the log."""

    def __init__(
        self, door: Door, clock: Clock, masks: Callable[[], AnswerMasks | None] = lambda: None
    ) -> None:
        """``masks``, asked for at each connection, take secrets out of what is said and logged."""
        self._masks = masks
        self._door = door
        self._clock = clock
        self._watchers: Watchers[Notice] = Watchers()
        self._task: asyncio.Task[None] | None = None
        self._connection: Connection | None = None
        self._why_hung_up = HUNG_UP
        self._sent = 0
        self._wishes: dict[str, Any] = {}
        self.status = SessionStatus()
        self.log = EventLog()
        self.book = TurnBook(self._watchers.tell, door.explain)

    @property
    def wishes(self) -> Mapping[str, Any]:
        """The fields of the session that were set here; each new session gets them."""
        return self._wishes

    @property
    def running(self) -> RealtimeTurn | None:
        """The turn that is not over."""
        return self.book.running

    @property
    def live(self) -> bool:
        """Whether there is a connection, or one being made."""
        return self.status.phase in (Phase.CONNECTING, Phase.OPEN)

    def watch(self, watcher: Callable[[Notice], None]) -> Unwatch:
        """Hear every change from now on; returns the undo."""
        return self._watchers.add(watcher)

    def connect(self, model: str) -> None:
        """Begin a new session with ``model``. Does nothing while there is one. Needs a running event loop."""
        if self._task is not None:
            return
        self._why_hung_up = HUNG_UP
        self.book.masks = masks = self._masks() or AnswerMasks()
        self.log.redact = masks.redact
        number, at = self.status.number + 1, self._clock.monotonic()
        self._set(SessionStatus(Phase.CONNECTING, number, model, self._door.address))
        self.log.begin(number, at)
        self._logged(self.log.note("connecting", f"{model} on {self._door.address or 'no gateway'}", at))
        self._task = asyncio.create_task(self._run(model), name="realtime session")
        self._task.add_done_callback(_report)

    async def disconnect(self, why: str = HUNG_UP) -> None:
        """Say goodbye and close; turns and log stay. Harmless without a session."""
        if (task := self._task) is not None:
            self._why_hung_up = why
            task.cancel()
            await asyncio.wait({task}, timeout=GOODBYE_S)
            if self._task is task:  # it had not begun to run, or the server does not answer the goodbye
                self._over(why, None, None, TurnEnding.CANCELLED)

    async def say(self, text: str) -> RealtimeTurn:
        """Add a turn of text and ask for the answer.

        Raises :class:`NotOpenError` without a session, :class:`AnsweringError` while a turn runs.
        """
        from zaguan_tui.client.realtime_requests import say

        return await self._ask(text, [partial(say, text)])

    async def answer(self, outputs: Sequence[tuple[ToolRequest, str]]) -> RealtimeTurn:
        """Hand back what the functions gave that were asked for, and ask to go on. Raises as :meth:`say`."""
        from zaguan_tui.client.realtime_requests import answer_call

        told = "\n".join(f"{call.name or 'the function'} gave {output}" for call, output in outputs)
        return await self._ask(told, [partial(answer_call, call.call_id, output) for call, output in outputs])

    async def _ask(self, prompt: str, items: Sequence[Callable[..., ClientEvent]]) -> RealtimeTurn:
        from zaguan_tui.client.realtime_requests import create_response

        if self._connection is None or self.status.phase is not Phase.OPEN:
            raise NotOpenError
        if self.running is not None:
            raise AnsweringError
        named = [(make, self._event_id()) for make in (*items, create_response)]
        ids = tuple(event_id for _, event_id in named)
        turn = self.book.begin(self.status.number, prompt, self._clock.monotonic(), ids)
        try:
            for make, event_id in named:
                await self._send(make(event_id=event_id))
        except Exception as error:  # noqa: BLE001 - boundary of the house: it is the turn's problem
            self.book.fail(turn.id, self._door.explain(error), self._clock.monotonic())
        return self.book.get(turn.id) or turn

    async def stop(self) -> bool:
        """Ask the server to end the answer; what came is kept. Says whether there was one."""
        from zaguan_tui.client.realtime_requests import cancel_response

        turn = self.running
        if turn is None or self._connection is None:
            return False
        self.book.stopping(turn.id)
        await self._try_to_send(cancel_response(turn.response_id, event_id=self._event_id()))
        return True

    async def change(self, fields: Mapping[str, Any]) -> None:
        """Set fields of the session: of the open one now, of those to come when they begin."""
        self._wishes = dict(fields)
        if fields and self.status.phase is Phase.OPEN and self.status.session_id is not None:
            await self._update()

    async def leave(self) -> None:
        """Another gateway is taken: close."""
        await self.disconnect(LEFT)

    async def aclose(self) -> None:
        """The program ends: close cleanly."""
        await self.disconnect(QUITTING)

    async def _run(self, model: str) -> None:
        """Connect and listen until it is over, however it ends."""
        connection = None
        try:
            connection = self._door.realtime(model=model)
            async with connection:
                self._connection = connection
                self._set(replace(self.status, phase=Phase.OPEN, opened_at=self._clock.now()))
                async for event in connection:
                    await self._take(event)
            self._ended(connection, None)
        except asyncio.CancelledError:
            if self._task is asyncio.current_task():
                self._over(self._why_hung_up, None, None, TurnEnding.CANCELLED)
            raise
        except Exception as error:  # boundary of the house: whatever a session raises is a problem
            self._ended(connection, error)
            if self.status.problem is not None and self.status.problem.kind == INTERNAL:
                raise

    def _ended(self, connection: Connection | None, error: Exception | None) -> None:
        """It ended by itself: refused, hung up by the server, or cut."""
        closing = None if connection is None else connection.closing
        transport = error is None or getattr(error, "kind", None) == "transport"
        if closing is None or not transport:
            problem = self._door.explain(error) if error is not None else None
            words = problem.sentence if problem is not None else "The session is over."
            self._over(words, problem, None if closing is None else closing.code, TurnEnding.TRUNCATED)
        else:
            self._over(words_of(closing), problem_of(closing), closing.code, TurnEnding.TRUNCATED)

    def _over(self, words: str, problem: Problem | None, code: int | None, ending: TurnEnding) -> None:
        self._task = self._connection = None
        at = self._clock.monotonic()
        cut = Problem(words) if ending is TurnEnding.TRUNCATED else None
        self.book.end_all(ending, at, cut)
        word = "closed" if code is None else f"closed {code}"
        self._logged(self.log.note(word, words, at, trouble=problem is not None))
        self._set(
            replace(
                self.status,
                phase=Phase.CLOSED,
                closed_at=self._clock.now(),
                code=code,
                words=words,
                problem=problem,
            )
        )

    async def _take(self, event: ServerEvent) -> None:
        from zaguan_tui.client.realtime_events import (
            ErrorEvent,
            OutputEvent,
            RateLimitsEvent,
            SessionEvent,
            UnreadableFrame,
        )

        at = self._clock.monotonic()
        octets = len(event.audio) if isinstance(event, OutputEvent) else 0
        trouble = isinstance(event, ErrorEvent | UnreadableFrame) or failed(event.raw)
        self._logged(self.log.received(event.type, event.raw, at, octets=octets, trouble=trouble))
        if isinstance(event, SessionEvent):
            self._set(with_session(self.status, event.session))
            if event.type == "session.created" and self._wishes:
                await self._update()
        elif isinstance(event, RateLimitsEvent):
            limits = (Gauge(one.name, one.limit, one.remaining, one.reset_s) for one in event.limits)
            self._set(replace(self.status, gauges=tuple(limits)))
        elif isinstance(event, ErrorEvent) and not self.book.waits_for(event.caused_by):
            self._watchers.tell(news.ErrorCame(self._door.explain(event.error)))
        self.book.take(event, self.status.number, at, self.status.sound)

    async def _update(self) -> None:
        from zaguan_tui.client.realtime_requests import update_session

        await self._try_to_send(
            update_session({"type": "realtime", **self._wishes}, event_id=self._event_id())
        )

    async def _try_to_send(self, event: ClientEvent) -> None:
        """A session that breaks meanwhile is told by the one who listens."""
        try:
            await self._send(event)
        except Exception as error:  # noqa: BLE001 - boundary of the house
            about = self._door.explain(error).sentence
            self._logged(self.log.note("not sent", about, self._clock.monotonic(), trouble=True))

    async def _send(self, event: ClientEvent) -> None:
        if self._connection is None:
            raise NotOpenError
        self._logged(self.log.sent(event.type, event.frame(), self._clock.monotonic()))
        await self._connection.send(event)

    def _event_id(self) -> str:
        self._sent += 1
        return f"zaguan_{self._sent}"

    def _set(self, status: SessionStatus) -> None:
        self.status = status
        self._watchers.tell(news.StatusChanged(status))

    def _logged(self, entry: LogEntry) -> None:
        self._watchers.tell(news.Logged(entry))


def _report(task: asyncio.Task[None]) -> None:
    """A fault of ours must be heard of."""
    fault = None if task.cancelled() else task.exception()
    if fault is not None:
        task.get_loop().call_exception_handler({"message": f"{task.get_name()} died", "exception": fault})
