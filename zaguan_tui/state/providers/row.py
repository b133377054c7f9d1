"""One row of the provider board: status report, breaker, verdict, and conflicts between the two."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from zaguan_tui.text.format import milliseconds, percent

if TYPE_CHECKING:
    from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreaker
    from zaguan_tui.client.types.providers.providers import ProviderStatus


SMALL_SAMPLE = 10
"""Below this many requests in the window a rate says little."""


class ProviderVerdict(enum.StrEnum):
    """The verdict on a provider from everything known about it, worst first."""

    OPEN = "open"
    DOWN = "down"
    HALF_OPEN = "half-open"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"
    HEALTHY = "healthy"
    DISABLED = "disabled"

    @property
    def severity(self) -> int:
        """For sorting: 0 is the worst."""
        return _WORST_FIRST.index(self)


_WORST_FIRST = tuple(ProviderVerdict)


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """One line of the providers table. Two rows are equal when they look the same.

    ``status`` is the reported word (healthy degraded down disabled unknown), ``verdict`` what we make of it
    with the breaker in view. Latencies are milliseconds over the provider's window, ``error_rate`` is 0..1 of
    ``requests_total``. ``breaker`` is closed, open, half_open or the server's own word, ``None`` where
    nothing is known; with breakers per model it is the worst of them and ``breaker_scope`` names the model.
    All moments are aware UTC **on our clock**: the server's clock skew is taken out. ``sparkline`` holds p50
    readings, oldest first, ``None`` for a poll that failed. Unknown is ``None``, never 0.
    """

    id: str
    name: str
    verdict: ProviderVerdict = ProviderVerdict.UNKNOWN
    status: str = "unknown"
    status_raw: str | None = None
    enabled: bool | None = None
    latency_p50: float | None = None
    latency_p95: float | None = None
    error_rate: float | None = None
    requests_total: int | None = None
    requests_failed: int | None = None
    window_seconds: float | None = None
    breaker: str | None = None
    breaker_scope: str | None = None
    breaker_since: datetime | None = None
    probe_due_at: datetime | None = None
    trips_total: int | None = None
    models_count: int | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    last_success_at: datetime | None = None
    contradictions: tuple[str, ...] = ()
    sparkline: tuple[float | None, ...] = ()
    health: ProviderStatus | None = field(default=None, repr=False, compare=False)
    breakers: tuple[CircuitBreaker, ...] = field(default=(), repr=False, compare=False)

    @property
    def small_sample(self) -> bool:
        """Whether the error rate rests on too few requests to mean much."""
        return self.requests_total is not None and self.requests_total < SMALL_SAMPLE

    @property
    def idle(self) -> bool:
        """Whether nobody has called this provider within its window."""
        return self.requests_total == 0

    def probe_in(self, now: datetime) -> float | None:
        """Seconds until the open breaker lets a probe through; 0 means it is due. ``None``: not open."""
        if self.probe_due_at is None:
            return None
        return max(0.0, (self.probe_due_at - now).total_seconds())

    def breaker_age(self, now: datetime) -> float | None:
        """Seconds since the breaker took its present state, if known."""
        return None if self.breaker_since is None else max(0.0, (now - self.breaker_since).total_seconds())


HIGH_ERROR_RATE = 0.05
"""The share of failed requests from which the failing is the trouble."""

SLOW_P95_MS = 2_000.0
"""From here on slowness is a trouble of its own."""


def describe_degradation(row: ProviderRow) -> str:
    """``18 % of 203 fail, rate limited``, ``slow, p95 12.0 s``; empty when its figures do not tell."""
    parts = []
    if row.error_rate is not None and row.error_rate >= HIGH_ERROR_RATE and not row.idle:
        parts.append(f"{percent(row.error_rate, row.requests_total, digits=0)} fail")
    if _rate_limited(row):
        parts.append("rate limited")
    if row.latency_p95 is not None and row.latency_p95 >= SLOW_P95_MS and not row.idle:
        parts.append(f"slow, p95 {milliseconds(row.latency_p95)}")
    return ", ".join(parts)


def _rate_limited(row: ProviderRow) -> bool:
    """Whether being told to slow down is a good part of it."""
    counts = row.health.requests if row.health is not None else None
    if counts is None or not counts.rate_limited or not counts.total:
        return False
    return counts.rate_limited / counts.total >= HIGH_ERROR_RATE / 2
