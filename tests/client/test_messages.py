"""Messages, token counts and message batches over a real socket, and what is refused before it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from client_doubles import KEY
from hypothesis import given
from hypothesis import strategies as st
from scripted import Step
from stream_fakes import ScriptedResponse, cut

from zaguan_tui.client import (
    ArgumentError,
    InvalidRequestError,
    NotFoundError,
    OverloadedError,
    RequestOptions,
    ResponseFormatError,
    TransportError,
    ZaguanClient,
    paginate,
)
from zaguan_tui.client.requests.messages import batch_body, budget_note, messages_body
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import TextDelta
from zaguan_tui.client.streaming.result_lines import ResultLines
from zaguan_tui.client.streaming.stall import StallLimits
from zaguan_tui.client.types.answers.messages import MessageAnswer, read_message, read_token_count
from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.jobs.message_batch_results import join_results, read_batch_result
from zaguan_tui.client.types.jobs.message_batches import read_message_batch, read_message_batches
from zaguan_tui.client.types.models.lifecycle import Stage

FIXTURES = Path(__file__).parent.parent / "fixtures"
ASK: dict[str, Any] = {
    "model": "anthropic/claude-3-haiku-20240307",
    "messages": [{"role": "user", "content": "hi"}],
    "max_tokens": 10,
}


def load(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text())


def message(name: str = "message") -> MessageAnswer:
    return read_message(load(f"messages/{name}.json"))


async def test_a_message_is_sent_and_read(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=load("messages/message.json"), headers={"request-id": "req_1"}))
    answer = await connect(server).messages(**ASK, temperature=0.5, system="Be brief.")
    assert answer.text == "A circuit breaker has three states: closed, open and half-open."
    assert (answer.ending, answer.stop_reason, answer.usage.total_tokens) == (Ending.FINISHED, "end_turn", 39)
    assert answer.response.request_id == "req_1"
    seen = server.seen[0]
    assert (seen.method, seen.target) == ("POST", "/v1/messages")
    assert seen.headers["anthropic-version"] == "2023-06-01"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.json == {**ASK, "temperature": 0.5, "system": "Be brief."}


def test_thinking_is_kept_with_its_signature_and_goes_back_unchanged() -> None:
    answer = message("message_thinking")
    assert (answer.reasoning, answer.text) == ("221 = 13 × 17, so it is not prime.", "No: 221 = 13 × 17.")
    assert [block.type for block in answer.blocks] == ["thinking", "redacted_thinking", "text"]
    assert answer.blocks[0].signature == "dGVzdC1zaWduYXR1cmUtMDE="
    assert answer.turn == {"role": "assistant", "content": load("messages/message_thinking.json")["content"]}
    assert answer.usage is not None
    assert (answer.usage.prompt_tokens, answer.usage.cache_write_tokens) == (1219, 1200)
    assert answer.usage.reasoning_tokens == 41


def test_tools_refusals_and_foreign_blocks() -> None:
    tool = message("message_tool_use")
    assert tool.ending is Ending.TOOL_CALLS
    assert [(call.name, call.parsed()) for call in tool.tool_calls] == [("factor", {"n": 221})]
    refusal = message("message_refusal")
    assert (refusal.ending, refusal.text) == (Ending.CONTENT_FILTER, "")
    assert refusal.stop_details["category"] == "cyber"
    search = message("message_server_tool")
    assert [dict(block.raw) for block in search.blocks] == load("messages/message_server_tool.json")[
        "content"
    ]
    assert search.blocks[2].citations[0].url == "https://docs.example.org/sse"
    odd = read_message({"content": [{"type": "hologram", "beam": 1}, "x", {"type": "text", "text": "a"}]})
    assert [dict(block.raw) for block in odd.blocks] == [
        {"type": "hologram", "beam": 1},
        {"type": "text", "text": "a"},
    ]
    assert odd.notes == ("content[1]: left out, found the text 'x'",)
    assert read_message({"content": "plain", "stop_reason": "novel"}).notes == ("unknown stop reason: novel",)


@pytest.mark.parametrize("body", [None, [], "hi", {}, {"content": 3}, {"choices": []}])
def test_what_is_no_message_is_unreadable(body: Any) -> None:
    with pytest.raises(UnreadableValue):
        read_message(body)


async def test_a_stream_is_read_with_limits_and_a_tap(serve, connect) -> None:  # type: ignore[no-untyped-def]
    body = (FIXTURES / "messages" / "stream_text.sse").read_bytes()
    server = await serve(Step(body=body, content_type="text/event-stream"))
    frames: list[str] = []
    limits = StallLimits(event_s=5.0)
    async with connect(server).messages_stream(
        **ASK, limits=limits, on_frame=lambda frame, at: frames.append(frame.event)
    ) as stream:
        text = "".join([event.text async for event in stream if isinstance(event, TextDelta)])
        result = stream.result()
    assert text == result.text == "Closed, open and half-open."
    assert (frames[0], frames[-1]) == ("message_start", "message_stop")
    assert server.seen[0].json == {**ASK, "stream": True}
    assert server.seen[0].headers["accept"] == "text/event-stream"


async def test_an_error_frame_names_its_endpoint(serve, connect) -> None:  # type: ignore[no-untyped-def]
    body = (FIXTURES / "messages" / "stream_ping_error.sse").read_bytes()
    server = await serve(Step(body=body, content_type="text/event-stream"))
    async with connect(server).messages_stream(**ASK) as stream:
        _ = [event async for event in stream]
    error = stream.result().error
    assert isinstance(error, OverloadedError)
    assert error.endpoint == "POST /v1/messages"


async def test_a_silent_stream_is_given_up(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=b": life\n\n", content_type="text/event-stream", fault="stall"))
    client = connect(server)
    for open_stream in (
        client.messages_stream(**ASK, limits=StallLimits(byte_s=0.05)),
        client.chat_stream(
            model="m", messages=[{"role": "user", "content": "x"}], limits=StallLimits(byte_s=0.05)
        ),
    ):
        async with open_stream as stream:
            _ = [event async for event in stream]
        assert stream.result().ending is Ending.TRUNCATED


async def test_tokens_are_counted(serve, connect) -> None:  # type: ignore[no-untyped-def]
    request = load("messages/count_tokens_request.json")
    server = await serve(Step(body=load("messages/count_tokens.json")))
    assert (await connect(server).count_tokens(**request)).input_tokens == 14
    assert server.seen[0].target == "/v1/messages/count_tokens"
    assert server.seen[0].json == request
    for wrong in ({}, [], {"input_tokens": "many"}, {"input_tokens": -1}):
        with pytest.raises(UnreadableValue):
            read_token_count(wrong)


def test_a_full_request_can_be_said() -> None:
    request = load("messages/request_thinking.json")
    params = {
        name: value
        for name, value in request.items()
        if name not in ("model", "messages", "max_tokens", "stream")
    }
    body = messages_body(request["model"], request["messages"], request["max_tokens"], params, stream=True)
    assert body == request
    assert budget_note(request["thinking"]) is None
    assert "10,001" in (budget_note({"type": "enabled", "budget_tokens": 10_001}) or "")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"model": ""}, "model"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"max_tokens": None}, "max_tokens"),
        ({"messages": []}, "messages"),
        ({"messages": "hi"}, "messages"),
        ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0].role"),
        ({"messages": [{"role": "user"}]}, "messages[0].content"),
        ({"messages": [{"role": "user", "content": [{}]}]}, "messages[0].content[0]"),
        (
            {"messages": [{"role": "user", "content": [{"type": "tool_result"}]}]},
            "messages[0].content[0].tool_use_id",
        ),
        ({"temperature": 1.1}, "temperature"),
        ({"top_p": -1}, "top_p"),
        ({"top_k": -1}, "top_k"),
        ({"system": 3}, "system"),
        ({"system": ["x"]}, "system[0]"),
        ({"tools": {}}, "tools"),
        ({"tools": [{"input_schema": {}}]}, "tools[0].name"),
        ({"tools": [{"name": "f"}]}, "tools[0].input_schema"),
        ({"tool_choice": "auto"}, "tool_choice"),
        ({"tool_choice": {"type": "function"}}, "tool_choice.type"),
        ({"tool_choice": {"type": "tool"}}, "tool_choice.name"),
        ({"thinking": True}, "thinking"),
        ({"thinking": {"type": "deep"}}, "thinking.type"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1023}}, "thinking.budget_tokens"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "thinking.budget_tokens"),
        ({"stop_sequences": "END"}, "stop_sequences"),
        ({"metadata": "me"}, "metadata"),
        ({"service_tier": ""}, "service_tier"),
        ({"temprature": 1}, "temprature"),
    ],
)
async def test_arguments_are_refused_before_the_network(params: dict[str, Any], field: str) -> None:
    async with ZaguanClient("http://127.0.0.1:9", KEY) as client:
        with pytest.raises(ArgumentError) as caught:
            await client.messages(**{**ASK, **params})
        assert caught.value.field == field
        assert caught.value.allowed
        with pytest.raises(ArgumentError):
            client.messages_stream(**{**ASK, **params})


@pytest.mark.parametrize(
    ("requests", "field"),
    [
        ([], "requests"),
        ({}, "requests"),
        (["x"], "requests[0]"),
        ([{"params": ASK}], "requests[0].custom_id"),
        ([{"custom_id": "a", "params": ASK}, {"custom_id": "a", "params": ASK}], "requests[1].custom_id"),
        ([{"custom_id": "a"}], "requests[0].params"),
        ([{"custom_id": "a", "params": {**ASK, "stream": True}}], "requests[0].params.stream"),
        ([{"custom_id": "a", "params": {**ASK, "temperature": 2}}], "requests[0].params.temperature"),
        ([{"custom_id": "a", "params": {"model": "m"}}], "requests[0].params.max_tokens"),
    ],
)
def test_a_wrong_batch_is_refused(requests: Any, field: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        batch_body(requests)
    assert caught.value.field == field


async def test_the_life_of_a_batch(serve, connect) -> None:  # type: ignore[no-untyped-def]
    names = ["create", "get_in_progress", "cancel", "get_ended", "get_archived"]
    server = await serve(
        *[Step(body=load(f"messages_batches/{name}.json")) for name in names],
        Step(body={"id": "msgbatch_1", "type": "message_batch_deleted"}),
    )
    client = connect(server)
    request = load("messages_batches/create_request.json")
    created = await client.create_messages_batch(requests=request["requests"])
    assert (created.status, created.counts.size, created.is_over) == ("in_progress", 5, False)
    assert server.seen[0].json == request
    running = await client.get_messages_batch("msgbatch_01")
    assert running.expires_at is not None
    canceling = await client.cancel_messages_batch("msgbatch_01")
    assert (canceling.status, server.seen[2].body) == ("canceling", b"")
    ended = await client.get_messages_batch("a/b")
    assert (ended.is_over, ended.counts.all_succeeded, ended.counts.size) == (True, False, 5)
    assert (await client.get_messages_batch("x")).counts.all_succeeded
    assert (await client.delete_messages_batch("x")).deleted
    assert [seen.target for seen in server.seen] == [
        "/v1/messages/batches",
        "/v1/messages/batches/msgbatch_01",
        "/v1/messages/batches/msgbatch_01/cancel",
        "/v1/messages/batches/a%2Fb",
        "/v1/messages/batches/x",
        "/v1/messages/batches/x",
    ]
    assert server.seen[-1].method == "DELETE"
    assert all(seen.headers["anthropic-version"] == "2023-06-01" for seen in server.seen)


async def test_batches_are_listed_page_by_page_and_bare(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=load("messages_batches/list_page1.json")))
    page = await connect(server).list_messages_batches(limit=2, after_id="msgbatch_0")
    assert ([batch.status for batch in page.data], page.has_more) == (["in_progress", "canceling"], True)
    assert page.last_id == "msgbatch_01Canceling"
    assert server.seen[0].target == "/v1/messages/batches?limit=2&after_id=msgbatch_0"
    bare = read_message_batches(load("messages_batches/list_ts.json"))
    whole = read_message_batches(load("messages_batches/list.json"))
    assert (bare.dialect, whole.dialect) == ("ts", None)
    assert bare.data == whole.data[:3]
    for wrong in ({"limit": 0}, {"limit": 1001}, {"after_id": ""}, {"after_id": "a", "before_id": "b"}):
        with pytest.raises(ArgumentError):
            await connect(server).list_messages_batches(**wrong)
    with pytest.raises(UnreadableValue):
        read_message_batch({"id": ""})


async def test_all_batches_and_the_end_of_one(serve, connect) -> None:  # type: ignore[no-untyped-def]
    pages = [Step(body=load(f"messages_batches/{name}.json")) for name in ("list_page1", "list")]
    server = await serve(*pages)
    pager = paginate(connect(server).list_messages_batches, cursor="after_id", limit=2)
    assert [batch.id async for batch in pager] == [
        entry["id"] for entry in load("messages_batches/list.json")["data"]
    ]
    assert server.seen[1].target == "/v1/messages/batches?limit=2&after_id=msgbatch_01Canceling"
    names = ["get_in_progress", "get_in_progress", "cancel", "get_ended"]
    server = await serve(*[Step(body=load(f"messages_batches/{name}.json")) for name in names])
    told: list[str] = []
    batch = await connect(server).wait_for_messages_batch("b", on_update=lambda one: told.append(one.status))
    assert told == ["in_progress", "canceling", "ended"]
    assert batch.stage is Stage.INCOMPLETE


@pytest.mark.parametrize(
    ("status", "counts", "stage"),
    [
        ("in_progress", {"processing": 2}, Stage.RUNNING),
        ("resting", {}, Stage.RUNNING),
        ("canceling", {}, Stage.STOPPING),
        ("ended", {"succeeded": 2}, Stage.SUCCEEDED),
        ("ended", {}, Stage.SUCCEEDED),
        ("ended", {"errored": 1}, Stage.FAILED),
        ("ended", {"canceled": 1}, Stage.CANCELLED),
        ("ended", {"expired": 1}, Stage.EXPIRED),
        ("ended", {"succeeded": 1, "errored": 1}, Stage.INCOMPLETE),
    ],
)
def test_what_an_ended_batch_came_to(status: str, counts: dict[str, int], stage: Stage) -> None:
    batch = read_message_batch({"id": "b", "processing_status": status, "request_counts": counts})
    assert batch.stage is stage


async def test_results_are_typed_lines_of_our_own_origin(serve, connect) -> None:  # type: ignore[no-untyped-def]
    body = (FIXTURES / "messages_batches" / "results.jsonl").read_bytes()
    server = await serve(Step(body=body + b"\r\n\n", content_type="application/x-jsonl"))
    async with connect(server).get_messages_batch_results("msgbatch_01DemoEnded") as lines:
        results = [line async for line in lines]
    assert [(result.custom_id, result.outcome) for result in results] == [
        ("doc-3", "succeeded"),
        ("doc-0", "succeeded"),
        ("doc-1", "errored"),
        ("doc-4", "canceled"),
        ("doc-2", "expired"),
    ]
    assert results[0].message.text == "Document 3 is about queues."
    assert isinstance(results[2].error, InvalidRequestError)
    assert results[2].error.message == "max_tokens: must be at least 1"
    assert results[2].error.request_id == "req_01DemoItem"
    assert results[2].error.endpoint == "GET /v1/messages/batches/{batch_id}/results"
    assert (lines.count, lines.response.status) == (5, 200)
    assert server.seen[0].target == "/v1/messages/batches/msgbatch_01DemoEnded/results"
    requests = load("messages_batches/create_request.json")["requests"]
    joined = join_results([*requests, {"custom_id": "lost"}], results)
    assert [one.custom_id for one in joined] == ["doc-0", "doc-1", "doc-2", "doc-3", "doc-4", "lost"]
    assert joined[1].result is results[2]
    assert (joined[5].result, joined[0].request) == (None, requests[0])


async def test_results_say_when_they_are_cut_refused_or_nonsense(serve, connect) -> None:  # type: ignore[no-untyped-def]
    body = (FIXTURES / "messages_batches" / "results.jsonl").read_bytes()
    line = body.splitlines()[0] + b"\n"
    server = await serve(
        Step(body=line, content_type="application/x-jsonl", fault="reset"),
        Step(404, {"type": "error", "error": {"type": "not_found_error", "message": "no results yet"}}),
        Step(body="<html>", content_type="text/html"),
        Step(body={"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}),
        Step(body=body, content_type="binary/octet-stream"),
    )
    client = connect(server)
    seen = []
    with pytest.raises(TransportError):
        async with client.get_messages_batch_results("b") as lines:
            async for result in lines:
                seen.append(result.custom_id)
    assert seen == ["doc-3"]
    for kind in (NotFoundError, ResponseFormatError, OverloadedError):
        with pytest.raises(kind):
            async with client.get_messages_batch_results("b", options=RequestOptions(max_retries=0)) as lines:
                _ = [result async for result in lines]
    async with client.get_messages_batch_results("b") as lines:
        assert b"".join([piece async for piece in lines.raw()]) == body
    with pytest.raises(RuntimeError):
        _ = [result async for result in lines]


async def lines_of(pieces: list[bytes]) -> list[tuple[int, str]]:
    response = ScriptedResponse(pieces, "application/x-jsonl")
    async with ResultLines(response.opened, lambda text, number, meta: (number, text), endpoint="x") as lines:
        return [line async for line in lines]


@given(st.data())
async def test_any_split_of_the_bytes_gives_the_same_lines(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.sampled_from(['{"a":"ü\u2028"}', '{"b":2}', "", "  ", "x"]), max_size=5))
    ends = data.draw(st.lists(st.sampled_from(["\n", "\r\n", "\r"]), min_size=5, max_size=5))
    start = data.draw(st.sampled_from(["", "\ufeff"]))
    body = (start + "".join(text + end for text, end in zip(texts, ends, strict=False))).encode()
    at = data.draw(st.lists(st.integers(0, len(body)), max_size=8))
    wanted = [text for text in texts if text.strip()]
    assert await lines_of(cut(body, at)) == list(enumerate(wanted, 1))


async def test_an_endless_line_is_refused() -> None:
    with pytest.raises(ResponseFormatError, match="line 1"):
        await lines_of([b"x" * 1_000_000] * 18)


@pytest.mark.parametrize(
    ("text", "outcome", "custom_id"),
    [
        ("nonsense", "unreadable", None),
        ("[]", "unreadable", None),
        ('{"custom_id": "a"}', "unreadable", "a"),
        ('{"result": {"type": "succeeded"}}', "unreadable", None),
        ('{"custom_id": "a", "result": {"type": "succeeded", "message": 3}}', "unreadable", "a"),
        ('{"custom_id": "a", "result": {"type": "cancelled"}}', "canceled", "a"),
        ('{"custom_id": "a", "result": {"type": "Postponed"}}', "postponed", "a"),
    ],
)
def test_no_line_is_dropped_in_silence(text: str, outcome: str, custom_id: str | None) -> None:
    result = read_batch_result(text, 7)
    assert (result.line, result.outcome, result.custom_id) == (7, outcome, custom_id)
    assert bool(result.problem) is (outcome == "unreadable")
