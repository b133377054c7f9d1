"""What ails a provider that still answers, in a few words: how much fails, how slow it is."""

from __future__ import annotations

from zaguan_tui.state.providers.row import ProviderRow
from zaguan_tui.text.format import milliseconds, percent

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
