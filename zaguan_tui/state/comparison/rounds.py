"""Rounds: one prompt down all lanes, run after run, each lane at the same time as the others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from zaguan_tui.state.chat.message import MessageStatus
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest, target_key
from zaguan_tui.state.conversations.conversation import answers_of

if TYPE_CHECKING:
    from zaguan_tui.state.app_state import AppState


@dataclass(frozen=True, slots=True)
class ComparisonRound:
    """What was asked for: a question (``None``: that of ``turn_id`` again) down these lanes, in the runs
    ``first`` to ``last``."""

    conversation_id: str
    lanes: tuple[ModelTarget, ...]
    question: PromptRequest | None
    draft_place: str
    first: int
    last: int
    turn_id: str | None = None


@dataclass(slots=True)
class RoundProgress:
    """How far a round is. ``given_up`` are the keys of the lanes that a person took out of it."""

    run: int
    first: int
    last: int
    stopped: bool = False
    given_up: set[str] = field(default_factory=set)


class RoundRunner:
    """The rounds under way, one a comparison at most. A round outlives its comparison's being shown."""

    def __init__(self, app_state: AppState) -> None:
        self._app_state = app_state
        self._under_way: dict[str, RoundProgress] = {}

    def progress(self, conversation_id: str | None) -> RoundProgress | None:
        """How far the round in a comparison is; ``None`` when none is under way."""
        return None if conversation_id is None else self._under_way.get(conversation_id)

    def begin(self, round_: ComparisonRound) -> ComparisonRound:
        """From here on a round is under way; :meth:`deliver` it."""
        self._under_way[round_.conversation_id] = RoundProgress(round_.first, round_.first, round_.last)
        return round_

    async def deliver(self, round_: ComparisonRound) -> None:
        """Ask, run after run, until all is said or stopped. Raises as the turn runner does."""
        progress = self._under_way[round_.conversation_id]
        turns, turn_id = self._app_state.turns, round_.turn_id
        try:
            for run in range(round_.first, round_.last + 1):
                lanes = [
                    replace(lane, run=run)
                    for lane in round_.lanes
                    if target_key(lane) not in progress.given_up
                ]
                if not lanes or (progress.stopped and run > round_.first):
                    break
                progress.run = run
                if turn_id is None:
                    assert round_.question is not None
                    await turns.send_all(round_.conversation_id, round_.question, lanes)
                    turn_id = self._app_state.conversations.get(round_.conversation_id).turns[-1].id
                else:
                    await turns.regenerate_all(round_.conversation_id, turn_id, lanes)
        finally:
            self.withdraw(round_)

    def withdraw(self, round_: ComparisonRound) -> None:
        """A round does not go out after all, or no further."""
        self._under_way.pop(round_.conversation_id, None)

    def stop(self, conversation_id: str) -> bool:
        """Stop all lanes and all runs still to come; whether there was anything to stop."""
        if (progress := self._under_way.get(conversation_id)) is None:
            return False
        progress.stopped = True
        self._app_state.turns.stop(conversation_id)
        return True

    def stop_lane(self, conversation_id: str, key: str) -> bool:
        """Stop one lane, also in the runs to come; the others go on. Whether it was under way."""
        progress = self._under_way.get(conversation_id)
        if progress is None or key in progress.given_up:
            return False
        progress.given_up.add(key)
        turns = self._app_state.conversations.get(conversation_id).turns
        for answer in answers_of(turns[-1], key) if turns else ():
            if answer.status is not MessageStatus.ENDED:
                self._app_state.turns.stop(conversation_id, answer.id)
        return True
