"""Prices: credits for tokens, from listed prices in USD and the rate of a credit by the ledger. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.state.models.entry import ModelEntry

if TYPE_CHECKING:
    from zaguan_tui.client.types.account.credits_history import CreditEntry

ASSUMED_PER_USD: Final = 1000.0
"""Credits for one USD where the ledger does not tell (proposal)."""

CACHED_SHARE: Final = 0.5
"""What a cached token costs of a fresh one where no price is listed for it (OpenAI docs)."""

_PER_MILLION: Final = 1_000_000
_LARGEST_QUARTER_DIVISOR: Final = 4
"""The largest quarter of the debits tells the rate: rounding hides it in small ones."""


@dataclass(frozen=True, slots=True)
class CreditRate:
    """Credits for one USD. ``rows`` is how many debits it was learned from: 0 is an assumption.

    ``whole`` says that the ledger rounds every debit up to whole credits.
    """

    per_usd: float = ASSUMED_PER_USD
    whole: bool = False
    rows: int = 0

    @property
    def assumed(self) -> bool:
        """Whether nothing was learned."""
        return self.rows == 0

    @property
    def words(self) -> str:
        """What a credit is worth, and how that is known."""
        source = "assumed" if self.assumed else f"by {self.rows} rows of the ledger"
        return f"{self.per_usd:,.0f} credits per USD ({source})"

    def credits(self, usd: float) -> float:
        """The credits for an amount, as the ledger would round them."""
        exact = usd * self.per_usd
        return float(-(-exact // 1)) if self.whole and exact > 0 else exact


ASSUMED_RATE: Final = CreditRate()


def derive_credit_rate(entries: Iterable[CreditEntry]) -> CreditRate:
    """What the ledger's rows tell of the worth of a credit; the assumption where they tell nothing."""
    debits = [
        (entry.credits_debited, entry.cost)
        for entry in entries
        if entry.credits_debited is not None and entry.cost and entry.credits_debited > 0 < entry.cost
    ]
    if not debits:
        return ASSUMED_RATE
    whole = all(float(debited).is_integer() for debited, _ in debits)
    debits.sort(reverse=True)
    largest = debits[: max(1, len(debits) // _LARGEST_QUARTER_DIVISOR)]
    lift = 0.5 if whole else 0.0
    rates = sorted(max(debited - lift, debited / 2) / cost for debited, cost in largest)
    return CreditRate(rates[len(rates) // 2], whole, len(debits))


def cost_of(usage: Usage, entry: ModelEntry | None) -> float | None:
    """What counted tokens cost in USD at the listed price; ``None`` without a price or without a count.

    Cached tokens are part of the prompt's, reasoning tokens of the answer's.
    """
    if entry is None or entry.input_cost is None or usage.prompt_tokens is None:
        return None
    output_cost = entry.input_cost if entry.output_cost is None else entry.output_cost
    reasoning_cost = output_cost if entry.reasoning_cost is None else entry.reasoning_cost
    out = usage.completion_tokens or 0
    reasoning = min(usage.reasoning_tokens or 0, out)
    cached = min(usage.cached_tokens or 0, usage.prompt_tokens)
    per_million = (
        (usage.prompt_tokens - cached * (1 - CACHED_SHARE)) * entry.input_cost
        + (out - reasoning) * output_cost
        + reasoning * reasoning_cost
    )
    return per_million / _PER_MILLION


def credits_for(
    usage: Usage | None, entry: ModelEntry | None, tariff: CreditRate = ASSUMED_RATE
) -> float | None:
    """What an answer cost in credits by its counted tokens; ``None`` where that cannot be known."""
    cost = None if usage is None else cost_of(usage, entry)
    return None if cost is None else tariff.credits(cost)
