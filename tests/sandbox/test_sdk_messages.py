"""The official Anthropic SDK against the sandbox: messages, thinking stream, tools, counting."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from served_gateway import KEY, Served

anthropic = pytest.importorskip("anthropic", reason="the official Anthropic SDK is not installed")

MODEL = "anthropic/claude-sonnet-4-5"
TOOL = {
    "name": "get_weather",
    "description": "Current weather of a city",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


@pytest.fixture
async def sdk(sandbox: Served) -> AsyncIterator[Any]:
    async with anthropic.AsyncAnthropic(base_url=sandbox.base_url, api_key=KEY, max_retries=0) as client:
        yield client


def asking(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


async def test_a_message_and_its_count(sdk: Any) -> None:
    ask = asking("Explain queues.")
    message = await sdk.messages.create(model=MODEL, max_tokens=2000, system="Be brief.", messages=ask)
    assert [block.type for block in message.content] == ["text"]
    assert message.stop_reason == "end_turn"
    counted = await sdk.messages.count_tokens(model=MODEL, system="Be brief.", messages=ask)
    assert counted.input_tokens == message.usage.input_tokens
    short = await sdk.messages.create(model=MODEL, max_tokens=3, messages=ask)
    assert (short.stop_reason, short.usage.output_tokens) == ("max_tokens", 3)
    stopped = await sdk.messages.create(
        model="sandbox/echo", max_tokens=50, messages=asking("one two three"), stop_sequences=["three"]
    )
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", "three")


async def test_a_thinking_stream_with_every_event(sdk: Any) -> None:
    thinking = {"type": "enabled", "budget_tokens": 1024}
    options: Any = {"model": MODEL, "max_tokens": 4000, "messages": asking("Why is the sky blue?")}
    whole = await sdk.messages.create(**options, thinking=thinking)
    async with sdk.messages.stream(**options, thinking=thinking) as stream:
        kinds = [event.type async for event in stream]
        final = await stream.get_final_message()
    assert [block.type for block in final.content] == ["thinking", "text"]
    assert final.content[0] == whole.content[0]
    assert final.content[1].text == whole.content[1].text
    assert final.content[0].signature
    assert final.usage.output_tokens == whole.usage.output_tokens
    wanted = {"message_start", "content_block_start", "content_block_delta", "content_block_stop"}
    assert wanted | {"message_delta", "message_stop"} <= set(kinds)


async def test_tools_both_ways(sdk: Any) -> None:
    ask = asking("What's the weather in Oslo?")
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


async def test_refusals_are_the_sdks_own_errors(sdk: Any) -> None:
    with pytest.raises(anthropic.BadRequestError) as caught:
        await sdk.messages.create(model=MODEL, max_tokens=1000, messages=[{"role": "user", "content": ""}])
    assert caught.value.body["type"] == "error"
    assert caught.value.body["request_id"] == caught.value.request_id
    with pytest.raises(anthropic.NotFoundError):
        await sdk.messages.create(model="anthropic/none", max_tokens=10, messages=asking("hi"))
    with pytest.raises(anthropic.BadRequestError):
        await sdk.messages.create(
            model=MODEL,
            max_tokens=1000,
            messages=asking("hi"),
            thinking={"type": "enabled", "budget_tokens": 2000},
        )
    with pytest.raises(anthropic.RateLimitError):
        await sdk.messages.create(
            model=MODEL, max_tokens=10, messages=asking("hi"), extra_headers={"x-sandbox-fault": "429"}
        )
