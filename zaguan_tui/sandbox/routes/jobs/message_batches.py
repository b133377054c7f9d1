"""Message batches. Shapes: wire.md 4.3 (Anthropic docs)."""

from __future__ import annotations

import json
import re
import uuid
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.ledger.object_store import Body, public_fields
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import read_object
from zaguan_tui.sandbox.http.errors import invalid_request, not_found
from zaguan_tui.sandbox.http.pages import anthropic_page
from zaguan_tui.sandbox.jobs.message_batch_job import OUTCOMES, MessageBatchJob

_MAX_REQUESTS = 100_000
_EXPIRY = timedelta(hours=24)
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_KIND = "message batch"


async def create_batch(request: Request) -> Response:
    """Begin a batch; what is wrong inside the requests shows in their results."""
    gateway: Gateway = request.app.state.gateway
    requests = _requests((await read_object(request, 256 * 1024 * 1024)).get("requests"))
    now = gateway.clock.now()
    body: Body = {
        "id": f"msgbatch_{uuid.uuid4().hex[:24]}",
        "type": "message_batch",
        "processing_status": "in_progress",
        "request_counts": {"processing": len(requests), **dict.fromkeys(OUTCOMES, 0)},
        "created_at": format_instant(now),
        "expires_at": format_instant(now + _EXPIRY),
        "ended_at": None,
        "cancel_initiated_at": None,
        "archived_at": None,
        "results_url": None,
        "_expires": (now + _EXPIRY).timestamp(),
    }
    object_store = await gateway.open_object_store()
    await object_store.put_bytes(body["id"], json.dumps(requests).encode())
    object_store.put(_KIND, body)
    gateway.spawn(MessageBatchJob(gateway, object_store, body).run())
    return JSONResponse(_row(request, body))


async def list_batches(request: Request) -> Response:
    """One page, newest first."""
    gateway: Gateway = request.app.state.gateway
    rows = [_row(request, body) for body in (await gateway.open_object_store()).list(_KIND)[::-1]]
    return JSONResponse(anthropic_page(request, rows))


async def get_batch(request: Request) -> Response:
    """One batch as it stands."""
    return JSONResponse(_row(request, await _find(request)))


async def cancel_batch(request: Request) -> Response:
    """Stop a batch; requests under way are finished."""
    gateway: Gateway = request.app.state.gateway
    body = await _find(request)
    if body["processing_status"] == "in_progress":
        body["processing_status"] = "canceling"
        body["cancel_initiated_at"] = format_instant(gateway.clock.now())
        (await gateway.open_object_store()).put(_KIND, body)
    return JSONResponse(_row(request, body))


async def get_results(request: Request) -> Response:
    """The results as JSONL, in the order they came."""
    gateway: Gateway = request.app.state.gateway
    body = await _find(request)
    if body["processing_status"] != "ended":
        raise not_found("results", body["id"], "batch_id")
    data = await (await gateway.open_object_store()).read_bytes(f"{body['id']}/results")
    return Response(data, media_type="application/x-jsonl")


async def delete_batch(request: Request) -> Response:
    """Delete a batch that has ended."""
    gateway: Gateway = request.app.state.gateway
    body = await _find(request)
    if body["processing_status"] != "ended":
        raise invalid_request("A batch can be deleted once it has ended; cancel it first.", "batch_id")
    object_store = await gateway.open_object_store()
    object_store.remove(_KIND, body["id"])
    for name in (body["id"], f"{body['id']}/results"):
        object_store.remove_bytes(name)
    return JSONResponse({"id": body["id"], "type": "message_batch_deleted"})


def _requests(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not 1 <= len(value) <= _MAX_REQUESTS:
        raise invalid_request(f"requests: must be a list of 1 to {_MAX_REQUESTS} requests.", "requests")
    custom_ids: set[str] = set()
    for index, row in enumerate(value):
        where = f"requests.{index}"
        name = row.get("custom_id") if isinstance(row, dict) else None
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            message = f"{where}.custom_id: must be 1 to 64 letters, digits, '_' or '-'."
            raise invalid_request(message, f"{where}.custom_id")
        if name in custom_ids:
            raise invalid_request(f"{where}.custom_id: {name!r} is there twice.", f"{where}.custom_id")
        if not isinstance(row.get("params"), dict):
            raise invalid_request(f"{where}.params: Field required, an object.", f"{where}.params")
        custom_ids.add(name)
    return value


async def _find(request: Request) -> Body:
    gateway: Gateway = request.app.state.gateway
    name = request.path_params["batch_id"]
    body = (await gateway.open_object_store()).get(_KIND, name)
    if body is None:
        raise not_found("message batch", name, "batch_id")
    return body


def _row(request: Request, body: Body) -> Body:
    row = public_fields(body)
    if row["processing_status"] == "ended":
        row["results_url"] = f"{str(request.base_url).rstrip('/')}/v1/messages/batches/{row['id']}/results"
    return row
