"""GET /v1/virtual-models and one of them. Shape: wire.md 6.3 (proposal)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.data.records import ModelData, TargetData, VirtualModelData
from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.providers.health import compute_health
from zaguan_tui.sandbox.engine.providers.router import ModelPath
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import not_found


async def list_virtual_models(request: Request) -> Response:
    """All virtual models, in one answer."""
    gateway: Gateway = request.app.state.gateway
    gateway.catch_up()
    rows = [_row(gateway, virtual) for virtual in gateway.world.virtual_models.values()]
    return JSONResponse({"object": "list", "data": rows, "has_more": False})


async def get_virtual_model(request: Request) -> Response:
    """One virtual model, with its statistics since the start."""
    gateway: Gateway = request.app.state.gateway
    name = request.path_params["model_id"]
    virtual = gateway.router.virtual(name)
    if virtual is None:
        raise not_found("virtual model", name, "model_id")
    now = gateway.catch_up()
    return JSONResponse({**_row(gateway, virtual), "stats": _stats(gateway, virtual, now)})


def _row(gateway: Gateway, virtual: VirtualModelData) -> dict[str, Any]:
    models = [gateway.world.models.get(target.model) for target in virtual.targets]
    bands = [model.band for model in models if model is not None]
    opened = format_instant(gateway.loaded_at)
    return {
        "id": virtual.id,
        "object": "virtual_model",
        "name": virtual.name,
        "description": virtual.description,
        "enabled": virtual.enabled,
        "strategy": virtual.strategy,
        "targets": [
            _target(gateway, target, model) for target, model in zip(virtual.targets, models, strict=True)
        ],
        "fallbacks": list(virtual.fallbacks),
        "default_params": ModelPath((), virtual).params,
        "constraints": None,
        "band": max(bands, default=None),
        "created_at": opened,
        "updated_at": opened,
        "metadata": {},
    }


def _target(gateway: Gateway, target: TargetData, model: ModelData | None) -> dict[str, Any]:
    row: dict[str, Any] = {"model": target.model, "weight": target.weight, "priority": target.priority}
    if model is None:
        return {**row, "provider": None, "enabled": False, "status": "unknown"}
    record = gateway.dispatcher.records[model.provider]
    breaker = gateway.dispatcher.breakers[model.provider]
    status = compute_health(record, breaker, gateway.catch_up()).status
    return {**row, "provider": model.provider, "enabled": record.enabled, "status": status}


def _stats(gateway: Gateway, virtual: VirtualModelData, now: float) -> dict[str, Any]:
    served = gateway.router.served.get(virtual.id)
    requests = served.total() if served else 0
    models = [
        gateway.world.models[target.model]
        for target in virtual.targets
        if target.model in gateway.world.models
    ]
    board = gateway.dispatcher
    records = [
        compute_health(board.records[model.provider], board.breakers[model.provider], now) for model in models
    ]
    errors, calls = sum(record.error for record in records), sum(record.total for record in records)
    medians = sorted(record.p50 for record in records if record.p50 is not None)
    return {
        "requests": requests,
        "error_rate": round(errors / calls, 4) if calls else 0.0,
        "latency_ms": {"p50": medians[len(medians) // 2] if medians else None},
        "by_target": [
            {"model": model, "requests": count, "share": round(count / requests, 4)}
            for model, count in (served or {}).items()
        ],
    }
