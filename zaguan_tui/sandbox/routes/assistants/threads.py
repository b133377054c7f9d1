"""Threads and their messages. Shapes: wire.md 3.11 and 8 (OpenAI spec)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.engine.ledger.object_store import Body, public_fields
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import metadata, read_object, read_optional_object
from zaguan_tui.sandbox.http.errors import invalid_request, not_found
from zaguan_tui.sandbox.http.pages import openai_page
from zaguan_tui.sandbox.jobs.assistant_fields import content, optional_object
from zaguan_tui.sandbox.jobs.run_job import active_run, messages_of, new_message

KIND = "thread"


async def create_thread(request: Request) -> Response:
    """Make a thread, with its first messages if there are any; an empty body will do."""
    gateway: Gateway = request.app.state.gateway
    body = await read_optional_object(request)
    rows = body.get("messages") or []
    if not isinstance(rows, list):
        raise invalid_request("'messages' must be a list.", "messages")
    messages = [message_fields(row, f"messages[{index}]") for index, row in enumerate(rows)]
    thread: Body = {
        "id": f"thread_{uuid.uuid4().hex[:24]}",
        "object": "thread",
        "created_at": int(gateway.clock.now().timestamp()),
        "tool_resources": optional_object(body, "tool_resources"),
        "metadata": metadata(body),
    }
    object_store = await gateway.open_object_store()
    object_store.put(KIND, thread)
    for fields in messages:
        object_store.put(messages_of(thread["id"]), new_message(gateway, thread["id"], **fields))
    return JSONResponse(public_fields(thread))


async def get_thread(request: Request) -> Response:
    """One thread, without its messages."""
    return JSONResponse(public_fields(await find_thread(request)))


async def update_thread(request: Request) -> Response:
    """Replace ``metadata`` and ``tool_resources``; nothing else of a thread changes."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    body = await read_object(request)
    fields = {"tool_resources": optional_object(body, "tool_resources"), "metadata": metadata(body)}
    thread.update({name: value for name, value in fields.items() if name in body})
    (await gateway.open_object_store()).put(KIND, thread)
    return JSONResponse(public_fields(thread))


async def delete_thread(request: Request) -> Response:
    """Delete a thread with everything in it."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    object_store = await gateway.open_object_store()
    for run in object_store.list(f"runs {thread['id']}"):
        run["status"] = "cancelling" if run["status"] in ("queued", "in_progress") else run["status"]
        object_store.clear(f"steps {run['id']}")
    for kind in (messages_of(thread["id"]), f"runs {thread['id']}"):
        object_store.clear(kind)
    object_store.remove(KIND, thread["id"])
    return JSONResponse({"id": thread["id"], "object": "thread.deleted", "deleted": True})


async def list_messages(request: Request) -> Response:
    """One page of a thread's messages, newest first unless asked otherwise."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    rows = (await gateway.open_object_store()).list(messages_of(thread["id"]))
    run = request.query_params.get("run_id")
    return JSONResponse(openai_page(request, [row for row in rows if run in (None, "", row["run_id"])][::-1]))


async def create_message(request: Request) -> Response:
    """Add a message; not while a run is at work on the thread."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    fields = message_fields(await read_object(request), "")
    object_store = await gateway.open_object_store()
    busy = active_run(gateway, object_store, thread["id"])
    if busy is not None:
        raise invalid_request(f"Run {busy['id']} is still at work on this thread.", code="thread_busy")
    message = new_message(gateway, thread["id"], **fields)
    object_store.put(messages_of(thread["id"]), message)
    return JSONResponse(public_fields(message))


async def find_thread(request: Request) -> Body:
    """The thread of the path. Raises a 404."""
    gateway: Gateway = request.app.state.gateway
    name = request.path_params["thread_id"]
    thread = (await gateway.open_object_store()).get(KIND, name)
    if thread is None:
        raise not_found("thread", name, "thread_id")
    return thread


def message_fields(row: object, where: str) -> dict[str, Any]:
    """A message as it was given, checked; ``where`` is its place in the body. Raises a 400."""
    prefix = f"{where}." if where else ""
    if not isinstance(row, Mapping):
        raise invalid_request(f"{where} must be an object.", where)
    if row.get("role") not in ("user", "assistant"):
        raise invalid_request(f"'{prefix}role' must be user or assistant.", f"{prefix}role")
    return {
        "role": row["role"],
        "parts": content(row.get("content"), f"{prefix}content"),
        "notes": metadata(row),
    }
