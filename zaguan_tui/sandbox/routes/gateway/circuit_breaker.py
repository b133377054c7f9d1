"""GET /v1/circuit-breaker/status. Shape: wire.md 6.2 (proposal)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.providers.breaker import Breaker, BreakerState
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.routes.gateway.providers import failure_row, stamp


async def breaker_status(request: Request) -> Response:
    """Every provider's breaker as it stands now; durations are world seconds."""
    gateway: Gateway = request.app.state.gateway
    now = gateway.catch_up()
    every = gateway.dispatcher.breakers
    breakers = {provider: every[provider] for provider in gateway.world.providers}
    rows = [_row(gateway, provider, breaker, now) for provider, breaker in breakers.items()]
    counts = Counter(breaker.state for breaker in breakers.values())
    return JSONResponse(
        {
            "object": "list",
            "data": rows,
            "summary": {state.value: counts[state] for state in BreakerState},
            "generated_at": format_instant(gateway.clock.instant(now)),
        }
    )


def _row(gateway: Gateway, provider: str, breaker: Breaker, now: float) -> dict[str, Any]:
    rules = breaker.rules
    calls, failures = breaker.window(now)
    retry_after = breaker.retry_after(now)
    return {
        "provider": provider,
        "object": "circuit_breaker",
        "state": breaker.state.value,
        "failure_count": failures,
        "success_count": calls - failures,
        "consecutive_failures": breaker.consecutive_failures,
        "consecutive_successes": breaker.consecutive_successes,
        "failure_threshold": rules.failure_threshold,
        "success_threshold": rules.success_threshold,
        "error_rate": round(failures / calls, 4) if calls else 0.0,
        "error_rate_threshold": rules.error_rate_threshold,
        "minimum_requests": rules.minimum_requests,
        "window": {"seconds": int(rules.window_seconds), "requests": calls, "failures": failures},
        "opened_at": stamp(gateway, breaker.opened_at),
        "next_attempt_at": stamp(gateway, breaker.next_attempt_at),
        "retry_after": None if retry_after is None else round(retry_after, 1),
        "half_open_max_requests": rules.half_open_max_requests,
        "half_open_in_flight": breaker.in_flight_probes,
        "trips_total": breaker.trips_total,
        "last_failure_at": stamp(gateway, breaker.last_failure_at),
        "last_state_change_at": stamp(gateway, breaker.last_state_change_at),
        "last_error": failure_row(gateway, breaker.last_error),
    }


ROUTES = [Route("/v1/circuit-breaker/status", breaker_status, methods=["GET"])]
