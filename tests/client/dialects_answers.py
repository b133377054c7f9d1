"""D40 to D47, D50 to D56, D75, D76, D81 and D82: streams, batches, and what an answer may lack."""

from __future__ import annotations

import json
from typing import Any

from dialects import FIXTURES, load, shows, talking
from scripted import Step
from stream_fakes import DONE, FINISH, RESET, ScriptedResponse, chunk, frame, merge, read_all, says

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import UsageUpdate
from zaguan_tui.client.streaming.merge.message_result import MessageResult
from zaguan_tui.client.streaming.messages import MessagesStream
from zaguan_tui.client.types.answers.chat import read_chat_completion
from zaguan_tui.client.types.jobs.batches import read_batch
from zaguan_tui.client.types.jobs.message_batches import read_message_batch, read_message_batches


def event(name: str, **data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n".encode()


def text(piece: str) -> bytes:
    return event("content_block_delta", index=0, delta={"type": "text_delta", "text": piece})


STOP = event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 5})


async def message(*steps: Any) -> MessageResult:
    async with MessagesStream(ScriptedResponse(steps).opened, model="m") as stream:
        _ = [one async for one in stream]
    return stream.result()


@shows("D40")
async def usage_is_found_wherever_it_is() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 2}
    for place in (chunk(usage=usage, reason="stop"), {"choices": [], "usage": usage}, {"usage": usage}):
        events, result = await read_all(says("a"), FINISH, frame(place), DONE)
        assert any(isinstance(one, UsageUpdate) for one in events)
        assert result.usage is not None
        assert result.usage.total_tokens == 5


@shows("D41")
def tool_calls_are_merged_with_and_without_an_index() -> None:
    for index in ({"index": 0}, {}):
        first = {**index, "id": "c", "function": {"name": "f", "arguments": '{"a"'}}
        second = {**index, "function": {"arguments": ":1}"}}
        result, _ = merge(chunk({"tool_calls": [first]}), chunk({"tool_calls": [second]}))
        assert [(call.id, call.parsed()) for call in result.tool_calls] == [("c", {"a": 1})]


@shows("D42")
async def an_error_frame_ends_the_stream_and_is_typed() -> None:
    _, result = await read_all(says("a"), frame({"error": {"message": "no", "type": "overloaded_error"}}))
    assert (result.text, result.ending) == ("a", Ending.ERROR_FRAME)
    assert result.error is not None
    assert result.error.message == "no"


@shows("D43")
async def an_end_is_one_only_with_a_marker_or_a_reason() -> None:
    assert (await read_all(says("a"), DONE))[1].ending is Ending.FINISHED
    assert (await read_all(says("a"), FINISH))[1].ending is Ending.FINISHED
    assert (await read_all(says("a")))[1].ending is Ending.TRUNCATED
    assert (await read_all(says("a"), RESET))[1].ending is Ending.TRUNCATED


@shows("D44")
async def data_needs_no_space_behind_its_colon() -> None:
    _, result = await read_all(says("a").replace(b"data: ", b"data:"), DONE.replace(b": ", b":"))
    assert (result.text, result.ending) == ("a", Ending.FINISHED)


@shows("D45")
async def a_message_ends_with_message_stop() -> None:
    result = await message(text("a"), STOP, event("message_stop"), text("after"))
    assert (result.text, result.ending, result.end_marker) == ("a", Ending.FINISHED, True)
    assert (await message(text("a"))).ending is Ending.TRUNCATED


@shows("D46")
async def the_data_names_an_event_and_its_line_stands_in() -> None:
    unnamed = text("b").replace(b'"type": "content_block_delta", ', b"")
    result = await message(text("a").replace(b"event: content_block_delta", b"event: ping"), unnamed, STOP)
    assert result.text == "ab"


@shows("D47")
async def a_message_delta_needs_neither_a_type_nor_input_tokens() -> None:
    start = event("message_start", message={"usage": {"input_tokens": 4, "output_tokens": 1}})
    result = await message(start, text("a"), STOP, event("message_stop"))
    assert result.usage is not None
    assert (result.usage.prompt_tokens, result.usage.completion_tokens) == (4, 5)


@shows("D50")
def message_batches_come_paged_and_bare() -> None:
    paged = read_message_batches(load("messages_batches/list.json"))
    bare = read_message_batches(load("messages_batches/list_ts.json"))
    assert bare.data == paged.data[:3]


@shows("D51")
async def results_are_parsed_lines_and_their_raw_form() -> None:
    body = (FIXTURES / "messages_batches" / "results.jsonl").read_bytes()
    async with talking(Step(body=body, content_type="application/x-jsonl")) as (client, _):
        async with client.get_messages_batch_results("b") as lines:
            results = [line async for line in lines]
        async with client.get_messages_batch_results("b") as lines:
            raw = b"".join([piece async for piece in lines.raw()])
    assert [result.raw for result in results] == [json.loads(line) for line in body.splitlines()]
    assert raw == body


@shows("D52")
def times_of_archiving_and_cancelling_are_optional() -> None:
    batch = read_message_batch({"id": "b", "processing_status": "ended"})
    assert (batch.archived_at, batch.cancel_initiated_at) == (None, None)
    assert read_message_batch(load("messages_batches/get_archived.json")).archived_at is not None


@shows("D53", "D55")
def batches_are_the_union_and_counts_are_optional() -> None:
    batch = read_batch(load("batches/get_completed.json"))
    assert batch.usage is not None
    assert batch.counts is not None
    assert read_batch({"id": "b", "object": "batch", "status": "validating"}).counts is None


@shows("D54")
async def any_endpoint_can_be_batched() -> None:
    async with talking(Step(body=load("batches/create.json"))) as (client, server):
        await client.create_batch(input_file_id="f", endpoint="/v1/anything")
    assert server.seen[0].json["endpoint"] == "/v1/anything"


@shows("D56")
def a_zero_time_is_a_missing_one() -> None:
    for zero in (0, None, "", "0001-01-01T00:00:00Z"):
        batch = read_batch({"id": "b", "object": "batch", "status": "completed", "completed_at": zero})
        assert batch.completed_at is None


@shows("D75")
def reasoning_is_found_in_fields_and_tags() -> None:
    for delta in ({"reasoning_content": "why"}, {"reasoning": "why"}, {"content": "<think>why</think>"}):
        assert merge(chunk(delta), chunk({"content": "so"}, reason="stop"))[0].reasoning == "why"


@shows("D76")
def one_l_or_two_is_the_same_word() -> None:
    for word in ("canceling", "cancelling"):
        assert read_message_batch({"id": "b", "processing_status": word}).status == "canceling"
    counts = {"request_counts": {"cancelled": 2}}
    assert read_message_batch({"id": "b", "status": "ended", **counts}).counts.canceled == 2


@shows("D81")
def an_answer_without_usage_has_none() -> None:
    assert read_chat_completion({"choices": [{"message": {"content": "a"}}]}).usage is None


@shows("D82")
def a_chunk_needs_neither_id_nor_model() -> None:
    result, _ = merge({"choices": [{"delta": {"content": "a"}}]})
    assert (result.text, result.id, result.model) == ("a", None, None)
