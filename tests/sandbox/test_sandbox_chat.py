"""Chat over a real socket: shapes, pace, refusals, faults, and a caller who hangs up."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
from served_gateway import Serve, Served

REASONER = "openai/o3"


async def wait_for_rows(sandbox: Served, columns: str, count: int = 1) -> list[tuple[Any, ...]]:
    for _ in range(100):
        rows = await sandbox.rows(columns)
        if len(rows) >= count:
            return rows
        await asyncio.sleep(0.02)
    raise AssertionError("the ledger never heard of it")


def frames(body: str) -> list[Any]:
    """The JSON frames of a stream that must end in the terminal marker."""
    lines = [line.removeprefix("data: ") for line in body.split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


async def test_a_whole_answer(sandbox: Served) -> None:
    answer = await sandbox.chat("openai/gpt-4o-mini")
    assert answer.status_code == 200
    assert answer.headers["x-zaguan-provider"] == "openai"
    body = answer.json()
    assert body["object"] == "chat.completion"
    assert body["model"] == "openai/gpt-4o-mini"
    assert body["choices"][0]["message"]["content"]
    assert body["choices"][0]["finish_reason"] == "stop"
    usage = body["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    again = (await sandbox.chat("gpt-4o-mini")).json()
    assert again["choices"] == body["choices"]


async def test_a_stream_thinks_first_then_speaks_and_counts(sandbox: Served) -> None:
    whole = (await sandbox.chat(REASONER)).json()
    answer = await sandbox.chat(REASONER, stream=True, stream_options={"include_usage": True})
    assert answer.headers["content-type"].startswith("text/event-stream")
    chunks = frames(answer.text)
    assert {(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks} == {
        (chunks[0]["id"], chunks[0]["created"], REASONER)
    }
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks[1:-2]]
    kinds = ["reasoning" if "reasoning_content" in delta else "text" for delta in deltas]
    assert kinds == sorted(kinds)
    message = whole["choices"][0]["message"]
    assert "".join(delta.get("content", "") for delta in deltas) == message["content"]
    assert "".join(delta.get("reasoning_content", "") for delta in deltas) == message["reasoning_content"]
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert all(chunk["usage"] is None for chunk in chunks[:-1])
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"] == whole["usage"]
    assert whole["usage"]["completion_tokens"] == len(deltas)
    assert whole["usage"]["completion_tokens_details"]["reasoning_tokens"] == kinds.count("reasoning")


async def test_without_include_usage_no_usage_comes(sandbox: Served) -> None:
    chunks = frames((await sandbox.chat(stream=True)).text)
    assert all("usage" not in chunk for chunk in chunks)
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


async def test_length_stop_and_several_choices(sandbox: Served) -> None:
    short = (await sandbox.chat("openai/gpt-4o", max_completion_tokens=5)).json()
    assert short["choices"][0]["finish_reason"] == "length"
    assert short["usage"]["completion_tokens"] == 5
    messages = [{"role": "user", "content": "one two three four"}]
    stopped = (await sandbox.chat(messages=messages, stop=["three"])).json()
    assert stopped["choices"][0]["message"]["content"].rstrip() == "one two"
    assert stopped["choices"][0]["finish_reason"] == "stop"
    several = frames((await sandbox.chat("openai/gpt-4o", n=3, stream=True, max_tokens=8)).text)
    assert {chunk["choices"][0]["index"] for chunk in several} == {0, 1, 2}
    finished = [chunk["choices"][0]["index"] for chunk in several if chunk["choices"][0]["finish_reason"]]
    assert finished == [0, 1, 2]


async def test_a_stream_keeps_the_models_pace(serve: Serve) -> None:
    sandbox = await serve(time_scale=1.0)
    began = time.perf_counter()
    arrivals: list[float] = []
    body = {"model": "openai/gpt-4o-mini", "stream": True, "max_tokens": 60}
    body |= {"messages": [{"role": "user", "content": "Write an essay about rivers."}]}
    async with sandbox.http.stream("POST", "/v1/chat/completions", json=body) as answer:
        async for line in answer.aiter_lines():
            if '"content":' in line and '"role"' not in line:
                arrivals.append(time.perf_counter() - began)
    pace = sandbox.gateway.world.models["openai/gpt-4o-mini"].tokens_per_s
    assert len(arrivals) == 60
    assert 0.05 < arrivals[0] < 3
    assert (len(arrivals) - 1) / (arrivals[-1] - arrivals[0]) == pytest.approx(pace, rel=0.35)
    assert len({round(at, 3) for at in arrivals}) > 30


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({}, 400, "model"),
        ({"model": 7}, 400, "model"),
        ({"messages": None}, 400, "messages"),
        ({"messages": []}, 400, "messages"),
        ({"messages": ["hi"]}, 400, "messages[0]"),
        ({"messages": [{"role": "boss", "content": "x"}]}, 400, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, 400, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, 400, "messages[0].content[0].text"),
        ({"messages": [{"role": "user", "content": 5}]}, 400, "messages[0].content"),
        ({"temperature": 2.5}, 400, "temperature"),
        ({"temperature": "hot"}, 400, "temperature"),
        ({"top_p": True}, 400, "top_p"),
        ({"n": 0}, 400, "n"),
        ({"max_tokens": -1}, 400, "max_tokens"),
        ({"stop": ["a", "b", "c", "d", "e"]}, 400, "stop"),
        ({"stop": [""]}, 400, "stop"),
        ({"stream": "yes"}, 400, "stream"),
        ({"stream_options": {"include_usage": "yes"}}, 400, "stream_options.include_usage"),
        ({"metadata": []}, 400, "metadata"),
        ({"model": "openai/no-such"}, 404, "model"),
        ({"model": "\n[red]evil[/]"}, 404, "model"),
        ({"model": "openai/text-embedding-3-small"}, 400, "model"),
    ],
)
async def test_bad_requests_are_refused_by_field(
    sandbox: Served, body: dict[str, Any], status: int, param: str
) -> None:
    good = {"model": "sandbox/echo", "messages": [{"role": "user", "content": "hi"}]}
    answer = await sandbox.http.post("/v1/chat/completions", json={**good, **body} if body else {})
    error = answer.json()["error"]
    assert (answer.status_code, error["param"], error["type"]) == (status, param, "invalid_request_error")
    assert await sandbox.rows() == []


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b'{"model": NaN}', b"[" * 100_000),
        b'{"model": "sandbox/echo", "messages": [{"role": "user", "content": "\\ud800"}]}',
    ],
)
async def test_what_is_not_json_is_a_400(sandbox: Served, body: bytes) -> None:
    answer = await sandbox.http.post("/v1/chat/completions", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_json")


async def test_a_prompt_too_long_and_a_body_too_big(sandbox: Served) -> None:
    long = await sandbox.chat("openai/gpt-4", messages=[{"role": "user", "content": "word " * 20_000}])
    assert (long.status_code, long.json()["error"]["code"]) == (400, "context_length_exceeded")
    huge = await sandbox.http.post("/v1/chat/completions", content=b" " * (33 * 1024 * 1024))
    assert (huge.status_code, huge.json()["error"]["code"]) == (413, "request_too_large")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("500", 502, "upstream_error"),
        ("timeout; after=0.1", 504, "upstream_timeout"),
        ("429", 429, "rate_limit_exceeded"),
        ("402", 402, "insufficient_credits"),
        ("403-band", 403, "band_access_denied"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_refusals_on_request(sandbox: Served, fault: str, status: int, code: str, stream: bool) -> None:
    answer = await sandbox.chat(fault=fault, stream=stream)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_faults_in_the_stream(sandbox: Served) -> None:
    messages = [{"role": "user", "content": "a b c d e f g h i j k l"}]
    with pytest.raises(httpx.RemoteProtocolError):
        await sandbox.chat(fault="cut; after=3", stream=True, messages=messages)
    with pytest.raises(httpx.RemoteProtocolError):
        await sandbox.chat(fault="cut", messages=messages)
    error = await sandbox.chat(fault="error-frame; after=3", stream=True, messages=messages)
    assert json.loads(error.text.split("data: ")[-1])["error"]["code"] == "connection_reset"
    assert "[DONE]" not in error.text
    assert error.text.count('"content":') == 4
    broken = (await sandbox.chat(fault="malformed", stream=True, messages=messages)).text
    assert broken.endswith("data: [DONE]\n\n")
    with pytest.raises(json.JSONDecodeError):
        frames(broken)
    assert "[DONE]" not in (await sandbox.chat(fault="no-done", stream=True, messages=messages)).text
    with pytest.raises(httpx.ReadTimeout):
        body = {"model": "sandbox/echo", "messages": messages, "stream": True}
        headers = {"x-sandbox-fault": "stall; after=3"}
        await sandbox.http.post("/v1/chat/completions", json=body, headers=headers, timeout=0.3)
    rows = await wait_for_rows(sandbox, "completion_tokens, status", 6)
    assert rows[0] == (3, "error")
    assert rows[2] == (3, "error")
    assert rows[-1] == (3, "success")


async def test_repeated_failures_open_the_breaker_and_probes_close_it(serve: Serve) -> None:
    sandbox = await serve(time_scale=20.0)
    for _ in range(5):
        assert (await sandbox.chat(fault="500")).status_code == 502
    rejected = await sandbox.chat()
    error = rejected.json()["error"]
    assert (rejected.status_code, error["code"], error["provider"]) == (503, "circuit_open", "sandbox")
    assert "Sandbox" in error["message"]
    assert int(rejected.headers["retry-after"]) == error["retry_after"] <= 2
    status = (await sandbox.http.get("/v1/providers/status")).json()["data"]
    row = next(row for row in status if row["id"] == "sandbox")
    assert (row["status"], row["circuit_state"], row["requests"]["error"]) == ("down", "open", 5)
    await asyncio.sleep(25 / 20)
    for _ in range(3):
        assert (await sandbox.chat()).status_code == 200
    breakers = (await sandbox.http.get("/v1/circuit-breaker/status")).json()["data"]
    row = next(row for row in breakers if row["provider"] == "sandbox")
    assert (row["state"], row["trips_total"]) == ("closed", 1)


async def test_a_disconnect_is_billed_by_the_delivered_tokens(serve: Serve) -> None:
    sandbox = await serve(time_scale=1.0)
    body = {"model": "sandbox/long-list", "messages": [{"role": "user", "content": "go"}], "stream": True}
    async with sandbox.http.stream("POST", "/v1/chat/completions", json=body) as answer:
        frames = 0
        async for line in answer.aiter_lines():
            frames += '"content":' in line
            if frames > 20:
                break
        assert sandbox.gateway.open_streams == 1
    hung_up = time.perf_counter()
    rows = await wait_for_rows(sandbox, "completion_tokens, status, error_message")
    assert time.perf_counter() - hung_up < 0.5
    assert sandbox.gateway.open_streams == 0
    tokens, status, why = rows[0]
    assert 20 <= tokens < 200
    assert (status, why) == ("success", "cancelled by the caller")


async def test_a_disconnect_before_the_first_token_costs_nothing(serve: Serve) -> None:
    sandbox = await serve(time_scale=1.0)
    body = {"model": "sandbox/slow", "messages": [{"role": "user", "content": "go"}], "stream": True}
    with pytest.raises(httpx.ReadTimeout):
        await sandbox.http.post("/v1/chat/completions", json=body, timeout=0.15)
    rows = await wait_for_rows(sandbox, "credits, prompt_tokens, status")
    assert rows == [(0, 0, "error")]


async def test_the_official_sdk_is_content(sandbox: Served) -> None:
    openai = pytest.importorskip("openai")
    async with openai.AsyncOpenAI(base_url=f"{sandbox.base_url}/v1", api_key="sk-sandbox-test-key") as client:
        models = await client.models.list()
        assert len(models.data) > 500
        ask: Any = [{"role": "user", "content": "Say hello"}]
        whole = await client.chat.completions.create(model="openai/gpt-4o", messages=ask)
        stream = await client.chat.completions.create(
            model="openai/gpt-4o", messages=ask, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        assert text == whole.choices[0].message.content
        assert chunks[-1].usage == whole.usage
        with pytest.raises(openai.NotFoundError):
            await client.chat.completions.create(model="none", messages=ask)
