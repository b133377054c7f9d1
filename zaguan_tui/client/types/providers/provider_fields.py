"""The spellings of a provider's fields and of its status (`wire.md` 6.1, ``proposal``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.client.types.core.base import FieldTable
from zaguan_tui.client.types.core.primitives import count, filled_text, flag, fraction, identifier, unreadable
from zaguan_tui.client.types.core.times import instant, seconds
from zaguan_tui.client.types.providers.last_error import last_error

HEALTHY = "healthy"
DEGRADED = "degraded"
DOWN = "down"
DISABLED = "disabled"
UNKNOWN = "unknown"

WORDS: Mapping[str, str] = {
    **dict.fromkeys(
        [
            "healthy",
            "ok",
            "up",
            "online",
            "operational",
            "active",
            "available",
            "pass",
            "passing",
            "green",
            "true",
            "1",
        ],
        HEALTHY,
    ),
    **dict.fromkeys(
        ["degraded", "warn", "warning", "slow", "partial", "impaired", "yellow", "half_open", "halfopen"],
        DEGRADED,
    ),
    **dict.fromkeys(
        [
            "down",
            "error",
            "offline",
            "unhealthy",
            "unavailable",
            "outage",
            "fail",
            "failed",
            "failing",
            "critical",
            "red",
            "false",
            "0",
        ],
        DOWN,
    ),
    **dict.fromkeys(["disabled", "off", "inactive", "maintenance", "paused"], DISABLED),
    **dict.fromkeys(("unknown", "pending", "checking", "n/a", "na", ""), UNKNOWN),
}
"""Servers' words for our five."""

MOST_PROVIDERS = 2_000
"""Entries that are read of an answer about providers, a hundred times what a gateway has (``proposal``)."""

STATUS_KEYS = ("status", "healthy", "available", "up")
"""Readings that tell the status, the words' keys first, then the switches."""


def _status(value: Any, key: str = "") -> Any:
    if isinstance(value, str | bool | int | float):
        return value
    raise unreadable(value)


def _requests(value: Any, key: str = "") -> Mapping[str, Any] | int | None:
    """An object of counts, or the total alone."""
    return value if isinstance(value, Mapping) else count(value, key)


PROVIDER_FIELDS = FieldTable(
    {
        "id": (identifier, ("id", "provider", "provider_id", "slug")),
        "name": (identifier, ("name",)),
        "display_name": (filled_text, ("display_name", "title", "label")),
        "enabled": (flag, ("enabled", "is_enabled")),
        "switched_off": (flag, ("disabled", "is_disabled")),
        "status": (_status, ("status", "state", "health", "health_status")),
        "healthy": (_status, ("healthy", "is_healthy")),
        "available": (_status, ("available", "is_available")),
        "up": (_status, ("up", "is_up")),
        "requests": (_requests, ("requests",)),
        "total_count": (count, ("total_requests", "request_count", "requests_total", "total_count")),
        "success_count": (count, ("success_count", "successes", "successful_requests")),
        "error_count": (count, ("error_count", "failures", "failure_count", "errors", "failed_requests")),
        "rate_limited_count": (count, ("rate_limited_count", "rate_limited", "rate_limited_requests")),
        "error_rate": (
            fraction,
            ("error_rate", "failure_rate", "error_rate_percent", "error_rate_pct", "error_percent"),
        ),
        "success_rate": (
            fraction,
            (
                "success_rate",
                "success_rate_percent",
                "success_rate_pct",
                "success_percent",
                "uptime",
                "uptime_percent",
                "uptime_pct",
            ),
        ),
        "window_seconds": (seconds, ("window_seconds", "window", "window_s", "window_ms")),
        "models_count": (
            count,
            ("models_count", "model_count", "num_models", "total_models", "models"),
        ),
        "circuit": (_status, ("circuit_state", "circuit_breaker_state", "breaker_state", "circuit")),
        "last_check": (
            instant,
            ("last_check", "last_checked", "last_check_at", "last_checked_at", "checked_at"),
        ),
        "last_success_at": (instant, ("last_success_at", "last_success")),
        "last_error": (last_error, ("last_error", "error", "last_error_message", "error_message")),
    }
)

COUNT_FIELDS = FieldTable(
    {
        "total": (count, ("total", "count", "requests")),
        "success": (count, ("success", "successes", "succeeded", "ok")),
        "error": (count, ("error", "errors", "failed", "failures")),
        "rate_limited": (count, ("rate_limited", "throttled")),
    }
)
