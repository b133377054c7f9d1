"""GET /v1/models, and one model by id (an extension). Shape: wire.md 3.2.

A request with the header ``anthropic-version`` gets Anthropic's shape, paged as there (Anthropic docs).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import ANTHROPIC_HEADER, model_not_found
from zaguan_tui.sandbox.http.pages import anthropic_page


async def list_models(request: Request) -> Response:
    """Every model in the world, in one answer: OpenAI's list has no pages."""
    gateway: Gateway = request.app.state.gateway
    world = gateway.world
    if ANTHROPIC_HEADER in request.headers:
        return JSONResponse(_anthropic_list(request, world.models.values()))
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
    return JSONResponse(_anthropic_row(model) if ANTHROPIC_HEADER in request.headers else _row(model))


def _anthropic_list(request: Request, models: Iterable[ModelData]) -> dict[str, Any]:
    """One page in Anthropic's shape, the newest model first. Raises a 400 for a bad limit or id."""
    newest_first = sorted(models, key=lambda model: model.created, reverse=True)
    return anthropic_page(request, [_anthropic_row(model) for model in newest_first])


def _anthropic_row(model: ModelData) -> dict[str, Any]:
    return {
        "type": "model",
        "id": model.id,
        "display_name": model.name,
        "created_at": datetime.fromtimestamp(model.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "lifecycle": "deprecated" if model.deprecated else "active",
        "max_input_tokens": model.context,
        "max_tokens": model.max_output,
    }


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
