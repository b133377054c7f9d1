"""Comparison rounds: one prompt to all targets at the same time, run after run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from zaguan_tui.state.chat.message import MessageStatus
from zaguan_tui.state.chat.parameters.support import filter_sent
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest, target_key
from zaguan_tui.state.conversations.conversation import Conversation, Turn, answers_of
from zaguan_tui.state.conversations.model_context import turns_of_target
from zaguan_tui.state.credits.estimate import OutgoingRequest
from zaguan_tui.state.models.entry import ModelEntry

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


def select_targets(
    lanes: Sequence[ModelTarget], params: Mapping[str, object], entry: Callable[[str], ModelEntry | None]
) -> tuple[ModelTarget, ...]:
    """The lanes, each with the parameters that its model is not known to refuse."""
    return tuple(replace(lane, params=filter_sent(params, entry(lane.model))) for lane in lanes)


def plan_requests(
    lanes: Sequence[ModelTarget], question: PromptRequest, turns: Sequence[Turn], system_prompt: str
) -> list[OutgoingRequest]:
    """What goes out down each lane in every run: it reads the earlier prompts with its own answers only."""
    return [
        OutgoingRequest(lane, question, tuple(turns_of_target(turns, lane)), system_prompt) for lane in lanes
    ]


def plan_round(round_: ComparisonRound, conversation: Conversation) -> list[OutgoingRequest]:
    """The same for a round of a comparison, which may ask an earlier question again."""
    turns, question = conversation.turns, round_.question
    if question is None and round_.turn_id is not None:
        prompt = conversation.turn(round_.turn_id).prompt
        turns = conversation.until(round_.turn_id)
        question = PromptRequest(prompt.text, prompt.attachments, prompt.tool_results)
    return plan_requests(round_.lanes, question or PromptRequest(), turns, conversation.system_prompt)
