"""Rate-limit headers in both dialects; the numbers are kept by the gateway's allowances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.ledger.allowance import Allowance, duration
from zaguan_tui.sandbox.gateway import Gateway

RateHeaders = Callable[[Gateway, int, float], dict[str, str]]
"""Counts a call of that many tokens at that monotonic second, and returns the headers."""


def openai_limits(gateway: Gateway, tokens: int, now: float) -> dict[str, str]:
    """``x-ratelimit-{limit,remaining,reset}-{requests,tokens}``; resets are durations."""
    headers = {}
    for name, allowance, amount in _allowances(gateway, tokens):
        allowance.take(amount, now)
        headers[f"x-ratelimit-limit-{name}"] = str(allowance.limit)
        headers[f"x-ratelimit-remaining-{name}"] = str(allowance.remaining(now))
        headers[f"x-ratelimit-reset-{name}"] = duration(allowance.reset_s(now))
    return headers


def anthropic_limits(gateway: Gateway, tokens: int, now: float) -> dict[str, str]:
    """``anthropic-ratelimit-{requests,tokens}-{limit,remaining,reset}``; resets are instants."""
    headers = {}
    for name, allowance, amount in _allowances(gateway, tokens):
        allowance.take(amount, now)
        reset = gateway.clock.now() + timedelta(seconds=allowance.reset_s(now))
        headers[f"anthropic-ratelimit-{name}-limit"] = str(allowance.limit)
        headers[f"anthropic-ratelimit-{name}-remaining"] = str(allowance.remaining(now))
        headers[f"anthropic-ratelimit-{name}-reset"] = format_instant(reset)
    return headers


def _allowances(gateway: Gateway, tokens: int) -> tuple[tuple[str, Allowance, int], ...]:
    return (("requests", gateway.requests_left, 1), ("tokens", gateway.tokens_left, tokens))
