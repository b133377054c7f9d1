"""Cost estimate of a prompt before it is sent: tokens, share of the context, credits, and limits.

Pure. What is counted by a gateway is exact, everything else is an estimate and says so;
:mod:`.estimates` does the asking.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.chat.stream_meter import estimate_tokens
from zaguan_tui.state.conversations.conversation import Turn
from zaguan_tui.state.conversations.model_context import append_text_files
from zaguan_tui.state.credits.pricing import ASSUMED_RATE as ASSUMED_RATE
from zaguan_tui.state.credits.pricing import CreditRate as CreditRate
from zaguan_tui.state.credits.pricing import cost_of as cost_of
from zaguan_tui.state.credits.pricing import credits_for as credits_for
from zaguan_tui.state.credits.pricing import derive_credit_rate as derive_credit_rate
from zaguan_tui.state.models.entry import ModelEntry

if TYPE_CHECKING:
    from zaguan_tui.client.types.account.credits import CreditsBalance

ASSUMED_OUTPUT: Final = 500
"""Tokens of an answer of which nothing is known (proposal)."""

TOKENS_PER_IMAGE: Final = 1000
"""A picture of ordinary size (765 in OpenAI's docs, up to about 1,600 in Anthropic's)."""

TOKENS_PER_MESSAGE: Final = 4
NEARLY_FULL: Final = 0.8
"""From this share of the context on an estimate is worth a warning."""


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """A request before it is sent: a prompt, the turns before it, the system prompt, and the target."""

    lane: ModelTarget
    question: PromptRequest = field(default_factory=PromptRequest)
    turns: tuple[Turn, ...] = ()
    system_prompt: str = ""


@dataclass(frozen=True, slots=True)
class ExpectedOutput:
    """How long the answer is expected to be, in tokens, and why."""

    tokens: int
    why: str


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What a request would cost. ``None`` is *not known*.

    ``exact`` says that the gateway counted ``tokens_in``. ``context_share`` is 0..1 and more of the model's
    ``context``. ``credits_low`` is for an answer of usual length, ``credits_high`` for one as long as it may
    get. ``band_ok`` is whether the tier may use the model's ``band``. ``sentence`` says all that in words.
    """

    tokens_in: int
    exact: bool = False
    context_share: float | None = None
    credits_low: float | None = None
    credits_high: float | None = None
    band_ok: bool | None = None
    sentence: str = ""
    context: int | None = None
    band: str | None = None
    expected: ExpectedOutput = ExpectedOutput(ASSUMED_OUTPUT, "")
    tariff: CreditRate = ASSUMED_RATE

    @property
    def nearly_full(self) -> bool:
        """Whether little of the context is left."""
        return self.context_share is not None and self.context_share > NEARLY_FULL

    @property
    def too_long(self) -> bool:
        """Whether it does not fit into the context."""
        return self.context_share is not None and self.context_share > 1


def estimate_prompt_tokens(outgoing: OutgoingRequest) -> int:
    """About how many tokens go out. Rests on the server's own count of the turn before where there is one.

    Reads every text once: for more than a few hundred kilobytes call it in a thread.
    """
    question = outgoing.question
    own = _question_tokens(question) + TOKENS_PER_MESSAGE
    if outgoing.turns:
        last = outgoing.turns[-1].answer
        counted = _counted_tokens(last) if last is not None else None
        if counted is not None:
            return round(own) + counted
    tools = outgoing.lane.params.get("tools")
    before = sum(_turn_tokens(turn) for turn in outgoing.turns)
    around = estimate_tokens(outgoing.system_prompt)
    around += estimate_tokens(json.dumps(tools, default=str)) if tools else 0
    return round(own + before + around)


