"""The official Anthropic SDK against the sandbox: messages, thinking stream, tools, counting."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sdk_models import type_adapter
from served_gateway import KEY, Serve, Served

MODEL = "anthropic/claude-sonnet-4-5"
TOOL = {
    "name": "get_weather",
    "description": "Current weather of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


@pytest.fixture(scope="module")
def anthropic() -> Any:
    """The SDK; its import takes a second, so not while the tests are collected."""
    return pytest.importorskip("anthropic", reason="the official Anthropic SDK is not installed")


@pytest.fixture
async def sdk(anthropic: Any, sandbox: Served) -> AsyncIterator[Any]:
    async with anthropic.AsyncAnthropic(base_url=sandbox.base_url, api_key=KEY, max_retries=0) as client:
        yield client


def ask_for(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


async def test_a_message_and_its_count(sdk: Any) -> None:
    ask = ask_for("Explain queues.")
    message = await sdk.messages.create(model=MODEL, max_tokens=2000, system="Be brief.", messages=ask)
    assert [block.type for block in message.content] == ["text"]
    assert message.stop_reason == "end_turn"
    counted = await sdk.messages.count_tokens(model=MODEL, system="Be brief.", messages=ask)
    assert counted.input_tokens == message.usage.input_tokens
    short = await sdk.messages.create(model=MODEL, max_tokens=3, messages=ask)
    assert (short.stop_reason, short.usage.output_tokens) == ("max_tokens", 3)
    stopped = await sdk.messages.create(
        model="sandbox/echo", max_tokens=50, messages=ask_for("one two three"), stop_sequences=["three"]
    )
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", "three")


async def test_a_thinking_stream_with_every_event(sdk: Any) -> None:
    thinking = {"type": "enabled", "budget_tokens": 1024}
    options: Any = {"model": MODEL, "max_tokens": 4000, "messages": ask_for("Why is the sky blue?")}
    whole = await sdk.messages.create(**options, thinking=thinking)
    async with sdk.messages.stream(**options, thinking=thinking) as stream:
        kinds = [event.type async for event in stream]
        final = await stream.get_final_message()
    assert [block.type for block in final.content] == ["thinking", "text"]
    assert final.content[0] == whole.content[0]
    assert final.content[1].text == whole.content[1].text
    assert final.content[0].signature
    assert final.usage.output_tokens == whole.usage.output_tokens
    expected = {"message_start", "content_block_start", "content_block_delta", "content_block_stop"}
    assert expected | {"message_delta", "message_stop"} <= set(kinds)


async def test_tools_both_ways(sdk: Any) -> None:
    ask = ask_for("What's the weather in Oslo?")
    async with sdk.messages.stream(model=MODEL, max_tokens=300, messages=ask, tools=[TOOL]) as stream:
        message = await stream.get_final_message()
    call = message.content[-1]
    assert (message.stop_reason, call.name, call.input) == ("tool_use", "get_weather", {"city": "Oslo"})
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "cold"}
    follow = [
        *ask,
        {"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in message.content]},
        {"role": "user", "content": [result]},
    ]
    after = await sdk.messages.create(model=MODEL, max_tokens=300, messages=follow, tools=[TOOL])
    assert after.content[0].text == "`get_weather` says: cold"


@pytest.mark.parametrize("place", ["output_config", "output_format"])
async def test_an_answer_by_schema(anthropic: Any, sdk: Any, place: str) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    form: dict[str, Any] = {"type": "json_schema", "schema": schema}
    extra = {place: form if place == "output_format" else {"format": form}}
    ask = {"max_tokens": 500, "messages": ask_for("The weather in Oslo, please.")}
    answer = await sdk.messages.create(model=MODEL, **ask, extra_body=extra)
    assert json.loads(answer.content[0].text) == {"city": "Oslo"}
    with pytest.raises(anthropic.BadRequestError) as caught:
        await sdk.messages.create(model="anthropic/claude-opus-4-0", **ask, extra_body=extra)
    assert "output" in caught.value.body["error"]["param"]
    extra = {place: {"type": "xml"} if place == "output_format" else {"format": {"type": "xml"}}}
    with pytest.raises(anthropic.BadRequestError) as caught:
        await sdk.messages.create(model=MODEL, **ask, extra_body=extra)
    assert caught.value.body["error"]["param"].startswith(place)


async def test_models_come_in_anthropics_shape(anthropic: Any, sandbox: Served, sdk: Any) -> None:
    models = [model async for model in sdk.models.list(limit=50)]
    plain = (await sandbox.http.get("/v1/models")).json()["data"]
    assert {model.id for model in models} == {row["id"] for row in plain}
    assert [model.created_at for model in models] == sorted((one.created_at for one in models), reverse=True)
    headers = {"anthropic-version": "2023-06-01"}
    page = (await sandbox.http.get("/v1/models", headers=headers)).json()
    assert (len(page["data"]), page["has_more"], page["last_id"]) == (20, True, page["data"][-1]["id"])
    answer = await sandbox.http.get(f"/v1/models/{MODEL}", headers=headers)
    assert type_adapter(anthropic.types.ModelInfo).validate_json(answer.content, strict=True).id == MODEL
    for path in ("/v1/models/anthropic/none", "/v1/models?limit=0"):
        refusal = (await sandbox.http.get(path, headers=headers)).json()
        assert (refusal["type"], refusal["request_id"][:4]) == ("error", "req_")


async def test_the_sdks_own_classes_accept_every_answer(anthropic: Any, serve: Serve) -> None:
    sandbox = await serve(time_scale=3000.0)
    types = anthropic.types

    async def call(kind: Any, path: str, body: Any = None) -> Any:
        answer = await sandbox.http.request("GET" if body is None else "POST", path, json=body)
        assert answer.status_code == 200, answer.text
        return type_adapter(kind).validate_json(answer.content, strict=True)

    ask: dict[str, Any] = {
        "model": MODEL,
        "max_tokens": 2000,
        "messages": ask_for("What's the weather in Oslo?"),
    }
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
    for more in ({}, {"tools": [TOOL]}, thinking, {"max_tokens": 2}):
        await call(types.Message, "/v1/messages", {**ask, **more})
        text = (await sandbox.http.post("/v1/messages", json={**ask, **more, "stream": True})).text
        lines = [line[6:] for line in text.splitlines() if line.startswith("data: ") and '"ping"' not in line]
        assert [type_adapter(types.RawMessageStreamEvent).validate_json(line, strict=True) for line in lines]
    await call(types.MessageTokensCount, "/v1/messages/count_tokens", ask)
    batches, path = types.messages, "/v1/messages/batches"
    rows = [{"custom_id": "one", "params": ask}, {"custom_id": "two", "params": {**ask, "model": "none"}}]
    made = await call(batches.MessageBatch, path, {"requests": rows})
    for _ in range(400):
        batch = await call(batches.MessageBatch, f"{path}/{made.id}")
        if batch.processing_status == "ended":
            break
        await asyncio.sleep(0.01)
    results = (await sandbox.http.get(f"{path}/{made.id}/results")).text.splitlines()
    kinds = [type_adapter(batches.MessageBatchIndividualResponse).validate_json(row) for row in results]
    assert sorted(row.result.type for row in kinds) == ["errored", "succeeded"]


async def test_refusals_are_the_sdks_own_errors(anthropic: Any, sdk: Any) -> None:
    with pytest.raises(anthropic.BadRequestError) as caught:
        await sdk.messages.create(model=MODEL, max_tokens=1000, messages=[{"role": "user", "content": ""}])
    assert caught.value.body["type"] == "error"
    assert caught.value.body["request_id"] == caught.value.request_id
    with pytest.raises(anthropic.NotFoundError):
        await sdk.messages.create(model="anthropic/none", max_tokens=10, messages=ask_for("hi"))
    with pytest.raises(anthropic.BadRequestError):
        await sdk.messages.create(
            model=MODEL,
            max_tokens=1000,
            messages=ask_for("hi"),
            thinking={"type": "enabled", "budget_tokens": 2000},
        )
    with pytest.raises(anthropic.RateLimitError):
        await sdk.messages.create(
            model=MODEL, max_tokens=10, messages=ask_for("hi"), extra_headers={"x-sandbox-fault": "429"}
        )
