"""Evidence for a breaker transition, from its own counters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaguan_tui.text.sentences import quote

if TYPE_CHECKING:
    from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreaker


def describe_evidence(before: CircuitBreaker, after: CircuitBreaker) -> str:
    """One short phrase of evidence for the step from ``before`` to ``after``; empty when nothing is told."""
    if after.state == "open":
        parts = [*_rules(before, after), _last_error(after)]
        return ", ".join(part for part in parts if part)
    if after.state == "half_open":
        return "the wait is over, probes are let through"
    if after.state == "closed":
        needed = after.success_threshold or before.success_threshold
        return f"{needed} probes in a row succeeded" if needed and before.state != "closed" else ""
    return ""


def _rules(before: CircuitBreaker, after: CircuitBreaker) -> list[str]:
    """The rules that fired. A figure that stayed below its limit is no reason, so it is not told."""
    if before.state == "half_open":
        return ["a probe failed"]
    return [_streak(before, after), _rate(after)]


def _streak(before: CircuitBreaker, after: CircuitBreaker) -> str:
    streak = after.consecutive_failures
    limit = after.failure_threshold or before.failure_threshold
    if not streak or (limit and streak < limit):
        return ""
    return f"{streak} failures in a row" + (f" (limit {limit})" if limit else "")


def _rate(breaker: CircuitBreaker) -> str:
    failed, total = breaker.window_failures, breaker.window_requests
    if failed is None or not total:
        return ""
    limit = breaker.error_rate_threshold
    if limit is not None and failed / total < limit:
        return ""
    bound = f", limit {limit:.0%}" if limit is not None else ""
    return f"{failed} of {total} requests failed ({failed / total:.0%}{bound})"


def _last_error(breaker: CircuitBreaker) -> str:
    error = breaker.last_error
    if error is None:
        return ""
    words = [str(error.status_code) if error.status_code else "", quote(error.message, 80).rstrip(".")]
    text = " ".join(word for word in words if word)
    return f"last: {text}" if text else ""
