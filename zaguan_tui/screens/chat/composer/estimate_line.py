"""Cost estimate on the border of the prompt: tokens and credits of the next request."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from textual.content import Content

from zaguan_tui.screens.chat.answers.status_line import Figure
from zaguan_tui.state.credits.estimate import CostEstimate
from zaguan_tui.text.format import compact, count, percent
from zaguan_tui.text.format import credits as format_credits
from zaguan_tui.widgets.foreign_text import foreign_line

COUNT_AFTER_S: Final = 0.4
"""Seconds without a key after which the gateway is asked to count."""

LONG_TEXT: Final = 50_000
ESTIMATE_LONG_AFTER_S: Final = 0.2
"""A text of more than so many characters is estimated only when nobody types."""

FRAME_CELLS: Final = 8
"""Cells of the frame's line that the estimate leaves free."""

TOKENS, COST, SHARE, BAND, WHY = range(5)
"""What gives way first on a narrow terminal has the highest rank."""


def format_estimate(estimate: CostEstimate) -> list[Figure]:
    """Tokens, share of the context, credits, band; unknown ones are left out."""
    about = "" if estimate.exact else "~"
    figures = [
        Figure(
            _styled_figure(f"{about}{count(estimate.tokens_in)}", " tokens in", _urgency(estimate)), TOKENS
        )
    ]
    if estimate.context_share is not None:
        figures.append(Figure(_share(estimate), TOKENS if estimate.nearly_full else SHARE))
    if estimate.credits_high is not None:
        figures.append(Figure(Content.styled(format_estimated_cost(estimate), "$ink-soft"), COST))
    if estimate.band is not None and estimate.band_ok is not None:
        figures.append(_band(estimate))
    return figures


def format_estimated_cost(estimate: CostEstimate) -> str:
    """About how many credits; a span where the answer may be longer than usual."""
    low, high = format_estimated_amount(estimate.credits_low), format_estimated_amount(estimate.credits_high)
    if not estimate.credits_high:
        return "free"
    return f"about {_named(high if low == high else f'{low}–{high}')}"


def format_estimated_amount(value: float | None) -> str:
    """Credits as an estimate can tell them: two figures that mean something."""
    if value is None or not math.isfinite(value):
        return format_credits(None)
    return format_credits(float(f"{value:.2g}") if abs(value) < 100 else round(value))


def explain_tripwire(
    estimates: Sequence[CostEstimate], total: float, remaining: float, limit: float
) -> Content:
    """Why a send is asked about: the numbers, and what they rest on."""
    grounds = [foreign_line(estimate.sentence, "$ink-soft") for estimate in estimates]
    return Content("\n\n").join([format_share(total, remaining, limit), Content("\n").join(grounds)])


def format_share(total: float, remaining: float, limit: float) -> Content:
    """How many credits, and how large a part of those that are left."""
    share = total / remaining if remaining > 0 else math.inf
    left = format_credits(remaining)
    if share > 1:
        line = f"About {_named(format_estimated_amount(total))}, and only {left} are left: it will not fit."
    else:
        part = f"{percent(share)} of the {left} that are left"
        amount = _named(format_estimated_amount(total))
        line = f"About {amount}: {part}. Above {percent(limit)} you are asked first."
    return Content.styled(line, "$foreground")


def _named(figure: str) -> str:
    return f"{figure} credit" if figure == "1" else f"{figure} credits"


def _urgency(estimate: CostEstimate) -> str:
    if estimate.too_long:
        return "$error"
    return "$warning" if estimate.nearly_full else "$foreground"


def _share(estimate: CostEstimate) -> Content:
    whole = f" of {compact(estimate.context)}"
    share = percent(estimate.context_share, digits=0) + whole
    if estimate.too_long:
        return Content.styled(f"✖ {share}: too long", "$error")
    if estimate.nearly_full:
        return Content.styled(f"▲ {share}", "$warning")
    return Content.styled(share, "$ink-soft")


def _band(estimate: CostEstimate) -> Figure:
    name = foreign_line(estimate.band, limit=12)
    if estimate.band_ok:
        return Figure(Content.assemble(("band ", "$ink-faint"), name.stylize("$ink-soft")), BAND)
    warning = Content.assemble("⊘ band ", name, " is not open to your tier").stylize("$warning")
    return Figure(warning, TOKENS)


def _styled_figure(value: str, word: str, color: str) -> Content:
    return Content.assemble((value, color), (word, "$ink-faint" if color == "$foreground" else color))
