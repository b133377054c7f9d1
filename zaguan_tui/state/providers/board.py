"""The provider board: all rows at one moment, the trust of their sources, and a one-sentence summary."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.state.core.store import Phase, Problem, Snapshot
from zaguan_tui.state.providers.breaker_history import Transition
from zaguan_tui.state.providers.row import ProviderRow, ProviderVerdict, describe_degradation
from zaguan_tui.text.sentences import format_span

_BREAKER_PROBLEM_STATES = (ProviderVerdict.OPEN, ProviderVerdict.HALF_OPEN)
_MAX_NAMED_OPEN = 3
_UNHEALTHY_VERDICTS = (ProviderVerdict.DOWN, ProviderVerdict.DEGRADED)
_MAX_NAMED_UNHEALTHY = 2


@dataclass(frozen=True, slots=True)
class SourceTrust:
    """How far one source of the board can be trusted."""

    source: str
    phase: Phase = Phase.FIRST_LOAD
    at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    problem: Problem | None = None
    next_poll_at: datetime | None = None

    @classmethod
    def of(cls, snapshot: Snapshot[Any]) -> SourceTrust:
        """The trust part of ``snapshot``, without its value."""
        return cls(
            source=snapshot.source,
            phase=snapshot.phase,
            at=snapshot.at,
            failures=snapshot.failures,
            failing_since=snapshot.failing_since,
            problem=snapshot.problem,
            next_poll_at=snapshot.next_poll_at,
        )

    def age(self, now: datetime) -> float | None:
        """Seconds since this source was last read, or ``None`` if it never was."""
        return None if self.at is None else max(0.0, (now - self.at).total_seconds())


@dataclass(frozen=True, slots=True)
class Trust:
    """The sources of the board, each with its age and its failures."""

    sources: tuple[SourceTrust, ...] = ()

    @property
    def at(self) -> datetime | None:
        """When the oldest source that we have was read."""
        return min((source.at for source in self.sources if source.at), default=None)

    @property
    def failures(self) -> int:
        """Failed polls in a row at the source that does worst; a source the server lacks does not count."""
        return max((s.failures for s in self.sources if s.phase is not Phase.ABSENT), default=0)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong at each source that has trouble."""
        return tuple(source.problem for source in self.sources if source.problem)

    def age(self, now: datetime) -> float | None:
        """Seconds since the oldest source was read."""
        return None if self.at is None else max(0.0, (now - self.at).total_seconds())


@dataclass(frozen=True, slots=True)
class ProviderBoard:
    """Every provider, worst first, with the newest breaker transitions and the trust of both sources.

    ``skew_s`` is the server's clock minus ours in seconds, already taken out of every moment in the rows.
    """

    rows: tuple[ProviderRow, ...] = ()
    transitions: tuple[Transition, ...] = ()
    trust: Trust = field(default_factory=Trust)
    skew_s: float = 0.0
    notes: tuple[str, ...] = ()

    def row(self, provider: str) -> ProviderRow | None:
        """The row of one provider, if it is on the board."""
        return next((row for row in self.rows if row.id == provider), None)

    def count(self, verdict: ProviderVerdict) -> int:
        """How many providers have this verdict."""
        return sum(row.verdict is verdict for row in self.rows)

    def summary(self, now: datetime) -> str:
        """One sentence: "14 healthy; groq open for 12 s, probe in 18 s; xai degraded: slow, p95 12.0 s"."""
        if not self.rows:
            return "No provider known yet"
        healthy = self.count(ProviderVerdict.HEALTHY)
        named = [*self._breaker_phrases(now), *self._ailing_phrases()]
        parts = ([f"{healthy} healthy"] if healthy else []) + named + self._quiet_phrases()
        return ("; " if named else ", ").join(parts)

    def _breaker_phrases(self, now: datetime) -> list[str]:
        troubled = [row for row in self.rows if row.verdict in _BREAKER_PROBLEM_STATES]
        phrases = [_breaker_phrase(row, now) for row in troubled[:_MAX_NAMED_OPEN]]
        more = len(troubled) - _MAX_NAMED_OPEN
        return [*phrases, f"{more} more with an open breaker"] if more > 0 else phrases

    def _ailing_phrases(self) -> list[str]:
        ailing = sorted((row for row in self.rows if row.verdict in _UNHEALTHY_VERDICTS), key=_worst_first)
        phrases = [_unhealthy_phrase(row) for row in ailing[:_MAX_NAMED_UNHEALTHY]]
        more = Counter(row.verdict for row in ailing[_MAX_NAMED_UNHEALTHY:])
        return phrases + [
            f"{more[verdict]} more {verdict}" for verdict in _UNHEALTHY_VERDICTS if more[verdict]
        ]

    def _quiet_phrases(self) -> list[str]:
        """Who says nothing of itself; the providers that only nobody calls come last."""
        unknown = [row for row in self.rows if row.verdict is ProviderVerdict.UNKNOWN]
        idle = sum(row.idle for row in unknown)
        counts = (
            (len(unknown) - idle, "unknown"),
            (self.count(ProviderVerdict.DISABLED), "disabled"),
            (idle, "idle"),
        )
        return [f"{number} {word}" for number, word in counts if number]


def _worst_first(row: ProviderRow) -> tuple[int, float]:
    return row.verdict.severity, -(row.error_rate or 0.0)


def _unhealthy_phrase(row: ProviderRow) -> str:
    trouble = describe_degradation(row) if row.verdict is ProviderVerdict.DEGRADED else ""
    return f"{row.name} {row.verdict}" + (f": {trouble}" if trouble else "")


def _breaker_phrase(row: ProviderRow, now: datetime) -> str:
    age = row.breaker_age(now)
    words = f"{row.name} {row.verdict}" + (f" for {format_span(age)}" if age is not None else "")
    wait = row.probe_in(now)
    if wait is None:
        return words
    return f"{words}, probe in {format_span(math.ceil(wait))}" if wait > 0 else f"{words}, probe due"
