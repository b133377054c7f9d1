"""What a send would cost before it is sent: tokens, share of the context, credits, and whether one may.

Pure. What is counted by a gateway is exact, everything else is an estimate and says so;
:mod:`.estimates` does the asking.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from .conversation import Turn
from .history import with_files
from .message import Message, TokenUsage
from .meter import estimate_tokens
from .model_entry import ModelEntry
from .question import Lane, Question
from .tariff import ASSUMED as ASSUMED
from .tariff import Tariff as Tariff
from .tariff import cost_of as cost_of
from .tariff import credits_for as credits_for
from .tariff import tariff_from as tariff_from

if TYPE_CHECKING:
    from zaguan_tui.client.types.credits import CreditsBalance

ASSUMED_OUTPUT: Final = 500
"""Tokens of an answer of which nothing is known (proposal)."""

TOKENS_PER_IMAGE: Final = 1000
"""A picture of ordinary size (765 in OpenAI's docs, up to about 1,600 in Anthropic's)."""

TOKENS_PER_MESSAGE: Final = 4
NEARLY_FULL: Final = 0.8
"""From this share of the context on an estimate is worth a warning."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What would go out: a question, the turns before it, the system prompt, and the lane."""

    lane: Lane
    question: Question = field(default_factory=Question)
    turns: tuple[Turn, ...] = ()
    system_prompt: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """How long the answer is expected to be, in tokens, and why."""

    tokens: int
    why: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a send would take. ``None`` is *not known*.

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
    expected: Expected = Expected(ASSUMED_OUTPUT, "")
    tariff: Tariff = ASSUMED

    @property
    def nearly_full(self) -> bool:
        """Whether little of the context is left."""
        return self.context_share is not None and self.context_share > NEARLY_FULL

    @property
    def too_long(self) -> bool:
        """Whether it does not fit into the context."""
        return self.context_share is not None and self.context_share > 1


def guessed_tokens(outgoing: Outgoing) -> int:
    """About how many tokens go out. Rests on the server's own count of the turn before where there is one.

    Reads every text once: for more than a few hundred kilobytes call it in a thread.
    """
    question = outgoing.question
    own = _weight(question) + TOKENS_PER_MESSAGE
    if outgoing.turns:
        last = outgoing.turns[-1].answer
        counted = _counted(last) if last is not None else None
        if counted is not None:
            return round(own) + counted
    tools = outgoing.lane.params.get("tools")
    before = sum(_turn_weight(turn) for turn in outgoing.turns)
    around = estimate_tokens(outgoing.system_prompt)
    around += estimate_tokens(json.dumps(tools, default=str)) if tools else 0
    return round(own + before + around)


def expected_output(outgoing: Outgoing) -> Expected:
    """The output limit if one is set, else the median of this conversation's answers, else 500."""
    if (limit := output_limit(outgoing.lane)) is not None:
        return Expected(limit, "the limit set")
    said = _answer_lengths(outgoing.turns)
    if said:
        return Expected(round(median(said)), f"the median of {len(said)} answers here")
    return Expected(ASSUMED_OUTPUT, "assumed")


def output_limit(lane: Lane) -> int | None:
    """The most tokens an answer may have by the parameters of its lane."""
    for name in ("max_completion_tokens", "max_tokens"):
        limit = lane.params.get(name)
        if isinstance(limit, int) and not isinstance(limit, bool) and limit > 0:
            return limit
    return None


def reckon(
    outgoing: Outgoing,
    tokens_in: int,
    entry: ModelEntry | None,
    balance: CreditsBalance | None = None,
    tariff: Tariff = ASSUMED,
    *,
    exact: bool = False,
) -> Estimate:
    """The estimate for so many tokens in, by what is known of the model, the tier and a credit's worth."""
    expected = expected_output(outgoing)
    usual = expected_output(replace(outgoing, lane=replace(outgoing.lane, params={})))
    low, high = sorted((min(usual.tokens, expected.tokens), expected.tokens))
    context = entry.context if entry is not None and entry.context else None
    band = entry.band if entry is not None else None
    estimate = Estimate(
        tokens_in=tokens_in,
        exact=exact,
        context_share=tokens_in / context if context else None,
        credits_low=credits_for(TokenUsage(tokens_in, low), entry, tariff),
        credits_high=credits_for(TokenUsage(tokens_in, high), entry, tariff),
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


def _sentence(estimate: Estimate) -> str:
    how = "counted by the gateway" if estimate.exact else "estimated"
    parts = [f"{estimate.tokens_in:,} tokens in ({how})"]
    if estimate.credits_high is not None:
        expected = estimate.expected
        parts.append(f"{expected.tokens:,} tokens out ({expected.why}), {estimate.tariff.words}")
    return ", ".join(parts) + "."


def _weight(question: Question) -> float:
    images = sum(attachment.is_image for attachment in question.attachments)
    results = sum(estimate_tokens(result.content) for result in question.tool_results)
    text = with_files(question.text, question.attachments)
    return estimate_tokens(text) + images * TOKENS_PER_IMAGE + results


def _turn_weight(turn: Turn) -> float:
    prompt, answer = turn.prompt, turn.answer
    weight = _weight(Question(prompt.text, prompt.attachments, prompt.tool_results)) + TOKENS_PER_MESSAGE
    if answer is not None:
        weight += estimate_tokens(answer.text) + TOKENS_PER_MESSAGE
    return weight


def _counted(answer: Message) -> int | None:
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
            told = answer.usage.completion_tokens if answer.usage is not None else None
            lengths.append(round(estimate_tokens(answer.text)) if told is None else told)
    return lengths
