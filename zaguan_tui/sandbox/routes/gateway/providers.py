"""GET /v1/providers/status, computed from real outcomes. Shape: wire.md 6.1 (proposal)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from zaguan_tui.sandbox.data.records import ProviderData
from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.providers.breaker import CallFailure
from zaguan_tui.sandbox.engine.providers.call_record import WINDOW_SECONDS
from zaguan_tui.sandbox.engine.providers.health import compute_health
from zaguan_tui.sandbox.gateway import Gateway

STATUSES = ("healthy", "degraded", "down", "disabled", "unknown")


async def provider_status(request: Request) -> Response:
    """Every provider's health over the rolling window that ends now."""
    gateway: Gateway = request.app.state.gateway
    now = gateway.catch_up()
    rows = [_row(gateway, provider, now) for provider in gateway.world.data.providers]
    counts = Counter(row["status"] for row in rows)
    summary = {"total": len(rows), **{status: counts[status] for status in STATUSES}}
    generated_at = format_instant(gateway.clock.instant(now))
    return JSONResponse({"object": "list", "data": rows, "summary": summary, "generated_at": generated_at})


def failure_row(gateway: Gateway, failure: CallFailure | None) -> dict[str, Any] | None:
    """A provider's last failure as both status endpoints show it."""
    if failure is None:
        return None
    return {
        "message": failure.message,
        "type": failure.type,
        "status_code": failure.status_code,
        "at": format_instant(gateway.clock.instant(failure.at)),
    }


def stamp(gateway: Gateway, elapsed: float | None) -> str | None:
    """World seconds as an instant on the wire, keeping ``None``."""
    return None if elapsed is None else format_instant(gateway.clock.instant(elapsed))


def _row(gateway: Gateway, provider: ProviderData, now: float) -> dict[str, Any]:
    record = gateway.dispatcher.records[provider.id]
    breaker = gateway.dispatcher.breakers[provider.id]
    health = compute_health(record, breaker, now)
    return {
        "id": provider.id,
        "object": "provider.status",
        "name": provider.name,
        "enabled": record.enabled,
        "status": health.status,
        "latency_ms": {
            "avg": _rounded(health.average),
            "p50": _rounded(health.p50),
            "p95": _rounded(health.p95),
            "p99": _rounded(health.p99),
        },
        "requests": {
            "total": health.total,
            "success": health.success,
            "error": health.error,
            "rate_limited": health.rate_limited,
        },
        "error_rate": round(health.error_rate, 4),
        "window_seconds": int(WINDOW_SECONDS),
        "models_count": len(gateway.world.models_of(provider.id)),
        "circuit_state": breaker.state.value,
        "last_check": stamp(gateway, record.last_check),
        "last_success_at": stamp(gateway, record.last_success_at),
        "last_error": failure_row(gateway, record.last_error),
    }


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 1)


ROUTES = [Route("/v1/providers/status", provider_status, methods=["GET"])]
