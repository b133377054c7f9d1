"""POST /v1/admin/…: reload, and a provider's switch. Shapes: wire.md 6.4 (proposal)."""

from __future__ import annotations

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.data.records import WorldError
from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.providers.health import compute_health
from zaguan_tui.sandbox.engine.providers.reload import Changes
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import read_optional_object
from zaguan_tui.sandbox.http.errors import GatewayError, forbidden, invalid_request, not_found


async def reload_config(request: Request) -> Response:
    """Read the world files again and apply them. 422 leaves everything as it was."""
    gateway = await _check_admin(request)
    began = time.perf_counter()
    previous = gateway.config_version
    if gateway.conditions.has_gateway_fault("ignored-admin", gateway.catch_up()):
        nothing = Changes.between(gateway.world.data, gateway.world.data)
        return JSONResponse({**_reload_body(gateway, previous, nothing, began), "status": "reloaded"})
    try:
        changes = await gateway.reload()
    except WorldError as error:
        problem = {"path": error.key or error.file, "message": str(error)}
        raise GatewayError(
            422,
            f"The configuration is invalid and the old one stays in force: {error}",
            kind="config_invalid",
            details={"errors": [problem]},
        ) from error
    return JSONResponse(_reload_body(gateway, previous, changes, began))


async def enable_provider(request: Request) -> Response:
    """Enable a provider."""
    return await _switch(request, on=True)


async def disable_provider(request: Request) -> Response:
    """Disable a provider; calls under way go on."""
    return await _switch(request, on=False)


def _reload_body(gateway: Gateway, previous: int, changes: Changes, began: float) -> dict[str, Any]:
    return {
        "object": "admin.reload",
        "status": "reloaded" if changes.any else "unchanged",
        "config_version": gateway.config_version,
        "previous_version": previous,
        "reloaded_at": format_instant(gateway.clock.now()),
        "duration_ms": round((time.perf_counter() - began) * 1000, 1),
        "changes": {
            "providers": changes.providers.row(),
            "models": {"added": len(changes.models.added), "removed": len(changes.models.removed)},
            "virtual_models": changes.virtual_models.row(),
        },
        "warnings": list(changes.warnings),
    }


async def _switch(request: Request, *, on: bool) -> Response:
    gateway = await _check_admin(request)
    reason = await _reason(request)
    name = request.path_params["provider"]
    if name not in gateway.world.providers:
        raise not_found("provider", name, "provider")
    now = gateway.catch_up()
    record = gateway.dispatcher.records[name]
    previous = record.enabled
    if not gateway.conditions.has_gateway_fault("ignored-admin", now):
        await gateway.switch_provider(name, enabled=on)
    models = {model.id for model in gateway.world.models_of(name)}
    virtual = [
        virtual.id
        for virtual in gateway.world.virtual_models.values()
        if models & {*(target.model for target in virtual.targets), *virtual.fallbacks}
    ]
    body: dict[str, Any] = {
        "object": "provider.state",
        "provider": name,
        "enabled": on,
        "previous_enabled": previous,
        "changed": previous != on,
        "status": compute_health(record, gateway.dispatcher.breakers[name], now).status,
        "effective_at": format_instant(gateway.clock.instant(now)),
        "affected": {
            "models": len(models),
            "virtual_models": virtual,
            "in_flight": gateway.dispatcher.in_flight[name],
        },
    }
    return JSONResponse({**body, "reason": reason} if reason is not None else body)


async def _check_admin(request: Request) -> Gateway:
    gateway: Gateway = request.app.state.gateway
    if not gateway.keys.is_admin(request.scope["path"], request.headers):
        raise forbidden("This needs the admin key; the key you sent opens the API only.")
    return gateway


async def _reason(request: Request) -> str | None:
    """The reason in the body, which may also be empty."""
    reason = (await read_optional_object(request)).get("reason")
    if reason is not None and not isinstance(reason, str):
        raise invalid_request("'reason' must be text.", "reason")
    return reason
