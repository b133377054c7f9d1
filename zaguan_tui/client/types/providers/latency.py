"""Latency over a window (`wire.md` 6.1, ``proposal``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.primitives import key_words
from zaguan_tui.client.types.core.times import milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Milliseconds over the provider's window: mean, median, 95th and 99th percentile; ``None`` is *not
    said*."""

    avg: float | None = None
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None


NO_LATENCY = Latency()


def _with_units(*keys: str) -> tuple[str, ...]:
    """Each key bare and with the unit suffixes that servers append."""
    return tuple(f"{key}{suffix}" for key in keys for suffix in ("_ms", "", "_s", "_seconds"))


_INSIDE = FieldTable(
    {
        "avg": (milliseconds, _with_units("avg", "mean", "average")),
        "p50": (milliseconds, _with_units("p50", "median")),
        "p95": (milliseconds, _with_units("p95")),
        "p99": (milliseconds, _with_units("p99")),
    }
)
_BESIDE = FieldTable(
    {
        "avg": (
            milliseconds,
            _with_units("avg_latency", "average_latency", "mean_latency", "latency_avg", "avg_response_time"),
        ),
        "p50": (milliseconds, _with_units("p50_latency", "latency_p50", "median_latency", "p50")),
        "p95": (milliseconds, _with_units("p95_latency", "latency_p95", "p95")),
        "p99": (milliseconds, _with_units("p99_latency", "latency_p99", "p99")),
    }
)
LATENCY_KEYS = _with_units("latency", "response_time")
"""Members that hold the latency itself: an object with percentiles, or one number, the mean."""


def read_latency(entry: Mapping[str, Any], drift: Drift, path: str) -> Latency:
    """The latency in an entry: one object, one number, or members side by side."""
    values = _BESIDE.read(entry, drift, path)
    held = _HOLDER.read(entry, drift, path).get("held")
    if held is not None:
        values |= held if isinstance(held, dict) else {"avg": held}
    return Latency(**values)


def _held(value: Any, key: str = "") -> dict[str, float | None] | float | None:
    """An object of percentiles, its bare numbers in the unit of the key that holds it; or one mean."""
    if not isinstance(value, Mapping):
        return milliseconds(value, key)
    values = _INSIDE.read(value, Drift(), key)
    if key_words(key)[-1] in ("s", "seconds"):
        return {name: milliseconds(number, "seconds") for name, number in values.items()}
    return values


_HOLDER = FieldTable({"held": (_held, LATENCY_KEYS)})
