"""Asks one source again and again, politely, and puts what it hears into a store."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from zaguan_tui.state.core.clock import Clock, run_within, sleep_or_event
from zaguan_tui.state.core.governor import PollGovernor
from zaguan_tui.state.core.poll_outcome import PollOutcome
from zaguan_tui.state.core.problems import explain_error, is_unsupported_call
from zaguan_tui.state.core.schedule import PollState, Schedule
from zaguan_tui.state.core.store import Problem, Store

T = TypeVar("T")

Explain = Callable[[BaseException], Problem]
"""Turns an error into the sentences a person sees."""

_SAME_MOMENT_S = 0.5


class Poller(Generic[T]):
    """One source, at most one request in flight, each with a time limit.

    Intervals are seconds and vary by a tenth. ``hidden_interval`` holds while no visible room watches
    (``None``: do not ask at all then). Failures back off to 60 s, a ``Retry-After`` is obeyed, a source the
    server lacks is asked ever more seldom. Paused and unfocused are the governor's to say. ``refresh`` works
    in any case.
    """

    def __init__(
        self,
        store: Store[T],
        read: Callable[[], Awaitable[T]],
        *,
        interval: float,
        hidden_interval: float | None,
        timeout: float,
        clock: Clock,
        governor: PollGovernor,
        seed: int | str = 0,
        explain: Explain = explain_error,
        on_outcome: Callable[[PollOutcome], None] | None = None,
        is_partial: Callable[[T], bool] | None = None,
    ) -> None:
        """``on_outcome`` is called with each poll's outcome, after the store. A value of which ``is_partial``
        is true was read in part only, and is asked for again before its interval is over.
        """
        self._store = store
        self._read = read
        self._schedule = Schedule(interval, hidden_interval)
        self._alert_schedule: Schedule | None = None
        self._timeout = timeout
        self._clock = clock
        self._governor = governor
        self._random = random.Random(f"{store.source}:{seed}")
        self._explain = explain
        self._on_outcome = on_outcome
        self._is_partial = is_partial
        self._visible = 0
        self._wake = asyncio.Event()
        self._flight: asyncio.Task[None] | None = None
        self._ended_at: float | None = None
        self._jitter = 0.0
        self._state = PollState()

    @property
    def store(self) -> Store[T]:
        """Where the readings go."""
        return self._store

    @property
    def visible(self) -> int:
        """How many visible rooms watch."""
        return self._visible

    @property
    def in_flight(self) -> bool:
        """Whether a request is under way."""
        return self._flight is not None

    def set_visible(self, rooms: int) -> None:
        """Say how many visible rooms watch; the first one makes an overdue poll run at once."""
        if rooms != self._visible:
            self._visible = max(0, rooms)
            self._wake.set()

    def set_interval(self, interval: float, hidden_interval: float | None) -> None:
        """Change the usual pace."""
        self._schedule = Schedule(interval, hidden_interval)
        self._wake.set()

    def set_alert_schedule(self, schedule: Schedule | None) -> None:
        """Poll by ``schedule`` where it is faster than the usual pace; ``None`` goes back to that."""
        if schedule != self._alert_schedule:
            self._alert_schedule = schedule
            self._wake.set()

    def set_timeout(self, seconds: float) -> None:
        """Give up a reading after ``seconds``, from the next one on."""
        self._timeout = seconds

    def retry_now(self) -> None:
        """Ask at once if the last poll failed or brought only a part: another source has just succeeded.

        A wait that the server asked for is kept.
        """
        state = self._state
        if (state.failures or state.partial) and state.retry_after is None:
            self._ended_at = None
            self._wake.set()

    async def refresh(self) -> None:
        """Ask now, whatever the schedule says, and return when the store knows. Joins a poll under way.

        Failures end up in the store, not here.
        """
        await asyncio.wait({self._launch()})
        self._wake.set()

    async def run(self) -> None:
        """Poll until cancelled; the poll under way is cancelled too."""
        unsubscribe = self._governor.watch(lambda _: self._wake.set(), now=False)
        try:
            while True:
                self._wake.clear()
                left = self._left()
                if left is not None and left <= 0:
                    await asyncio.wait({self._launch()})
                    continue
                self._announce(left)
                await sleep_or_event(self._clock, left, self._wake)
        finally:
            unsubscribe()
            await self._drop_flight()

    def _launch(self) -> asyncio.Task[None]:
        if self._flight is None:
            self._flight = asyncio.create_task(self._poll(), name=f"poll {self._store.source}")
        return self._flight

    async def _drop_flight(self) -> None:
        flight = self._flight
        if flight is not None:
            flight.cancel()
            await asyncio.wait({flight})

    async def _poll(self) -> None:
        started = self._clock.monotonic()
        self._governor.count_poll()
        try:
            value = await run_within(self._clock, self._timeout, self._read())
        except Exception as error:  # noqa: BLE001 - boundary of the house: whatever a read raises is a problem
            self._fail(started, error)
        else:
            self._succeed(started, value)
        finally:
            self._ended_at = self._clock.monotonic()
            self._flight = None

    def _succeed(self, started: float, value: T) -> None:
        partial = self._is_partial is not None and self._is_partial(value)
        outcome = self._book(started, None, absent=False, partial=partial)
        self._tell(outcome, lambda: self._store.succeed(value, outcome.at, next_poll_at=outcome.next_poll_at))

    def _fail(self, started: float, error: Exception) -> None:
        problem, absent = self._explain(error), is_unsupported_call(error)
        outcome = self._book(started, problem, absent=absent)
        self._tell(
            outcome,
            lambda: self._store.fail(problem, outcome.at, absent=absent, next_poll_at=outcome.next_poll_at),
        )

    def _book(
        self, started: float, problem: Problem | None, *, absent: bool, partial: bool = False
    ) -> PollOutcome:
        """Close the books of one poll: when it ended, what it came to, when the next is due."""
        ended = self._ended_at = self._clock.monotonic()
        self._jitter = self._random.uniform(-1.0, 1.0)
        failures = self._store.snapshot.failures + 1 if problem else 0
        self._state = PollState(
            failures=failures,
            partial=self._state.partial + 1 if partial else 0,
            absent=absent,
            line_failed=problem is not None and problem.kind == "transport",
            retry_after=problem.retry_after if problem else None,
        )
        next_at = self._moment(self._left())
        return PollOutcome(self._store.source, self._clock.now(), ended - started, problem, absent, next_at)

    def _tell(self, outcome: PollOutcome, put: Callable[[], None]) -> None:
        """Put the outcome into the store and tell the listener; a watcher's fault never ends the polling."""
        on_outcome = self._on_outcome
        for step in (put, (lambda: on_outcome(outcome)) if on_outcome else None):
            if step is None:
                continue
            try:
                step()
            except Exception as fault:  # noqa: BLE001 - boundary: handed on to the event loop's handler
                self._report(fault)

    def _report(self, fault: Exception) -> None:
        """Hand a watcher's fault to the event loop's exception handler, where faults of callbacks go."""
        asyncio.get_running_loop().call_exception_handler(
            {"message": f"a watcher of {self._store.source} failed", "exception": fault}
        )

    def _left(self) -> float | None:
        """Seconds until the next poll is due; ``None`` when none is scheduled."""
        if self._governor.paused:
            return None
        schedule = self._schedule.faster(self._alert_schedule) if self._alert_schedule else self._schedule
        delay = schedule.delay(
            self._state, visible=self._visible > 0, focused=self._governor.focused, jitter=self._jitter
        )
        if delay is None:
            return None
        return 0.0 if self._ended_at is None else self._ended_at + delay - self._clock.monotonic()

    def _moment(self, left: float | None) -> datetime | None:
        return None if left is None else self._clock.now() + timedelta(seconds=max(0.0, left))

    def _announce(self, left: float | None) -> None:
        """Let countdowns know when the next poll is due, unless they do already."""
        known, due = self._store.snapshot.next_poll_at, self._moment(left)
        if known is None or due is None or abs((known - due).total_seconds()) > _SAME_MOMENT_S:
            self._store.schedule(due)
