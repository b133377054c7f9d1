"""Messages streams (Anthropic): every transcript, merge rules, endings, hostile input."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stream_fakes import FIXTURES, RESET, ScriptedResponse, Step, cut

from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.chat import Ending
from zaguan_tui.client.streaming.events import (
    ReasoningDelta,
    StreamEnded,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    UsageUpdate,
)
from zaguan_tui.client.streaming.frame_reader import FrameReader
from zaguan_tui.client.streaming.merge.messages import MessageMerge
from zaguan_tui.client.streaming.messages import MessageResult, MessagesStream
from zaguan_tui.client.types.core.base import Drift

TRANSCRIPTS = sorted((FIXTURES / "messages").glob("*.sse"))


async def read(*steps: Step) -> tuple[list[StreamEvent], MessageResult]:
    async with MessagesStream(ScriptedResponse(steps).opened, model="m") as stream:
        events = [event async for event in stream]
    return events, stream.result()


async def fixture(name: str) -> MessageResult:
    return (await read((FIXTURES / "messages" / f"stream_{name}.sse").read_bytes()))[1]


def event(kind: str, **data: Any) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), json.dumps({"type": kind, **data}).encode())


def delta(index: int = 0, **fields: Any) -> bytes:
    return event("content_block_delta", index=index, delta=fields)


STOP = event("message_delta", delta={"stop_reason": "end_turn"}) + event("message_stop")


async def test_text() -> None:
    result = await fixture("text")
    assert (result.text, result.ending, result.stop_reason) == (
        "Closed, open and half-open.",
        Ending.FINISHED,
        "end_turn",
    )
    assert (result.id, result.role, result.notes) == ("msg_01DemoAnswer0001", "assistant", ())
    assert result.usage is not None
    assert (result.usage.prompt_tokens, result.usage.completion_tokens) == (21, 11)
    assert result.end_marker


async def test_thinking_with_signature_and_cumulative_usage() -> None:
    result = await fixture("thinking")
    assert (result.reasoning, result.text) == ("221 = 13 × 17, so not prime.", "No: 221 = 13 × 17.")
    assert [(block.type, block.signature, block.whole) for block in result.blocks] == [
        ("thinking", "dGVzdC1zaWduYXR1cmUtMDE=", True),
        ("text", None, True),
    ]
    assert result.blocks[0].raw == {
        "type": "thinking",
        "thinking": "221 = 13 × 17, so not prime.",
        "signature": "dGVzdC1zaWduYXR1cmUtMDE=",
    }
    assert result.usage is not None
    assert (result.usage.prompt_tokens, result.usage.cached_tokens) == (1045, 1024)
    assert (result.usage.completion_tokens, result.usage.reasoning_tokens) == (58, 33)


async def test_tool_use() -> None:
    result = await fixture("tool_use")
    assert [(call.id, call.name, call.parsed()) for call in result.tool_calls] == [
        ("toolu_01DemoStream", "factor", {"n": 221}),
        ("toolu_02NoArgs", "now", {}),
    ]
    assert (result.text, result.ending) == ("I will factor it.", Ending.TOOL_CALLS)
    assert result.blocks[1].raw["input"] == {"n": 221}


async def test_an_error_in_the_middle() -> None:
    result = await fixture("ping_error")
    assert (result.ending, result.text) == (Ending.ERROR_FRAME, "Half of an")
    assert result.error is not None
    assert (result.error.kind, result.error.message) == (ErrorKind.OVERLOADED, "Overloaded")
    assert result.error.request_id == "req_01DemoOverload"
    assert not result.blocks[0].whole


@pytest.mark.parametrize(("name", "text"), [("data_only", "No event lines here."), ("py_compatible", "Hi.")])
async def test_gateway_dialects(name: str, text: str) -> None:
    result = await fixture(name)
    assert (result.text, result.ending, result.end_marker) == (text, Ending.FINISHED, True)


async def test_truncated() -> None:
    result = await fixture("truncated")
    assert (result.ending, result.text, result.stop_reason) == (Ending.TRUNCATED, "The answer is", None)


async def test_a_reset_and_a_missing_message_stop() -> None:
    _, result = await read(delta(type="text_delta", text="a"), RESET)
    assert (result.ending, result.text, result.error) == (Ending.TRUNCATED, "a", RESET)
    _, result = await read(STOP.removesuffix(event("message_stop")))
    assert (result.ending, result.notes) == (Ending.FINISHED, ("no end marker",))


async def test_events_in_order() -> None:
    events, _ = await read(
        event("message_start", message={"id": "x", "usage": {"input_tokens": 3, "output_tokens": 1}}),
        event("content_block_start", index=0, content_block={"type": "thinking", "thinking": "w"}),
        delta(type="thinking_delta", thinking="hy"),
        event("content_block_start", index=1, content_block={"type": "text", "text": "s"}),
        delta(1, type="text_delta", text="o"),
        event("content_block_start", index=2, content_block={"type": "tool_use", "id": "t", "name": "f"}),
        delta(2, type="input_json_delta", partial_json=""),
        delta(2, type="input_json_delta", partial_json="{}"),
        STOP,
    )
    assert isinstance(events.pop(0), UsageUpdate)
    assert events == [
        ReasoningDelta("w", 0),
        ReasoningDelta("hy", 0),
        TextDelta("s", 1),
        TextDelta("o", 1),
        ToolCallDelta(0, "t", "f", "", 2),
        ToolCallDelta(0, "t", "f", "{}", 2),
        StreamEnded(Ending.TOOL_CALLS),
    ]


async def test_merge_rules() -> None:
    _, result = await read(
        delta(0, type="text_delta", text="a"),
        delta(1, partial_json="{oops"),
        event("content_block_stop", index=1),
        delta(2, type="signature_delta", signature="one"),
        delta(2, type="signature_delta", signature="two"),
        delta(0, type="citations_delta", citation={"url": "https://a", "title": "A"}),
        delta(0, type="sparkle_delta", sparkle=1),
        event("nova"),
        STOP,
    )
    assert [block.type for block in result.blocks] == ["text", "tool_use", "thinking"]
    assert result.blocks[2].signature == "two"
    assert [citation.url for citation in result.blocks[0].citations] == ["https://a"]
    assert result.notes == (
        "a tool input is no JSON",
        "unknown block delta: sparkle_delta",
        "unknown event: nova",
    )


async def test_the_data_says_what_an_event_is_and_the_name_stands_in() -> None:
    body = b'event: ping\ndata: {"type":"content_block_delta","index":0,"delta":{"text":"a"}}\n\n'
    body += b'event: content_block_delta\ndata: {"index":0,"delta":{"text":"b"}}\n\n'
    assert (await read(body, STOP))[1].text == "ab"


async def test_blocks_of_servers_and_redacted_reasoning_are_kept() -> None:
    search = {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}
    found = {"type": "web_search_tool_result", "tool_use_id": "s", "content": [{"url": "https://a"}]}
    hidden = {"type": "redacted_thinking", "data": "xyz"}
    starts = [
        event("content_block_start", index=i, content_block=b) for i, b in enumerate([search, found, hidden])
    ]
    _, result = await read(*starts, delta(0, type="input_json_delta", partial_json='{"q":1}'), STOP)
    assert [block.raw for block in result.blocks] == [{**search, "input": {"q": 1}}, found, hidden]
    assert (result.tool_calls, result.reasoning, result.ending) == ((), "", Ending.FINISHED)


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        ("max_tokens", Ending.LENGTH),
        ("model_context_window_exceeded", Ending.LENGTH),
        ("refusal", Ending.CONTENT_FILTER),
        ("pause_turn", Ending.PAUSED),
        ("stop_sequence", Ending.FINISHED),
    ],
)
async def test_stop_reasons(reason: str, ending: Ending) -> None:
    stop = {"stop_reason": reason, "stop_sequence": "END", "stop_details": {"type": "refusal"}}
    _, result = await read(event("message_delta", delta=stop), event("message_stop"))
    assert (result.ending, result.stop_reason, result.stop_sequence) == (ending, reason, "END")
    assert result.stop_details == {"type": "refusal"}


async def test_a_whole_message_in_place_of_a_stream() -> None:
    content = [{"type": "text", "text": "a"}, {"type": "tool_use", "id": "t", "name": "f", "input": {"x": 1}}]
    body = {"type": "message", "content": content, "stop_reason": "tool_use", "usage": {"output_tokens": 2}}
    _, result = await read(json.dumps(body).encode())
    assert (result.text, result.ending) == ("a", Ending.TOOL_CALLS)
    assert result.tool_calls[0].parsed() == {"x": 1}
    assert result.notes == ("the server answered in one piece",)


async def test_leaving_early_is_cancelled() -> None:
    async with MessagesStream(ScriptedResponse([delta(text="a"), STOP]).opened, model="m") as stream:
        async for _ in stream:
            break
    assert (stream.result().ending, stream.result().text) == (Ending.CANCELLED, "a")


def decode(parts: Sequence[bytes]) -> tuple[list[StreamEvent], MessageMerge]:
    drift = Drift()
    merger = MessageMerge(drift)
    reader: FrameReader[StreamEvent] = FrameReader(merger, drift)
    events: list[StreamEvent] = []
    for part in parts:
        reader.feed(part, events)
    reader.close(events)
    return events, merger


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.name)
def test_transcripts_read_the_same_byte_by_byte(path: Path) -> None:
    data = path.read_bytes()
    assert decode([data[i : i + 1] for i in range(len(data))])[0] == decode([data])[0]


@given(st.sampled_from(TRANSCRIPTS), st.data())
def test_any_split_gives_the_same_events(path: Path, data: st.DataObject) -> None:
    body = path.read_bytes()
    at = data.draw(st.lists(st.integers(0, len(body)), max_size=12))
    assert decode(cut(body, at))[0] == decode([body])[0]


WORDS = st.sampled_from(
    [
        *("index", "delta", "content_block", "message", "content", "usage", "text", "thinking", "signature"),
        *(
            "partial_json",
            "citation",
            "citations",
            "id",
            "name",
            "input",
            "stop_reason",
            "stop_details",
            "url",
        ),
        *("input_tokens", "output_tokens", "cache_read_input_tokens", "stop_details", "error"),
    ]
)
KINDS = st.sampled_from(
    [
        *("message_start", "content_block_start", "content_block_delta", "content_block_stop", "message"),
        *("message_delta", "ping", "text", "thinking", "tool_use", "odd"),
    ]
)


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    fields = st.dictionaries(WORDS, inner, max_size=4)
    return st.builds(lambda kind, rest: {**rest, "type": kind}, KINDS | inner, fields) | fields


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.floats() | st.text(max_size=5) | KINDS,
    lambda inner: st.lists(inner, max_size=3) | objects(inner),
    max_leaves=12,
)


@given(st.lists(objects(JSON), max_size=6))
def test_no_event_gives_an_exception(events: list[Any]) -> None:
    body = b"".join(b"data: " + json.dumps(one).encode() + b"\n\n" for one in events)
    _, result = asyncio.run(read(body))
    assert isinstance(result.ending, Ending)
    assert result.error is None or isinstance(result.error, APIError)


async def test_a_turn_that_the_server_pauses_waits_for_no_tool() -> None:
    _, result = await read((FIXTURES / "field" / "pause_turn.sse").read_bytes())
    assert (result.ending, result.stop_reason) == (Ending.PAUSED, "pause_turn")
    assert (result.text, result.tool_calls, result.notes) == ("I am looking for sources.", (), ())
    assert result.blocks[1].raw["input"] == {"query": "rain in Graz"}
