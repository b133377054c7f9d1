"""Threads and their messages. Shapes: wire.md 3.11 and 8 (OpenAI spec)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.assistant_fields import content, given_object
from zaguan_tui.sandbox.bodies import read_object, read_optional_object
from zaguan_tui.sandbox.engine.shelf import Body, shown
from zaguan_tui.sandbox.errors import invalid_request, not_found
from zaguan_tui.sandbox.fields import metadata
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.pages import openai_page
from zaguan_tui.sandbox.run_job import active_run, messages_of, new_message

KIND = "thread"


async def create_thread(request: Request) -> Response:
    """Make a thread, with its first messages if there are any; an empty body will do."""
    gateway: Gateway = request.app.state.gateway
    body = await read_optional_object(request)
    rows = body.get("messages") or []
    if not isinstance(rows, list):
        raise invalid_request("'messages' must be a list.", "messages")
    given = [message_fields(row, f"messages[{index}]") for index, row in enumerate(rows)]
    thread: Body = {
        "id": f"thread_{uuid.uuid4().hex[:24]}",
        "object": "thread",
        "created_at": int(gateway.clock.now().timestamp()),
        "tool_resources": given_object(body, "tool_resources"),
        "metadata": metadata(body),
    }
    shelf = await gateway.open_shelf()
    shelf.put(KIND, thread)
    for fields in given:
        shelf.put(messages_of(thread["id"]), new_message(gateway, thread["id"], **fields))
    return JSONResponse(shown(thread))


async def get_thread(request: Request) -> Response:
    """One thread, without its messages."""
    return JSONResponse(shown(await find_thread(request)))


async def update_thread(request: Request) -> Response:
    """Replace ``metadata`` and ``tool_resources``; nothing else of a thread changes."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    body = await read_object(request)
    fields = {"tool_resources": given_object(body, "tool_resources"), "metadata": metadata(body)}
    thread.update({name: value for name, value in fields.items() if name in body})
    (await gateway.open_shelf()).put(KIND, thread)
    return JSONResponse(shown(thread))


async def delete_thread(request: Request) -> Response:
    """Forget a thread with everything in it."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    shelf = await gateway.open_shelf()
    for run in shelf.list(f"runs {thread['id']}"):
        run["status"] = "cancelling" if run["status"] in ("queued", "in_progress") else run["status"]
        shelf.clear(f"steps {run['id']}")
    for kind in (messages_of(thread["id"]), f"runs {thread['id']}"):
        shelf.clear(kind)
    shelf.remove(KIND, thread["id"])
    return JSONResponse({"id": thread["id"], "object": "thread.deleted", "deleted": True})


async def list_messages(request: Request) -> Response:
    """One page of a thread's messages, newest first unless asked otherwise."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    rows = (await gateway.open_shelf()).list(messages_of(thread["id"]))
    run = request.query_params.get("run_id")
    return JSONResponse(openai_page(request, [row for row in rows if run in (None, "", row["run_id"])][::-1]))


async def create_message(request: Request) -> Response:
    """Add a message; not while a run is at work on the thread."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    fields = message_fields(await read_object(request), "")
    shelf = await gateway.open_shelf()
    busy = active_run(gateway, shelf, thread["id"])
    if busy is not None:
        raise invalid_request(f"Run {busy['id']} is still at work on this thread.", code="thread_busy")
    message = new_message(gateway, thread["id"], **fields)
    shelf.put(messages_of(thread["id"]), message)
    return JSONResponse(shown(message))


async def find_thread(request: Request) -> Body:
    """The thread of the path. Raises a 404."""
    gateway: Gateway = request.app.state.gateway
    name = request.path_params["thread_id"]
    found = (await gateway.open_shelf()).get(KIND, name)
    if found is None:
        raise not_found("thread", name, "thread_id")
    return found


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
