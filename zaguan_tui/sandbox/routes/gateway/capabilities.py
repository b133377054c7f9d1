"""GET /v1/capabilities: a bare list with every SDK's field names. Shape: wire.md 5.1 and 15."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import invalid_request

_FLAGS = {"supports_vision": "vision", "supports_tools": "tools", "supports_reasoning": "reasoning"}
_BOOLEAN_WORDS = {"true": True, "1": True, "false": False, "0": False}


async def list_capabilities(request: Request) -> Response:
    """Capabilities of all models; ``provider`` and the three flags filter (zaguan-sdk-ts)."""
    gateway: Gateway = request.app.state.gateway
    query = request.query_params
    models = tuple(gateway.world.models.values())
    provider = query.get("provider")
    if provider is not None:
        models = tuple(model for model in models if model.provider == provider)
    for parameter, attribute in _FLAGS.items():
        text = query.get(parameter)
        if text is None:
            continue
        if text.lower() not in _BOOLEAN_WORDS:
            raise invalid_request(f"{parameter} is 'true' or 'false', not {text[:40]!r}.", parameter)
        flag = _BOOLEAN_WORDS[text.lower()]
        models = tuple(model for model in models if getattr(model, attribute) is flag)
    if len(models) < len(gateway.world.models):
        return JSONResponse([_row(model) for model in models])
    body = gateway.world.rendered.get("capabilities")
    if body is None:
        body = bytes(JSONResponse([_row(model) for model in models]).body)
        gateway.world.rendered["capabilities"] = body
    return Response(body, media_type="application/json")


def _row(model: ModelData) -> dict[str, Any]:
    row: dict[str, Any] = {
        "model_id": model.id,
        "provider": model.provider,
        "supports_vision": model.vision,
        "supports_tools": model.tools,
        "supports_reasoning": model.reasoning,
        "supports_audio_input": model.audio_in,
        "supports_audio_output": model.audio_out,
        "supports_audio_in": model.audio_in,
        "supports_audio_out": model.audio_out,
        "supports_streaming": model.streaming,
        "supports_system_messages": model.system_messages,
        "max_context_tokens": model.context,
        "max_output_tokens": model.max_output,
        "input_cost_per_1m": model.input_cost_per_1m,
        "output_cost_per_1m": model.output_cost_per_1m,
        "features": list(model.features),
        "modalities": list(model.modalities),
        "band": model.band,
        "provider_specific": {},
    }
    if model.reasoning_cost_per_1m is not None:
        row["reasoning_cost_per_1m"] = model.reasoning_cost_per_1m
    return row


ROUTES = [Route("/v1/capabilities", list_capabilities, methods=["GET"])]
