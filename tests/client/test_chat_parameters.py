"""Every parameter of chat and messages reaches the wire, in whole answers and streams; so does every part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from scripted import Step

from zaguan_tui.client.requests.chat import ChatParams
from zaguan_tui.client.requests.messages import MessagesParams

FIXTURES = Path(__file__).parent.parent / "fixtures"
ASK: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
CHAT: dict[str, Any] = {
    "temperature": 0.5, "top_p": 0.9, "max_tokens": 5, "max_completion_tokens": 5, "n": 2, "stop": ["END"],
    "presence_penalty": -1, "frequency_penalty": 1.5, "logit_bias": {"50256": -100}, "logprobs": True,
    "top_logprobs": 20, "seed": 7, "user": "u", "safety_identifier": "s", "prompt_cache_key": "k",
    "tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "f"}},
    "parallel_tool_calls": False, "functions": [{"name": "f"}], "function_call": {"name": "f"},
    "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}},
    "modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"},
    "reasoning_effort": "xhigh", "verbosity": "low", "service_tier": "flex", "store": True,
    "metadata": {"a": "b"}, "prediction": {"type": "content", "content": "a"},
    "web_search_options": {"search_context_size": "low"}, "moderation": {"mode": "on"},
    "provider_specific_params": {"a": 1}, "extra_body": {"b": 2}, "virtual_model_id": "acme/fast",
    "thinking": True, "stream_options": {"include_usage": False}, "additional_fields": {"min_p": 0.1},
}  # fmt: skip
MESSAGES: dict[str, Any] = {
    "system": [{"type": "text", "text": "be short", "cache_control": {"type": "ephemeral"}}],
    "temperature": 0.5, "top_p": 0.9, "top_k": 40, "stop_sequences": ["END"],
    "metadata": {"user_id": "u"}, "service_tier": "auto",
    "thinking": {"type": "enabled", "budget_tokens": 1024},
    "tools": [{"name": "f", "input_schema": {"type": "object"}}], "tool_choice": {"type": "auto"},
    "output_config": {"effort": "low"}, "additional_fields": {"mcp_servers": []},
    "container": "c", "inference_geo": "eu",
    "cache_control": {"type": "ephemeral"},
}  # fmt: skip
RENAMED: dict[str, dict[str, Any]] = {
    "extra_body": {"provider_specific_params": {"b": 2}},
    "additional_fields": {"min_p": 0.1},
}
PARTS = [
    {"type": "text", "text": "What is this?"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}},
    {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
    {"type": "file", "file": {"file_id": "file-1"}},
]
BLOCKS = [
    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AAAA"}},
    {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "a"}},
    {"type": "thinking", "thinking": "hm", "signature": "c2ln"},
    {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "1"}]},
]


def answer(name: str) -> Step:
    streamed = name.endswith("_stream")
    folder = name.partition("_")[0]
    file = {"chat": "completion.json", "chat_stream": "stream_usage.sse"}.get(
        name, "stream_text.sse" if streamed else "message.json"
    )
    kind = "text/event-stream" if streamed else "application/json"
    return Step(body=(FIXTURES / folder / file).read_bytes(), content_type=kind)


async def sent(serve: Any, connect: Any, name: str, **given: Any) -> Any:
    """The body that goes out."""
    server = await serve(answer(name))
    made = getattr(connect(server), name)(**given)
    if name.endswith("_stream"):
        async with made as stream:
            _ = [event async for event in stream]
    else:
        await made
    return server.seen[0].json


def test_no_parameter_is_left_out() -> None:
    assert set(CHAT) == set(ChatParams.__annotations__)
    assert set(MESSAGES) == set(get_type_hints(MessagesParams))


@pytest.mark.parametrize("call", ["chat", "chat_stream"])
@pytest.mark.parametrize("name", CHAT)
async def test_a_parameter_of_chat_goes_out(serve: Any, connect: Any, name: str, call: str) -> None:
    body = await sent(serve, connect, call, **ASK, **{name: CHAT[name]})
    wanted = RENAMED.get(name, {name: CHAT[name]})
    if name == "stream_options" and call == "chat":
        wanted = {}
    assert {key: body.pop(key) for key in wanted} == wanted
    if call == "chat_stream":
        assert body.pop("stream") is True
        body.pop("stream_options", None)
    assert body == ASK


@pytest.mark.parametrize("call", ["messages", "messages_stream"])
@pytest.mark.parametrize("name", MESSAGES)
async def test_a_parameter_of_messages_goes_out(serve: Any, connect: Any, name: str, call: str) -> None:
    body = await sent(serve, connect, call, **ASK, max_tokens=2000, **{name: MESSAGES[name]})
    wanted = MESSAGES[name] if name == "additional_fields" else {name: MESSAGES[name]}
    assert {key: body.pop(key) for key in wanted} == wanted
    assert body.pop("stream", False) is (call == "messages_stream")
    assert body == {**ASK, "max_tokens": 2000}


@pytest.mark.parametrize(
    ("call", "parts"),
    [("chat", PARTS), ("chat_stream", PARTS), ("messages", BLOCKS), ("messages_stream", BLOCKS)],
)
async def test_parts_go_out_as_they_are(serve: Any, connect: Any, call: str, parts: Any) -> None:
    turns = [{"role": "user", "content": parts}]
    more = {"max_tokens": 9} if call.startswith("messages") else {}
    body = await sent(serve, connect, call, model="m", messages=turns, **more)
    assert body["messages"] == json.loads(json.dumps(turns))
