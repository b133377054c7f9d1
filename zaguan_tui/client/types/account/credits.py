"""`GET /v1/credits/balance`: what is left of the credits (`wire.md` 5.2, D5 to D7, D17; Zaguan SDKs)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable
from zaguan_tui.client.types.core.envelopes import unwrap_object
from zaguan_tui.client.types.core.primitives import (
    UnreadableValue,
    amount,
    filled_text,
    fraction,
    free_object,
    texts,
)
from zaguan_tui.client.types.core.times import instant

_ROUNDING_SLACK = 0.006
"""How far a sent percentage may be from the sent numbers before that is worth a note (servers round)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsBalance(Answer):
    """The balance of one key. Credits may be fractions; ``None`` is *not said*, never 0.

    ``remaining_fraction`` is 0..1 of the total; without a total it is ``None`` and there is no gauge.
    ``tier`` and ``bands`` are open sets. ``reset_date`` is aware UTC. ``raw`` is the whole body, price ids
    included.
    """

    credits_remaining: float | None = None
    credits_total: float | None = None
    credits_used: float | None = None
    remaining_fraction: float | None = None
    tier: str | None = None
    bands: tuple[str, ...] = ()
    reset_date: datetime | None = None
    warning: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)


_FIELDS = FieldTable(
    {
        "credits_remaining": (
            amount,
            ("credits_remaining", "remaining_credits", "remaining", "credits_left", "credits", "balance"),
        ),
        "credits_total": (amount, ("credits_total", "total_credits", "total")),
        "credits_used": (amount, ("credits_used", "used_credits", "used")),
        "credits_percent": (fraction, ("credits_percent", "percent_remaining", "remaining_percent")),
        "tier": (filled_text, ("tier", "plan")),
        "bands": (texts, ("bands", "allowed_bands")),
        "reset_date": (instant, ("reset_date", "resets_at", "reset_at", "next_reset")),
        "warning": (filled_text, ("warning",)),
        "metadata": (free_object, ("metadata",)),
    }
)


def _is_balance(value: Mapping[str, Any]) -> bool:
    return any(
        _FIELDS.knows(key) and not isinstance(value[key], Mapping | list)
        for key in value
        if key not in ("warning", "metadata")
    )


def read_credits_balance(body: Any) -> CreditsBalance:
    """Read the balance in any dialect, bare or wrapped, and derive what follows from it.

    Total missing: used + remaining. Used missing: total - remaining. Fraction missing: remaining / total.
    Numbers that contradict each other are kept as sent, with a note. Raises :class:`UnreadableValue` when the
    body holds no balance or ``credits_remaining`` is something else than a number.
    """
    drift = Drift()
    entry = unwrap_object(body, ("balance", "credits"), _is_balance)
    values = _FIELDS.read(entry, drift, "")
    _require_numbers(entry)
    sent = values.pop("credits_percent", None)
    remaining, total, used = (values.get(f"credits_{name}") for name in ("remaining", "total", "used"))
    if total is None and used is not None and remaining is not None:
        total = values["credits_total"] = _finite(used + remaining)
    elif used is None and total is not None and remaining is not None:
        used = values["credits_used"] = _finite(total - remaining)
    values["remaining_fraction"] = _remaining_fraction(remaining, total, sent, drift)
    if (
        remaining is not None
        and total is not None
        and used is not None
        and not _close(used, total - remaining, total)
    ):
        drift.say(f"credits do not add up: {used:g} used and {remaining:g} left of {total:g}")
    return CreditsBalance(dialect=_dialect(entry), notes=drift.notes, raw=body, **values)


def _require_numbers(entry: Mapping[str, Any]) -> None:
    for key in ("credits_remaining", "creditsRemaining"):
        try:
            amount(entry.get(key))
        except UnreadableValue as error:
            raise error.below(key) from None


def _remaining_fraction(
    remaining: float | None, total: float | None, sent: float | None, drift: Drift
) -> float | None:
    """The sent fraction, else the computed one held within 0..1."""
    computed = None
    if remaining is not None and total is not None and total > 0:
        computed = remaining / total
        if not 0 <= computed <= 1:
            drift.say(f"{remaining:g} credits left of {total:g} is not a share")
            computed = min(1.0, max(0.0, computed))
    if sent is None:
        return computed
    if computed is not None and abs(sent - computed) > _ROUNDING_SLACK:
        drift.say(f"credits_percent says {sent:.1%}, the numbers say {computed:.1%}")
    return sent


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _close(one: float, other: float, scale: float) -> bool:
    return abs(one - other) <= max(1.0, abs(scale)) * 1e-6


def _dialect(entry: Mapping[str, Any]) -> str | None:
    """Go alone sends totals, Python metadata, TypeScript the price id; a union of them is nobody's."""
    marks = {
        "go": any(key in entry for key in ("credits_total", "credits_used", "credits_percent")),
        "python": "metadata" in entry,
        "ts": "stripe_price_id" in entry,
    }
    dialects = [name for name, marked in marks.items() if marked]
    return dialects[0] if len(dialects) == 1 else None
