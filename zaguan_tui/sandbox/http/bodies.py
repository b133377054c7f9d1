"""Read JSON bodies with the limits and refusals that every endpoint shares."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request

from zaguan_tui.sandbox.http.errors import GatewayError, invalid_request

MAX_BYTES = 32 * 1024 * 1024
"""Bigger JSON bodies are refused with 413."""


async def read_object(request: Request, limit: int = MAX_BYTES) -> dict[str, Any]:
    """The body as a JSON object. Raises `GatewayError`: 413 when too big, 400 when it is anything else."""
    return _parsed(await _read(request, limit))


async def read_optional_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object, an empty one when there is no body. Raises what `read_object` raises."""
    body = await _read(request, MAX_BYTES)
    return _parsed(body) if body else {}


async def _read(request: Request, limit: int) -> bytearray:
    too_large = GatewayError(
        413,
        f"The body is bigger than {limit} bytes.",
        kind="invalid_request_error",
        code="request_too_large",
    )
    if declared_bytes(request) > limit:
        raise too_large
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise too_large
    except ClientDisconnect as error:
        raise invalid_request("The connection closed before the body was complete.") from error
    return body


def _parsed(body: bytearray) -> dict[str, Any]:
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise invalid_request(f"The body is not valid JSON: {error}.", code="invalid_json") from error
    if b"\\ud" in body.lower():
        _refuse_lone_surrogates(value)
    if not isinstance(value, dict):
        raise invalid_request(f"The body must be a JSON object, not {_kind(value)}.", code="invalid_json")
    return value


def declared_bytes(request: Request) -> int:
    """The size the caller announces, so that a body too big is refused before it is sent; 0 when unknown."""
    text = request.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _refuse_lone_surrogates(value: object) -> None:
    """Half a character pair cannot be written as UTF-8, so no answer could ever repeat it."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        message = "The body holds half of a surrogate pair (\\ud800 to \\udfff alone)."
        raise invalid_request(message, code="invalid_json") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _kind(value: object) -> str:
    names = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def required_text(body: Mapping[str, Any], name: str) -> str:
    """A text that is there and not empty. Raises a 400."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise invalid_request(f"'{name}' is required and must be text.", name)
    return value


def optional_text(body: Mapping[str, Any], name: str, longest: int = 256_000) -> str | None:
    """A text of at most ``longest`` characters, or ``None``. Raises a 400."""
    value = body.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > longest):
        raise invalid_request(f"'{name}' must be text of at most {longest} characters.", name)
    return value


def metadata(body: Mapping[str, Any]) -> dict[str, str]:
    """At most 16 pairs of texts, 64 and 512 characters long (OpenAI spec). Raises a 400."""
    value = body.get("metadata")
    if value is None:
        return {}
    good = isinstance(value, dict) and len(value) <= 16
    if not good or not all(
        len(key) <= 64 and isinstance(text, str) and len(text) <= 512 for key, text in value.items()
    ):
        raise invalid_request("'metadata' must hold at most 16 texts of at most 512 characters.", "metadata")
    return dict(value)
