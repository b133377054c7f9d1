"""Batches. Shapes: wire.md 3.9 (OpenAI spec); the list is an extension."""

from __future__ import annotations

import uuid

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.engine.ledger.object_store import Body, public_fields
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import metadata, read_object, required_text
from zaguan_tui.sandbox.http.errors import GatewayError, conflict, invalid_request, not_found
from zaguan_tui.sandbox.http.pages import openai_page
from zaguan_tui.sandbox.jobs.batch_job import ENDED, WINDOW_SECONDS, BatchJob, no_usage
from zaguan_tui.sandbox.jobs.batch_lines import ENDPOINTS
from zaguan_tui.sandbox.jobs.stored_files import find_file


async def create_batch(request: Request) -> Response:
    """Begin a batch over an uploaded file."""
    gateway: Gateway = request.app.state.gateway
    body = await read_object(request)
    endpoint = required_text(body, "endpoint")
    if endpoint not in ENDPOINTS:
        raise invalid_request(f"'endpoint' must be one of {', '.join(ENDPOINTS)}.", "endpoint")
    if body.get("completion_window") != "24h":
        raise invalid_request("'completion_window' is required and must be 24h.", "completion_window")
    notes = metadata(body)
    file_id = required_text(body, "input_file_id")
    try:
        file = await find_file(gateway, file_id)
    except GatewayError as error:
        raise invalid_request(error.message, "input_file_id", "file_not_found") from error
    if file["purpose"] != "batch":
        message = f"The file's purpose is {file['purpose']!r}; it must be 'batch'."
        raise invalid_request(message, "input_file_id")
    created = int(gateway.clock.now().timestamp())
    job: Body = {
        "id": f"batch_{uuid.uuid4().hex[:24]}",
        "object": "batch",
        "endpoint": endpoint,
        "input_file_id": file_id,
        "completion_window": "24h",
        "status": "validating",
        "created_at": created,
        "expires_at": created + WINDOW_SECONDS,
        "request_counts": {"total": 0, "completed": 0, "failed": 0},
        "usage": no_usage(),
        "metadata": notes or None,
    }
    object_store = await gateway.open_object_store()
    object_store.put("batch", job)
    gateway.spawn(BatchJob(gateway, object_store, job).run())
    return JSONResponse(public_fields(job))


async def list_batches(request: Request) -> Response:
    """One page of batches, newest first."""
    gateway: Gateway = request.app.state.gateway
    rows = (await gateway.open_object_store()).list("batch")
    return JSONResponse(openai_page(request, rows[::-1]))


async def get_batch(request: Request) -> Response:
    """One batch as it stands."""
    return JSONResponse(public_fields(await _find(request)))


async def cancel_batch(request: Request) -> Response:
    """Stop a batch; requests under way are finished and what is there is kept."""
    gateway: Gateway = request.app.state.gateway
    job = await _find(request)
    if job["status"] in ENDED:
        raise conflict(f"The batch has ended: it is {job['status']}.", "batch_not_cancellable")
    if job["status"] != "cancelling":
        job["status"] = "cancelling"
        job["cancelling_at"] = int(gateway.clock.now().timestamp())
        (await gateway.open_object_store()).put("batch", job)
    return JSONResponse(public_fields(job))


async def _find(request: Request) -> Body:
    gateway: Gateway = request.app.state.gateway
    name = request.path_params["batch_id"]
    job = (await gateway.open_object_store()).get("batch", name)
    if job is None:
        raise not_found("batch", name, "batch_id")
    return job
