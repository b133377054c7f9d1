"""Assistants. Shapes: wire.md 3.10 (OpenAI spec)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.engine.ledger.object_store import Body, public_fields
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import metadata, optional_text, read_object
from zaguan_tui.sandbox.http.errors import not_found
from zaguan_tui.sandbox.http.pages import openai_page
from zaguan_tui.sandbox.jobs.assistant_fields import chat_model, optional_object, sampling, tools

KIND = "assistant"
_MAX_TOOLS = 128
_TEXTS = {"name": 256, "description": 512, "instructions": 256_000}


async def create_assistant(request: Request) -> Response:
    """Make an assistant."""
    gateway: Gateway = request.app.state.gateway
    body = await read_object(request)
    assistant: Body = {
        "id": f"asst_{uuid.uuid4().hex[:24]}",
        "object": "assistant",
        "created_at": int(gateway.clock.now().timestamp()),
        **_fields(gateway, {**body, "model": body.get("model")}),
    }
    (await gateway.open_object_store()).put(KIND, assistant)
    return JSONResponse(public_fields(assistant))


async def list_assistants(request: Request) -> Response:
    """One page, newest first unless asked otherwise."""
    gateway: Gateway = request.app.state.gateway
    return JSONResponse(openai_page(request, (await gateway.open_object_store()).list(KIND)[::-1]))


async def get_assistant(request: Request) -> Response:
    """One assistant."""
    return JSONResponse(public_fields(await find_assistant(request.app.state.gateway, _name(request))))


async def update_assistant(request: Request) -> Response:
    """Replace the fields that are given; ``tools`` as a whole."""
    gateway: Gateway = request.app.state.gateway
    assistant = await find_assistant(gateway, _name(request))
    body = await read_object(request)
    checked = _fields(gateway, {**public_fields(assistant), **body})
    assistant.update({name: value for name, value in checked.items() if name in body})
    (await gateway.open_object_store()).put(KIND, assistant)
    return JSONResponse(public_fields(assistant))


async def delete_assistant(request: Request) -> Response:
    """Delete an assistant; its runs stay."""
    gateway: Gateway = request.app.state.gateway
    assistant = await find_assistant(gateway, _name(request))
    (await gateway.open_object_store()).remove(KIND, assistant["id"])
    return JSONResponse({"id": assistant["id"], "object": "assistant.deleted", "deleted": True})


async def find_assistant(gateway: Gateway, name: str) -> Body:
    """The assistant of that id. Raises a 404."""
    assistant = (await gateway.open_object_store()).get(KIND, name)
    if assistant is None:
        raise not_found("assistant", name, "assistant_id")
    return assistant


def _name(request: Request) -> str:
    return str(request.path_params["assistant_id"])


def _fields(gateway: Gateway, body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "model": chat_model(gateway, body.get("model")),
        **{name: optional_text(body, name, longest) for name, longest in _TEXTS.items()},
        "tools": tools(body, _MAX_TOOLS),
        "tool_resources": optional_object(body, "tool_resources"),
        "metadata": metadata(body),
        **sampling(body),
        "reasoning_effort": optional_text(body, "reasoning_effort", 20),
    }
