"""What a round puts to each of its lanes, before it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from zaguan_tui.state.chat.parameters.support import filter_sent
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.comparison.rounds import ComparisonRound
from zaguan_tui.state.conversations.conversation import Conversation, Turn
from zaguan_tui.state.conversations.model_context import turns_of_target
from zaguan_tui.state.credits.estimate import OutgoingRequest
from zaguan_tui.state.models.entry import ModelEntry


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
