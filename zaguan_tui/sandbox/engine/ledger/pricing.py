"""What a call costs: nano-dollars (exact integers) and whole credits."""

from __future__ import annotations

import math
from dataclasses import dataclass

from zaguan_tui.sandbox.data.records import ModelData

NANO_PER_CREDIT = 1_000_000
"""One credit is a thousandth of a dollar."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one call. ``completion`` contains the reasoning, ``prompt`` the cached ones (OpenAI spec)."""

    prompt: int = 0
    completion: int = 0
    reasoning: int = 0
    cached: int = 0

    @property
    def total(self) -> int:
        """Prompt and completion together."""
        return self.prompt + self.completion


def cost_nano(model: ModelData, tokens: Tokens) -> int:
    """The price in nano-dollars: cached tokens at half the rate, reasoning at its own if one is listed."""
    reasoning_rate = model.reasoning_cost_per_1m
    if reasoning_rate is None:
        reasoning_rate = model.output_cost_per_1m
    dollars_per_million = (
        (tokens.prompt - tokens.cached / 2) * model.input_cost_per_1m
        + (tokens.completion - tokens.reasoning) * model.output_cost_per_1m
        + tokens.reasoning * reasoning_rate
    )
    return round(dollars_per_million * 1000)


def credits_for(cost: int, tokens: Tokens) -> int:
    """Whole credits for a cost in nano-dollars: rounded up, at least one when any token moved."""
    return max(1, math.ceil(cost / NANO_PER_CREDIT)) if tokens.total else 0
