"""Runs, their steps and tool outputs. Shapes: wire.md 3.12 and 8 (OpenAI spec)."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from zaguan_tui.sandbox.engine.ledger.object_store import Body, ObjectStore, public_fields
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import metadata, optional_text, read_object, required_text
from zaguan_tui.sandbox.http.errors import conflict, invalid_request, not_found
from zaguan_tui.sandbox.http.pages import openai_page
from zaguan_tui.sandbox.jobs.assistant_fields import chat_model, optional_object, sampling, tools
from zaguan_tui.sandbox.jobs.run_job import (
    ENDED,
    EXPIRY_SECONDS,
    RunJob,
    active_run,
    expire,
    messages_of,
    new_message,
)
from zaguan_tui.sandbox.routes.assistants.assistants import find_assistant
from zaguan_tui.sandbox.routes.assistants.threads import find_thread, message_fields

_MAX_TOOLS = 20
_MIN_TOKENS = 256

EventQueue = asyncio.Queue[tuple[str, Body]]


async def create_run(request: Request) -> Response:
    """Let an assistant work on a thread; streamed when ``stream`` is true."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    body = await read_object(request)
    assistant = await find_assistant(gateway, required_text(body, "assistant_id"))
    if not isinstance(body.get("stream") or False, bool):
        raise invalid_request("'stream' must be true or false.", "stream")
    object_store = await gateway.open_object_store()
    busy = active_run(gateway, object_store, thread["id"])
    if busy is not None:
        raise invalid_request(
            f"Thread {thread['id']} already has an active run {busy['id']}.", code="thread_busy"
        )
    run = _new_run(gateway, thread["id"], assistant, body)
    extra = body.get("additional_messages") or []
    if not isinstance(extra, list):
        raise invalid_request("'additional_messages' must be a list.", "additional_messages")
    for fields in [message_fields(row, f"additional_messages[{at}]") for at, row in enumerate(extra)]:
        object_store.put(messages_of(thread["id"]), new_message(gateway, thread["id"], **fields))
    object_store.put(f"runs {thread['id']}", run)
    return _begin(gateway, object_store, run, bool(body.get("stream")), new=True)


async def list_runs(request: Request) -> Response:
    """One page of a thread's runs, newest first unless asked otherwise."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    object_store = await gateway.open_object_store()
    active_run(gateway, object_store, thread["id"])
    return JSONResponse(openai_page(request, object_store.list(f"runs {thread['id']}")[::-1]))


async def get_run(request: Request) -> Response:
    """One run as it stands."""
    _, run = await _find(request)
    return JSONResponse(public_fields(run))


async def cancel_run(request: Request) -> Response:
    """Stop a run; one that waits for tools is cancelled at once."""
    gateway: Gateway = request.app.state.gateway
    object_store, run = await _find(request)
    if run["status"] in ENDED:
        raise conflict(f"The run has ended: it is {run['status']}.", "run_not_cancellable")
    waiting = run["status"] == "requires_action"
    run["status"] = "cancelling"
    object_store.put(f"runs {run['thread_id']}", run)
    answer = public_fields(run)
    if waiting:
        run["required_action"] = None
        gateway.spawn(RunJob(gateway, object_store, run, lambda *_: None).run())
    return JSONResponse(answer)


async def list_steps(request: Request) -> Response:
    """One page of a run's steps, newest first unless asked otherwise."""
    object_store, run = await _find(request)
    return JSONResponse(openai_page(request, object_store.list(f"steps {run['id']}")[::-1]))


async def submit_tool_outputs(request: Request) -> Response:
    """Hand over what the tools gave; every call asked for must be there."""
    gateway: Gateway = request.app.state.gateway
    object_store, run = await _find(request)
    body = await read_object(request)
    if run["status"] != "requires_action":
        raise invalid_request(
            f"The run is {run['status']}; it does not wait for tools.", code="run_not_waiting"
        )
    calls = run["required_action"]["submit_tool_outputs"]["tool_calls"]
    outputs = _outputs(body.get("tool_outputs"), {call["id"] for call in calls})
    for call in calls:
        output = outputs[call["id"]]
        run["_exchange"].append({"role": "tool", "tool_call_id": call["id"], "content": output})
    for step in object_store.list(f"steps {run['id']}"):
        if step["status"] == "in_progress":
            done = int(gateway.clock.now().timestamp())
            step.update({"status": "completed", "completed_at": done, "usage": run["usage"]})
            for call in step["step_details"]["tool_calls"]:
                call["function"] = {**call["function"], "output": outputs[call["id"]]}
            object_store.put(f"steps {run['id']}", step)
    run.update({"status": "queued", "required_action": None})
    object_store.put(f"runs {run['thread_id']}", run)
    return _begin(gateway, object_store, run, bool(body.get("stream")), new=False)


