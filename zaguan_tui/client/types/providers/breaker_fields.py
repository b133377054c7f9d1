"""The spellings of a circuit breaker's fields (`wire.md` 6.2, ``proposal``; ``counts`` as gobreaker has
them)."""

from __future__ import annotations

from typing import Any

from zaguan_tui.client.types.core.base import FieldTable
from zaguan_tui.client.types.core.primitives import count, flag, fraction, identifier, mapping, unreadable
from zaguan_tui.client.types.core.times import instant, seconds
from zaguan_tui.client.types.providers.last_error import last_error


def _state(value: Any, key: str = "") -> Any:
    """A word, a switch or a number as sent; what it means is decided with the rest of the breaker in view."""
    if isinstance(value, str | bool | int | float):
        return value
    raise unreadable(value)


BREAKER_FIELDS = FieldTable(
    {
        "provider": (identifier, ("provider", "provider_id")),
        "name": (identifier, ("name", "id", "breaker", "key")),
        "scope": (identifier, ("model", "scope", "model_id")),
        "state": (_state, ("state", "status", "circuit_state", "breaker_state")),
        "open": (flag, ("open", "is_open", "tripped")),
        "failure_count": (count, ("failure_count", "failures", "errors", "error_count", "total_failures")),
        "success_count": (count, ("success_count", "successes", "total_successes")),
        "consecutive_failures": (count, ("consecutive_failures",)),
        "consecutive_successes": (count, ("consecutive_successes",)),
        "failure_threshold": (count, ("failure_threshold", "threshold", "max_failures")),
        "success_threshold": (count, ("success_threshold",)),
        "error_rate": (fraction, ("error_rate", "failure_rate", "error_percent", "error_rate_percent")),
        "error_rate_threshold": (fraction, ("error_rate_threshold", "failure_rate_threshold")),
        "minimum_requests": (count, ("minimum_requests", "min_requests", "request_volume_threshold")),
        "window": (mapping, ("window",)),
        "window_seconds": (seconds, ("window_seconds", "window_s", "window_ms")),
        "window_requests": (count, ("window_requests", "requests", "total_requests")),
        "window_failures": (count, ("window_failures",)),
        "counts": (mapping, ("counts",)),
        "opened_at": (instant, ("opened_at", "tripped_at", "open_since", "since")),
        "next_attempt_at": (
            instant,
            (
                "next_attempt_at",
                "next_attempt",
                "next_retry_at",
                "retry_at",
                "reset_at",
                "open_until",
                "expires_at",
            ),
        ),
        "retry_after": (
            seconds,
            ("retry_after", "retry_after_seconds", "retry_after_ms", "remaining_seconds", "remaining_ms"),
        ),
        "cooldown": (
            seconds,
            ("timeout", "cooldown", "timeout_seconds", "timeout_ms", "cooldown_seconds", "cooldown_ms"),
        ),
        "last_failure_at": (instant, ("last_failure_at", "last_failure", "last_failure_time")),
        "last_state_change_at": (
            instant,
            ("last_state_change_at", "last_state_change", "state_changed_at", "changed_at"),
        ),
        "half_open_max_requests": (count, ("half_open_max_requests", "half_open_max_calls")),
        "half_open_in_flight": (count, ("half_open_in_flight", "half_open_requests")),
        "trips_total": (count, ("trips_total", "trip_count", "trips", "open_count")),
        "last_error": (last_error, ("last_error", "error")),
    }
)

WINDOW_FIELDS = FieldTable(
    {
        "window_seconds": (seconds, ("seconds", "duration", "size", "duration_ms", "ms")),
        "window_requests": (count, ("requests", "total", "total_requests")),
        "window_failures": (count, ("failures", "errors", "total_failures")),
    }
)

COUNT_FIELDS = FieldTable(
    {
        "window_requests": (count, ("requests", "total")),
        "success_count": (count, ("total_successes", "successes", "success")),
        "failure_count": (count, ("total_failures", "failures", "errors", "error")),
        "consecutive_successes": (count, ("consecutive_successes",)),
        "consecutive_failures": (count, ("consecutive_failures",)),
    }
)
