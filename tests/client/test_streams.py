"""Chat streams: every transcript, and how chunks are merged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from stream_fakes import (
    DONE,
    FINISH,
    FIXTURES,
    chunk,
    cut,
    decode,
    merge,
    read_all,
    says,
    stream_of,
)

from zaguan_tui.client.errors.exceptions import (
    ErrorKind,
    InsufficientCreditsError,
)
from zaguan_tui.client.streaming.chat import (
    Ending,
    RefusalDelta,
    StreamEnded,
    TextDelta,
    UsageUpdate,
)

CASES = json.loads((FIXTURES / "sse" / "cases.json").read_bytes())["cases"]
CHAT = sorted((FIXTURES / "chat").glob("stream_*"))


def splits(data: bytes, case: dict[str, Any]) -> dict[str, list[bytes]]:
    ways = {"whole": [data], "bytes": [data[i : i + 1] for i in range(len(data))]}
    if "split_at" in case:
        ways["given"] = cut(data, case["split_at"])
    return ways


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
async def test_sse_cases(case: dict[str, Any]) -> None:
    expect = case["expect"]
    for parts in splits((FIXTURES / "sse" / case["file"]).read_bytes(), case).values():
        events, result = await read_all(*parts)
        assert result.text == expect["text"].replace("\\u2028", "\u2028")
        assert result.ending is not None
        assert result.ending.value == expect["outcome"]
        assert events[-1] == StreamEnded(result.ending)
        assert sum(isinstance(event, StreamEnded) for event in events) == 1
        if "marker" in expect:
            assert result.end_marker is expect["marker"]
        if "drift" in expect:
            assert len(result.notes) == expect["drift"]
        if "error_contains" in expect:
            assert result.error is not None
            assert expect["error_contains"] in result.error.message


@pytest.mark.parametrize("path", CHAT, ids=lambda path: path.name)
def test_chat_fixtures_read_the_same_byte_by_byte(path: Path) -> None:
    data = path.read_bytes()
    assert decode([data[i : i + 1] for i in range(len(data))])[2] == decode([data])[2]


async def fixture(name: str) -> Any:
    (path,) = (FIXTURES / "chat").glob(f"stream_{name}.*")
    return (await read_all(path.read_bytes()))[1]


async def test_plain_and_usage() -> None:
    plain, usage = await fixture("plain"), await fixture("usage")
    assert plain.text == usage.text == "A gateway puts many providers behind one API."
    assert (plain.ending, plain.finish_reason, plain.usage) == (Ending.FINISHED, "stop", None)
    assert (usage.usage.prompt_tokens, usage.usage.completion_tokens) == (24, 9)
    assert (plain.id, plain.model, plain.requested_model) == ("chatcmpl-BzK3plain", "openai/gpt-4o-mini", "m")
    assert (plain.request_id, plain.notes, plain.timings.chunks) == ("req_1", (), 11)


async def test_reasoning_dialects() -> None:
    deepseek, router, tags = [
        await fixture(name) for name in ("reasoning_content", "reasoning_field", "think_tags")
    ]
    assert (deepseek.reasoning, deepseek.text) == (
        "First 17 times 20 is 340, plus 68.",
        "The answer is **408**.",
    )
    assert (router.reasoning, router.text, router.usage.cost) == ("Check the units.", "3.6 km/h.", 1.32e-05)
    assert (tags.reasoning, tags.text) == ("Look up the limit.", "The limit is 200 MB.")
    assert [citation.url for citation in tags.citations] == ["https://docs.example.org/batch"]
    assert tags.raw_text.startswith("<think>\nLook")


async def test_tool_calls() -> None:
    by_index, without = await fixture("tool_calls"), await fixture("tool_calls_no_index")
    assert [(c.id, c.parsed()) for c in by_index.tool_calls] == [
        ("call_Y1vPz0bM4sQk", {"city": "Oslo"}),
        ("call_c8LwT6nHr2Xe", {"city": "Bilbao"}),
    ]
    assert [(c.name, c.parsed()) for c in without.tool_calls] == [
        ("get_weather", {"city": "Oslo"}),
        ("get_time", {}),
    ]
    assert by_index.ending is without.ending is Ending.TOOL_CALLS
    assert without.finish_reason == "stop"


async def test_two_choices() -> None:
    result = await fixture("n2")
    assert [(c.text, c.ending) for c in result.choices] == [
        ("Yes.", Ending.FINISHED),
        ("It depends.", Ending.LENGTH),
    ]
    assert (result.text, result.ending) == ("Yes.", Ending.FINISHED)


async def test_error_frames_keep_what_came() -> None:
    midway, event = await fixture("error_midway"), await fixture("error_event")
    assert (midway.ending, midway.text) == (Ending.ERROR_FRAME, "A gateway puts many")
    assert (midway.error.kind, midway.error.provider, midway.error.status) == (
        ErrorKind.SERVER,
        "openai",
        200,
    )
    assert midway.error.request_id == "req_1"
    assert event.ending is Ending.ERROR_FRAME
    assert isinstance(event.error, InsufficientCreditsError)
    assert event.error.credits_required == 3


async def test_truncated_no_done_and_whole() -> None:
    cut_off, no_done, whole = [await fixture(name) for name in ("truncated", "no_done", "not_a_stream")]
    assert (cut_off.ending, cut_off.text, cut_off.error) == (
        Ending.TRUNCATED,
        "A gateway puts many providers",
        None,
    )
    assert (no_done.ending, no_done.notes) == (Ending.FINISHED, ("no end marker",))
    assert (whole.text, whole.ending) == ("Streaming is not supported here.", Ending.FINISHED)
    assert whole.notes == ("the server answered in one piece",)
    assert whole.usage.total_tokens == 16


def test_usage_anywhere_and_the_last_one_wins() -> None:
    first, last = {"prompt_tokens": 1, "completion_tokens": 1}, {"prompt_tokens": 1, "completion_tokens": 2}
    result, events = merge(
        chunk({"content": "a"}, usage=first),
        chunk({"content": "b"}, usage=first),
        {"choices": [], "usage": last},
        {"choices": [], "usage": None},
    )
    assert result.usage is not None
    assert result.usage.total_tokens == 3
    assert sum(isinstance(event, UsageUpdate) for event in events) == 2
    in_choice, _ = merge({"choices": [{"delta": {}, "finish_reason": "stop", "usage": first}]})
    assert in_choice.usage is not None
    groq, _ = merge({"choices": [], "x_groq": {"usage": first}})
    assert groq.usage is not None


def test_refusals_roles_logprobs_and_audio() -> None:
    result, events = merge(
        chunk({"role": "assistant", "refusal": "No"}),
        chunk({"role": "assistant", "refusal": "."}),
        {"choices": [{"delta": {"content": "x"}, "logprobs": {"content": [{"token": "x"}]}}]},
        chunk({"audio": {"id": "au", "data": "AA", "transcript": "he"}}),
        chunk({"audio": {"data": "BB", "transcript": "llo", "expires_at": 5}}),
    )
    assert (result.refusal, result.notes) == ("No.", ())
    assert events[:2] == [RefusalDelta("No"), RefusalDelta(".")]
    assert result.choices[0].role == "assistant"
    assert result.choices[0].logprobs == ({"token": "x"},)
    assert result.choices[0].audio == {"id": "au", "data": "AABB", "transcript": "hello", "expires_at": 5}
    odd, _ = merge(chunk({"role": "assistant"}), chunk({"role": "tool"}))
    assert odd.notes == ("the role changed within a choice",)


def test_promptshield_and_tier_ride_along() -> None:
    result, _ = merge(
        chunk({"content": "a"}, service_tier="flex", system_fingerprint="fp"),
        {"choices": [], "promptshield": {"credits_remaining": 3}},
    )
    assert result.promptshield is not None
    assert result.promptshield.credits_remaining == 3
    assert (result.service_tier, result.system_fingerprint) == ("flex", "fp")


def test_choices_in_other_wrappings() -> None:
    choice = {"index": 0, "delta": {"content": "a"}}
    for choices in (choice, {"0": choice}, [{"text": "a"}], [None, choice]):
        assert merge({"choices": choices})[0].text == "a"


def test_a_whole_message_after_its_deltas_is_not_doubled() -> None:
    result, _ = merge(chunk({"content": "a"}), {"choices": [{"index": 0, "message": {"content": "a"}}]})
    assert result.text == "a"
    assert len(result.notes) == 1


async def test_a_result_at_every_moment() -> None:
    async with stream_of(says("a"), says("b"), FINISH, DONE) as stream:
        assert (stream.result().text, stream.result().ending) == ("", None)
        seen = []
        async for _ in stream:
            seen.append(stream.result().text)
    assert seen == ["a", "ab", "ab"]
    assert stream.result().ending is Ending.FINISHED


async def test_batches_hold_the_same_events() -> None:
    parts = [says("a") + says("b"), FINISH, DONE]
    async with stream_of(*parts) as stream:
        batches = [batch async for batch in stream.batches()]
    assert batches == [[TextDelta("a"), TextDelta("b")], [StreamEnded(Ending.FINISHED)]]
    async with stream_of(*parts) as stream:
        assert [event async for event in stream] == [*batches[0], *batches[1]]
