"""GET /v1/models, and one model by id (an extension). Shape: wire.md 3.2."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from zaguan_tui.sandbox.data import ModelData
from zaguan_tui.sandbox.errors import model_not_found
from zaguan_tui.sandbox.gateway import Gateway


async def list_models(request: Request) -> Response:
    """Every model in the world, in one answer: the catalogue has no pagination here."""
    world = request.app.state.gateway.world
    body = world.rendered.get("models")
    if body is None:
        rows = [_row(model) for model in world.models.values()]
        body = world.rendered["models"] = bytes(JSONResponse({"object": "list", "data": rows}).body)
    return Response(body, media_type="application/json")


async def get_model(request: Request) -> Response:
    """One model; the id may hold raw slashes or ``%2F``."""
    gateway: Gateway = request.app.state.gateway
    name = request.path_params["model_id"]
    model = gateway.world.find(name)
    if model is None:
        raise model_not_found(name)
    return JSONResponse(_row(model))


def _row(model: ModelData) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": model.id,
        "object": "model",
        "created": model.created,
        "owned_by": model.provider,
        "description": model.description,
        "display_name": model.name,
        "metadata": {"band": model.band, "kind": model.kind, "deprecated": model.deprecated},
    }
    if model.shutdown_date is not None:
        row["shutdown_date"] = model.shutdown_date
    return row


ROUTES = [
    Route("/v1/models", list_models, methods=["GET"]),
    Route("/v1/models/{model_id:path}", get_model, methods=["GET"]),
]
