"""Formats the cost estimate of a comparison round: the prompt's frame, the question before a large round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from zaguan_tui.screens.chat.answers.status_line import Figure
from zaguan_tui.screens.chat.composer.estimate_line import format_estimated_cost, format_share
from zaguan_tui.state.credits.estimate import CostEstimate
from zaguan_tui.text.format import count
from zaguan_tui.widgets.foreign_text import foreign_line, identifier

if TYPE_CHECKING:
    from zaguan_tui.state.chat.prompt_request import ModelTarget


def sum_estimates(estimates: Sequence[CostEstimate], runs: int) -> CostEstimate:
    """All targets in all runs as one estimate; unknown credits are left out."""
    low = [estimate.credits_low for estimate in estimates if estimate.credits_low is not None]
    high = [estimate.credits_high for estimate in estimates if estimate.credits_high is not None]
    return CostEstimate(
        sum(estimate.tokens_in for estimate in estimates) * runs,
        credits_low=sum(low) * runs if low else None,
        credits_high=sum(high) * runs if high else None,
    )


def format_round_estimate(estimates: Sequence[CostEstimate], runs: int) -> list[Figure]:
    """How many answers, and about how many credits for all of them."""
    figures = [Figure(Content.styled(count_answers_text(len(estimates), runs), "$foreground"), 0)]
    known = sum(estimate.credits_high is not None for estimate in estimates)
    if known:
        figures.append(
            Figure(Content.styled(format_estimated_cost(sum_estimates(estimates, runs)), "$ink-soft"), 0)
        )
    if 0 < known < len(estimates):
        missing = f"{known} of {len(estimates)} prices known"
        figures.append(Figure(Content.styled(missing, "$warning"), 1))
    return figures


def count_answers_text(targets: int, runs: int) -> str:
    """How many answers a round has."""
    models = "1 model" if targets == 1 else f"{targets} models"
    return f"{models} × {'1 run' if runs == 1 else f'{runs} runs'}"


def explain_round_tripwire(
    targets: Sequence[ModelTarget],
    estimates: Sequence[CostEstimate],
    runs: int,
    remaining: float,
    limit: float,
) -> Content:
    """Why a round asks first: the sum, the share of each model, and what the estimate is based on."""
    total = sum_estimates(estimates, runs).credits_high or 0.0
    reasons = dict.fromkeys(estimate.expected.why for estimate in estimates)
    basis = f"Length of the answers: {', '.join(reasons)}. {estimates[0].tariff.words}."
    each = [_format_target(target, estimate) for target, estimate in zip(targets, estimates, strict=True)]
    head = Content.styled(f"{count_answers_text(len(targets), runs)}, in each run:", "$foreground")
    parts = [format_share(total, remaining, limit), Content("\n").join([head, *each])]
    return Content("\n\n").join([*parts, foreign_line(basis, "$ink-faint")])


def _format_target(target: ModelTarget, estimate: CostEstimate) -> Content:
    cost = "price not known" if estimate.credits_high is None else format_estimated_cost(estimate)
    about = "" if estimate.exact else "~"
    tokens = f", {about}{count(estimate.tokens_in)} tokens in, {count(estimate.expected.tokens)} out"
    return Content.assemble(identifier(target.model, "$ink-strong"), (f": {cost}{tokens}", "$ink-soft"))
