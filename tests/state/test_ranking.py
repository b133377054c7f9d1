"""The ranking: every figure from the right answers, with its denominator; what nobody told is None."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.state.chat.message import Message, MessageStatus, Role
from zaguan_tui.state.chat.stream_meter import MeterReading
from zaguan_tui.state.comparison.ranking import (
    AnswerCost,
    Column,
    RankingInput,
    RankingRow,
    find_best,
    percentile,
    rank_targets,
)

AT = datetime(2026, 11, 20, tzinfo=UTC)


def answer(
    name: str = "msg_1",
    ttft: float | None = 0.5,
    pace: float | None = 50.0,
    out: int | None = 100,
    ending: Ending | None = Ending.FINISHED,
) -> Message:
    return Message(
        name,
        Role.ASSISTANT,
        "words" if out is None or out else "",
        AT,
        status=MessageStatus.STREAMING if ending is None else MessageStatus.ENDED,
        ending=ending,
        model="a/b",
        timings=Timings(ttft_s=ttft, tokens_per_s=pace),
        usage=Usage(prompt_tokens=10, completion_tokens=out) if out is not None else None,
    )


def one(entry: RankingInput, column: Column = Column.TTFT) -> RankingRow:
    (row,) = rank_targets([entry], column, lambda message: None)
    return row


def test_percentiles_are_answers_that_there_were() -> None:
    answers = [answer(str(n), ttft=n / 10, pace=float(n)) for n in range(1, 21)]
    row = one(RankingInput("a", answers, 20))
    assert (row.ttft_p50, row.ttft_p95) == (1.0, 1.9)
    assert (row.pace_p50, row.pace_p95) == (10.0, 2.0), "the bad end of a pace is the slow one"


def test_of_two_runs_p95_is_the_worse() -> None:
    row = one(RankingInput("a", [answer("1", ttft=0.2, pace=80.0), answer("2", ttft=0.9, pace=20.0)], 2))
    assert (row.ttft_p50, row.ttft_p95) == (0.2, 0.9)
    assert row.pace_p95 == 20.0


def test_failures_have_a_denominator_and_words() -> None:
    endings = (
        Ending.FINISHED,
        Ending.TRUNCATED,
        Ending.FAILED,
        Ending.FAILED,
        Ending.LENGTH,
        Ending.CANCELLED,
    )
    row = one(RankingInput("a", [answer(str(n), ending=ending) for n, ending in enumerate(endings)], 8))
    assert (row.done, row.planned) == (6, 8)
    assert (row.failed, row.counted, row.stopped) == (3, 5, 1), "what a person stopped is no failure"
    assert row.endings == (("failed", 2), ("truncated", 1))
    assert row.value(Column.FAILED) == pytest.approx(0.6)


def test_what_nobody_told_is_none() -> None:
    row = one(RankingInput("a", [answer(ttft=None, pace=None, out=None, ending=Ending.FAILED)], 1))
    row = replace(row)
    assert row.ttft_p50 is None
    assert row.pace_p95 is None
    assert row.credits is None
    nothing = one(RankingInput("a", [], 3))
    assert nothing.value(Column.FAILED) is None, "no share of nothing"
    assert nothing.value(Column.VOTES) is None


def test_what_is_coming_counts_as_it_stands() -> None:
    coming = answer("2", ending=None)
    meter = MeterReading(ttft_s=0.1, tokens_per_s_overall=200.0, tokens_out=40)
    row = one(RankingInput("a", [answer("1"), coming], 5, {"2": meter}))
    assert (row.done, row.running, row.planned) == (1, 1, 5)
    assert row.ttft_p50 == 0.1
    assert row.pace_p95 == 50.0
    assert row.pace_estimated
    assert row.tokens_estimated


def test_credits_are_the_mean_and_say_when_they_are_expected() -> None:
    costs = {"1": AnswerCost(2.0, estimated=False), "2": AnswerCost(4.0, estimated=True)}
    entry = RankingInput("a", [answer("1"), answer("2"), answer("3")], 3)
    (row,) = rank_targets([entry], Column.CREDITS, lambda message: costs.get(message.id))
    assert row.credits == 3.0
    assert row.credits_estimated
    silent = answer("4", out=0, ending=Ending.FAILED)
    (row,) = rank_targets(
        [RankingInput("a", [silent], 1)], Column.CREDITS, lambda _: AnswerCost(0.0, estimated=False)
    )
    assert row.credits is None, "no answer is not a cheap one"


def test_order_and_the_best_of_each_column() -> None:
    entries = [
        RankingInput("slow", [answer("1", ttft=0.9, pace=10.0)], 1),
        RankingInput("silent", [], 1),
        RankingInput("quick", [answer("2", ttft=0.1, pace=90.0)], 1),
    ]
    assert [row.key for row in rank_targets(entries, Column.TTFT, lambda _: None)] == [
        "quick",
        "slow",
        "silent",
    ]
    rows = rank_targets(entries, Column.PACE, lambda _: None)
    assert [row.key for row in rows] == ["quick", "slow", "silent"]
    assert find_best(rows, Column.PACE) == {"quick"}
    assert find_best(rows, Column.CREDITS) == frozenset()
    assert find_best(rows, Column.FAILED) == frozenset(), "nobody is best where all are the same"


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.floats(0, 1))
def test_a_percentile_is_one_of_the_values_and_bounds_its_share(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
