"""Whatever a server sends for messages and their batches is a value, or said to be unreadable."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_fixtures import FIXTURES, WRONG, load, mutate, names

from zaguan_tui.client.types.answers.messages import read_message, read_token_count
from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.jobs.message_batch_results import (
    UNREADABLE_LINE,
    MessageBatchResult,
    join_results,
    read_batch_result,
)
from zaguan_tui.client.types.jobs.message_batches import (
    read_deleted_batch,
    read_message_batch,
    read_message_batches,
)

Read = Callable[[Any], Any]
READERS: dict[str, tuple[Read, list[str]]] = {
    "message": (read_message, names("messages", "message")),
    "tokens": (read_token_count, ["messages/count_tokens.json"]),
    "batch": (read_message_batch, names("messages_batches", "get", "cancel", "create.")),
    "batches": (read_message_batches, names("messages_batches", "list")),
    "deleted": (read_deleted_batch, names("messages_batches", "cancel")),
}
CASES = [(kind, name) for kind, (_, files) in READERS.items() for name in files]
BODIES = {name: load(name) for _, name in CASES}
LINES = [
    json.loads(line) for line in (FIXTURES / "messages_batches" / "results.jsonl").read_text().splitlines()
]
VIEWS = ("text", "reasoning", "tool_calls", "turn", "stage", "is_over", "next_cursor")


def check(read: Read, body: Any) -> None:
    """A value whose derived views work too, or the one allowed error, which can be shown."""
    try:
        answer = read(body)
    except UnreadableValue as error:
        assert len(str(error)) < 2000
        return
    assert repr(answer)
    assert answer == answer
    assert all(isinstance(note, str) for note in answer.notes)
    data = getattr(answer, "data", ())
    for item in (answer, *data):
        for view in VIEWS:
            getattr(item, view, None)


@settings(max_examples=80, deadline=None)
@given(case=st.sampled_from(CASES), seed=st.integers(0, 2**63))
def test_a_damaged_answer_is_a_value_or_unreadable(case: tuple[str, str], seed: int) -> None:
    kind, name = case
    chance = random.Random(seed)
    for _ in range(6):
        check(READERS[kind][0], mutate(BODIES[name], chance))


@pytest.mark.parametrize("kind", sorted(READERS))
def test_values_that_are_no_answer(kind: str) -> None:
    read = READERS[kind][0]
    for wrong in WRONG:
        for body in (
            wrong,
            {"data": wrong},
            [wrong],
            {"id": "x", "processing_status": wrong, "request_counts": wrong, "created_at": wrong},
            {"content": wrong, "stop_reason": wrong, "usage": wrong, "stop_details": wrong},
            {"content": [wrong, {"type": wrong, "text": wrong, "citations": wrong, "input": wrong}]},
            {"input_tokens": wrong},
        ):
            check(read, body)


@settings(max_examples=80, deadline=None)
@given(line=st.sampled_from(LINES), seed=st.integers(0, 2**63))
def test_a_damaged_line_is_a_result(line: Any, seed: int) -> None:
    damaged = mutate(line, random.Random(seed))
    try:
        text = json.dumps(damaged)
    except (ValueError, RecursionError):
        return
    result = read_batch_result(text, 1)
    assert isinstance(result, MessageBatchResult)
    assert result.outcome
    assert join_results([{"custom_id": "doc-0"}], [result])


@pytest.mark.parametrize("kind", ["", " ", None, 7])
def test_a_line_without_an_outcome_is_unreadable(kind: Any) -> None:
    result = read_batch_result(json.dumps({"custom_id": "doc-4", "result": {"type": kind}}), 1)
    assert (result.outcome, result.custom_id, result.problem) == (UNREADABLE_LINE, "doc-4", "no result.type")
