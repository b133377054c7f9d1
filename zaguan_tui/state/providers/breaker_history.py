"""Breaker history: lanes of states over time with gaps, and transitions, observed by polling."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from zaguan_tui.state.core.skew import shift_instant
from zaguan_tui.state.providers.breaker_evidence import describe_evidence
from zaguan_tui.state.providers.observed_spans import ObservedSpan, ObservedSpans

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreaker

LaneKey = tuple[str, str | None]
"""A provider and a scope: ``None`` for the whole provider, else a model."""

UNKNOWN = "unknown"
"""The state of a breaker while nobody watched it. Never interpolated."""

GAP_AFTER_S = 75.0
"""Longer than this between two good polls is a gap: more than two hidden polls of 30 s."""

_LOG = 500
_SPANS = 400
_LANES = 512


@dataclass(frozen=True, slots=True)
class Transition:
    """A breaker changed its state. ``at`` is on our clock.

    ``scope`` is the model where breakers are per model. ``seen_at`` is the poll that noticed.
    ``unwatched_s`` is the time before ``seen_at`` in which nobody looked, so that more may have happened;
    ``missed`` counts trips the server tells of that no poll saw. ``remembered`` ones are from an earlier run
    of the program: history, not news.
    """

    provider: str
    from_state: str
    to_state: str
    at: datetime
    evidence: str = ""
    scope: str | None = None
    seen_at: datetime | None = None
    unwatched_s: float = 0.0
    missed: int = 0
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one state (or :data:`UNKNOWN`) in a breaker's lane, up to the last poll that saw it."""

    state: str
    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """How long it lasted."""
        return (self.end - self.start).total_seconds()


@dataclass(slots=True)
class _Lane:
    spans: deque[Span] = field(default_factory=lambda: deque(maxlen=_SPANS))
    last: CircuitBreaker | None = None
    seen_at: datetime | None = None

    @property
    def order(self) -> float:
        """For telling which lane was seen longest ago."""
        return self.seen_at.timestamp() if self.seen_at else 0.0

    def begin(self, state: str, at: datetime) -> None:
        """Draw the first sight of a breaker; what is remembered ends where nobody looked any more."""
        if self.spans:
            self.spans.append(Span(UNKNOWN, self.spans[-1].end, at))
        self.spans.append(Span(state, at, at))

    def precede(self, spans: Sequence[Span]) -> None:
        """Put remembered spans before the ones seen; the time between is unknown."""
        held = tuple(self.spans)
        earlier = [span for span in spans if not held or span.end <= held[0].start]
        if earlier and held:
            earlier.append(Span(UNKNOWN, earlier[-1].end, held[0].start))
        self.spans = deque((*earlier, *held), maxlen=_SPANS)


