"""Whole chat answers in every dialect, and token counts in every spelling."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stream_fakes import FIXTURES

from zaguan_tui.client.streaming.endings import Ending, ending_for
from zaguan_tui.client.types.answers.chat import ChatCompletion, read_chat_completion
from zaguan_tui.client.types.answers.citations import Citation, read_citations
from zaguan_tui.client.types.answers.promptshield import read_promptshield
from zaguan_tui.client.types.answers.usage import Usage, read_usage
from zaguan_tui.client.types.core.base import Drift
from zaguan_tui.client.types.core.primitives import UnreadableValue

BODIES = sorted((FIXTURES / "chat").glob("completion*.json"))


def completion(name: str) -> ChatCompletion:
    return read_chat_completion(json.loads((FIXTURES / "chat" / f"completion{name}.json").read_bytes()))


def answer(message: Any, **choice: Any) -> ChatCompletion:
    return read_chat_completion({"choices": [{"index": 0, "message": message, **choice}]})


def test_plain() -> None:
    read = completion("")
    assert read.text.startswith("Circuit breakers stop calls")
    assert (read.id, read.model) == ("chatcmpl-BzK2Q9ZpVw7nLr4tXc81", "openai/gpt-4o-mini")
    assert read.created == datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
    assert read.usage == Usage(
        prompt_tokens=31, completion_tokens=27, total_tokens=58, cached_tokens=0, reasoning_tokens=0
    )
    assert (read.ending, read.finish_reason, read.service_tier) == (Ending.FINISHED, "stop", "default")
    assert read.notes == ()


def test_reasoning_in_its_field() -> None:
    read = completion("_reasoning")
    assert read.reasoning.endswith("together 408.")
    assert read.text == "17 × 24 = 408."
    assert read.usage is not None
    assert read.usage.reasoning_tokens == 31


def test_reasoning_in_tags_with_citations() -> None:
    read = completion("_think_tags")
    assert read.reasoning == "I should look for recent sources on SSE parsing.\nTwo are enough."
    assert read.text.startswith("Server-sent events end")
    assert read.message.raw_text.startswith("<think>\n")
    assert read.citations == (
        Citation("https://docs.example.org/sse", "Event streams"),
        Citation("https://blog.example.net/sse-data", "Joining data lines"),
    )


def test_tool_calls() -> None:
    read = completion("_tool_calls")
    assert [(call.name, call.parsed()) for call in read.tool_calls] == [
        ("get_weather", {"city": "Oslo", "unit": "celsius"}),
        ("get_weather", {"city": "Bilbao", "unit": "celsius"}),
    ]
    assert (read.text, read.ending) == ("", Ending.TOOL_CALLS)


def test_promptshield() -> None:
    shield = completion("_promptshield").promptshield
    assert shield is not None
    assert (shield.credits_remaining, shield.credits_total, shield.remaining_fraction) == (46, 500, 0.092)
    assert shield.reset_date == datetime(2026, 12, 1, tzinfo=UTC)
    block = {"credits_remaining": 3, "credits_percent": 0.5}
    for body in ({"metadata": {"promptshield": block}}, {"usage": {"promptshield": block}}):
        found = read_promptshield(body, Drift())
        assert found is not None
        assert (found.credits_remaining, found.remaining_fraction) == (3, 0.005)
    assert read_promptshield({"promptshield": 5}, Drift()) is None


def test_length_and_content_filter() -> None:
    assert completion("_length").ending is Ending.LENGTH
    refused = completion("_content_filter")
    assert (refused.ending, refused.message.refusal) == (Ending.CONTENT_FILTER, "Sorry, not this one.")


def test_several_choices_with_logprobs() -> None:
    read = completion("_n2_logprobs")
    assert [choice.message.text for choice in read.choices] == ["Yes.", "It depends."]
    assert [entry["token"] for entry in read.choices[0].logprobs] == ["Yes", "."]
    assert read.choices[1].logprobs == ()


def test_content_as_parts() -> None:
    read = answer({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]})
    assert read.text == "ab"


def test_field_and_tags_both_count() -> None:
    read = answer({"reasoning": "one", "content": "<think>two</think>so"})
    assert (read.reasoning, read.text) == ("one\n\ntwo", "so")


def test_a_whole_answer_without_anything_optional() -> None:
    read = answer({"content": "a"})
    assert (read.id, read.model, read.created, read.usage, read.finish_reason) == (None,) * 5
    assert read.ending is Ending.FINISHED
    assert read_chat_completion({"choices": None, "object": "chat.completion"}).text == ""


def test_choices_in_other_wrappings() -> None:
    choice = {"message": {"content": "a"}}
    for choices in ([choice], choice, {"0": choice}, [{"text": "a"}]):
        assert read_chat_completion({"choices": choices}).text == "a"


def test_oddities_become_notes() -> None:
    read = read_chat_completion(
        {"id": ["x"], "created": "soon", "choices": [7, {"message": "m"}, {"message": {"content": 5}}]}
    )
    assert len(read.choices) == 3
    assert len(read.notes) == 4
    assert answer({"content": "a", "tool_calls": [1]}).notes
    assert answer({"content": "a"}, finish_reason="sunspots").notes == ("unknown finish reason: sunspots",)


@pytest.mark.parametrize("body", [None, 5, "text", [], {}, {"error": {"message": "x"}}, {"choices": "x"}])
def test_what_is_no_answer_is_unreadable(body: Any) -> None:
    with pytest.raises(UnreadableValue):
        read_chat_completion(body)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (
            {"prompt_tokens": 1, "completion_tokens": 2},
            Usage(prompt_tokens=1, completion_tokens=2, total_tokens=3),
        ),
        (
            {"input_tokens": 5, "output_tokens": 2, "input_tokens_details": {"cached_tokens": 3}},
            Usage(prompt_tokens=5, completion_tokens=2, total_tokens=7, cached_tokens=3),
        ),
        (
            {
                "input_tokens": 5,
                "output_tokens": 2,
                "cache_read_input_tokens": 10,
                "cache_creation_input_tokens": 1,
            },
            Usage(
                prompt_tokens=16, completion_tokens=2, total_tokens=18, cached_tokens=10, cache_write_tokens=1
            ),
        ),
        (
            {"prompt_tokens": 9, "prompt_cache_hit_tokens": 4, "prompt_cache_miss_tokens": 5},
            Usage(prompt_tokens=9, cached_tokens=4),
        ),
        ({"promptTokens": "1,024", "cost": "$0.5"}, Usage(prompt_tokens=1024, cost=0.5)),
        ({"completion_tokens": None, "total_tokens": 3}, Usage(total_tokens=3)),
        (
            {"output_tokens": 9, "output_tokens_details": {"thinking_tokens": 4}},
            Usage(completion_tokens=9, reasoning_tokens=4),
        ),
        ({}, None),
        ({"prompt_tokens": None}, None),
        ([1], None),
        (None, None),
    ],
)
def test_usage_spellings(raw: Any, expected: Usage | None) -> None:
    assert read_usage(raw) == expected


def test_unreadable_counts_are_missing_and_noted() -> None:
    drift = Drift()
    assert read_usage({"prompt_tokens": -1, "completion_tokens": 2}, drift) == Usage(completion_tokens=2)
    assert len(drift.notes) == 1


def test_citations_in_every_form() -> None:
    holder = {
        "citations": ["https://a", {"url": "https://b", "title": "B"}, 5],
        "search_results": [{"url": "https://a", "title": "A"}],
        "annotations": [{"type": "url_citation", "url_citation": {"url": "https://c", "title": ""}}, None],
    }
    assert read_citations(holder) == (
        Citation("https://a", "A"),
        Citation("https://b", "B"),
        Citation("https://c"),
    )


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        ("STOP", Ending.FINISHED),
        ("end-turn", Ending.FINISHED),
        (None, Ending.FINISHED),
        ("?", Ending.FINISHED),
        ("MAX_TOKENS", Ending.LENGTH),
        ("SAFETY", Ending.CONTENT_FILTER),
        ("function_call", Ending.TOOL_CALLS),
    ],
)
def test_words_for_endings(reason: str | None, ending: Ending) -> None:
    assert ending_for(reason) is ending


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def mutate(value: Any, data: st.DataObject) -> Any:
    """``value`` with one node replaced by any JSON."""
    path: list[Any] = []
    node = value
    while isinstance(node, dict | list) and node and data.draw(st.integers(0, 4)):
        key = data.draw(st.sampled_from(list(node) if isinstance(node, dict) else list(range(len(node)))))
        path.append(key)
        node = node[key]
    if not path:
        return data.draw(JSON)
    changed = copy.deepcopy(value)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = data.draw(JSON)
    return changed


@given(st.sampled_from(BODIES), st.data())
def test_any_mutation_gives_a_value_or_a_typed_error(path: Any, data: st.DataObject) -> None:
    body = mutate(json.loads(path.read_bytes()), data)
    try:
        read = read_chat_completion(body)
    except UnreadableValue:
        return
    assert isinstance(read.text, str)
    assert isinstance(read.ending, Ending)
