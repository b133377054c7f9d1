"""Compute a provider's health status and figures from its recent calls."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from zaguan_tui.sandbox.engine.providers.breaker import Breaker, BreakerState
from zaguan_tui.sandbox.engine.providers.call_record import CallOutcome, CallRecord, ProviderCallLog

RECENT_SECONDS = 45.0
"""The status word looks back this far, so that it follows events; the figures cover the whole window."""
MIN_CALLS = 5
"""Fewer recent calls than this give no rates and medians."""


@dataclass(frozen=True, slots=True)
class Health:
    """The figures of one provider at one moment; latencies in ms, ``None`` when not measured."""

    status: str
    total: int
    success: int
    error: int
    rate_limited: int
    average: float | None
    p50: float | None
    p95: float | None
    p99: float | None

    @property
    def error_rate(self) -> float:
        """Errors over all calls of the window, 0 when there were none."""
        return self.error / self.total if self.total else 0.0


def compute_health(record: ProviderCallLog, breaker: Breaker, now: float) -> Health:
    """Read a provider's health at ``now`` off its calls and its breaker."""
    calls = record.within(now)
    latencies = sorted(item.latency_ms for item in calls if item.latency_ms is not None)
    counts = {outcome: sum(item.outcome is outcome for item in calls) for outcome in CallOutcome}
    return Health(
        status=_status(record, breaker, now),
        total=len(calls),
        success=counts[CallOutcome.SUCCESS],
        error=counts[CallOutcome.ERROR],
        rate_limited=counts[CallOutcome.RATE_LIMITED],
        average=sum(latencies) / len(latencies) if latencies else None,
        p50=percentile(latencies, 0.50),
        p95=percentile(latencies, 0.95),
        p99=percentile(latencies, 0.99),
    )


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile of sorted values: always one that was measured."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _status(record: ProviderCallLog, breaker: Breaker, now: float) -> str:
    if not record.enabled:
        return "disabled"
    if breaker.state is BreakerState.OPEN:
        return "down"
    if not record.within(now):
        return "unknown"
    if breaker.state is BreakerState.HALF_OPEN:
        return "degraded"
    # What went wrong before the breaker closed again is history, not state.
    recent = record.within(now, min(RECENT_SECONDS, now - breaker.last_state_change_at))
    errors = sum(item.outcome is CallOutcome.ERROR for item in recent)
    if len(recent) >= MIN_CALLS and errors * 2 >= len(recent):
        return "down"
    return "degraded" if _impaired(recent, errors) else "healthy"


def _impaired(recent: Sequence[CallRecord], errors: int) -> bool:
    throttled = sum(item.outcome is CallOutcome.RATE_LIMITED for item in recent)
    if errors >= 3 and errors >= len(recent) * 0.05:
        return True
    if throttled >= 3 and throttled >= len(recent) * 0.15:
        return True
    slowness = sorted(item.slowness for item in recent if item.slowness is not None)
    middle = percentile(slowness, 0.5)
    return len(slowness) >= MIN_CALLS and middle is not None and middle >= 2.0