class BreakerHistory:
    """Lanes and transitions of every breaker, bounded in number and length."""

    def __init__(self, *, gap_after_s: float = GAP_AFTER_S) -> None:
        self._gap_after_s = gap_after_s
        self._lanes: dict[LaneKey, _Lane] = {}
        self._log: deque[Transition] = deque(maxlen=_LOG)
        self._interrupted = False
        self._watched = ObservedSpans(gap_after_s)

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Every transition still remembered, newest first."""
        return tuple(reversed(self._log))

    def of(self, provider: str) -> tuple[Transition, ...]:
        """The transitions of one provider, newest first."""
        return tuple(entry for entry in reversed(self._log) if entry.provider == provider)

    def lane(self, provider: str, scope: str | None = None) -> tuple[Span, ...]:
        """The stretches of one breaker, oldest first, gaps included as :data:`UNKNOWN`."""
        lane = self._lanes.get((provider, scope))
        return tuple(lane.spans) if lane else ()

    def scopes(self, provider: str) -> tuple[str | None, ...]:
        """The breakers a provider has: ``None`` for the whole provider, else model names."""
        return tuple(scope for name, scope in self._lanes if name == provider)

    def interrupt(self) -> None:
        """Tell that a poll failed in a way that leaves a hole; the next good one shows a gap before it."""
        self._interrupted = True
        self._watched.interrupt()

    def watched(self, since: datetime) -> tuple[ObservedSpan, ...]:
        """When the breakers were watched in this run of the program; the spells that end after ``since``."""
        return self._watched.since(since)

    def precede(self, transitions: Sequence[Transition], lanes: Mapping[LaneKey, Sequence[Span]]) -> None:
        """Put what is remembered of earlier runs, oldest first, before what was seen in this one."""
        for key, spans in lanes.items():
            self._lanes.setdefault(key, _Lane()).precede(spans)
        self._log = deque((*transitions, *self._log), maxlen=_LOG)
        self._drop_forgotten()

    def observe(
        self, breakers: Iterable[CircuitBreaker], at: datetime, *, skew_s: float = 0.0
    ) -> tuple[Transition, ...]:
        """Take in one good poll; returns the transitions it shows, in the server's order."""
        changes = [change for breaker in breakers if (change := self._note(breaker, at, skew_s))]
        self._interrupted = False
        self._watched.note(at)
        self._log.extend(changes)
        self._drop_forgotten()
        return tuple(changes)

    def _note(self, breaker: CircuitBreaker, at: datetime, skew_s: float) -> Transition | None:
        lane = self._lanes.setdefault((breaker.provider, breaker.scope), _Lane())
        before, seen_at = lane.last, lane.seen_at
        lane.last, lane.seen_at = breaker, at
        if before is None or seen_at is None:
            lane.begin(breaker.state, at)
            return None
        unwatched = (at - seen_at).total_seconds()
        gap = self._interrupted or unwatched > self._gap_after_s
        missed = _missed_trips(before, breaker)
        if before.state == breaker.state and not missed:
            self._close(lane, seen_at, at, gap=gap)
            if gap:
                lane.spans.append(Span(breaker.state, at, at))
            return None
        changed_at = _changed_at(breaker, seen_at, at, skew_s)
        self._close(lane, seen_at, changed_at, gap=gap)
        lane.spans.append(Span(breaker.state, changed_at, at))
        return Transition(
            provider=breaker.provider,
            from_state=before.state,
            to_state=breaker.state,
            at=changed_at,
            evidence=describe_evidence(before, breaker),
            scope=breaker.scope,
            seen_at=at,
            unwatched_s=unwatched if gap else 0.0,
            missed=missed,
        )

    @staticmethod
    def _close(lane: _Lane, seen_at: datetime, until: datetime, *, gap: bool) -> None:
        """Draw the lane up to ``until``: with what stood there, or as unknown if nobody looked."""
        if gap:
            lane.spans.append(Span(UNKNOWN, seen_at, until))
        else:
            last = lane.spans[-1]
            lane.spans[-1] = Span(last.state, last.start, until)

    def _drop_forgotten(self) -> None:
        longest_unseen = sorted(self._lanes, key=lambda key: self._lanes[key].order)
        for key in longest_unseen[: max(0, len(self._lanes) - _LANES)]:
            del self._lanes[key]


def _missed_trips(before: CircuitBreaker, after: CircuitBreaker) -> int:
    """Openings the server counted between two polls beyond the one that the change of state shows."""
    if before.trips_total is None or after.trips_total is None:
        return 0
    shown = 1 if after.state == "open" and before.state != "open" else 0
    return max(0, after.trips_total - before.trips_total - shown)


def _changed_at(breaker: CircuitBreaker, seen_at: datetime, at: datetime, skew_s: float) -> datetime:
    """The server's moment of the change, if it lies between the two polls; else the poll that saw it."""
    reported_at = breaker.last_state_change_at or (breaker.opened_at if breaker.state == "open" else None)
    if reported_at is None:
        return at
    ours = shift_instant(reported_at, -skew_s)
    return ours if seen_at <= ours <= at else at
