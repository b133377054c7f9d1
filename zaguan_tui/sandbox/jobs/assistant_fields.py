"""The fields that assistants, threads and runs share, checked (wire.md 3.10 to 3.12, OpenAI spec)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.sandbox.engine.chat.model_exchange import BadRequestError
from zaguan_tui.sandbox.engine.chat.tools import read_tools
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import invalid_request, model_not_found

_OWN_TOOLS = ("code_interpreter", "file_search")
_RANGES = {"temperature": (0.0, 2.0), "top_p": (0.0, 1.0)}


def chat_model(gateway: Gateway, name: object) -> str:
    """The name of a model that chats, or of a virtual one. Raises a 400 or 404."""
    if not isinstance(name, str) or not name.strip():
        raise invalid_request("'model' is required and must be the id of a model.", "model")
    if gateway.router.virtual(name) is not None:
        return name
    model = gateway.world.find(name)
    if model is None:
        raise model_not_found(name)
    if model.kind != "chat":
        raise invalid_request(f"{model.id} is a model for {model.kind}, not for chat.", "model")
    return name


def tools(body: Mapping[str, Any], most: int) -> list[dict[str, Any]]:
    """The tools, functions checked as a chat's are. Raises a 400."""
    rows = body.get("tools") or []
    if not isinstance(rows, list) or len(rows) > most:
        raise invalid_request(f"'tools' must be a list of at most {most} tools.", "tools")
    for index, row in enumerate(rows):
        kind = row.get("type") if isinstance(row, dict) else None
        if kind not in (*_OWN_TOOLS, "function"):
            message = f"tools[{index}].type must be function, {' or '.join(_OWN_TOOLS)}."
            raise invalid_request(message, f"tools[{index}].type")
    try:
        read_tools({"tools": functions(rows)})
    except BadRequestError as error:
        raise invalid_request(error.message, error.param, error.code) from error
    return list(rows)


def functions(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tools that are functions of the caller's own."""
    return [row for row in rows if row["type"] == "function"]


def sampling(body: Mapping[str, Any]) -> dict[str, Any]:
    """Temperature, top_p and response_format as they were given. Raises a 400."""
    for name, (low, high) in _RANGES.items():
        value = body.get(name)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (number and low <= value <= high):
            raise invalid_request(f"'{name}' must be a number from {low:g} to {high:g}.", name)
    form = body.get("response_format")
    if form is not None and form != "auto" and not isinstance(form, dict):
        raise invalid_request("'response_format' must be auto or an object.", "response_format")
    return {name: body.get(name) for name in (*_RANGES, "response_format")}


def content(value: object, where: str) -> list[dict[str, Any]]:
    """A message's content as the wire's parts. Raises a 400."""
    if isinstance(value, str) and value:
        return [{"type": "text", "text": {"value": value, "annotations": []}}]
    if not isinstance(value, list) or not value:
        raise invalid_request(f"'{where}' is required: a text or a list of parts.", where)
    parts = []
    for index, part in enumerate(value):
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "text" and isinstance(part.get("text"), str):
            parts.append({"type": "text", "text": {"value": part["text"], "annotations": []}})
        elif kind in ("image_url", "image_file") and isinstance(part.get(kind), dict):
            parts.append({"type": kind, kind: part[kind]})
        else:
            raise invalid_request(f"'{where}[{index}]' must be a text or an image part.", f"{where}[{index}]")
    return parts


def optional_object(body: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """An object or nothing. Raises a 400."""
    value = body.get(name)
    if value is not None and not isinstance(value, dict):
        raise invalid_request(f"'{name}' must be an object.", name)
    return value
