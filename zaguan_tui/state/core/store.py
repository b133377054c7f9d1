"""Stores: the newest snapshot of one subject, and notification of its subscribers.

Pollers and commands put readings in, screens watch the immutable snapshots that come out.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Generic, TypeVar

from zaguan_tui.state.core.subscribers import Subscribers
from zaguan_tui.state.core.subscribers import Unsubscribe as Unsubscribe

T = TypeVar("T")

FAILURES_UNTIL_FAILING = 3
"""Failed polls in a row after which a subject that has a last good value is called failed, not stale."""


class Phase(enum.StrEnum):
    """How current a snapshot is."""

    FIRST_LOAD = "first load"
    FRESH = "fresh"
    STALE = "stale"
    FAILED = "failed"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a reading failed, in sentences a person can act on.

    ``sentence`` says what failed and why, ``next_step`` what to do; both end with a full stop. ``kind`` is
    the client's error kind (``authentication``, ``transport`` …), ``retry_after`` the server's wait in
    seconds.
    """

    sentence: str
    next_step: str = ""
    kind: str = "unknown"
    request_id: str | None = None
    retry_after: float | None = None
    endpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[T]):
    """One subject as last read: the value, when it was read, and what failed since.

    ``at`` is when ``value`` was read (aware UTC). ``failures`` counts failed polls since then,
    ``failing_since`` is the moment of the first of them, ``next_poll_at`` when the next try is due
    (``None``: not scheduled).
    """

    value: T | None = None
    at: datetime | None = None
    phase: Phase = Phase.FIRST_LOAD
    failures: int = 0
    failing_since: datetime | None = None
    problem: Problem | None = None
    next_poll_at: datetime | None = None
    source: str = ""
    version: int = 0

    def age(self, now: datetime) -> float | None:
        """Seconds since the value was read, or ``None`` when there is none."""
        return None if self.at is None else max(0.0, (now - self.at).total_seconds())


Subscriber = Callable[[Snapshot[T]], None]


@dataclass(slots=True)
class Store(Generic[T]):
    """Holds the newest snapshot of one subject and calls its subscribers when it changes."""

    source: str
    _snapshot: Snapshot[T] = field(init=False)
    _subscribers: Subscribers[Snapshot[T]] = field(init=False, default_factory=Subscribers)

    def __post_init__(self) -> None:
        self._snapshot = Snapshot(source=self.source)

    @property
    def snapshot(self) -> Snapshot[T]:
        """The newest snapshot."""
        return self._snapshot

    def watch(self, watcher: Subscriber[T], *, now: bool = True) -> Unsubscribe:
        """Call ``watcher`` with every new snapshot (and at once when ``now``); returns the undo."""
        unsubscribe = self._subscribers.add(watcher)
        if now:
            watcher(self._snapshot)
        return unsubscribe

    def succeed(self, value: T, at: datetime, *, next_poll_at: datetime | None = None) -> None:
        """Put a fresh reading in; earlier failures are forgotten."""
        self._publish(
            Snapshot(value=value, at=at, phase=Phase.FRESH, source=self.source, next_poll_at=next_poll_at)
        )

    def fail(
        self, problem: Problem, at: datetime, *, absent: bool = False, next_poll_at: datetime | None = None
    ) -> None:
        """Note a failed reading. The last good value stays; the third in a row turns stale into failed."""
        seen = self._snapshot
        failures = seen.failures + 1
        if absent:
            phase = Phase.ABSENT
        elif seen.value is None or failures >= FAILURES_UNTIL_FAILING:
            phase = Phase.FAILED
        else:
            phase = Phase.STALE
        self._publish(
            replace(
                seen,
                phase=phase,
                failures=failures,
                failing_since=seen.failing_since or at,
                problem=problem,
                next_poll_at=next_poll_at,
            )
        )

    def schedule(self, next_poll_at: datetime | None) -> None:
        """Say when the next reading is due; watchers are told, for countdowns."""
        if next_poll_at != self._snapshot.next_poll_at:
            self._publish(replace(self._snapshot, next_poll_at=next_poll_at))

    def put(self, snapshot: Snapshot[T]) -> None:
        """Put a whole snapshot in, as a subject joined from several others does; only its version is ours."""
        if replace(snapshot, version=self._snapshot.version) != self._snapshot:
            self._publish(snapshot)

    def forget(self) -> None:
        """Begin anew, as before the first reading: the subject is another one now."""
        self._publish(Snapshot(source=self.source))

    def _publish(self, snapshot: Snapshot[T]) -> None:
        self._snapshot = replace(snapshot, version=self._snapshot.version + 1)
        self._subscribers.notify(self._snapshot)


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """One finished call of ``source``. ``elapsed_s`` is the whole duration of a poll (``None``: not one that
    measures the line), ``problem`` is ``None`` if it went well.

    ``absent``: the server lacks the call. ``next_poll_at``: when this source is asked again.
    """

    source: str
    at: datetime
    elapsed_s: float | None
    problem: Problem | None = None
    absent: bool = False
    next_poll_at: datetime | None = None

    @property
    def ok(self) -> bool:
        """Whether the call brought a value."""
        return self.problem is None
