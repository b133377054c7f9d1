"""What a round puts to each of its lanes, before it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from zaguan_tui.state.comparing.rounds import Round
from zaguan_tui.state.comparing.setup import own_turns
from zaguan_tui.state.conversation import Conversation, Turn
from zaguan_tui.state.estimate import Outgoing
from zaguan_tui.state.model_entry import ModelEntry
from zaguan_tui.state.parameters.ability import sent
from zaguan_tui.state.question import Lane, Question


def lanes_to_ask(
    lanes: Sequence[Lane], params: Mapping[str, object], entry: Callable[[str], ModelEntry | None]
) -> tuple[Lane, ...]:
    """The lanes, each with the parameters that its model is not known to refuse."""
    return tuple(replace(lane, params=sent(params, entry(lane.model))) for lane in lanes)


def outgoing(
    lanes: Sequence[Lane], question: Question, turns: Sequence[Turn], system_prompt: str
) -> list[Outgoing]:
    """What goes out down each lane in every run: it reads the earlier prompts with its own answers only."""
    return [Outgoing(lane, question, tuple(own_turns(turns, lane)), system_prompt) for lane in lanes]


def goes_out(round_: Round, conversation: Conversation) -> list[Outgoing]:
    """The same for a round of a comparison, which may ask an earlier question again."""
    turns, question = conversation.turns, round_.question
    if question is None and round_.turn_id is not None:
        prompt = conversation.turn(round_.turn_id).prompt
        turns = conversation.until(round_.turn_id)
        question = Question(prompt.text, prompt.attachments, prompt.tool_results)
    return outgoing(round_.lanes, question or Question(), turns, conversation.system_prompt)
