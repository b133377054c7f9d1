"""Ranks the models of a comparison by speed, cost and reliability. Pure.

Every figure keeps its denominator, and what nobody told is ``None``. A percentile is an answer that there
was (nearest rank), so that with few runs p95 is simply the worst of them.
"""

from __future__ import annotations

import enum
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.state.chat.message import Message, MessageStatus
from zaguan_tui.state.chat.stream_meter import MeterReading, estimate_tokens

FAILURES: Final = frozenset(
    {
        Ending.FAILED,
        Ending.TRUNCATED,
        Ending.ERROR_FRAME,
        Ending.CONTENT_FILTER,
    }
)
"""Endings that count against a model. What a person stopped, or a token limit cut, does not."""


class Column(enum.StrEnum):
    """The columns a ranking can be sorted by."""

    TTFT = "ttft"
    PACE = "pace"
    TOKENS = "tokens"
    CREDITS = "credits"
    FAILED = "failed"
    VOTES = "votes"


LESS_IS_BETTER: Final = frozenset({Column.TTFT, Column.TOKENS, Column.CREDITS, Column.FAILED})


@dataclass(frozen=True, slots=True)
class AnswerCost:
    """Credits of one answer; ``estimated`` while no debit is known."""

    credits: float
    estimated: bool = True


@dataclass(frozen=True, slots=True)
class RankingInput:
    """One lane with all its answers. ``planned`` is how many are asked for, ``meters`` those of the answers
    that are coming, by message id. ``votes`` of ``polls`` prompts went to it."""

    key: str
    answers: Sequence[Message]
    planned: int
    meters: Mapping[str, MeterReading] = field(default_factory=dict)
    votes: int = 0
    polls: int = 0


@dataclass(frozen=True, slots=True)
class RankingRow:
    """One lane, ranked. Times in seconds, paces in tokens a second; ``tokens`` and ``credits`` are those of
    one answer: the median, and the mean.

    ``done`` of ``planned`` answers are over, ``running`` are coming; of ``counted`` (all but what a person
    stopped) ``failed`` failed, each in ``endings`` by its word.
    """

    key: str
    planned: int
    done: int = 0
    running: int = 0
    counted: int = 0
    failed: int = 0
    stopped: int = 0
    ttft_p50: float | None = None
    ttft_p95: float | None = None
    pace_p50: float | None = None
    pace_p95: float | None = None
    pace_estimated: bool = False
    tokens: float | None = None
    tokens_estimated: bool = False
    credits: float | None = None
    credits_estimated: bool = False
    endings: tuple[tuple[str, int], ...] = ()
    votes: int = 0
    polls: int = 0

    def value(self, column: Column) -> float | None:
        """The figure the lane is ranked by."""
        match column:
            case Column.TTFT:
                return self.ttft_p50
            case Column.PACE:
                return self.pace_p50
            case Column.TOKENS:
                return self.tokens
            case Column.CREDITS:
                return self.credits
            case Column.FAILED:
                return self.failed / self.counted if self.counted else None
            case Column.VOTES:
                return float(self.votes) if self.polls else None


PriceOf = Callable[[Message], AnswerCost | None]


def rank_targets(entries: Iterable[RankingInput], column: Column, price: PriceOf) -> list[RankingRow]:
    """A row for each lane, the best first; what has no figure yet comes last, in the order given."""
    rows = [_row(entry, price) for entry in entries]
    sign = 1 if column in LESS_IS_BETTER else -1

    def order(row: RankingRow) -> tuple[bool, float]:
        value = row.value(column)
        return value is None, sign * (value or 0.0)

    return sorted(rows, key=order)


def find_best(rows: Sequence[RankingRow], column: Column) -> frozenset[str]:
    """The keys of the rows with the best figure of a column; none where all are the same, or only one has
    a figure."""
    values = {row.key: value for row in rows if (value := row.value(column)) is not None}
    if len(values) < 2 or len(set(values.values())) < 2:
        return frozenset()
    top = min(values.values()) if column in LESS_IS_BETTER else max(values.values())
    return frozenset(key for key, value in values.items() if value == top)


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value that ``share`` (0..1) of the values do not exceed, by nearest rank; ``None`` without any."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def _row(entry: RankingInput, price: PriceOf) -> RankingRow:
    over = [answer for answer in entry.answers if answer.status is MessageStatus.ENDED]
    coming = [answer for answer in entry.answers if answer.status is not MessageStatus.ENDED]
    meters = [meter for answer in coming if (meter := entry.meters.get(answer.id)) is not None]
    stopped = sum(answer.ending is Ending.CANCELLED for answer in over)
    failures = Counter(answer.ending.value for answer in over if answer.ending in FAILURES)
    first = [
        *_reported_timings(over, "ttft_s"),
        *(meter.ttft_s for meter in meters if meter.ttft_s is not None),
    ]
    paces = [
        *_reported_timings(over, "tokens_per_s"),
        *(pace for meter in meters if (pace := _pace(meter)) is not None),
    ]
    counts = [_tokens(answer) for answer in over if not answer.empty]
    counts += [(float(meter.tokens_out), meter.estimated) for meter in meters if meter.tokens_out]
    costs = [cost for answer in over if (cost := price(answer)) is not None and (cost.credits or answer.text)]
    return RankingRow(
        key=entry.key,
        planned=max(entry.planned, len(entry.answers)),
        done=len(over),
        running=len(coming),
        counted=len(over) - stopped,
        failed=sum(failures.values()),
        stopped=stopped,
        ttft_p50=percentile(first, 0.5),
        ttft_p95=percentile(first, 0.95),
        pace_p50=percentile(paces, 0.5),
        pace_p95=_pace_p95(paces),
        pace_estimated=bool(meters) or any(_pace_estimated(answer) for answer in over),
        tokens=percentile((count for count, _ in counts), 0.5),
        tokens_estimated=any(estimated for _, estimated in counts),
        credits=sum(cost.credits for cost in costs) / len(costs) if costs else None,
        credits_estimated=any(cost.estimated for cost in costs),
        endings=tuple(sorted(failures.items())),
        votes=entry.votes,
        polls=entry.polls,
    )


def _reported_timings(answers: Iterable[Message], name: str) -> list[float]:
    values = [getattr(answer.timings, name) for answer in answers if answer.timings is not None]
    return [value for value in values if value is not None]


def _pace(meter: MeterReading) -> float | None:
    return meter.tokens_per_s if meter.tokens_per_s_overall is None else meter.tokens_per_s_overall


def _pace_p95(paces: Sequence[float]) -> float | None:
    """The pace that 95 of 100 answers reach: of a pace the bad end is the low one."""
    lowest = percentile((-pace for pace in paces), 0.95)
    return None if lowest is None else -lowest


def _pace_estimated(answer: Message) -> bool:
    timings = answer.timings
    return timings is not None and timings.tokens_per_s is not None and timings.tokens_estimated


def _tokens(answer: Message) -> tuple[float, bool]:
    reported = answer.usage.completion_tokens if answer.usage is not None else None
    if reported is not None:
        return float(reported), False
    return float(round(estimate_tokens(answer.text + answer.reasoning))), True
