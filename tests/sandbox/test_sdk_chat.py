"""The official OpenAI SDK against the sandbox: chat, stream, tools, JSON, logprobs."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from served_gateway import KEY, Served

openai = pytest.importorskip("openai", reason="the official OpenAI SDK is not installed")

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Current weather of a city",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string"},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
                "days": {"type": "integer", "minimum": 1, "maximum": 5},
            },
            "required": ["city", "unit"],
        },
    },
}
ASK: list[Any] = [{"role": "user", "content": "What is the weather in Lisbon, in fahrenheit, for 3 days?"}]


@pytest.fixture
async def sdk(sandbox: Served) -> AsyncIterator[Any]:
    async with openai.AsyncOpenAI(base_url=f"{sandbox.base_url}/v1", api_key=KEY, max_retries=0) as client:
        yield client


async def test_chat_and_stream(sdk: Any) -> None:
    ask: list[Any] = [{"role": "user", "content": "Tell me about circuit breakers."}]
    whole = await sdk.chat.completions.create(model="openai/gpt-4o", messages=ask)
    text, usage = "", None
    stream = await sdk.chat.completions.create(
        model="openai/gpt-4o", messages=ask, stream=True, stream_options={"include_usage": True}
    )
    async for chunk in stream:
        text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        usage = chunk.usage or usage
    assert text == whole.choices[0].message.content
    assert usage.total_tokens == whole.usage.total_tokens


async def test_a_tool_is_called_and_its_answer_used(sdk: Any) -> None:
    whole = await sdk.chat.completions.create(model="openai/gpt-4o", messages=ASK, tools=[WEATHER])
    call = whole.choices[0].message.tool_calls[0]
    assert whole.choices[0].finish_reason == "tool_calls"
    assert json.loads(call.function.arguments) == {"city": "Lisbon", "unit": "fahrenheit", "days": 3}
    messages = [
        *ASK,
        whole.choices[0].message.model_dump(exclude_none=True),
        {"role": "tool", "tool_call_id": call.id, "content": "71 degrees, sunny"},
    ]
    after = await sdk.chat.completions.create(model="openai/gpt-4o", messages=messages, tools=[WEATHER])
    assert after.choices[0].message.content == "`get_weather` says: 71 degrees, sunny"
    async with sdk.chat.completions.stream(model="openai/gpt-4o", messages=ASK, tools=[WEATHER]) as stream:
        final = await stream.get_final_completion()
    assert final.choices[0].message.tool_calls[0].function.arguments == call.function.arguments
    plain = await sdk.chat.completions.create(
        model="openai/gpt-4o", messages=ASK, tools=[WEATHER], tool_choice="none"
    )
    assert plain.choices[0].message.content
    forced = await sdk.chat.completions.create(
        model="sandbox/echo",
        messages=[{"role": "user", "content": "hi"}],
        tools=[WEATHER],
        tool_choice={"type": "function", "function": {"name": "get_weather"}},
    )
    assert forced.choices[0].message.tool_calls[0].function.name == "get_weather"


async def test_json_that_validates(sdk: Any) -> None:
    pydantic = pytest.importorskip("pydantic")
    step = pydantic.create_model("Step", explanation=(str, ...), output=(str, ...))
    model = pydantic.create_model(
        "Maths", steps=(list[step], ...), final_answer=(str, ...), score=(float, ...)
    )
    ask: list[Any] = [{"role": "user", "content": "Solve 8x + 7 = -23"}]
    parsed = await sdk.chat.completions.parse(model="openai/gpt-4o", messages=ask, response_format=model)
    assert parsed.choices[0].message.parsed.steps
    some = await sdk.chat.completions.create(
        model="openai/gpt-4o",
        messages=[{"role": "user", "content": "Give me json about rivers"}],
        response_format={"type": "json_object"},
    )
    assert isinstance(json.loads(some.choices[0].message.content), dict)


async def test_logprobs_and_rate_limit_headers(sdk: Any) -> None:
    raw = await sdk.chat.completions.with_raw_response.create(
        model="openai/gpt-4o", messages=ASK, logprobs=True, top_logprobs=3, max_tokens=7
    )
    rows = raw.parse().choices[0].logprobs.content
    assert len(rows) == 7
    assert all(row.logprob <= 0 and len(row.top_logprobs) == 3 for row in rows)
    assert "".join(row.token for row in rows) == raw.parse().choices[0].message.content
    limit, remaining = (int(raw.headers[f"x-ratelimit-{word}-tokens"]) for word in ("limit", "remaining"))
    assert 0 < remaining < limit
    assert raw.headers["x-ratelimit-reset-requests"].endswith("s")


async def test_refusals_are_the_sdks_own_errors(sdk: Any) -> None:
    with pytest.raises(openai.NotFoundError):
        await sdk.chat.completions.create(model="openai/none", messages=ASK)
    with pytest.raises(openai.BadRequestError) as caught:
        await sdk.chat.completions.create(model="openai/gpt-3.5-turbo", messages=ASK, reasoning_effort="low")
    assert caught.value.param == "reasoning_effort"
    assert caught.value.code == "unsupported_parameter"
