"""Joins provider status and circuit breakers into one row a provider, and finds where they disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from zaguan_tui.state.core.skew import shift_instant
from zaguan_tui.state.providers.row import SMALL_SAMPLE, ProviderRow, ProviderVerdict
from zaguan_tui.text.sentences import format_span, quote

if TYPE_CHECKING:
    from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreaker
    from zaguan_tui.client.types.providers.last_error import LastError
    from zaguan_tui.client.types.providers.providers import ProviderStatus


IDLE_AFTER_S = 5 * 60
"""A provider without a success for so long is green for want of calls, not by proof."""

MANY_ERRORS = 0.5
"""A rate from which "healthy" is a contradiction."""

_WORST_BREAKER_FIRST = {"open": 0, "half_open": 1, "unknown": 2, "closed": 3}

SparklineOf = Callable[[str], tuple[float | None, ...]]
"""The sparkline of a provider id."""

ConflictFilter = Callable[[str, str], bool]
"""Whether a disagreement about a provider has lasted long enough to be one."""


@dataclass(frozen=True, slots=True)
class JoinInput:
    """What is known of one moment: both lists, our clock, and the server's skew against it in seconds."""

    statuses: Iterable[ProviderStatus]
    breakers: Iterable[CircuitBreaker]
    now: datetime
    skew_s: float = 0.0

    def ours(self, moment: datetime | None) -> datetime | None:
        """A moment of the server's clock on ours."""
        return None if moment is None else shift_instant(moment, -self.skew_s)


def join_rows(reading: JoinInput, spark: SparklineOf, lasts: ConflictFilter) -> tuple[ProviderRow, ...]:
    """One row for every provider that either list names, worst first, then by name."""
    breakers: dict[str, list[CircuitBreaker]] = {}
    for breaker in reading.breakers:
        breakers.setdefault(breaker.provider.casefold(), []).append(breaker)
    rows = [
        _with_status(_row(reading, status.id, status, group, spark), status, reading, lasts)
        for status in reading.statuses
        for group in [breakers.pop(status.id.casefold(), [])]
    ]
    rows += [_row(reading, group[0].provider, None, group, spark) for group in breakers.values()]
    return tuple(sorted(rows, key=lambda row: (row.verdict.severity, row.name.casefold(), row.id)))


def _row(
    reading: JoinInput,
    provider: str,
    status: ProviderStatus | None,
    group: list[CircuitBreaker],
    spark: SparklineOf,
) -> ProviderRow:
    worst = min(group, key=lambda b: _WORST_BREAKER_FIRST.get(b.nearest_state, 2), default=None)
    state = worst.state if worst else (status.circuit_state if status else None)
    nearest = worst.nearest_state if worst else state
    error = (status.last_error if status else None) or (worst.last_error if worst else None)
    return ProviderRow(
        id=provider,
        name=status.name if status else provider,
        verdict=_judge_provider(status, nearest),
        breaker=state,
        breaker_scope=worst.scope if worst else None,
        breaker_since=_since(reading, worst),
        probe_due_at=_probe_due(reading, worst),
        trips_total=worst.trips_total if worst else None,
        last_error=_format_error(error),
        last_error_at=reading.ours(error.at) if error else None,
        sparkline=spark(provider),
        health=status,
        breakers=tuple(group),
    )


def _with_status(
    row: ProviderRow, status: ProviderStatus, reading: JoinInput, lasts: ConflictFilter
) -> ProviderRow:
    full = replace(
        row,
        status=status.status,
        status_raw=status.status_raw or None,
        enabled=status.enabled,
        latency_p50=status.latency.p50,
        latency_p95=status.latency.p95,
        error_rate=status.error_rate,
        requests_total=status.requests.total,
        requests_failed=status.requests.error,
        window_seconds=status.window_seconds,
        models_count=status.models_count,
        last_success_at=reading.ours(status.last_success_at),
    )
    between = [s for s in _find_conflicts(full, status) if not row.breakers or lasts(row.id, s)]
    return replace(full, contradictions=(*between, *_find_weak_evidence(full, status, reading.now)))


