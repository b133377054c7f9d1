"""The seven core methods over a real socket, and the arguments that are refused before it."""

from __future__ import annotations

import asyncio
import json
import math
from pathlib import Path
from typing import Any

import pytest
from client_doubles import KEY, until
from scripted import Seen, Step

from zaguan_tui.client import (
    APIError,
    ArgumentError,
    AuthenticationError,
    ClientOptions,
    NotFoundError,
    OverloadedError,
    RequestOptions,
    ResponseFormatError,
    UnsupportedError,
    ZaguanClient,
)
from zaguan_tui.client.requests.chat import chat_body
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import TextDelta

FIXTURES = Path(__file__).parent.parent / "fixtures"
ASK: dict[str, Any] = {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "hi"}]}
COMPLETION = {
    "id": "c1",
    "object": "chat.completion",
    "created": 1795185000,
    "model": "gpt-4o-mini",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4},
}


def sse(*frames: object, done: bool = True) -> Step:
    lines = [f"data: {json.dumps(frame)}\n\n" for frame in frames] + (["data: [DONE]\n\n"] if done else [])
    return Step(body="".join(lines), content_type="text/event-stream")


def delta(text: str, finish: str | None = None) -> dict[str, Any]:
    return {"id": "c1", "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("list_models", "/v1/models", {"object": "list", "data": [{"id": "a/b"}]}),
        ("get_capabilities", "/v1/capabilities", [{"model_id": "a/b", "supports_vision": True}]),
        ("get_provider_status", "/v1/providers/status", {"providers": [{"id": "groq", "status": "healthy"}]}),
        ("get_circuit_breaker_status", "/v1/circuit-breaker/status", [{"provider": "groq", "state": "open"}]),
    ],
)
async def test_each_list_is_read(serve, connect, method, target, body) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=body))
    answer = await getattr(connect(server), method)()
    assert len(answer.data) == 1
    assert answer.response.status == 200
    assert (server.seen[0].method, server.seen[0].target) == ("GET", target)


async def test_the_balance_is_read(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body={"credits_remaining": "1,200", "tier": "pro", "bands": ["A"]}))
    balance = await connect(server).get_credits_balance()
    assert (balance.credits_remaining, balance.tier, balance.response.attempts) == (1200, "pro", 1)
    assert server.seen[0].target == "/v1/credits/balance"


async def test_a_big_answer_is_read_off_the_loop(serve, connect) -> None:  # type: ignore[no-untyped-def]
    entries = [{"model_id": f"p/m{number}", "supports_vision": True} for number in range(3000)]
    server = await serve(Step(body=entries))
    assert len((await connect(server).get_capabilities()).data) == 3000


async def test_chat_sends_a_body_and_reads_the_answer(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=COMPLETION, headers={"x-request-id": "r-1"}))
    answer = await connect(server).chat(**ASK, temperature=0.5, max_tokens=10)
    assert answer.choices[0].message.text == "Hello"
    assert answer.response.request_id == "r-1"
    seen = server.seen[0]
    assert (seen.method, seen.target) == ("POST", "/v1/chat/completions")
    assert seen.headers["content-type"] == "application/json"
    assert seen.json == {**ASK, "temperature": 0.5, "max_tokens": 10}


async def test_a_stream_asks_for_usage_and_is_read_to_its_end(serve, connect, notebook) -> None:  # type: ignore[no-untyped-def]
    server = await serve(sse(delta("Hel"), delta("lo"), delta("", "stop")))
    async with connect(server).chat_stream(**ASK) as stream:
        text = "".join([event.text async for event in stream if isinstance(event, TextDelta)])
        result = stream.result()
    assert text == result.text == "Hello"
    assert result.ending is Ending.FINISHED
    assert result.request_id == server.seen[0].headers["x-request-id"]
    assert server.seen[0].json == {**ASK, "stream": True, "stream_options": {"include_usage": True}}
    assert server.seen[0].headers["accept"] == "text/event-stream"
    assert notebook.names == ["AttemptStarted", "AttemptFinished", "StreamClosed"]
    assert notebook.events[1].streaming
    assert notebook.events[2].received > 100


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (Step(401, {"error": {"message": "no", "code": "invalid_api_key"}}), AuthenticationError),
        (Step(404, {"error": {"message": "no m", "code": "model_not_found"}}), NotFoundError),
        (Step(503, "busy", content_type="text/plain"), OverloadedError),
        (Step(200, "<html><title>Sign in</title></html>", content_type="text/html"), APIError),
        (Step(404, {"detail": "Not Found"}), UnsupportedError),
    ],
)
async def test_an_error_before_a_stream_is_raised_with_its_message(serve, connect, step, kind) -> None:  # type: ignore[no-untyped-def]
    server = await serve(step)
    with pytest.raises(kind) as caught:
        async with connect(server).chat_stream(**ASK, options=RequestOptions(max_retries=0)):
            pass
    assert caught.value.endpoint == "POST /v1/chat/completions"
    assert caught.value.message
    await connect(server).aclose()


