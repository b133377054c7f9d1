"""Reasoning in fields and between tags."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stream_fakes import chunk, merge

from zaguan_tui.client.streaming.events import ReasoningDelta, TextBecameReasoning, TextDelta
from zaguan_tui.client.streaming.merge.content_parts import flat_text, read_content
from zaguan_tui.client.streaming.merge.reasoning import Piece, ThinkTags, reasoning_of, split_reasoning

TAGGED = [
    ("<think>why</think>so", ("so", "why")),
    ("\n <think>\nwhy\n</think>\n\nso", ("so", "why")),
    ("<think>one</think>\n<think>two</think>so", ("so", "one\n\ntwo")),
    ("<think></think>so", ("so", "")),
    ("<think> </think><think>two</think>so", ("so", "two")),
    ("<think>never closed", ("", "never closed")),
    ("<think>cut in the tag</thi", ("", "cut in the tag</thi")),
    ("<think>a < b</think>c", ("c", "a < b")),
    ("<think>", ("", "")),
    ("<thi", ("<thi", "")),
    ("  ", ("  ", "")),
    ("<b>bold</b>", ("<b>bold</b>", "")),
    ("text <think>not at the start</think>", ("text <think>not at the start</think>", "")),
    ("why\n</think>\n\nso", ("so", "why")),
    ("</think>so", ("so", "")),
    ("why</think>so </think> so", ("so </think> so", "why")),
    ("close it with `</think>` then", ("close it with `</think>` then", "")),
    ("`</think>` is a tag; why</think>so", ("so", "`</think>` is a tag; why")),
    ("a <", ("a <", "")),
    ("a </thin", ("a </thin", "")),
    ("a </thing>", ("a </thing>", "")),
    ("<think>x</think>a </think> b", ("a </think> b", "x")),
]


@pytest.mark.parametrize(("content", "expected"), TAGGED)
def test_tags(content: str, expected: tuple[str, str]) -> None:
    assert split_reasoning(content) == expected


@pytest.mark.parametrize(("content", "expected"), TAGGED)
def test_tags_character_by_character(content: str, expected: tuple[str, str]) -> None:
    result, _ = merge(*(chunk({"content": char}) for char in content))
    assert (result.text, result.reasoning) == expected
    assert result.raw_text == content


PIECES = st.lists(
    st.sampled_from(["<think>", "</think>", "<", "</", "think>", " ", "\n", "a", "bc", "`", "<thi", "nk>"]),
    max_size=14,
).map("".join)


@given(PIECES, st.data())
def test_any_split_reads_the_same(content: str, data: st.DataObject) -> None:
    at = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=20)))
    parts = [content[a:b] for a, b in zip([0, *at], [*at, len(content)], strict=True)]
    result, events = merge(*(chunk({"content": part}) for part in parts))
    assert (result.text, result.reasoning) == split_reasoning(content)
    assert replay(events) == (result.text, result.reasoning)


def replay(events: list[Any]) -> tuple[str, str]:
    """What a consumer sees who follows the events alone."""
    text = reasoning = ""
    for event in events:
        match event:
            case TextDelta():
                text += event.text
            case ReasoningDelta():
                reasoning += event.text
            case TextBecameReasoning():
                text, reasoning = "", reasoning + text.strip()
    return text, reasoning


def test_nothing_is_held_back_without_need() -> None:
    tags = ThinkTags()
    assert tags.feed("Hello") == [(Piece.TEXT, "Hello")]
    assert tags.clear
    assert tags.feed(" a < b") == [(Piece.TEXT, " a < b")]
    assert tags.feed("x <") == [(Piece.TEXT, "x ")]
    assert not tags.clear
    assert tags.feed("=") == [(Piece.TEXT, "<=")]


@pytest.mark.parametrize(
    ("delta", "expected"),
    [
        ({"reasoning_content": "a", "reasoning": "b"}, "a"),
        ({"reasoning_content": "", "reasoning": "b", "reasoning_details": [{"text": "c"}]}, "b"),
        ({"reasoning_content": None, "reasoning_details": [{"text": "c"}, {"summary": "d"}]}, "cd"),
        ({"reasoning_details": [{"type": "reasoning.encrypted", "data": "x"}], "thinking": "e"}, "e"),
        ({"thinking": {"content": "e"}}, "e"),
        ({"reasoning": 5}, ""),
        ({}, ""),
    ],
)
def test_the_first_filled_field_wins(delta: dict[str, object], expected: str) -> None:
    assert reasoning_of(delta) == expected


def test_fields_and_text_stay_apart() -> None:
    result, events = merge(
        chunk({"reasoning_content": "why ", "content": None}),
        chunk({"reasoning_content": "not"}),
        chunk({"content": "so </think> there"}),
    )
    assert (result.reasoning, result.text) == ("why not", "so </think> there")
    assert events == [ReasoningDelta("why "), ReasoningDelta("not"), TextDelta("so </think> there")]


def test_content_in_parts() -> None:
    content = [
        {"type": "thinking", "thinking": [{"type": "text", "text": "why"}]},
        {"type": "text", "text": "so"},
        " there",
        {"type": "refusal", "refusal": "no"},
        {"type": "image_url", "image_url": {"url": "x"}},
        7,
    ]
    assert read_content(content) == ("so there", "why", "no")
    result, _ = merge(chunk({"content": content}))
    assert (result.text, result.reasoning, result.refusal) == ("so there", "why", "no")


def test_flat_text_goes_no_deeper_than_it_must() -> None:
    nested: Any = "x"
    for _ in range(10):
        nested = [nested]
    assert flat_text(nested) == ""
