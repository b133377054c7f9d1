"""Files: real bytes, stored by the sandbox. Shapes: wire.md 3.7 (OpenAI spec), content: wire.md 8."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.engine.ledger.object_store import public_fields
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import invalid_request
from zaguan_tui.sandbox.http.forms import read_form, text, upload
from zaguan_tui.sandbox.http.pages import openai_page
from zaguan_tui.sandbox.jobs.stored_files import delete_stored_file, find_file, store_file, unexpired_files

PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
_MIN_LIFETIME_S, _MAX_LIFETIME_S = 3600, 2_592_000
_PLAIN = re.compile(r"[\x20-\x7e]+")


async def upload_file(request: Request) -> Response:
    """Store an uploaded file."""
    gateway: Gateway = request.app.state.gateway
    form = await read_form(request)
    file = upload(form)
    purpose = text(form, "purpose")
    if purpose not in PURPOSES:
        raise invalid_request(f"'purpose' is required, one of {', '.join(PURPOSES)}.", "purpose")
    lifetime_s = _lifetime(form)
    name = PurePosixPath((file.filename or "upload").replace("\\", "/")).name or "upload"
    body = await store_file(gateway, name, purpose, await file.read(), lifetime_s)
    return JSONResponse(public_fields(body))


async def list_files(request: Request) -> Response:
    """One page of files, newest first unless asked otherwise."""
    gateway: Gateway = request.app.state.gateway
    purpose = request.query_params.get("purpose")
    rows = [row for row in await unexpired_files(gateway) if purpose in (None, "", row["purpose"])]
    return JSONResponse(openai_page(request, rows[::-1], usual=10_000, most=10_000))


async def get_file(request: Request) -> Response:
    """One file's object."""
    return JSONResponse(
        public_fields(await find_file(request.app.state.gateway, request.path_params["file_id"]))
    )


async def delete_file(request: Request) -> Response:
    """Delete a file."""
    gateway: Gateway = request.app.state.gateway
    body = await find_file(gateway, request.path_params["file_id"])
    delete_stored_file(await gateway.open_object_store(), body)
    return JSONResponse({"id": body["id"], "object": "file", "deleted": True})


async def get_content(request: Request) -> Response:
    """A file's bytes."""
    gateway: Gateway = request.app.state.gateway
    body = await find_file(gateway, request.path_params["file_id"])
    data = await (await gateway.open_object_store()).read_bytes(body["id"])
    name = body["filename"] if _PLAIN.fullmatch(body["filename"]) else "file"
    quoted = name.replace("\\", "_").replace('"', "_")
    headers = {"content-disposition": f'attachment; filename="{quoted}"'}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _lifetime(form: FormData) -> int | None:
    """Seconds until the file expires, from ``expires_after[anchor]`` and ``expires_after[seconds]``."""
    anchor, seconds = text(form, "expires_after[anchor]"), text(form, "expires_after[seconds]")
    if anchor is None and seconds is None:
        return None
    if anchor != "created_at":
        raise invalid_request("'expires_after[anchor]' must be created_at.", "expires_after[anchor]")
    value: Any = (
        int(seconds) if seconds and seconds.isascii() and seconds.isdigit() and len(seconds) < 12 else 0
    )
    if not _MIN_LIFETIME_S <= value <= _MAX_LIFETIME_S:
        message = f"'expires_after[seconds]' must be from {_MIN_LIFETIME_S} to {_MAX_LIFETIME_S}."
        raise invalid_request(message, "expires_after[seconds]")
    return int(value)
