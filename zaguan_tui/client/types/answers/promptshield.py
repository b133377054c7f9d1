"""The credits block that may come with an answer (wire reference §3.1; Zaguan design notes)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.primitives import amount, filled_text, fraction
from zaguan_tui.client.types.core.times import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptShield:
    """Credits as the gateway reported them beside an answer; ``None`` is *not said*.

    Only ``credits_remaining`` is a fact: whether ``credits_used`` means this call or the period is said
    nowhere. ``remaining_fraction`` is 0..1, ``reset_date`` aware UTC.
    """

    credits_used: float | None = None
    credits_remaining: float | None = None
    credits_total: float | None = None
    remaining_fraction: float | None = None
    reset_date: datetime | None = None
    warning: str | None = None


def _percent(value: Any, key: str = "") -> float | None:
    return fraction(value, "credits_percent")


_FIELDS = FieldTable(
    {
        "credits_used": (amount, ("credits_used",)),
        "credits_remaining": (amount, ("credits_remaining",)),
        "credits_total": (amount, ("credits_total",)),
        "remaining_fraction": (_percent, ("credits_percent",)),
        "reset_date": (instant, ("reset_date",)),
        "warning": (filled_text, ("warning",)),
    }
)


def read_promptshield(answer: Mapping[str, Any], drift: Drift) -> PromptShield | None:
    """The block of an answer or a chunk: at its top level, in its ``metadata``, or in its ``usage``."""
    for holder in (answer, answer.get("metadata"), answer.get("usage")):
        block = holder.get("promptshield") if isinstance(holder, Mapping) else None
        if isinstance(block, Mapping):
            values = _FIELDS.read(block, drift, "promptshield")
            return PromptShield(**values) if values else None
    return None
