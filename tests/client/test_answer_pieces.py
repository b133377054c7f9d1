"""Answers whose pieces are numbered, counted or spelled in the odd ways in use: nothing lost or glued."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stream_fakes import FIXTURES, ScriptedResponse, chunk, cut, merge, read_all

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import ImageReceived
from zaguan_tui.client.streaming.merge.message_result import MessageResult
from zaguan_tui.client.streaming.messages import MessagesStream
from zaguan_tui.client.types.answers.answer_images import AnswerImage, read_image
from zaguan_tui.client.types.answers.chat import read_chat_completion
from zaguan_tui.client.types.answers.citations import Citation
from zaguan_tui.client.types.answers.messages import read_message
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import read_usage

RAIN = Citation("https://example.org/rain", "Rain report")
WEATHER = ToolCall(None, "get_weather", '{"city":"Graz"}')
TIME = ToolCall(None, "get_time", '{"zone":"UTC"}')


def body(name: str) -> bytes:
    return (FIXTURES / "field" / name).read_bytes()


async def read_messages(*parts: bytes) -> MessageResult:
    async with MessagesStream(ScriptedResponse(parts).opened, model="m") as stream:
        async for _ in stream:
            pass
    return stream.result()


def sse(*events: dict[str, Any]) -> bytes:
    return b"".join(
        b"event: %s\ndata: %s\n\n" % (str(event["type"]).encode(), json.dumps(event).encode())
        for event in events
    )


def start(index: int | None, **block: Any) -> dict[str, Any]:
    numbered = {} if index is None else {"index": index}
    return {"type": "content_block_start", **numbered, "content_block": block}


def delta(index: int | None, **fields: Any) -> dict[str, Any]:
    numbered = {} if index is None else {"index": index}
    return {"type": "content_block_delta", **numbered, "delta": fields}


STOP = {"type": "message_stop"}


async def test_two_calls_at_one_index_with_empty_ids() -> None:
    _, result = await read_all(body("calls_same_index_empty_ids.sse"))
    assert result.tool_calls == (WEATHER, TIME)
    assert result.ending is Ending.TOOL_CALLS


async def test_reasoning_counted_beside_the_completion() -> None:
    _, result = await read_all(body("reasoning_beside_completion.sse"))
    assert result.usage is not None
    counts = (result.usage.prompt_tokens, result.usage.completion_tokens, result.usage.total_tokens)
    assert counts == (12, 388, 400)
    assert result.usage.reasoning_tokens == 386


@pytest.mark.parametrize(
    ("usage", "completion"),
    [
        ({"prompt_tokens": 12, "completion_tokens": 388, "total_tokens": 400, "reasoning_tokens": 386}, 388),
        ({"prompt_tokens": 12, "completion_tokens": 2, "total_tokens": 400, "reasoning_tokens": 386}, 388),
        ({"prompt_tokens": 12, "completion_tokens": 2, "reasoning_tokens": 386}, 388),
        ({"prompt_tokens": 12, "completion_tokens": 400, "reasoning_tokens": 386}, 400),
        ({"prompt_tokens": 12, "completion_tokens": 2, "total_tokens": 14, "reasoning_tokens": 386}, 2),
        ({"input_tokens": 12, "output_tokens": 2, "total_tokens": 20, "thinking_tokens": 6}, 8),
        ({"prompt_tokens": 12, "completion_tokens": 2, "total_tokens": 14, "reasoning_tokens": 0}, 2),
    ],
)
def test_where_reasoning_is_part_of_the_completion(usage: dict[str, int], completion: int) -> None:
    read = read_usage(usage)
    assert read is not None
    assert read.completion_tokens == completion


async def test_citations_in_deltas_are_those_of_a_whole_answer() -> None:
    _, result = await read_all(body("citations_in_deltas.sse"))
    assert result.citations == (RAIN,)
    annotations = [{"type": "url_citation", "url_citation": {"url": RAIN.url, "title": RAIN.title}}]
    whole = read_chat_completion({"choices": [{"message": {"content": "x", "annotations": annotations}}]})
    assert whole.citations == result.citations


@pytest.mark.parametrize(
    "holder",
    [
        {"content": "x", "annotations": [{"type": "url_citation", "url": RAIN.url, "title": RAIN.title}]},
        {"content": "x", "citations": [RAIN.url, {"url": RAIN.url, "title": RAIN.title}]},
        {"content": "x", "search_results": [{"link": RAIN.url, "title": RAIN.title}]},
        {"content": [{"type": "text", "text": "x", "annotations": [{"url": RAIN.url, "title": RAIN.title}]}]},
    ],
)
def test_citations_in_every_form(holder: dict[str, Any]) -> None:
    assert read_chat_completion({"choices": [{"message": holder}]}).citations == (RAIN,)
    assert merge(chunk(holder))[0].citations == (RAIN,)
    assert merge(chunk({"content": "x"}), chunk({**holder, "content": holder["content"]}))[0].citations == (
        RAIN,
    )


async def test_an_image_in_a_delta() -> None:
    events, result = await read_all(body("image_in_delta.sse"))
    (image,) = result.images
    assert (image.media_type, image.size, image.decode()[:4]) == ("image/png", 70, b"\x89PNG")
    assert [event.image for event in events if isinstance(event, ImageReceived)] == [image]
    assert (result.text, result.ending) == ("", Ending.FINISHED)
    assert result.timings.ttft_s is not None


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PNG = AnswerImage("image/png", PIXEL)


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}},
        {"type": "image_url", "image_url": f"data:image/png;base64,{PIXEL}"},
        {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}},
        {"inline_data": {"mime_type": "image/png", "data": PIXEL}},
        {"type": "output_image", "b64_json": PIXEL},
        {"type": "image", "data": PIXEL, "mimeType": "image/png"},
    ],
)
def test_images_in_every_form(entry: dict[str, Any]) -> None:
    assert read_image(entry) == [PNG]
    for holder in ({"content": None, "images": [entry]}, {"content": [entry]}):
        whole = read_chat_completion({"choices": [{"message": holder}]})
        assert (whole.images, whole.notes) == ((PNG,), ())
        assert merge(chunk(holder), chunk(holder))[0].images == (PNG,)


def test_a_link_to_an_image_and_what_is_none() -> None:
    link = "https://example.org/a.png"
    assert read_image({"image_url": {"url": link}}) == [AnswerImage(url=link)]
    sound = {"inline_data": {"mime_type": "audio/wav", "data": "AAAA"}}
    for other in ({"type": "image_url"}, {"image_url": {"url": "javascript:alert(1)"}}, sound, 5, None):
        assert read_image(other) == []
    with pytest.raises(ValueError, match="link"):
        AnswerImage(url=link).decode()


async def test_an_image_block_of_a_message() -> None:
    block = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
    assert read_message({"content": [block], "stop_reason": "end_turn"}).images == (PNG,)
    assert (await read_messages(sse(start(0, **block), STOP))).images == (PNG,)


async def test_a_block_number_used_twice() -> None:
    result = await read_messages(body("block_number_used_twice.sse"))
    assert [block.type for block in result.blocks] == ["text", "thinking", "text"]
    assert (result.text, result.reasoning) == ("---\nFour.", "Two plus two is four.")
    assert (result.ending, result.tool_calls) == (Ending.FINISHED, ())


@pytest.mark.parametrize("number", [0, 7, None])
async def test_blocks_that_all_have_one_number_or_none(number: int | None) -> None:
    result = await read_messages(
        sse(
            start(number, type="thinking", thinking=""),
            delta(number, thinking="hm"),
            start(number, type="text", text=""),
            delta(number, text="Both."),
            start(number, type="tool_use", id="a", name="get_weather", input={}),
            delta(number, partial_json='{"city":"Graz"}'),
            start(number, type="tool_use", id="b", name="get_time", input={}),
            delta(number, partial_json='{"zone":"UTC"}'),
            STOP,
        )
    )
    assert [block.type for block in result.blocks] == ["thinking", "text", "tool_use", "tool_use"]
    assert (result.reasoning, result.text) == ("hm", "Both.")
    assert [(call.id, call.name, call.arguments) for call in result.tool_calls] == [
        ("a", "get_weather", '{"city":"Graz"}'),
        ("b", "get_time", '{"zone":"UTC"}'),
    ]


async def test_deltas_of_another_kind_at_one_number_without_a_start() -> None:
    result = await read_messages(
        sse(delta(0, thinking="hm"), delta(0, text="A"), delta(0, text="B"), delta(0, thinking="so"), STOP)
    )
    assert [(block.type, block.text) for block in result.blocks] == [
        ("thinking", "hm"),
        ("text", "AB"),
        ("thinking", "so"),
    ]


async def test_a_start_that_is_sent_again_opens_nothing() -> None:
    again = start(0, type="text", text="")
    result = await read_messages(sse(again, again, delta(0, text="A"), STOP))
    assert [block.text for block in result.blocks] == ["A"]


ODD = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "image_url", "url", "source", "data", "media_type", "images", "content"]
            ),
            inner | st.sampled_from(["image", "image_url", "data:image/png;base64,AAAA", "base64"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(ODD, ODD, ODD)
def test_no_odd_image_or_source_breaks_an_answer(images: Any, content: Any, annotations: Any) -> None:
    holder = {"content": content, "images": images, "annotations": annotations, "citations": images}
    for image in (*merge(chunk(holder))[0].images, *read_image(images)):
        assert image.data or image.url
        assert image.size >= 0
    read_chat_completion({"choices": [{"message": holder}]})


async def test_a_delta_whose_type_is_no_word() -> None:
    result = await read_messages(sse(delta(0, type=["text_delta"], text="A"), STOP))
    assert result.text == "A"


INPUTS = ({"city": "Graz"}, '{"city":"Graz"}', json.dumps('{"city":"Graz"}'))


def test_an_input_that_is_json_text() -> None:
    answer = read_message(json.loads(body("tool_input_as_text.json")))
    (call,) = answer.tool_calls
    assert (call.arguments, call.parsed()) == ('{"city":"Graz"}', {"city": "Graz"})
    assert answer.turn["content"][0]["input"] == {"city": "Graz"}


@pytest.mark.parametrize("value", INPUTS)
async def test_no_dialect_encodes_arguments_twice(value: Any) -> None:
    block = {"type": "tool_use", "id": "a", "name": "get_weather", "input": value}
    call = {"id": "a", "function": {"name": "get_weather", "arguments": value}}
    whole = read_chat_completion({"choices": [{"message": {"tool_calls": [call]}}]})
    messages = await read_messages(sse(start(0, **block), STOP))
    read = read_message({"content": [block]})
    for calls in (
        whole.tool_calls,
        merge(chunk({"tool_calls": [call]}))[0].tool_calls,
        messages.tool_calls,
        read.tool_calls,
    ):
        assert [one.parsed() for one in calls] == [{"city": "Graz"}]
    assert messages.blocks[0].raw["input"] == read.blocks[0].raw["input"] == {"city": "Graz"}


async def test_pieces_that_are_a_text_within_a_text() -> None:
    quoted = json.dumps('{"city":"Graz"}')
    pieces = [quoted[:9], quoted[9:]]
    events = [delta(0, partial_json=piece) for piece in pieces]
    result = await read_messages(sse(start(0, type="tool_use", id="a", name="f"), *events, STOP))
    assert result.tool_calls[0].parsed() == {"city": "Graz"}
    deltas = [{"index": 0, "function": {"name": "f", "arguments": piece}} for piece in pieces]
    assert merge(*(chunk({"tool_calls": [one]}) for one in deltas))[0].tool_calls[0].parsed() == {
        "city": "Graz"
    }


@given(st.sampled_from(["calls_same_index_empty_ids.sse"]), st.lists(st.integers(0, 700), max_size=6))
async def test_any_split_of_the_bytes_gives_the_same_calls(name: str, at: list[int]) -> None:
    _, result = await read_all(*cut(body(name), at))
    assert result.tool_calls == (WEATHER, TIME)


@given(st.lists(st.integers(0, 1300), max_size=6))
async def test_any_split_of_the_bytes_gives_the_same_blocks(at: list[int]) -> None:
    result = await read_messages(*cut(body("block_number_used_twice.sse"), at))
    assert [block.text for block in result.blocks] == ["---\n", "Two plus two is four.", "Four."]
