"""How a comparison is laid out: its lanes, how often each runs, and whether their names are hidden."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from zaguan_tui.state.conversation import Turn
from zaguan_tui.state.message import Dialect, Message
from zaguan_tui.state.question import Lane

FEWEST_LANES: Final = 2
MOST_LANES: Final = 6
MOST_RUNS: Final = 20
LETTERS: Final = "ABCDEF"
"""What lanes are called while their names are hidden, in the order in which they stand."""


@dataclass(frozen=True, slots=True)
class Setup:
    """``lanes`` without parameters: those are the conversation's, the same for all.

    ``runs`` is how often each lane is asked at every prompt. With ``blind`` the lanes stand in an order that
    ``seed`` shuffles anew for every prompt.
    """

    lanes: tuple[Lane, ...] = ()
    runs: int = 1
    blind: bool = False
    seed: int = 0

    def written(self) -> dict[str, Any]:
        """The JSON object of this setup."""
        lanes = [{"model": lane.model, "dialect": lane.dialect.value} for lane in self.lanes]
        return {"lanes": lanes, "runs": self.runs, "blind": self.blind, "seed": self.seed}


def setup_from(value: Mapping[str, object]) -> Setup:
    """The setup in a JSON object; what cannot be read is left at its default."""
    lanes = value.get("lanes")
    found = [_lane(lane) for lane in lanes] if isinstance(lanes, Sequence) else []
    runs, seed = value.get("runs"), value.get("seed")
    return Setup(
        lanes=distinct(lane for lane in found if lane is not None)[:MOST_LANES],
        runs=within_runs(runs) if isinstance(runs, int) else 1,
        blind=value.get("blind") is True,
        seed=seed if isinstance(seed, int) else 0,
    )


def lane_key(asked: Lane | Message) -> str:
    """What makes a lane the same lane: its model and its dialect."""
    return f"{asked.dialect.value}:{asked.model or ''}"


def distinct(lanes: Iterable[Lane]) -> tuple[Lane, ...]:
    """Each lane once, in the order given."""
    return tuple({lane_key(lane): lane for lane in lanes}.values())


def within_runs(runs: int) -> int:
    """``runs`` as far as it is allowed: 1 to 20."""
    return min(MOST_RUNS, max(1, runs))


def lanes_of(turn: Turn) -> tuple[Lane, ...]:
    """The lanes a turn went down, in the order in which they were asked."""
    return distinct(
        Lane(answer.model or "", answer.dialect, answer.params)
        for answer in sorted(turn.answers, key=lambda answer: answer.run)
    )


def answers_of(turn: Turn, key: str) -> tuple[Message, ...]:
    """The answers of one lane to the prompt of a turn, by run."""
    return tuple(
        sorted((answer for answer in turn.answers if lane_key(answer) == key), key=lambda answer: answer.run)
    )


def voted(turn: Turn) -> str | None:
    """The key of the lane a person voted for."""
    return next((lane_key(answer) for answer in turn.answers if answer.chosen), None)


def tally(turns: Iterable[Turn]) -> tuple[dict[str, int], int]:
    """Votes by the key of the lane, and for how many prompts one was cast."""
    votes = [key for turn in turns if (key := voted(turn)) is not None]
    return {key: votes.count(key) for key in votes}, len(votes)


def in_other_dialect(lanes: Sequence[Lane], key: str) -> tuple[Lane, ...] | None:
    """The lanes with that of ``key`` in the other dialect; ``None`` when such a lane is there already."""
    other = {Dialect.CHAT: Dialect.MESSAGES, Dialect.MESSAGES: Dialect.CHAT}
    turned = [replace(lane, dialect=other[lane.dialect]) if lane_key(lane) == key else lane for lane in lanes]
    return tuple(turned) if len(distinct(turned)) == len(lanes) else None


def shuffled(lanes: Sequence[Lane], seed: int, turn: int) -> tuple[Lane, ...]:
    """The lanes in the hidden order of the turn number ``turn``: the same seed gives the same order."""
    order = sorted(lanes, key=lane_key)
    random.Random(f"{seed}:{turn}").shuffle(order)
    return tuple(order)


def own_turns(turns: Iterable[Turn], lane: Lane) -> list[Turn]:
    """A comparison as one of its lanes lived through it: the turns it answered, with its own answers alone.

    The answer voted for counts, else the newest that says something.
    """
    lived = []
    for turn in turns:
        own = answers_of(turn, lane_key(lane))
        said = [answer for answer in own if not answer.empty] or list(own)
        counts = next((answer for answer in own if answer.chosen), said[-1] if said else None)
        if counts is not None:
            lived.append(Turn(turn.id, turn.prompt, (counts,)))
    return lived


def _lane(value: object) -> Lane | None:
    if not isinstance(value, Mapping) or not isinstance(model := value.get("model"), str) or not model:
        return None
    dialect = Dialect.MESSAGES if value.get("dialect") == Dialect.MESSAGES else Dialect.CHAT
    return Lane(model, dialect)
