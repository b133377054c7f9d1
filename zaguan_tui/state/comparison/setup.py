"""The setup of a comparison: its targets, how often each runs, and whether their names are hidden."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from zaguan_tui.state.chat.message import Dialect, Message
from zaguan_tui.state.chat.prompt_request import ModelTarget, target_key
from zaguan_tui.state.conversations.conversation import Turn
from zaguan_tui.state.core.store import Problem

MIN_TARGETS: Final = 2
MAX_TARGETS: Final = 6
MAX_RUNS: Final = 20
LETTERS: Final = "ABCDEF"
"""What lanes are called while their names are hidden, in the order in which they stand."""


@dataclass(frozen=True, slots=True)
class ComparisonSetup:
    """``lanes`` without parameters: those are the conversation's, the same for all.

    ``runs`` is how often each lane is asked at every prompt. With ``blind`` the lanes stand in an order that
    ``seed`` shuffles anew for every prompt.
    """

    lanes: tuple[ModelTarget, ...] = ()
    runs: int = 1
    blind: bool = False
    seed: int = 0

    def written(self) -> dict[str, Any]:
        """The JSON object of this setup."""
        lanes = [{"model": lane.model, "dialect": lane.dialect.value} for lane in self.lanes]
        return {"lanes": lanes, "runs": self.runs, "blind": self.blind, "seed": self.seed}


def read_setup(value: Mapping[str, object]) -> ComparisonSetup:
    """The setup in a JSON object; what cannot be read is left at its default."""
    lanes = value.get("lanes")
    targets = [_read_target(lane) for lane in lanes] if isinstance(lanes, Sequence) else []
    runs, seed = value.get("runs"), value.get("seed")
    return ComparisonSetup(
        lanes=unique_targets(lane for lane in targets if lane is not None)[:MAX_TARGETS],
        runs=clamp_runs(runs) if isinstance(runs, int) else 1,
        blind=value.get("blind") is True,
        seed=seed if isinstance(seed, int) else 0,
    )


def unique_targets(lanes: Iterable[ModelTarget]) -> tuple[ModelTarget, ...]:
    """Each lane once, in the order given."""
    return tuple({target_key(lane): lane for lane in lanes}.values())


def clamp_runs(runs: int) -> int:
    """``runs`` as far as it is allowed: 1 to 20."""
    return min(MAX_RUNS, max(1, runs))


def targets_of(turn: Turn) -> tuple[ModelTarget, ...]:
    """The lanes a turn went down, in the order in which they were asked."""
    return unique_targets(
        ModelTarget(answer.model or "", answer.dialect, answer.params)
        for answer in sorted(turn.answers, key=lambda answer: answer.run)
    )


def vote_of(turn: Turn) -> str | None:
    """The key of the lane a person voted for."""
    return next((target_key(answer) for answer in turn.answers if answer.chosen), None)


def count_votes(turns: Iterable[Turn]) -> tuple[dict[str, int], int]:
    """Votes by the key of the lane, and for how many prompts one was cast."""
    votes = [key for turn in turns if (key := vote_of(turn)) is not None]
    return {key: votes.count(key) for key in votes}, len(votes)


def add_other_dialect(lanes: Sequence[ModelTarget], key: str) -> tuple[ModelTarget, ...] | None:
    """The lanes with that of ``key`` in the other dialect; ``None`` when such a lane is there already."""
    other = {Dialect.CHAT: Dialect.MESSAGES, Dialect.MESSAGES: Dialect.CHAT}
    turned = [
        replace(lane, dialect=other[lane.dialect]) if target_key(lane) == key else lane for lane in lanes
    ]
    return tuple(turned) if len(unique_targets(turned)) == len(lanes) else None


def shuffle_targets(lanes: Sequence[ModelTarget], seed: int, turn: int) -> tuple[ModelTarget, ...]:
    """The lanes in the hidden order of the turn number ``turn``: the same seed gives the same order."""
    order = sorted(lanes, key=target_key)
    random.Random(f"{seed}:{turn}").shuffle(order)
    return tuple(order)


def _read_target(value: object) -> ModelTarget | None:
    if not isinstance(value, Mapping) or not isinstance(model := value.get("model"), str) or not model:
        return None
    dialect = Dialect.MESSAGES if value.get("dialect") == Dialect.MESSAGES else Dialect.CHAT
    return ModelTarget(model, dialect)


HIDDEN: Final = "Why it failed is told after the vote, for it names the model."


def mask_message(message: Message, letter: str) -> Message:
    """``message`` as that of the lane ``letter``: without model, notes, and sentences of the server."""
    problem = message.problem
    hidden = None if problem is None else Problem(HIDDEN, kind=problem.kind, request_id=problem.request_id)
    return replace(
        message,
        model=letter,
        answered_by=None,
        notes=(),
        problem=hidden,
        params=_without_routing(message.params),
    )


def _without_routing(params: Mapping[str, object]) -> dict[str, object]:
    """The parameters without those that name a route."""
    return {name: value for name, value in params.items() if name != "virtual_model_id"}
