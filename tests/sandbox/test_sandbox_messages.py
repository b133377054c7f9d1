"""Anthropic's dialect over a real socket: events in order, refusals by field, caching, faults."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from served_gateway import Served

MODEL = "anthropic/claude-sonnet-4-5"
ASK = [{"role": "user", "content": "Tell me about circuit breakers."}]


async def post(sandbox: Served, body: dict[str, Any], fault: str | None = None) -> httpx.Response:
    headers = {} if fault is None else {"x-sandbox-fault": fault}
    good = {"model": MODEL, "max_tokens": 3000, "messages": ASK}
    return await sandbox.http.post("/v1/messages", json={**good, **body}, headers=headers)


def events(body: str) -> list[tuple[str, dict[str, Any]]]:
    """Names and data of a stream's events."""
    parsed = []
    for frame in body.strip().split("\n\n"):
        name, data = frame.split("\n")
        parsed.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return parsed


async def test_events_come_in_order_and_say_their_type_twice(sandbox: Served) -> None:
    body = {"stream": True, "thinking": {"type": "enabled", "budget_tokens": 2000}}
    answer = await post(sandbox, body)
    stream_events = events(answer.text)
    assert all(data["type"] == name for name, data in stream_events)
    names = [name for name, _ in stream_events]
    assert names[:3] == ["message_start", "ping", "content_block_start"]
    assert names[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    blocks = [data for name, data in stream_events if name == "content_block_start"]
    assert [(block["index"], block["content_block"]["type"]) for block in blocks] == [
        (0, "thinking"),
        (1, "text"),
    ]
    deltas = [data["delta"] for name, data in stream_events if name == "content_block_delta"]
    assert [delta["type"] for delta in deltas].count("signature_delta") == 1
    last = stream_events[-2][1]
    assert (last["delta"]["type"], last["delta"]["stop_reason"]) == ("message_delta", "end_turn")
    assert last["usage"]["output_tokens"] == len(deltas) - 1
    assert last["usage"]["input_tokens"] == stream_events[0][1]["message"]["usage"]["input_tokens"]
    rows = await sandbox.rows("prompt_tokens, completion_tokens, reasoning_tokens")
    usage = last["usage"]
    assert rows == [
        (
            usage["input_tokens"],
            usage["output_tokens"],
            usage["output_tokens_details"]["thinking_tokens"],
        )
    ]
    assert answer.headers["anthropic-ratelimit-tokens-limit"]


async def test_an_empty_answer_still_has_a_block(sandbox: Served) -> None:
    whole = (await post(sandbox, {"model": "sandbox/silent"})).json()
    assert whole["content"] == [{"type": "text", "text": ""}]
    names = [
        name for name, _ in events((await post(sandbox, {"model": "sandbox/silent", "stream": True})).text)
    ]
    assert names.count("content_block_start") == names.count("content_block_stop") == 1


async def test_a_long_prompt_is_cached(sandbox: Served) -> None:
    system = [{"type": "text", "text": "word " * 3000, "cache_control": {"type": "ephemeral"}}]
    first = (await post(sandbox, {"system": system, "max_tokens": 5})).json()["usage"]
    again = (await post(sandbox, {"system": system, "max_tokens": 5})).json()["usage"]
    assert first["cache_creation_input_tokens"] > 2900 > first["input_tokens"]
    assert again["cache_read_input_tokens"] == first["cache_creation_input_tokens"]
    chat = [{"role": "user", "content": "word " * 3000}]
    usages = [(await sandbox.chat("openai/gpt-4o", messages=chat)).json()["usage"] for _ in range(2)]
    assert [usage["prompt_tokens_details"]["cached_tokens"] > 2900 for usage in usages] == [False, True]
    assert usages[0]["prompt_tokens"] == usages[1]["prompt_tokens"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"model": None}, "model"),
        ({"max_tokens": None}, "max_tokens"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"messages": []}, "messages"),
        ({"messages": [7]}, "messages.0"),
        ({"messages": [{"role": "boss", "content": "x"}]}, "messages.0.role"),
        ({"messages": [{"role": "user", "content": [{"type": "odd"}]}]}, "messages.0.content.0.type"),
        ({"messages": [{"role": "user", "content": 5}]}, "messages.0.content"),
        ({"system": 5}, "system"),
        ({"temperature": 1.5}, "temperature"),
        ({"top_k": "x"}, "top_k"),
        ({"stop_sequences": "x"}, "stop_sequences"),
        ({"stream": "yes"}, "stream"),
        ({"thinking": True}, "thinking.type"),
        ({"thinking": {"type": "enabled", "budget_tokens": 10}}, "thinking.budget_tokens"),
        ({"tools": [{"name": "x"}]}, "tools.0.input_schema"),
        ({"tools": [{"name": "x y", "input_schema": {}}]}, "tools.0.name"),
        ({"tool_choice": {"type": "tool", "name": "x"}}, "tool_choice.name"),
        ({"output_config": {"format": {"type": "x"}}}, "output_config.format.type"),
        ({"model": "openai/text-embedding-3-small"}, "model"),
    ],
)
async def test_bad_requests_are_refused_by_field(sandbox: Served, body: dict[str, Any], param: str) -> None:
    answer = await post(sandbox, body)
    error = answer.json()
    assert (answer.status_code, error["type"], error["error"]["param"]) == (400, "error", param)
    assert error["error"]["type"] == "invalid_request_error"
    assert error["request_id"] == answer.headers["request-id"]


async def test_faults_of_streams_apply_to_messages(sandbox: Served) -> None:
    ending = (await post(sandbox, {"stream": True}, "error-frame; after=4")).text
    assert events(ending)[-1][0] == "error"
    assert "message_stop" not in ending
    assert "message_stop" not in (await post(sandbox, {"stream": True}, "no-done")).text
    with pytest.raises(httpx.RemoteProtocolError):
        await post(sandbox, {"stream": True}, "cut; after=4")
    refused = await post(sandbox, {}, "402")
    assert (refused.status_code, refused.json()["error"]["type"]) == (402, "insufficient_credits")
    counting = await sandbox.http.post("/v1/messages/count_tokens", json={"model": MODEL})
    assert (counting.status_code, counting.json()["error"]["param"]) == (400, "messages")
    unknown = await sandbox.http.post("/v1/messages/count_tokens", json={"model": "no", "messages": ASK})
    assert (unknown.status_code, unknown.json()["error"]["type"]) == (404, "not_found_error")
