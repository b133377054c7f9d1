"""Endpoints that only the sandbox has: scenario, and a health check without a key."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from zaguan_tui import __version__
from zaguan_tui.sandbox.config import scenario_names
from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.providers.request_faults import HEADER, REFUSALS, STREAM_FAULTS
from zaguan_tui.sandbox.engine.providers.scenario import ScenarioError, Step
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import read_object
from zaguan_tui.sandbox.http.errors import GatewayError, invalid_request


async def get_scenario(request: Request) -> Response:
    """The scenario in force, its elapsed time, and the others."""
    return JSONResponse(_report(request.app.state.gateway))


async def set_scenario(request: Request) -> Response:
    """Switch to ``{"name": …}``; it begins at its first second, even when it was already in force."""
    gateway: Gateway = request.app.state.gateway
    body = await read_object(request)
    name = body.get("name")
    if not isinstance(name, str):
        raise invalid_request("'name' must be the name of a scenario.", "name")
    try:
        gateway.switch_scenario(name)
    except ScenarioError as error:
        raise GatewayError(
            404, str(error), kind="not_found_error", code="scenario_not_found", param="name"
        ) from error
    return JSONResponse(_report(gateway))


async def health(request: Request) -> Response:
    """Liveness; needs no key."""
    gateway: Gateway = request.app.state.gateway
    return JSONResponse(
        {"status": "healthy", "timestamp": format_instant(gateway.clock.now()), "version": __version__}
    )


def _report(gateway: Gateway) -> dict[str, Any]:
    conditions, now = gateway.conditions, gateway.catch_up()
    elapsed = now - conditions.since
    return {
        "object": "sandbox.scenario",
        "name": conditions.scenario.name,
        "title": conditions.scenario.title,
        "description": conditions.scenario.description,
        "started_at": format_instant(gateway.clock.instant(conditions.since)),
        "elapsed_seconds": round(elapsed, 3),
        "time_scale": gateway.clock.scale,
        "seed": gateway.config.seed,
        "steps": [_step_row(step, elapsed) for step in conditions.scenario.steps],
        "available": list(scenario_names()),
        "faults": {"header": HEADER, "names": sorted(REFUSALS | STREAM_FAULTS)},
    }


def _step_row(step: Step, elapsed: float) -> dict[str, Any]:
    return {
        "note": step.note,
        "providers": list(step.providers),
        "at": step.at,
        "until": step.until,
        "every": step.every,
        "lasts": step.lasts,
        "faults": list(step.faults),
        "gateway_fault": step.gateway_fault or None,
        "in_force": step.in_force(elapsed),
    }


ROUTES = [
    Route("/sandbox/scenario", get_scenario, methods=["GET"]),
    Route("/sandbox/scenario", set_scenario, methods=["POST"]),
    Route("/health", health, methods=["GET"]),
]
