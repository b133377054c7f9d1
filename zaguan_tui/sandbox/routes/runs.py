"""Runs, their steps and tool outputs. Shapes: wire.md 3.12 and 8 (OpenAI spec)."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from zaguan_tui.sandbox.assistant_fields import chat_model, given_object, sampling, tools
from zaguan_tui.sandbox.bodies import read_object
from zaguan_tui.sandbox.engine.shelf import Body, Shelf, shown
from zaguan_tui.sandbox.errors import conflict, invalid_request, not_found
from zaguan_tui.sandbox.fields import metadata, optional_text, required_text
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.pages import openai_page
from zaguan_tui.sandbox.routes.assistants import find_assistant
from zaguan_tui.sandbox.routes.threads import find_thread, message_fields
from zaguan_tui.sandbox.run_job import (
    ENDED,
    LIFE_SECONDS,
    RunJob,
    active_run,
    expire,
    messages_of,
    new_message,
)

_MOST_TOOLS = 20
_FEWEST_TOKENS = 256

Told = asyncio.Queue[tuple[str, Body]]


async def create_run(request: Request) -> Response:
    """Let an assistant work on a thread; streamed when ``stream`` is true."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    body = await read_object(request)
    assistant = await find_assistant(gateway, required_text(body, "assistant_id"))
    if not isinstance(body.get("stream") or False, bool):
        raise invalid_request("'stream' must be true or false.", "stream")
    shelf = await gateway.open_shelf()
    busy = active_run(gateway, shelf, thread["id"])
    if busy is not None:
        raise invalid_request(
            f"Thread {thread['id']} already has an active run {busy['id']}.", code="thread_busy"
        )
    run = _new_run(gateway, thread["id"], assistant, body)
    extra = body.get("additional_messages") or []
    if not isinstance(extra, list):
        raise invalid_request("'additional_messages' must be a list.", "additional_messages")
    for fields in [message_fields(row, f"additional_messages[{at}]") for at, row in enumerate(extra)]:
        shelf.put(messages_of(thread["id"]), new_message(gateway, thread["id"], **fields))
    shelf.put(f"runs {thread['id']}", run)
    return _begin(gateway, shelf, run, bool(body.get("stream")), new=True)


async def list_runs(request: Request) -> Response:
    """One page of a thread's runs, newest first unless asked otherwise."""
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    shelf = await gateway.open_shelf()
    active_run(gateway, shelf, thread["id"])
    return JSONResponse(openai_page(request, shelf.list(f"runs {thread['id']}")[::-1]))


async def get_run(request: Request) -> Response:
    """One run as it stands."""
    _, run = await _find(request)
    return JSONResponse(shown(run))


async def cancel_run(request: Request) -> Response:
    """Stop a run; one that waits for tools is cancelled at once."""
    gateway: Gateway = request.app.state.gateway
    shelf, run = await _find(request)
    if run["status"] in ENDED:
        raise conflict(f"The run has ended: it is {run['status']}.", "run_not_cancellable")
    waiting = run["status"] == "requires_action"
    run["status"] = "cancelling"
    shelf.put(f"runs {run['thread_id']}", run)
    answer = shown(run)
    if waiting:
        run["required_action"] = None
        gateway.spawn(RunJob(gateway, shelf, run, lambda *_: None).run())
    return JSONResponse(answer)


async def list_steps(request: Request) -> Response:
    """One page of a run's steps, newest first unless asked otherwise."""
    shelf, run = await _find(request)
    return JSONResponse(openai_page(request, shelf.list(f"steps {run['id']}")[::-1]))