def estimate_output(outgoing: OutgoingRequest) -> ExpectedOutput:
    """The output limit if one is set, else the median of this conversation's answers, else 500."""
    if (limit := read_output_limit(outgoing.lane)) is not None:
        return ExpectedOutput(limit, "the limit set")
    lengths = _answer_lengths(outgoing.turns)
    if lengths:
        return ExpectedOutput(round(median(lengths)), f"the median of {len(lengths)} answers here")
    return ExpectedOutput(ASSUMED_OUTPUT, "assumed")


def read_output_limit(lane: ModelTarget) -> int | None:
    """The most tokens an answer may have by the parameters of its lane."""
    for name in ("max_completion_tokens", "max_tokens"):
        limit = lane.params.get(name)
        if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0:
            return limit
    return None


def compute_estimate(
    outgoing: OutgoingRequest,
    tokens_in: int,
    entry: ModelEntry | None,
    balance: CreditsBalance | None = None,
    tariff: CreditRate = ASSUMED_RATE,
    *,
    exact: bool = False,
) -> CostEstimate:
    """The estimate for so many tokens in, by what is known of the model, the tier and a credit's worth."""
    expected = estimate_output(outgoing)
    usual = estimate_output(replace(outgoing, lane=replace(outgoing.lane, params={})))
    low, high = sorted((min(usual.tokens, expected.tokens), expected.tokens))
    context = entry.context if entry is not None and entry.context else None
    band = entry.band if entry is not None else None
    estimate = CostEstimate(
        tokens_in=tokens_in,
        exact=exact,
        context_share=tokens_in / context if context else None,
        credits_low=credits_for(Usage(prompt_tokens=tokens_in, completion_tokens=low), entry, tariff),
        credits_high=credits_for(Usage(prompt_tokens=tokens_in, completion_tokens=high), entry, tariff),
        band_ok=_band_ok(band, balance),
        context=context,
        band=band,
        expected=expected,
        tariff=tariff,
    )
    return replace(estimate, sentence=_sentence(estimate))


def _band_ok(band: str | None, balance: CreditsBalance | None) -> bool | None:
    if band is None or balance is None or not balance.bands:
        return None
    return band.casefold() in {known.casefold() for known in balance.bands}


def _sentence(estimate: CostEstimate) -> str:
    how = "counted by the gateway" if estimate.exact else "estimated"
    parts = [f"{estimate.tokens_in:,} tokens in ({how})"]
    if estimate.credits_high is not None:
        expected = estimate.expected
        parts.append(f"{expected.tokens:,} tokens out ({expected.why}), {estimate.tariff.words}")
    return ", ".join(parts) + "."


def _question_tokens(question: PromptRequest) -> float:
    images = sum(attachment.is_image for attachment in question.attachments)
    results = sum(estimate_tokens(result.content) for result in question.tool_results)
    text = append_text_files(question.text, question.attachments)
    return estimate_tokens(text) + images * TOKENS_PER_IMAGE + results


def _turn_tokens(turn: Turn) -> float:
    prompt, answer = turn.prompt, turn.answer
    weight = (
        _question_tokens(PromptRequest(prompt.text, prompt.attachments, prompt.tool_results))
        + TOKENS_PER_MESSAGE
    )
    if answer is not None:
        weight += estimate_tokens(answer.text) + TOKENS_PER_MESSAGE
    return weight


def _counted_tokens(answer: Message) -> int | None:
    """The tokens up to and with an answer, as the server counted them; reasoning is not sent again."""
    usage = answer.usage
    if usage is None or usage.prompt_tokens is None or usage.completion_tokens is None or answer.empty:
        return None
    return usage.prompt_tokens + max(0, usage.completion_tokens - (usage.reasoning_tokens or 0))


def _answer_lengths(turns: Sequence[Turn]) -> list[int]:
    lengths = []
    for turn in turns:
        answer = turn.answer
        if answer is not None and not answer.empty and answer.ending is not None and answer.ending.whole:
            reported = answer.usage.completion_tokens if answer.usage is not None else None
            lengths.append(round(estimate_tokens(answer.text)) if reported is None else reported)
    return lengths