async def test_an_error_frame_becomes_the_same_typed_error(serve, connect) -> None:  # type: ignore[no-untyped-def]
    failing = {"error": {"type": "overloaded_error", "message": f"busy {KEY}"}}
    server = await serve(sse(delta("Hel"), failing, done=False))
    async with connect(server).chat_stream(**ASK) as stream:
        _ = [event async for event in stream]
        result = stream.result()
    assert (result.text, result.ending) == ("Hel", Ending.ERROR_FRAME)
    assert isinstance(result.error, OverloadedError)
    assert result.error.endpoint == "POST /v1/chat/completions"
    assert KEY not in str(result.error)
    assert len(server.seen) == 1


@pytest.mark.parametrize(("fault", "reason"), [("reset", "reset"), ("close", "closed"), ("stall", "stalled")])
async def test_a_broken_stream_is_truncated_and_never_repeated(
    serve, connect, notebook, fault, reason
) -> None:  # type: ignore[no-untyped-def]
    step = sse(delta("Hel"), delta("lo"), done=False)
    server = await serve(Step(body=step.body, content_type=step.content_type, fault=fault))
    async with connect(server).chat_stream(**ASK, options=RequestOptions(timeout=0.3)) as stream:
        _ = [event async for event in stream]
        result = stream.result()
    assert (result.text, result.ending) == ("Hello", Ending.TRUNCATED)
    assert len(server.seen) == 1
    assert notebook.events[-1].reason == reason
    await server.until_idle()


async def test_leaving_a_stream_early_closes_its_socket(serve, connect) -> None:  # type: ignore[no-untyped-def]
    step = sse(delta("Hel"), done=False)
    server = await serve(Step(body=step.body, content_type=step.content_type, fault="stall"))
    client = connect(server)
    async with client.chat_stream(**ASK) as stream:
        async for _ in stream:
            break
    await server.until_idle(0.5)
    assert stream.result().ending is Ending.CANCELLED

    async def read_all() -> None:
        async with client.chat_stream(**ASK) as stream:
            async for _ in stream:
                pass

    task = asyncio.create_task(read_all())
    await until(lambda: len(server.seen) == 2)
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await server.until_idle(0.5)


async def test_raw_calls_hand_back_what_came(serve, connect) -> None:  # type: ignore[no-untyped-def]
    def answer(seen: Seen) -> Step:
        return Step(
            418 if seen.target.startswith("/v1/tea") else 200, {"method": seen.method, "target": seen.target}
        )

    server = await serve(answer)
    raw = connect(server).raw
    reply = await raw.request("get", "/health", params={"a": "x y&z", "b": True, "c": None, "d": ["1", "2"]})
    assert reply.json() == {"method": "GET", "target": "/health?a=x%20y%26z&b=true&d=1&d=2"}
    assert (reply.status, reply.content_type, reply.meta.attempts) == (200, "application/json", 1)
    assert "/health" in reply.text
    with pytest.raises(APIError):
        await raw.request("POST", "/v1/tea", json={})
    kept = await raw.request("POST", "/v1/tea", content=b"\x00", check=False)
    assert (kept.status, kept.json()["method"]) == (418, "POST")
    assert server.seen[-1].headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "path", ["v1/models", "//evil.example", "/a b", "/a?b=c", "/a#b", "http://evil.example/", "/ü"]
)
async def test_raw_calls_stay_on_the_gateway(path: str) -> None:
    async with ZaguanClient("http://127.0.0.1:9", KEY) as client:
        with pytest.raises(ArgumentError):
            await client.raw.request("GET", path)


