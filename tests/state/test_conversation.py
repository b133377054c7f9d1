"""Conversations as values: titles, and what of them a model gets to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.timings import Gap, Timings
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.state.chat.message import (
    Attachment,
    Dialect,
    Message,
    MessageStatus,
    Receipt,
    Role,
    ToolResult,
)
from zaguan_tui.state.conversations.conversation import (
    TITLE_LENGTH,
    UNTITLED,
    Conversation,
    ConversationKind,
    Turn,
    make_title,
)
from zaguan_tui.state.conversations.model_context import build_chat_messages
from zaguan_tui.state.conversations.rows import (
    ENDING_OF_UNFINISHED,
    conversation_from_row,
    conversation_to_row,
    message_from_row,
    message_to_row,
)
from zaguan_tui.state.core.store import Problem

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def turn(name: str, prompt: str, answer: str | None, ending: Ending = Ending.FINISHED) -> Turn:
    said = Message(f"{name}p", Role.USER, prompt, AT)
    if answer is None:
        return Turn(name, said)
    return Turn(name, said, (Message(f"{name}a", Role.ASSISTANT, answer, AT, ending=ending),))


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("Why is the sky blue?\nAnd the sea?", "Why is the sky blue?"),
        ("\n\n  ```python\nprint(1)", "```python"),
        ("---\nreal words", "real words"),
        ("???", "???"),
        ("", UNTITLED),
        (" \n ", UNTITLED),
        ("\x1b]0;owned\x07Title [/] \u202egnp", "�Title [/] �gnp"),
        ("x" * 200, "x" * (TITLE_LENGTH - 1) + "…"),
    ],
)
def test_a_title_is_the_first_line_that_says_something(prompt: str, title: str) -> None:
    assert make_title(prompt) == title


@given(st.text())
def test_a_title_is_one_short_line(prompt: str) -> None:
    title = make_title(prompt)
    assert 0 < len(title) <= TITLE_LENGTH
    assert "\n" not in title


def test_history_has_the_system_prompt_first_and_the_turns_in_order() -> None:
    turns = [turn("1", "one", "eins"), turn("2", "two", "zwei")]
    assert build_chat_messages(turns, "Speak German.") == [
        {"role": "system", "content": "Speak German."},
        {"role": "user", "content": "one"},
        {"role": "assistant", "content": "eins"},
        {"role": "user", "content": "two"},
        {"role": "assistant", "content": "zwei"},
    ]


@pytest.mark.parametrize("ending", list(Ending))
def test_part_of_an_answer_is_an_answer(ending: Ending) -> None:
    assert [m["content"] for m in build_chat_messages([turn("1", "ask", "half an", ending)])] == [
        "ask",
        "half an",
    ]


@pytest.mark.parametrize(
    ("ending", "read"),
    [
        (Ending.FAILED, []),
        (Ending.ERROR_FRAME, []),
        (Ending.TRUNCATED, []),
        (Ending.CANCELLED, ["ask"]),
        (Ending.TOOL_CALLS, ["ask"]),
    ],
)
def test_a_prompt_that_got_no_word_is_left_out_unless_it_was_stopped(ending: Ending, read: list[str]) -> None:
    assert [
        m["content"] for m in build_chat_messages([turn("1", "ask", "", ending), turn("2", "again", None)])
    ] == [
        *read,
        "again",
    ]


def test_the_newest_answer_counts() -> None:
    asked = turn("1", "ask", "first")
    newer = replace(asked.answers[0], id="b", text="second")
    both = asked.with_answer(newer)
    assert both.answer is newer
    assert [m["content"] for m in build_chat_messages([both])] == ["ask", "second"]
    assert both.with_answer(replace(newer, text="third")).answers[1].text == "third"


def test_turns_are_found_replaced_and_counted_up_to() -> None:
    talk = Conversation("c", "t", "m", AT, AT, turns=(turn("1", "a", "b"), turn("2", "c", None)))
    assert talk.turn("1").prompt.text == "a"
    assert talk.until("2") == talk.turns[:1]
    assert talk.with_turn(turn("2", "c", "d")).turns[1].answer is not None
    assert len(talk.with_turn(turn("3", "e", None)).turns) == 3
    for lookup in (talk.turn, talk.until):
        with pytest.raises(KeyError):
            lookup("9")


FULL = Message(
    id="m",
    role=Role.ASSISTANT,
    text="text [/] \x1b[31m",
    at=AT,
    reasoning="because",
    refusal="no",
    tool_calls=(ToolCall("call_1", "weather", '{"in":"Rome"}'),),
    ending=Ending.TOOL_CALLS,
    finish_reason="tool_calls",
    usage=Usage(prompt_tokens=1, completion_tokens=2, total_tokens=3, reasoning_tokens=5, cost=0.25),
    timings=Timings(
        ttft_s=0.4, duration_s=2.0, tokens_per_s=80.5, longest_gap_s=0.3, tokens_estimated=True, chunks=12
    ),
    request_id="req_1",
    problem=Problem("It failed.", "Try again.", kind="server", request_id="req_1"),
    model="a/b",
    answered_by="a/b-2026",
    notes=("no end marker",),
    params={"temperature": 0.2, "stop": ["x"]},
    dialect=Dialect.MESSAGES,
    attempts=3,
    blocks=({"type": "thinking", "signature": "s"},),
    receipt=Receipt(11.5, 12.0, 12.0, "row_1", AT),
    run=2,
    chosen=True,
)


def test_a_message_comes_back_from_its_row_as_it_was() -> None:
    assert message_from_row(message_to_row(FULL, "c", "t")) == FULL
    plain = Message("p", Role.USER, "hi", AT)
    assert message_from_row(message_to_row(plain, "c", "t")) == plain
    results = Message("p", Role.TOOL, "", AT, tool_results=(ToolResult("call_1", "weather", "sunny"),))
    assert message_from_row(message_to_row(results, "c", "t")) == results
    looked = replace(plain, attachments=(Attachment("a.png", "image/png", "iVBORw==", 4),))
    assert message_from_row(message_to_row(looked, "c", "t")) == looked


def test_raw_bodies_and_gaps_of_a_stream_are_not_stored() -> None:
    usage = Usage(prompt_tokens=1, cache_write_tokens=2, raw={"secret": "x"})
    message = replace(FULL, usage=usage, timings=Timings(ttft_s=0.4, gaps=(Gap(1.0, 2.0),)))
    row = message_to_row(message, "c", "t")
    assert "secret" not in row.details
    assert "gaps" not in row.details
    stored = message_from_row(row)
    assert stored.usage == usage
    assert stored.timings == Timings(ttft_s=0.4)


@pytest.mark.parametrize("status", [MessageStatus.WAITING, MessageStatus.STREAMING])
def test_a_message_that_was_still_arriving_is_truncated_and_says_why(status: MessageStatus) -> None:
    half = message_from_row(message_to_row(replace(FULL, status=status, ending=None, problem=None), "c", "t"))
    assert half.status is MessageStatus.ENDED
    assert half.ending is Ending.TRUNCATED
    assert half.problem == ENDING_OF_UNFINISHED
    assert half.text == FULL.text


@pytest.mark.parametrize(
    "details",
    [
        "no json",
        "[]",
        '{"usage": {"prompt_tokens": 1, "later": 2}, "tool_calls": [{"id": 1}, 4], "problem": {}}',
    ],
)
def test_a_row_that_cannot_be_read_whole_is_read_in_part(details: str) -> None:
    row = replace(message_to_row(FULL, "c", "t"), details=details, ending="some new ending", role="narrator")
    message = message_from_row(row)
    assert message.text == FULL.text
    assert message.ending is Ending.TRUNCATED
    assert message.problem is None
    assert message.usage is None or message.usage.prompt_tokens == 1


def test_a_conversation_comes_back_with_its_turns_and_their_answers() -> None:
    first, second = turn("1", "a", "b"), turn("2", "c", "d")
    again = replace(first.answers[0], id="1b", text="b again")
    talk = Conversation(
        *("c", "t", "m", AT, AT, "sys", (first.with_answer(again), second), "other"),
        kind=ConversationKind.COMPARISON,
        dialect=Dialect.MESSAGES,
        params={"temperature": 0.5},
        setup={"runs": 3},
    )
    rows = [
        message_to_row(message, "c", name)
        for name, message in (("1", first.prompt), ("1", first.answers[0]), ("2", second.prompt),
                              ("2", second.answers[0]), ("1", again))
    ]  # fmt: skip
    assert conversation_from_row(conversation_to_row(talk), rows) == talk
