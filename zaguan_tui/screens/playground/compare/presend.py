"""What a round would take: the line on the frame of the prompt, and why a large one is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from zaguan_tui.screens.playground.composer.presend import cost_words, share_line
from zaguan_tui.screens.playground.foot import Figure
from zaguan_tui.state.estimate import Estimate
from zaguan_tui.text.format import count
from zaguan_tui.widgets.content import foreign_line, identifier

if TYPE_CHECKING:
    from zaguan_tui.state.question import Lane


def round_total(estimates: Sequence[Estimate], runs: int) -> Estimate:
    """All lanes in all runs as one estimate; credits that nobody knows are not in it."""
    low = [estimate.credits_low for estimate in estimates if estimate.credits_low is not None]
    high = [estimate.credits_high for estimate in estimates if estimate.credits_high is not None]
    return Estimate(
        sum(estimate.tokens_in for estimate in estimates) * runs,
        credits_low=sum(low) * runs if low else None,
        credits_high=sum(high) * runs if high else None,
    )


def round_figures(estimates: Sequence[Estimate], runs: int) -> list[Figure]:
    """How many answers, and about how many credits for all of them."""
    figures = [Figure(Content.styled(round_words(len(estimates), runs), "$foreground"), 0)]
    known = sum(estimate.credits_high is not None for estimate in estimates)
    if known:
        figures.append(Figure(Content.styled(cost_words(round_total(estimates, runs)), "$ink-soft"), 0))
    if 0 < known < len(estimates):
        missing = f"{known} of {len(estimates)} prices known"
        figures.append(Figure(Content.styled(missing, "$warning"), 1))
    return figures


def round_words(lanes: int, runs: int) -> str:
    """How many answers a round brings."""
    models = "1 model" if lanes == 1 else f"{lanes} models"
    return f"{models} × {'1 run' if runs == 1 else f'{runs} runs'}"


def round_tripped(
    lanes: Sequence[Lane], estimates: Sequence[Estimate], runs: int, remaining: float, limit: float
) -> Content:
    """Why a round is asked about: the sum, what each model has in it, and what that rests on."""
    total = round_total(estimates, runs).credits_high or 0.0
    whys = dict.fromkeys(estimate.expected.why for estimate in estimates)
    rests_on = f"Length of the answers: {', '.join(whys)}. {estimates[0].tariff.words}."
    each = [_lane_line(lane, estimate) for lane, estimate in zip(lanes, estimates, strict=True)]
    head = Content.styled(f"{round_words(len(lanes), runs)}, in each run:", "$foreground")
    parts = [share_line(total, remaining, limit), Content("\n").join([head, *each])]
    return Content("\n\n").join([*parts, foreign_line(rests_on, "$ink-faint")])


def _lane_line(lane: Lane, estimate: Estimate) -> Content:
    cost = "price not known" if estimate.credits_high is None else cost_words(estimate)
    about = "" if estimate.exact else "~"
    tokens = f", {about}{count(estimate.tokens_in)} tokens in, {count(estimate.expected.tokens)} out"
    return Content.assemble(identifier(lane.model, "$ink-strong"), (f": {cost}{tokens}", "$ink-soft"))