async def test_an_unreadable_shape_names_its_place(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body={"object": "list", "data": "none"}))
    with pytest.raises(ResponseFormatError) as caught:
        await connect(server).list_models()
    assert caught.value.path == "$"
    assert "object, data" in caught.value.received
    assert "GET /v1/models" in str(caught.value)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"model": " "}, "model"),
        ({"messages": []}, "messages"),
        ({"messages": "hi"}, "messages"),
        ({"messages": [{"role": "robot", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": 3}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{"text": "x"}]}]}, "messages[0].content[0]"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0].tool_call_id"),
        ({"messages": ["hi"]}, "messages[0]"),
        ({"temperature": 2.1}, "temperature"),
        ({"temperature": True}, "temperature"),
        ({"temperature": math.nan}, "temperature"),
        ({"top_p": -0.1}, "top_p"),
        ({"presence_penalty": 3}, "presence_penalty"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"max_tokens": 1, "max_completion_tokens": 1}, "max_completion_tokens"),
        ({"n": 129}, "n"),
        ({"top_logprobs": 21}, "top_logprobs"),
        ({"seed": 2**63}, "seed"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "stop"),
        ({"stop": 3}, "stop"),
        ({"logit_bias": {"50256": 101}}, "logit_bias.50256"),
        ({"logit_bias": []}, "logit_bias"),
        ({"thinking": {"type": "enabled"}}, "thinking"),
        ({"tools": {}}, "tools"),
        ({"response_format": "json"}, "response_format"),
        ({"reasoning_effort": ""}, "reasoning_effort"),
        ({"metadata": {"a": 1}}, "metadata.a"),
        ({"metadata": {str(number): "" for number in range(17)}}, "metadata"),
        ({"metadata": {"k" * 65: ""}}, "metadata"),
        ({"temprature": 1}, "temprature"),
        ({"stream": True}, "stream"),
        ({"additional_fields": {"x": math.inf}}, "body"),
        ({"additional_fields": {"x": object()}}, "body"),
    ],
)
async def test_arguments_no_server_would_take_are_refused_before_the_network(params, field) -> None:  # type: ignore[no-untyped-def]
    async with ZaguanClient("http://127.0.0.1:9", KEY) as client:
        with pytest.raises(ArgumentError) as caught:
            await client.chat(**{**ASK, **params})
        assert caught.value.field == field
        assert caught.value.allowed
        with pytest.raises(ArgumentError):
            client.chat_stream(**{**ASK, **params})


def build(
    params: dict[str, Any], *, stream: bool = False, include_usage: bool = True, name: str = "max_tokens"
) -> Any:
    return chat_body(
        ASK["model"],
        ASK["messages"],
        params,
        max_tokens_field=name,
        stream=stream,
        include_usage=include_usage,
    )


def test_the_body_of_a_chat_follows_the_writers_rules() -> None:
    assert build({"temperature": None, "seed": 0}) == {**ASK, "seed": 0}
    assert build({"stop": "END"})["stop"] == ["END"]
    assert build({"max_tokens": 5}, name="max_completion_tokens")["max_completion_tokens"] == 5
    folded = build({"provider_specific_params": {"a": 1, "b": 1}, "extra_body": {"b": 2}})
    assert folded["provider_specific_params"] == {"a": 1, "b": 2}
    assert "extra_body" not in folded
    assert build({"additional_fields": {"min_p": 0.1}})["min_p"] == 0.1
    assert "stream" not in build({"stream_options": {"include_usage": True}})
    assert build({}, stream=True, include_usage=False) == {**ASK, "stream": True}
    assert build({"stream_options": {"include_usage": False}}, stream=True)["stream_options"] == {
        "include_usage": False
    }


def test_an_assistant_turn_that_only_calls_tools_has_null_content() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    turns = [
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "1"},
    ]
    body = chat_body("m", turns, {}, max_tokens_field="max_tokens", stream=False, include_usage=True)
    assert body["messages"][0] == {"role": "assistant", "tool_calls": [call], "content": None}


def test_every_field_of_the_full_request_can_be_said() -> None:
    request = json.loads((FIXTURES / "chat" / "request_full.json").read_text())
    params = {name: value for name, value in request.items() if name not in ("model", "messages", "stream")}
    body = chat_body(
        request["model"],
        request["messages"],
        params,
        max_tokens_field="max_tokens",
        stream=True,
        include_usage=True,
    )
    assert body == request


async def test_half_a_character_in_a_prompt_does_not_break_the_call(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=COMPLETION))
    options = ClientOptions(max_tokens_field="max_completion_tokens")
    await connect(server, options=options).chat(
        model="m", messages=[{"role": "user", "content": "a\ud800 \u2028 ü"}], max_tokens=3
    )
    assert server.seen[0].json["messages"][0]["content"] == "a\ud800 \u2028 ü"
    assert server.seen[0].json["max_completion_tokens"] == 3
