"""Assistants, threads and runs: every state, streams, tools, and what is refused."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from served_gateway import KEY, Serve, Served

QUICK = 300.0
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


async def post(sandbox: Served, path: str, **body: Any) -> dict[str, Any]:
    answer = await sandbox.http.post(f"/v1/{path}", json=body)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def setting(sandbox: Served, words: str = "say: hello there", **assistant: Any) -> tuple[str, str]:
    """The ids of a new assistant and of a thread with one message."""
    made = await post(sandbox, "assistants", **{"model": "sandbox/echo", "name": "Ada", **assistant})
    thread = await post(sandbox, "threads", messages=[{"role": "user", "content": words}])
    return made["id"], thread["id"]


async def until(sandbox: Served, thread: str, run: str, *ends: str) -> dict[str, Any]:
    for _ in range(400):
        body: dict[str, Any] = (await sandbox.http.get(f"/v1/threads/{thread}/runs/{run}")).json()
        if body["status"] in ends:
            return body
        await asyncio.sleep(0.01)
    raise AssertionError(f"it never came to {ends}: {body}")


async def test_assistants(sandbox: Served) -> None:
    ids = [(await post(sandbox, "assistants", model="openai/gpt-4o", name=f"A{n}"))["id"] for n in range(3)]
    page = (await sandbox.http.get("/v1/assistants", params={"limit": 2})).json()
    assert [row["id"] for row in page["data"]] == [ids[2], ids[1]]
    assert page["has_more"]
    back = (await sandbox.http.get("/v1/assistants", params={"before": ids[0], "limit": 1})).json()
    assert [row["id"] for row in back["data"]] == [ids[1]]
    changed = await post(sandbox, f"assistants/{ids[0]}", instructions="Be kind.", tools=[WEATHER])
    assert (changed["name"], changed["instructions"], len(changed["tools"])) == ("A0", "Be kind.", 1)
    gone = (await sandbox.http.delete(f"/v1/assistants/{ids[0]}")).json()
    assert gone == {"id": ids[0], "object": "assistant.deleted", "deleted": True}
    missing = await sandbox.http.get(f"/v1/assistants/{ids[0]}")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "assistant_not_found")


async def test_threads_and_messages(sandbox: Served) -> None:
    empty = (await sandbox.http.post("/v1/threads")).json()
    thread = empty["id"]
    assert (empty["object"], empty["metadata"]) == ("thread", {})
    for number in range(3):
        await post(sandbox, f"threads/{thread}/messages", role="user", content=f"m{number}")
    page = (await sandbox.http.get(f"/v1/threads/{thread}/messages", params={"order": "asc"})).json()
    assert [row["content"][0]["text"]["value"] for row in page["data"]] == ["m0", "m1", "m2"]
    assert (await post(sandbox, f"threads/{thread}", metadata={"a": "b"}))["metadata"] == {"a": "b"}
    assert (await sandbox.http.delete(f"/v1/threads/{thread}")).json()["object"] == "thread.deleted"
    assert (await sandbox.http.get(f"/v1/threads/{thread}")).status_code == 404


async def test_a_run_answers_on_the_thread(serve: Serve) -> None:
    sandbox = await serve(time_scale=QUICK)
    assistant, thread = await setting(sandbox)
    run = await post(sandbox, f"threads/{thread}/runs", assistant_id=assistant)
    assert run["status"] == "queued"
    done = await until(sandbox, thread, run["id"], "completed", "failed")
    assert (done["status"], done["last_error"], done["expires_at"]) == ("completed", None, None)
    assert done["usage"]["completion_tokens"] > 0
    messages = (await sandbox.http.get(f"/v1/threads/{thread}/messages")).json()["data"]
    assert (messages[0]["role"], messages[0]["run_id"]) == ("assistant", run["id"])
    assert "hello there" in messages[0]["content"][0]["text"]["value"]
    steps = (await sandbox.http.get(f"/v1/threads/{thread}/runs/{run['id']}/steps")).json()["data"]
    assert [(step["type"], step["status"]) for step in steps] == [("message_creation", "completed")]
    short = await post(sandbox, f"threads/{thread}/runs", assistant_id=assistant, model="openai/gpt-4o-mini")
    await until(sandbox, thread, short["id"], "completed")
    listed = (await sandbox.http.get(f"/v1/threads/{thread}/runs")).json()["data"]
    assert [row["id"] for row in listed] == [short["id"], run["id"]]
    assert len(await sandbox.rows()) == 2


async def test_a_stream_in_its_order(serve: Serve) -> None:
    sandbox = await serve(time_scale=QUICK)
    assistant, thread = await setting(sandbox)
    body = {"assistant_id": assistant, "stream": True}
    text = (await sandbox.http.post(f"/v1/threads/{thread}/runs", json=body)).text
    frames = [frame.split("\n") for frame in text.strip().split("\n\n")]
    names = [frame[0].removeprefix("event: ") for frame in frames]
    deltas = names.count("thread.message.delta")
    assert deltas > 1
    assert [name for name in names if name != "thread.message.delta"] == [
        *(f"thread.run.{status}" for status in ("created", "queued", "in_progress")),
        *(f"thread.run.step.{status}" for status in ("created", "in_progress")),
        *(f"thread.message.{status}" for status in ("created", "in_progress", "completed")),
        *("thread.run.step.completed", "thread.run.completed", "done"),
    ]
    assert frames[-1][1] == "data: [DONE]"
    assert json.loads(frames[2][1].removeprefix("data: "))["status"] == "in_progress"


async def test_tools_are_asked_for_and_their_outputs_used(serve: Serve) -> None:
    sandbox = await serve(time_scale=QUICK)
    assistant, thread = await setting(sandbox, "What is the weather in Turku?", tools=[WEATHER])
    run = (await post(sandbox, f"threads/{thread}/runs", assistant_id=assistant))["id"]
    waiting = await until(sandbox, thread, run, "requires_action")
    call = waiting["required_action"]["submit_tool_outputs"]["tool_calls"][0]
    assert json.loads(call["function"]["arguments"]) == {"city": "Turku"}
    busy = await sandbox.http.post(f"/v1/threads/{thread}/runs", json={"assistant_id": assistant})
    assert (busy.status_code, busy.json()["error"]["code"]) == (400, "thread_busy")
    path = f"/v1/threads/{thread}/runs/{run}/submit_tool_outputs"
    for outputs in (None, [], [{"tool_call_id": "x", "output": "y"}], [{"tool_call_id": call["id"]}]):
        assert (await sandbox.http.post(path, json={"tool_outputs": outputs})).status_code == 400
    outputs = {"tool_outputs": [{"tool_call_id": call["id"], "output": "snow"}]}
    assert (await sandbox.http.post(path, json=outputs)).json()["status"] == "queued"
    await until(sandbox, thread, run, "completed")
    messages = (await sandbox.http.get(f"/v1/threads/{thread}/messages")).json()["data"]
    assert messages[0]["content"][0]["text"]["value"] == "`get_weather` says: snow"
    steps = (await sandbox.http.get(f"/v1/threads/{thread}/runs/{run}/steps", params={"order": "asc"})).json()
    assert steps["data"][0]["step_details"]["tool_calls"][0]["function"]["output"] == "snow"
    assert (await sandbox.http.post(path, json=outputs)).status_code == 400


async def test_other_ends(serve: Serve) -> None:
    sandbox = await serve(time_scale=QUICK)
    assistant, thread = await setting(sandbox, "Use the weather tool", tools=[WEATHER])
    path = f"threads/{thread}/runs"
    waiting = (await post(sandbox, path, assistant_id=assistant))["id"]
    await until(sandbox, thread, waiting, "requires_action")
    assert (await post(sandbox, f"{path}/{waiting}/cancel"))["status"] == "cancelling"
    await until(sandbox, thread, waiting, "cancelled")
    late = (await post(sandbox, path, assistant_id=assistant))["id"]
    await until(sandbox, thread, late, "requires_action")
    await until(sandbox, thread, late, "expired")
    again = await sandbox.http.post(f"/v1/{path}/{late}/cancel")
    assert again.status_code == 409
    talker, essay = await setting(sandbox, "Write a very long essay about rivers", model="openai/gpt-4o")
    cut = (await post(sandbox, f"threads/{essay}/runs", assistant_id=talker, max_completion_tokens=256))["id"]
    done = await until(sandbox, essay, cut, "incomplete", "completed")
    assert (done["status"], done["incomplete_details"]) == ("incomplete", {"reason": "max_completion_tokens"})
    picture = [{"type": "image_url", "image_url": {"url": "data:,"}}]
    await post(sandbox, f"threads/{essay}/messages", role="user", content=picture)
    blind = (await post(sandbox, f"threads/{essay}/runs", assistant_id=talker, model="sandbox/echo"))["id"]
    failed = await until(sandbox, essay, blind, "failed")
    assert failed["last_error"]["code"] == "invalid_prompt"


async def test_a_run_is_cancelled_while_it_speaks(serve: Serve) -> None:
    sandbox = await serve(time_scale=2.0)
    assistant, thread = await setting(sandbox, "go", model="sandbox/long-list")
    run = (await post(sandbox, f"threads/{thread}/runs", assistant_id=assistant))["id"]
    await until(sandbox, thread, run, "in_progress")
    await asyncio.sleep(0.2)
    await post(sandbox, f"threads/{thread}/runs/{run}/cancel")
    done = await until(sandbox, thread, run, "cancelled")
    messages = (await sandbox.http.get(f"/v1/threads/{thread}/messages")).json()["data"]
    assert done["cancelled_at"]
    assert messages[0]["status"] == "incomplete"


@pytest.mark.parametrize(
    ("path", "body", "status", "param"),
    [
        ("assistants", {}, 400, "model"),
        ("assistants", {"model": "no/such"}, 404, "model"),
        ("assistants", {"model": "openai/text-embedding-3-small"}, 400, "model"),
        ("assistants", {"model": "sandbox/echo", "name": "x" * 300}, 400, "name"),
        ("assistants", {"model": "sandbox/echo", "tools": [{"type": "hammer"}]}, 400, "tools[0].type"),
        ("assistants", {"model": "sandbox/echo", "temperature": 3}, 400, "temperature"),
        ("assistants", {"model": "sandbox/echo", "metadata": {"a": 1}}, 400, "metadata"),
        ("threads", {"messages": "x"}, 400, "messages"),
        ("threads", {"messages": [{"role": "boss", "content": "x"}]}, 400, "messages[0].role"),
        ("threads", {"messages": [{"role": "user"}]}, 400, "messages[0].content"),
        ("threads/thread_none/messages", {"role": "user", "content": "x"}, 404, "thread_id"),
        ("threads/thread_none/runs", {"assistant_id": "x"}, 404, "thread_id"),
        ("threads/THREAD/runs", {}, 400, "assistant_id"),
        ("threads/THREAD/runs", {"assistant_id": "none"}, 404, "assistant_id"),
        ("threads/THREAD/runs", {"assistant_id": "ASSISTANT", "max_completion_tokens": 5}, 400, None),
        ("threads/THREAD/runs", {"assistant_id": "ASSISTANT", "stream": "yes"}, 400, "stream"),
        ("threads/THREAD/runs", {"assistant_id": "ASSISTANT", "additional_messages": 5}, 400, None),
        ("threads/THREAD/runs/run_none/cancel", {}, 404, "run_id"),
    ],
)
async def test_bad_requests_are_refused(
    sandbox: Served, path: str, body: dict[str, Any], status: int, param: str | None
) -> None:
    assistant, thread = await setting(sandbox)
    if "assistant_id" in body:
        body = {**body, "assistant_id": body["assistant_id"].replace("ASSISTANT", assistant)}
    answer: httpx.Response = await sandbox.http.post(f"/v1/{path.replace('THREAD', thread)}", json=body)
    assert answer.status_code == status, answer.text
    assert param is None or answer.json()["error"]["param"] == param


async def test_the_official_sdk(serve: Serve) -> None:
    openai = pytest.importorskip("openai", reason="the official OpenAI SDK is not installed")
    sandbox = await serve(time_scale=QUICK)
    async with openai.AsyncOpenAI(base_url=f"{sandbox.base_url}/v1", api_key=KEY) as sdk:
        if not hasattr(sdk.beta, "assistants"):
            pytest.skip("this version of the SDK has no assistants")
        with pytest.warns(DeprecationWarning):
            assistant = await sdk.beta.assistants.create(model="sandbox/echo")
            thread = await sdk.beta.threads.create(messages=[{"role": "user", "content": "say: hi"}])
            run = await sdk.beta.threads.runs.create_and_poll(
                thread_id=thread.id, assistant_id=assistant.id, poll_interval_ms=10
            )
            messages = await sdk.beta.threads.messages.list(thread.id)
            async with sdk.beta.threads.runs.stream(thread_id=thread.id, assistant_id=assistant.id) as stream:
                streamed = await stream.get_final_messages()
        assert run.status == "completed"
        assert messages.data[0].content[0].text.value.endswith("hi")
        assert streamed[0].content[0].text.value
