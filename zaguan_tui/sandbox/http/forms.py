"""Read multipart bodies with the limits and refusals of every endpoint that takes files."""

from __future__ import annotations

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from zaguan_tui.sandbox.http.bodies import declared_bytes
from zaguan_tui.sandbox.http.errors import GatewayError, invalid_request

MAX_BYTES = 512 * 1024 * 1024
"""Bigger uploads are refused with 413 (OpenAI's own limit)."""


async def read_form(request: Request, limit: int = MAX_BYTES) -> FormData:
    """The fields of a multipart body. Raises `GatewayError`: 400 or 413."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise invalid_request("The body must be multipart/form-data.", code="invalid_form")
    too_large = GatewayError(
        413, f"The upload is bigger than {limit} bytes.", kind="invalid_request_error", code="file_too_large"
    )
    if declared_bytes(request) > limit:
        raise too_large
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await request.receive()
        size += len(message.get("body", b""))
        if size > limit:
            raise too_large
        return message

    try:
        return await Request(request.scope, counted).form(max_files=20, max_fields=100)
    except (HTTPException, ClientDisconnect, KeyError, ValueError) as error:
        raise invalid_request("The multipart body cannot be read.", code="invalid_form") from error


def upload(form: FormData, name: str = "file") -> UploadFile:
    """The uploaded file of that field. Raises a 400 when there is none."""
    value = form.get(name)
    if not isinstance(value, UploadFile):
        raise invalid_request(f"'{name}' is required and must be a file.", name)
    return value


def text(form: FormData, name: str) -> str | None:
    """A text field, ``None`` when absent. Raises a 400 when it is a file."""
    value = form.get(name)
    if isinstance(value, UploadFile):
        raise invalid_request(f"'{name}' must be text, not a file.", name)
    return value
