"""The spellings in credit statistics (`wire.md` 5.4, D13, D14; Zaguan SDKs)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from zaguan_tui.client.types.core.base import FieldTable
from zaguan_tui.client.types.core.primitives import (
    Reader,
    UnreadableValue,
    amount,
    count,
    filled_text,
    identifier,
    mapping,
    unreadable,
)
from zaguan_tui.client.types.core.times import instant, milliseconds

DIMENSIONS = ("provider", "model", "band")

_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


def _rows(value: Any, key: str = "") -> Any:
    """A list or a map of rows, taken apart later."""
    if isinstance(value, list | Mapping):
        return value
    raise unreadable(value)


_FIGURES: Mapping[str, tuple[Reader, tuple[str, ...]]] = {
    "credits": (amount, ("credits_used", "credits", "total_credits", "total_credits_used")),
    "requests": (count, ("requests", "total_requests", "request_count")),
    "tokens": (count, ("tokens", "total_tokens")),
    "cost": (amount, ("cost", "total_cost")),
}
_BREAKDOWNS: Mapping[str, tuple[Reader, tuple[str, ...]]] = {
    f"by_{dimension}": (_rows, (f"by_{dimension}",)) for dimension in DIMENSIONS
}

FIGURES = FieldTable(_FIGURES)
"""Credits, requests, tokens and cost of one row."""

BUCKET = FieldTable({"label": (identifier, ("date", "period", "day", "start", "label")), **_FIGURES})
"""One step of time."""

PARTS = FieldTable(_BREAKDOWNS)
"""The breakdowns inside a bucket."""

KEYS = {
    dimension: FieldTable({"key": (identifier, (dimension, f"{dimension}_id", "key", "name", "id"))})
    for dimension in DIMENSIONS
}
"""What names a row of a breakdown."""

_LATENCY_KEYS = ("average_latency_ms", "avg_latency_ms", "average_latency")

SUMMARY = FieldTable(
    {
        **_FIGURES,
        "avg_latency_ms": (milliseconds, _LATENCY_KEYS),
    }
)
"""Totals, in a summary or beside the breakdowns."""

STATS = FieldTable(
    {
        "period": (filled_text, ("period",)),
        "start": (instant, ("start_date", "start")),
        "end": (instant, ("end_date", "end")),
        "credits": (amount, ("total_credits_used", "total_credits", "credits_used", "credits")),
        "requests": (count, ("total_requests", "requests")),
        "tokens": (count, ("total_tokens", "tokens")),
        "cost": (amount, ("total_cost", "cost")),
        "avg_latency_ms": (milliseconds, _LATENCY_KEYS),
        "stats": (_rows, ("stats", "series", "buckets")),
        "by_day": (_rows, ("by_day", "daily", "by_date")),
        "model_breakdown": (_rows, ("model_breakdown",)),
        "summary": (mapping, ("summary", "totals")),
        **_BREAKDOWNS,
    }
)
"""The whole answer."""


def bucket_start(label: str) -> datetime | None:
    """When a bucket begins: ``2026-11-14``, ``2026-W46``, ``2026-11``; ``None`` for a label that is no
    date."""
    try:
        week = _WEEK.fullmatch(label)
        if week:
            day = datetime.fromisocalendar(int(week[1]), int(week[2]), 1)
            return day.replace(tzinfo=UTC)
        month = _MONTH.fullmatch(label)
        if month:
            return datetime(int(month[1]), int(month[2]), 1, tzinfo=UTC)
        return instant(label)
    except (UnreadableValue, ValueError):
        return None
