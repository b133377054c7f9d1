"""Two answers in two dialects: what is the same is called the same, what differs is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.state.chat.dialect_diff import (
    MAX_WORDS,
    FieldDiff,
    compare_answers,
    compare_words,
    order_by_dialect,
)
from zaguan_tui.state.chat.message import Dialect, Message, Receipt, Role


def answer(dialect: Dialect = Dialect.CHAT, **facts: Any) -> Message:
    reason = "stop" if dialect is Dialect.CHAT else "end_turn"
    base = Message(
        f"msg_{dialect}",
        Role.ASSISTANT,
        "Well, hello there.",
        datetime(2025, 1, 6, tzinfo=UTC),
        ending=Ending.FINISHED,
        finish_reason=reason,
        usage=Usage(prompt_tokens=10, completion_tokens=4, total_tokens=14),
        model="a/b",
        dialect=dialect,
    )
    return replace(base, **facts)


def row(name: str, left: Message, right: Message) -> FieldDiff:
    return next(row for row in compare_answers(left, right) if row.name == name)


def test_stop_reasons_in_other_words_are_the_same() -> None:
    pairs = [("stop", "end_turn"), ("length", "max_tokens"), ("tool_calls", "tool_use")]
    for chat, messages in pairs:
        told = row("stop reason", answer(finish_reason=chat), answer(finish_reason=messages))
        assert told.same
        assert told.note == "the same in other words"
    assert not row("stop reason", answer(), answer(finish_reason="max_tokens")).same


def test_a_broken_answer_is_never_the_same_as_a_whole_one() -> None:
    cut = answer(Dialect.MESSAGES, ending=Ending.TRUNCATED, finish_reason=None)
    assert not row("stop reason", answer(), cut).same


def test_usage_is_compared_field_by_field() -> None:
    other = answer(Dialect.MESSAGES, usage=Usage(prompt_tokens=12, completion_tokens=4, total_tokens=16))
    assert not row("prompt tokens", answer(), other).same
    assert row("completion tokens", answer(), other).same
    assert row("reasoning tokens", answer(), other) == FieldDiff(
        "reasoning tokens", None, None, True, other_unit()
    )


def other_unit() -> Any:
    return row("prompt tokens", answer(), answer()).unit


def test_times_and_ids_are_not_judged() -> None:
    for name in ("first token", "took", "request id"):
        assert row(name, answer(request_id="one"), answer(request_id="two")).same is None


def test_credits_say_whose_are_only_expected() -> None:
    debited = answer(receipt=Receipt(expected=4.0, debited=4.0))
    awaited = answer(Dialect.MESSAGES, receipt=Receipt(expected=4.0))
    told = next(row for row in compare_answers(debited, awaited) if row.name == "credits")
    assert (told.same, told.note) == (None, "messages: expected, not debited yet")
    over = replace(awaited, receipt=Receipt(expected=4.0, debited=5.0))
    told = next(row for row in compare_answers(debited, over) if row.name == "credits")
    assert (told.same, told.note) == (False, "")


def test_calls_are_the_same_when_only_the_space_differs() -> None:
    one, two = ToolCall("1", "f", '{"a": 1}'), ToolCall("2", "f", '{"a":1}')
    assert row("tool calls", answer(tool_calls=(one,)), answer(tool_calls=(two,))).same
    three = ToolCall("3", "f", '{"a": 2}')
    told = row("tool calls", answer(tool_calls=(one,)), answer(tool_calls=(three,)))
    assert (told.same, told.note) == (False, "other arguments")


def test_the_first_difference_is_found() -> None:
    diff = compare_words("one two three four", "one two tree four")
    assert diff.first == 3
    assert [run.text for run in diff.left if not run.same] == ["three "]
    assert [run.text for run in diff.right if not run.same] == ["tree "]
    assert compare_words("the same", "the same").first is None


def test_long_texts_are_compared_at_their_beginning() -> None:
    text = "word " * (MAX_WORDS + 10)
    diff = compare_words(text, text + "more")
    assert not diff.whole


@given(some.text(alphabet="ab \n"), some.text(alphabet="ab \n"))
def test_runs_add_up_to_the_texts(left: str, right: str) -> None:
    diff = compare_words(left, right)
    assert "".join(run.text for run in diff.left) == left
    assert "".join(run.text for run in diff.right) == right
    assert (diff.first is None) == (left == right)


def test_a_pair_is_of_one_model_and_both_dialects() -> None:
    chat, messages = answer(), answer(Dialect.MESSAGES)
    assert order_by_dialect([messages, chat]) == (chat, messages)
    assert order_by_dialect([chat, chat]) is None
    assert order_by_dialect([chat]) is None
    assert order_by_dialect([chat, replace(messages, model="c/d")]) is None
