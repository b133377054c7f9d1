"""The rate-limit headers of an answer, in the OpenAI and the Anthropic spelling.

OpenAI style (common): ``x-ratelimit-{limit,remaining,reset}-{requests,tokens}``, reset as a duration
(``6m0s``). Anthropic style (common): ``anthropic-ratelimit-{…}-{limit,remaining,reset}``, reset as an RFC
3339 moment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_OPENAI = re.compile(r"x-ratelimit-(limit|remaining|reset)-([a-z0-9-]+)")
_ANTHROPIC = re.compile(r"anthropic-ratelimit-([a-z0-9-]+)-(limit|remaining|reset)")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|d|h|m|s)")
_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


@dataclass(frozen=True, slots=True)
class RateLimit:
    """One allowance as the server reported it.

    ``name`` says what is counted (``requests``, ``tokens``, ``input-tokens`` …), ``reset_s`` in how many
    seconds the allowance is whole again. A part the server did not send, or sent unreadably, is ``None``.
    """

    name: str
    limit: int | None = None
    remaining: int | None = None
    reset_s: float | None = None


def parse_duration(text: str) -> float | None:
    """Seconds in a Go-style duration (``1m30s``, ``850ms``) or a bare number; ``None`` if neither."""
    cleaned = text.strip().lower()
    parts = _DURATION.findall(cleaned)
    if parts and "".join(number + unit for number, unit in parts) == cleaned:
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)
    try:
        seconds = float(cleaned)
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def parse_rate_limits(headers: Mapping[str, str], now: datetime) -> tuple[RateLimit, ...]:
    """Every allowance named in ``headers`` (lower-case names), ordered by name; ``now`` is aware."""
    by_scope: dict[str, dict[str, str]] = {}
    for header, value in headers.items():
        if match := _OPENAI.fullmatch(header):
            part, name = match.groups()
        elif match := _ANTHROPIC.fullmatch(header):
            name, part = match.groups()
        else:
            continue
        by_scope.setdefault(name, {})[part] = value
    return tuple(
        RateLimit(
            name, _count(parts.get("limit")), _count(parts.get("remaining")), _reset(parts.get("reset"), now)
        )
        for name, parts in sorted(by_scope.items())
    )


def _count(text: str | None) -> int | None:
    if text is None:
        return None
    try:
        return int(text.strip().replace(",", ""))
    except ValueError:
        return None


def _reset(text: str | None, now: datetime) -> float | None:
    if text is None:
        return None
    seconds = parse_duration(text)
    if seconds is not None:
        return seconds
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
