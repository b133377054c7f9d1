"""Connection health, judged by the outcomes of all polls."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from zaguan_tui.state.core.clock import Clock
from zaguan_tui.state.core.problems import ARGUMENT, INTERNAL, NOT_A_GATEWAY, NOT_CONNECTED, UNREADABLE
from zaguan_tui.state.core.store import PollOutcome, Problem
from zaguan_tui.state.core.subscribers import Subscribers, Unsubscribe
from zaguan_tui.text.sentences import format_span

SMOOTHING = 0.3
"""Weight of the newest poll in the latency shown."""

LATENCY_OLD_AFTER_S = 60.0
"""A latency measured longer ago than this is shown with its age."""

FAILURES_UNTIL_LOST = 2
"""Failed polls in a row that turn a live line into a lost one; a single one may be an accident."""


class LinkPhase(enum.StrEnum):
    """The phase of the connection to the gateway.

    ``REACHABLE``: it answers, but lacks every call that was polled so far, so nothing is known to work.
    ``BLOCKED``: calls fail on this machine before anything is sent.
    """

    IDLE = "not connected"
    CONNECTING = "connecting"
    REACHABLE = "reachable"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    UNAUTHORISED = "unauthorised"
    NOT_A_GATEWAY = "not a gateway"
    BLOCKED = "cannot call"

    @property
    def trouble(self) -> bool:
        """Whether a person should look."""
        return self in _TROUBLES


_PHASE_OF_KIND = {
    "transport": LinkPhase.RECONNECTING,
    "timeout": LinkPhase.RECONNECTING,
    "authentication": LinkPhase.UNAUTHORISED,
    NOT_A_GATEWAY: LinkPhase.NOT_A_GATEWAY,
    UNREADABLE: LinkPhase.NOT_A_GATEWAY,
    ARGUMENT: LinkPhase.BLOCKED,
    INTERNAL: LinkPhase.BLOCKED,
}
"""What a failed poll says of the line; every other kind is an answer of a gateway that is there."""

_TROUBLES = frozenset(_PHASE_OF_KIND.values())


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The line at one moment. ``since`` is when this phase began, ``latency_s`` a smoothed poll duration
    whose newest measurement is from ``latency_at``.

    ``good_sources`` counts the sources whose last call brought a value. ``failures`` counts failed polls of
    any source since the last answer, ``lost_at`` is the first of them. ``next_try_at`` is when the next
    source tries again.
    """

    phase: LinkPhase = LinkPhase.IDLE
    address: str = ""
    since: datetime | None = None
    latency_s: float | None = None
    latency_at: datetime | None = None
    good_sources: int = 0
    failures: int = 0
    lost_at: datetime | None = None
    last_answer_at: datetime | None = None
    next_try_at: datetime | None = None
    problem: Problem | None = None

    def sentence(self, now: datetime) -> str:
        """The line in words: "reconnecting for 42 s, 5 tries failed, next in 3 s"."""
        words = [str(self.phase)]
        if self.phase is LinkPhase.LIVE and self.latency_s is not None:
            age = self.latency_age(now)
            words = [f"live, {self.latency_s * 1000:.0f} ms"]
            words += [f"measured {format_span(age)} ago"] if age is not None else []
        if not self.phase.trouble:
            return ", ".join(words)
        if self.lost_at is not None:
            words[0] += f" for {format_span((now - self.lost_at).total_seconds())}"
        words.append(f"{self.failures} {'try' if self.failures == 1 else 'tries'} failed")
        if self.next_try_at is not None:
            wait = (self.next_try_at - now).total_seconds()
            words.append(f"next in {format_span(wait)}" if wait > 0 else "trying now")
        return ", ".join(words)

    def latency_age(self, now: datetime) -> float | None:
        """Seconds since the latency was measured, where that is long enough ago to be told; else ``None``."""
        age = 0.0 if self.latency_at is None else (now - self.latency_at).total_seconds()
        return age if age > LATENCY_OLD_AFTER_S else None


