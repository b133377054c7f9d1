"""A realtime session that outlives the screen that shows it: connect, send, stop, update, disconnect.

One connection at a time. A new one is a new session, of which the server remembers nothing; the turns and the
log of those before stay.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from zaguan_tui.client.errors.exceptions import TransportError
from zaguan_tui.client.realtime.events import (
    ErrorEvent,
    OutputEvent,
    RateLimitsEvent,
    SessionEvent,
    UnreadableFrame,
)
from zaguan_tui.client.realtime.requests import (
    answer_call,
    cancel_response,
    create_response,
    say,
    update_session,
)
from zaguan_tui.state.chat.answer_masks import AnswerMasks
from zaguan_tui.state.core.clock import Clock, report_task_fault
from zaguan_tui.state.core.problems import INTERNAL
from zaguan_tui.state.core.store import Problem
from zaguan_tui.state.core.subscribers import Subscribers, Unsubscribe
from zaguan_tui.state.realtime import notices as news
from zaguan_tui.state.realtime.event_log import EventLog, LogEntry
from zaguan_tui.state.realtime.notices import LimitGauge, Phase, SessionNotice, SessionStatus
from zaguan_tui.state.realtime.session_close import closing_problem, describe_closing
from zaguan_tui.state.realtime.session_fields import apply_session, has_failed
from zaguan_tui.state.realtime.turn_log import TurnLog
from zaguan_tui.state.realtime.turns import RealtimeTurn, ToolRequest, TurnEnding
from zaguan_tui.state.subject import Subject

if TYPE_CHECKING:
    from zaguan_tui.client.realtime.events import ServerEvent
    from zaguan_tui.client.realtime.requests import ClientEvent
    from zaguan_tui.client.realtime.session import RealtimeSession as Connection

SERVER_CLOSED: Final = "Closed by you."
GATEWAY_LEFT: Final = "The gateway was left, and the session with it."
APP_CLOSED: Final = "The program ends."
CLOSE_TIMEOUT_S: Final = 2.0
"""Seconds that a server has to answer our goodbye: nobody waits longer to leave."""


class NotOpenError(Exception):
    """No session is open."""


class AnsweringError(Exception):
    """A turn was begun while another one runs."""


class RealtimeClient(Protocol):
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


class RealtimeSession(Subject):
    """What the server does never raises: it is in the status, in the turns and in the log."""

    def __init__(
        self,
        client_handle: RealtimeClient,
        clock: Clock,
        masks: Callable[[], AnswerMasks | None] = lambda: None,
    ) -> None:
        """``masks``, asked for at each connection, take secrets out of what is said and logged."""
        self._masks = masks
        self._client_handle = client_handle
        self._clock = clock
        self._subscribers: Subscribers[SessionNotice] = Subscribers()
        self._task: asyncio.Task[None] | None = None
        self._connection: Connection | None = None
        self._why_hung_up = SERVER_CLOSED
        self._sent = 0
        self._requested_settings: dict[str, Any] = {}
        self.status = SessionStatus()
        self.log = EventLog()
        self.book = TurnLog(self._subscribers.notify, client_handle.explain)

    @property
    def requested_settings(self) -> Mapping[str, Any]:
        """The fields of the session that were set here; each new session gets them."""
        return self._requested_settings

    @property
    def running(self) -> RealtimeTurn | None:
        """The turn that is not over."""
        return self.book.running

    @property
    def live(self) -> bool:
        """Whether there is a connection, or one being made."""
        return self.status.phase in (Phase.CONNECTING, Phase.OPEN)

    def watch(self, watcher: Callable[[SessionNotice], None]) -> Unsubscribe:
        """Hear every change from now on; returns the undo."""
        return self._subscribers.add(watcher)

    def connect(self, model: str) -> None:
        """Begin a new session with ``model``. Does nothing while there is one. Needs a running event loop."""
        if self._task is not None:
            return
        self._why_hung_up = SERVER_CLOSED
        self.book.masks = masks = self._masks() or AnswerMasks()
        self.log.redact = masks.redact
        number, at = self.status.number + 1, self._clock.monotonic()
        self._set(SessionStatus(Phase.CONNECTING, number, model, self._client_handle.address))
        self.log.begin(number, at)
        self._on_log_entry(
            self.log.note("connecting", f"{model} on {self._client_handle.address or 'no gateway'}", at)
        )
        self._task = asyncio.create_task(self._run(model), name="realtime session")
        self._task.add_done_callback(report_task_fault)

    async def disconnect(self, why: str = SERVER_CLOSED) -> None:
        """Say goodbye and close; turns and log stay. Harmless without a session."""
        if (task := self._task) is not None:
            self._why_hung_up = why
            task.cancel()
            await asyncio.wait({task}, timeout=CLOSE_TIMEOUT_S)
            if self._task is task:  # it had not begun to run, or the server does not answer the goodbye
                self._end_session(why, None, None, TurnEnding.CANCELLED)

    async def say(self, text: str) -> RealtimeTurn:
        """Add a turn of text and ask for the answer.

        Raises :class:`NotOpenError` without a session, :class:`AnsweringError` while a turn runs.
        """
        return await self._begin_turn(text, [partial(say, text)])

    async def answer(self, outputs: Sequence[tuple[ToolRequest, str]]) -> RealtimeTurn:
        """Hand back what the functions gave that were asked for, and ask to go on. Raises as :meth:`say`."""
        outputs_text = "\n".join(f"{call.name or 'the function'} gave {output}" for call, output in outputs)
        return await self._begin_turn(
            outputs_text, [partial(answer_call, call.call_id, output) for call, output in outputs]
        )

    async def _begin_turn(self, prompt: str, items: Sequence[Callable[..., ClientEvent]]) -> RealtimeTurn:
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
        except Exception as error:  # noqa: BLE001 - boundary: it is the turn's problem
            self.book.fail(turn.id, self._client_handle.explain(error), self._clock.monotonic())
        return self.book.get(turn.id) or turn

    async def stop(self) -> bool:
        """Ask the server to end the answer; what came is kept. Says whether there was one."""
        turn = self.running
        if turn is None or self._connection is None:
            return False
        self.book.stopping(turn.id)
        await self._try_to_send(cancel_response(turn.response_id, event_id=self._event_id()))
        return True

    async def change(self, fields: Mapping[str, Any]) -> None:
        """Set fields of the session: of the open one now, of those to come when they begin."""
        self._requested_settings = dict(fields)
        if fields and self.status.phase is Phase.OPEN and self.status.session_id is not None:
            await self._update()

    async def on_disconnect(self) -> None:
        """Another gateway is taken: close."""
        await self.disconnect(GATEWAY_LEFT)

    async def aclose(self) -> None:
        """The program ends: close cleanly."""
        await self.disconnect(APP_CLOSED)

    async def _run(self, model: str) -> None:
        """Connect and listen until it is over, however it ends."""
        connection = None
        try:
            connection = self._client_handle.realtime(model=model)
            async with connection:
                self._connection = connection
                self._set(replace(self.status, phase=Phase.OPEN, opened_at=self._clock.now()))
                async for event in connection:
                    await self._handle_event(event)
            self._on_connection_end(connection, None)
        except asyncio.CancelledError:
            if self._task is asyncio.current_task():
                self._end_session(self._why_hung_up, None, None, TurnEnding.CANCELLED)
            raise
        except Exception as error:  # boundary: whatever a session raises is a problem
            self._on_connection_end(connection, error)
            if self.status.problem is not None and self.status.problem.kind == INTERNAL:
                raise

    def _on_connection_end(self, connection: Connection | None, error: Exception | None) -> None:
        """It ended by itself: refused, hung up by the server, or cut."""
        closing = None if connection is None else connection.closing
        transport = error is None or isinstance(error, TransportError)
        if closing is None or not transport:
            problem = self._client_handle.explain(error) if error is not None else None
            words = problem.sentence if problem is not None else "The session is over."
            self._end_session(words, problem, None if closing is None else closing.code, TurnEnding.TRUNCATED)
        else:
            self._end_session(
                describe_closing(closing), closing_problem(closing), closing.code, TurnEnding.TRUNCATED
            )

    def _end_session(self, words: str, problem: Problem | None, code: int | None, ending: TurnEnding) -> None:
        self._task = self._connection = None
        at = self._clock.monotonic()
        cut = Problem(words) if ending is TurnEnding.TRUNCATED else None
        self.book.end_all(ending, at, cut)
        word = "closed" if code is None else f"closed {code}"
        self._on_log_entry(self.log.note(word, words, at, trouble=problem is not None))
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

    async def _handle_event(self, event: ServerEvent) -> None:
        at = self._clock.monotonic()
        octets = len(event.audio) if isinstance(event, OutputEvent) else 0
        trouble = isinstance(event, ErrorEvent | UnreadableFrame) or has_failed(event.raw)
        self._on_log_entry(self.log.received(event.type, event.raw, at, octets=octets, trouble=trouble))
        if isinstance(event, SessionEvent):
            self._set(apply_session(self.status, event.session))
            if event.type == "session.created" and self._requested_settings:
                await self._update()
        elif isinstance(event, RateLimitsEvent):
            limits = (LimitGauge(one.name, one.limit, one.remaining, one.reset_s) for one in event.limits)
            self._set(replace(self.status, gauges=tuple(limits)))
        elif isinstance(event, ErrorEvent) and not self.book.waits_for(event.caused_by):
            self._subscribers.notify(news.SessionError(self._client_handle.explain(event.error)))
        self.book.take(event, self.status.number, at, self.status.sound)

    async def _update(self) -> None:
        await self._try_to_send(
            update_session({"type": "realtime", **self._requested_settings}, event_id=self._event_id())
        )

    async def _try_to_send(self, event: ClientEvent) -> None:
        """A session that breaks meanwhile is told by the one who listens."""
        try:
            await self._send(event)
        except Exception as error:  # noqa: BLE001 - boundary: a fault of the session is a problem, not a crash
            about = self._client_handle.explain(error).sentence
            self._on_log_entry(self.log.note("not sent", about, self._clock.monotonic(), trouble=True))

    async def _send(self, event: ClientEvent) -> None:
        if self._connection is None:
            raise NotOpenError
        self._on_log_entry(self.log.sent(event.type, event.frame(), self._clock.monotonic()))
        await self._connection.send(event)

    def _event_id(self) -> str:
        self._sent += 1
        return f"zaguan_{self._sent}"

    def _set(self, status: SessionStatus) -> None:
        self.status = status
        self._subscribers.notify(news.StatusChanged(status))

    def _on_log_entry(self, entry: LogEntry) -> None:
        self._subscribers.notify(news.EventLogged(entry))
