"""The health of our line to the gateway, judged by what every poll came to."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from .clock import Clock
from .outcome import Outcome
from .problems import NOT_A_GATEWAY
from .spans import spell_span
from .store import Problem
from .watchers import Unwatch, Watchers

SMOOTHING = 0.3
"""Weight of the newest poll in the latency shown."""

CONVINCED_AFTER = 2
"""Failed polls in a row that turn a live line into a lost one; a single one may be an accident."""


class LinkPhase(enum.StrEnum):
    """How we stand with the gateway."""

    IDLE = "not connected"
    CONNECTING = "connecting"
    LIVE = "live"
    RECONNECTING = "reconnecting"
    UNAUTHORISED = "unauthorised"
    NOT_A_GATEWAY = "not a gateway"

    @property
    def trouble(self) -> bool:
        """Whether a person should look."""
        return self in (LinkPhase.RECONNECTING, LinkPhase.UNAUTHORISED, LinkPhase.NOT_A_GATEWAY)


_PHASE_OF_KIND = {
    "transport": LinkPhase.RECONNECTING,
    "timeout": LinkPhase.RECONNECTING,
    "authentication": LinkPhase.UNAUTHORISED,
    NOT_A_GATEWAY: LinkPhase.NOT_A_GATEWAY,
}
"""What a failed poll says of the line; every other kind is an answer of a gateway that is there."""


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The line at one moment. ``since`` is when this phase began, ``latency_s`` a smoothed poll duration.

    ``failures`` counts failed polls of any source since the last answer, ``lost_at`` is the first of them.
    ``next_try_at`` is when the next source tries again.
    """

    phase: LinkPhase = LinkPhase.IDLE
    address: str = ""
    since: datetime | None = None
    latency_s: float | None = None
    failures: int = 0
    lost_at: datetime | None = None
    last_answer_at: datetime | None = None
    next_try_at: datetime | None = None
    problem: Problem | None = None

    def sentence(self, now: datetime) -> str:
        """The line in words: "reconnecting for 42 s, 5 tries failed, next in 3 s"."""
        words = [str(self.phase)]
        if self.phase is LinkPhase.LIVE and self.latency_s is not None:
            words = [f"live, {self.latency_s * 1000:.0f} ms"]
        if not self.phase.trouble:
            return words[0]
        if self.lost_at is not None:
            words[0] += f" for {spell_span((now - self.lost_at).total_seconds())}"
        words.append(f"{self.failures} {'try' if self.failures == 1 else 'tries'} failed")
        if self.next_try_at is not None:
            wait = (self.next_try_at - now).total_seconds()
            words.append(f"next in {spell_span(wait)}" if wait > 0 else "trying now")
        return ", ".join(words)


class LinkState:
    """Listens to all pollers and says how the line stands; ``watch`` tells of every change."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._status = LinkStatus()
        self._watchers: Watchers[LinkStatus] = Watchers()
        self._good: dict[str, bool] = {}
        self._due: dict[str, datetime | None] = {}
        self._counted = 0

    @property
    def status(self) -> LinkStatus:
        """The newest judgement."""
        return self._status

    def watch(self, watcher: Callable[[LinkStatus], None], *, now: bool = True) -> Unwatch:
        """Call ``watcher`` with every change (and at once when ``now``); returns the undo."""
        unwatch = self._watchers.add(watcher)
        if now:
            watcher(self._status)
        return unwatch

    def connecting(self, address: str) -> None:
        """A gateway was chosen, and no poll has come back yet."""
        self._begin(LinkPhase.CONNECTING, address)

    def idle(self) -> None:
        """There is no gateway."""
        self._begin(LinkPhase.IDLE, "")

    def note(self, outcome: Outcome) -> None:
        """Take in how a poll ended."""
        self._due[outcome.source] = outcome.next_poll_at
        phase = None if outcome.problem is None else _PHASE_OF_KIND.get(outcome.problem.kind)
        if phase is not None and outcome.problem is not None:
            self._note_failure(phase, outcome, outcome.problem)
        elif not outcome.absent:
            self._note_answer(outcome)
        self._good[outcome.source] = phase is None

    def _begin(self, phase: LinkPhase, address: str) -> None:
        self._good, self._due, self._counted = {}, {}, 0
        self._set(LinkStatus(phase=phase, address=address, since=self._clock.now()))

    def _note_answer(self, outcome: Outcome) -> None:
        seen = self._status
        latency = seen.latency_s
        if outcome.ok:
            fresh = outcome.elapsed_s
            latency = fresh if latency is None else latency + SMOOTHING * (fresh - latency)
        self._counted = 0
        self._set(
            LinkStatus(
                phase=LinkPhase.LIVE,
                address=seen.address,
                since=seen.since if seen.phase is LinkPhase.LIVE else outcome.at,
                latency_s=latency,
                last_answer_at=outcome.at,
            )
        )

    def _note_failure(self, phase: LinkPhase, outcome: Outcome, problem: Problem) -> None:
        """A key refused at one endpoint that always refused it says nothing of a line that is live."""
        seen = self._status
        live = seen.phase is LinkPhase.LIVE
        telling = phase is LinkPhase.RECONNECTING or not live or self._good.get(outcome.source, False)
        if not telling:
            return
        self._counted += 1
        convinced = not live or self._counted >= CONVINCED_AFTER
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
        if status != self._status:
            self._status = status
            self._watchers.tell(status)