class LinkState:
    """Judges the connection by every outcome; ``watch`` reports each change."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._status = LinkStatus()
        self._subscribers: Subscribers[LinkStatus] = Subscribers()
        self._answering: set[str] = set()
        self._ok: set[str] = set()
        self._due: dict[str, datetime | None] = {}
        self._counted = 0

    @property
    def status(self) -> LinkStatus:
        """The newest judgement."""
        return self._status

    def watch(self, watcher: Callable[[LinkStatus], None], *, now: bool = True) -> Unsubscribe:
        """Call ``watcher`` with every change (and at once when ``now``); returns the undo."""
        unsubscribe = self._subscribers.add(watcher)
        if now:
            watcher(self._status)
        return unsubscribe

    def connecting(self, address: str) -> None:
        """A gateway was chosen, and no poll has come back yet."""
        self._begin(LinkPhase.CONNECTING, address)

    def idle(self) -> None:
        """There is no gateway."""
        self._begin(LinkPhase.IDLE, "")

    def note(self, outcome: PollOutcome) -> None:
        """Take in how a poll or another call ended."""
        if outcome.problem is not None and outcome.problem.kind == NOT_CONNECTED:
            return
        self._due[outcome.source] = outcome.next_poll_at
        (self._ok.add if outcome.ok else self._ok.discard)(outcome.source)
        phase = None if outcome.problem is None else _PHASE_OF_KIND.get(outcome.problem.kind)
        if phase is not None and outcome.problem is not None:
            self._note_failure(phase, outcome, outcome.problem)
        elif outcome.absent:
            self._note_absence(outcome)
        else:
            self._note_answer(outcome)
            self._answering.add(outcome.source)
        self._set(self._status)

    def _begin(self, phase: LinkPhase, address: str) -> None:
        self._due, self._counted = {}, 0
        self._answering.clear()
        self._ok.clear()
        self._set(LinkStatus(phase=phase, address=address, since=self._clock.now()))

    def _note_answer(self, outcome: PollOutcome) -> None:
        seen = self._status
        latency, latency_at = seen.latency_s, seen.latency_at
        if outcome.ok and (fresh := outcome.elapsed_s) is not None:
            latency = fresh if latency is None else latency + SMOOTHING * (fresh - latency)
            latency_at = outcome.at
        self._counted = 0
        self._set(
            LinkStatus(
                phase=LinkPhase.LIVE,
                address=seen.address,
                since=seen.since if seen.phase is LinkPhase.LIVE else outcome.at,
                latency_s=latency,
                latency_at=latency_at,
                last_answer_at=outcome.at,
            )
        )

    def _note_absence(self, outcome: PollOutcome) -> None:
        """A call that the server lacks: it is there, and nothing more is known."""
        seen = self._status
        if seen.phase in (LinkPhase.CONNECTING, LinkPhase.RECONNECTING, LinkPhase.BLOCKED):
            self._counted = 0
            self._set(LinkStatus(phase=LinkPhase.REACHABLE, address=seen.address, since=outcome.at))

    def _note_failure(self, phase: LinkPhase, outcome: PollOutcome, problem: Problem) -> None:
        """A key refused at one endpoint that never took it says nothing of a line that is live."""
        seen = self._status
        live = seen.phase is LinkPhase.LIVE
        telling = phase is LinkPhase.RECONNECTING or not live or outcome.source in self._answering
        if not telling:
            return
        self._counted += 1
        convinced = not live or self._counted >= FAILURES_UNTIL_LOST
        now_phase = phase if convinced else seen.phase
        self._set(
            replace(
                seen,
                phase=now_phase,
                since=outcome.at if now_phase is not seen.phase else seen.since,
                failures=self._counted,
                lost_at=seen.lost_at or outcome.at,
                next_try_at=self._next_due(outcome.at),
                problem=problem,
            )
        )

    def _next_due(self, now: datetime) -> datetime | None:
        """When the first source tries again; one that rests while hidden may have a moment that is past."""
        return min((due for due in self._due.values() if due and due > now), default=None)

    def _set(self, status: LinkStatus) -> None:
        status = replace(status, good_sources=len(self._ok))
        if status != self._status:
            self._status = status
            self._subscribers.notify(status)