def _judge_provider(status: ProviderStatus | None, breaker: str | None) -> ProviderVerdict:
    if status is not None and (status.enabled is False or status.status == "disabled"):
        return ProviderVerdict.DISABLED
    if breaker == "open":
        return ProviderVerdict.OPEN
    if breaker == "half_open":
        return ProviderVerdict.HALF_OPEN
    if status is not None and status.status == "down":
        return ProviderVerdict.DOWN
    words = {"healthy": ProviderVerdict.HEALTHY, "degraded": ProviderVerdict.DEGRADED}
    return words.get(status.status, ProviderVerdict.UNKNOWN) if status else ProviderVerdict.UNKNOWN


def _since(reading: JoinInput, breaker: CircuitBreaker | None) -> datetime | None:
    if breaker is None:
        return None
    opened = breaker.opened_at if breaker.nearest_state == "open" else None
    return reading.ours(breaker.last_state_change_at or opened)


def _probe_due(reading: JoinInput, breaker: CircuitBreaker | None) -> datetime | None:
    if breaker is None or breaker.nearest_state != "open":
        return None
    if breaker.next_attempt_at is None and breaker.retry_after is not None:
        return shift_instant(reading.now, breaker.retry_after)
    return reading.ours(breaker.next_attempt_at)


def _format_error(error: LastError | None) -> str | None:
    if error is None:
        return None
    code = f"{error.status_code} " if error.status_code else ""
    return f"{code}{quote(error.message)}"


def _find_conflicts(row: ProviderRow, status: ProviderStatus) -> Iterable[str]:
    """Where the status and the breaker do not fit together."""
    if row.breakers and status.circuit_state not in (None, "unknown", row.breaker):
        reported, seen = _plain(status.circuit_state), _plain(row.breaker)
        yield f"its status says the breaker is {reported}, the breaker itself is {seen}"
    if status.status == "healthy" and row.verdict in (ProviderVerdict.OPEN, ProviderVerdict.HALF_OPEN):
        yield f"reported healthy, but its breaker is {row.verdict}"
    if row.verdict is ProviderVerdict.DOWN and row.breaker == "closed":
        yield "reported down, but its breaker is closed: calls still go there"


def _find_weak_evidence(row: ProviderRow, status: ProviderStatus, now: datetime) -> Iterable[str]:
    """Where a word of the status does not fit its own numbers, or rests on too few of them."""
    if row.verdict is ProviderVerdict.DISABLED:
        return
    green = status.status == "healthy"
    if green and not row.small_sample and (row.error_rate or 0.0) >= MANY_ERRORS:
        yield f"reported healthy with {row.error_rate:.0%} errors"
    if green and (idle := _idle_since(row, now)):
        yield f"green only because nobody calls it: {idle}"
    elif row.small_sample and not row.idle and row.error_rate:
        yield f"its error rate rests on {row.requests_total} requests, fewer than {SMALL_SAMPLE}"


def _idle_since(row: ProviderRow, now: datetime) -> str:
    quiet = (now - row.last_success_at).total_seconds() if row.last_success_at else None
    if quiet is not None and quiet > IDLE_AFTER_S and not row.requests_total:
        return f"last success {format_span(quiet)} ago"
    if row.idle and quiet is None:
        return "no request in its window"
    return ""


def _plain(state: str | None) -> str:
    return (state or "unknown").replace("_", "-")


READINGS_UNTIL_CONFIRMED = 2
"""Readings of each source that must repeat a disagreement before it is told."""


class ConflictTracker:
    """Remembers when each disagreement was first seen, counted in readings of the two sources."""

    __slots__ = ("_first_seen", "_readings", "_unseen")

    def __init__(self) -> None:
        self._readings = (0, 0)
        self._first_seen: dict[tuple[str, str], tuple[int, int]] = {}
        self._unseen: set[tuple[str, str]] = set()

    def begin(self, readings: tuple[int, int]) -> None:
        """A new picture is about to be joined from this many readings of either source."""
        self._readings = readings
        self._unseen = set(self._first_seen)

    def has_lasted(self, subject: str, sentence: str) -> bool:
        """Whether ``sentence`` about ``subject`` held while both sources were read anew, twice."""
        key = (subject, sentence)
        self._unseen.discard(key)
        first = self._first_seen.setdefault(key, self._readings)
        return all(
            now - then >= READINGS_UNTIL_CONFIRMED for now, then in zip(self._readings, first, strict=True)
        )

    def end(self) -> None:
        """The picture is joined; what nobody asked about is settled."""
        for key in self._unseen:
            del self._first_seen[key]