async def submit_tool_outputs(request: Request) -> Response:
    """Hand over what the tools gave; every call asked for must be there."""
    gateway: Gateway = request.app.state.gateway
    shelf, run = await _find(request)
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
    for step in shelf.list(f"steps {run['id']}"):
        if step["status"] == "in_progress":
            done = int(gateway.clock.now().timestamp())
            step.update({"status": "completed", "completed_at": done, "usage": run["usage"]})
            for call in step["step_details"]["tool_calls"]:
                call["function"] = {**call["function"], "output": outputs[call["id"]]}
            shelf.put(f"steps {run['id']}", step)
    run.update({"status": "queued", "required_action": None})
    shelf.put(f"runs {run['thread_id']}", run)
    return _begin(gateway, shelf, run, bool(body.get("stream")), new=False)


def _begin(gateway: Gateway, shelf: Shelf, run: Body, stream: bool, *, new: bool) -> Response:
    told: Told = asyncio.Queue()
    if new:
        told.put_nowait(("thread.run.created", shown(run)))
    told.put_nowait(("thread.run.queued", shown(run)))
    listener = _listener(told) if stream else lambda *_: None
    answer = shown(run)
    gateway.spawn(RunJob(gateway, shelf, run, listener).run())
    if stream:
        return StreamingResponse(_frames(told), media_type="text/event-stream")
    return JSONResponse(answer)


def _listener(told: Told) -> Any:
    # What is told now must not change when the object does.
    return lambda name, body: told.put_nowait((name, json.loads(json.dumps(shown(body)))))


async def _frames(told: Told) -> AsyncIterator[bytes]:
    """The events as frames; a run goes on when its listener has gone."""
    while True:
        name, body = await told.get()
        if name == "done":
            yield b"event: done\ndata: [DONE]\n\n"
            return
        yield f"event: {name}\ndata: {json.dumps(body)}\n\n".encode()


async def _find(request: Request) -> tuple[Shelf, Body]:
    gateway: Gateway = request.app.state.gateway
    thread = await find_thread(request)
    name = request.path_params["run_id"]
    shelf = await gateway.open_shelf()
    run = shelf.get(f"runs {thread['id']}", name)
    if run is None:
        raise not_found("run", name, "run_id")
    expire(gateway, shelf, run)
    return shelf, run


def _outputs(value: object, wanted: set[str]) -> dict[str, str]:
    if not isinstance(value, list):
        raise invalid_request("'tool_outputs' is required and must be a list.", "tool_outputs")
    found = {}
    for index, row in enumerate(value):
        name = row.get("tool_call_id") if isinstance(row, dict) else None
        if name not in wanted or not isinstance(row.get("output"), str):
            message = f"'tool_outputs[{index}]' needs the id of a call that waits, and an output, a text."
            raise invalid_request(message, f"tool_outputs[{index}]")
        found[name] = row["output"]
    if set(found) != wanted:
        missing = ", ".join(sorted(wanted - set(found)))
        raise invalid_request(f"The outputs of {missing} are missing.", "tool_outputs")
    return found


def _limit(body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and (
        isinstance(value, bool) or not isinstance(value, int) or value < _FEWEST_TOKENS
    ):
        raise invalid_request(f"'{name}' must be a whole number from {_FEWEST_TOKENS}.", name)
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
        "expires_at": created + LIFE_SECONDS,
        **{f"{name}_at": None for name in times},
        "incomplete_details": None,
        "model": chat_model(gateway, own.get("model", assistant["model"])),
        "instructions": optional_text({**assistant, **own}, "instructions") or "",
        "tools": tools({**assistant, **own}, _MOST_TOOLS if "tools" in own else 128),
        "metadata": metadata(own),
        "usage": None,
        **sampling({**assistant, **own}),
        "max_prompt_tokens": _limit(own, "max_prompt_tokens"),
        "max_completion_tokens": _limit(own, "max_completion_tokens"),
        "truncation_strategy": given_object(own, "truncation_strategy")
        or {"type": "auto", "last_messages": None},
        "tool_choice": choice,
        "parallel_tool_calls": own.get("parallel_tool_calls") is not False,
        "_additional": optional_text(own, "additional_instructions"),
        "_exchange": [],
    }