def _begin(gateway: Gateway, object_store: ObjectStore, run: Body, stream: bool, *, new: bool) -> Response:
    events: EventQueue = asyncio.Queue()
    if new:
        events.put_nowait(("thread.run.created", public_fields(run)))
    events.put_nowait(("thread.run.queued", public_fields(run)))
    listener = _listener(events) if stream else lambda *_: None
    answer = public_fields(run)
    gateway.spawn(RunJob(gateway, object_store, run, listener).run())
    if stream:
        return StreamingResponse(_frames(events), media_type="text/event-stream")
    return JSONResponse(answer)


def _listener(events: EventQueue) -> Any:
    # A copy: what is sent must not change with the object.
    return lambda name, body: events.put_nowait((name, json.loads(json.dumps(public_fields(body)))))


async def _frames(events: EventQueue) -> AsyncIterator[bytes]:
    """The events as frames; a run goes on when its reader has disconnected."""
    while True:
        name, body = await events.get()
        if name == "done":
            yield b"event: done\ndata: [DONE]\n\n"
            return
        yield f"event: {name}\ndata: {json.dumps(body)}\n\n".encode()


async def _find(request: Request) -> tuple[ObjectStore, Body]:
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    name = request.path_params["run_id"]
    object_store = await gateway.open_object_store()
    run = object_store.get(f"runs {thread['id']}", name)
    if run is None:
        raise not_found("run", name, "run_id")
    expire(gateway, object_store, run)
    return object_store, run


def _outputs(value: object, call_ids: set[str]) -> dict[str, str]:
    if not isinstance(value, list):
        raise invalid_request("'tool_outputs' is required and must be a list.", "tool_outputs")
    outputs = {}
    for index, row in enumerate(value):
        name = row.get("tool_call_id") if isinstance(row, dict) else None
        if name not in call_ids or not isinstance(row.get("output"), str):
            message = f"'tool_outputs[{index}]' needs the id of a call that waits, and an output, a text."
            raise invalid_request(message, f"tool_outputs[{index}]")
        outputs[name] = row["output"]
    if set(outputs) != call_ids:
        missing = ", ".join(sorted(call_ids - set(outputs)))
        raise invalid_request(f"The outputs of {missing} are missing.", "tool_outputs")
    return outputs


def _limit(body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < _MIN_TOKENS):
        raise invalid_request(f"'{name}' must be a whole number from {_MIN_TOKENS}.", name)
    return value


def _new_run(gateway: Gateway, thread: str, assistant: Body, body: Mapping[str, Any]) -> Body:
    created = int(gateway.clock.now().timestamp())
    own = {key: value for key, value in body.items() if value is not None}
    choice = own.get("tool_choice", "auto")
    if not isinstance(choice, str | dict):
        raise invalid_request("'tool_choice' must be a word or an object.", "tool_choice")
    times = ("started", "cancelled", "failed", "completed")
    return {
        "id": f"run_{uuid.uuid4().hex[:24]}",
        "object": "thread.run",
        "created_at": created,
        "thread_id": thread,
        "assistant_id": assistant["id"],
        "status": "queued",
        "required_action": None,
        "last_error": None,
        "expires_at": created + EXPIRY_SECONDS,
        **{f"{name}_at": None for name in times},
        "incomplete_details": None,
        "model": chat_model(gateway, own.get("model", assistant["model"])),
        "instructions": optional_text({**assistant, **own}, "instructions") or "",
        "tools": tools({**assistant, **own}, _MAX_TOOLS if "tools" in own else 128),
        "metadata": metadata(own),
        "usage": None,
        **sampling({**assistant, **own}),
        "max_prompt_tokens": _limit(own, "max_prompt_tokens"),
        "max_completion_tokens": _limit(own, "max_completion_tokens"),
        "truncation_strategy": optional_object(own, "truncation_strategy")
        or {"type": "auto", "last_messages": None},
        "tool_choice": choice,
        "parallel_tool_calls": own.get("parallel_tool_calls") is not False,
        "_additional": optional_text(own, "additional_instructions"),
        "_exchange": [],
    }
