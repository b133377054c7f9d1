"""Token counts of one call, from every spelling servers use (wire reference §3.1, §4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.primitives import amount, count


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a call used, in tokens; ``None`` is *not said*, never 0.

    ``cached_tokens`` (read from a cache) and ``cache_write_tokens`` are part of ``prompt_tokens``,
    ``reasoning_tokens`` of ``completion_tokens``, also where a server counts them beside each other (xAI).
    ``total_tokens`` is the sum where the server names none. ``cost`` is in the server's own unit (OpenRouter:
    USD).
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: float | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


_COUNTS = FieldTable(
    {
        "prompt_tokens": (count, ("prompt_tokens", "input_tokens")),
        "completion_tokens": (count, ("completion_tokens", "output_tokens")),
        "total_tokens": (count, ("total_tokens",)),
        "cached_tokens": (count, ("cached_tokens", "prompt_cache_hit_tokens", "cache_read_input_tokens")),
        "cache_write_tokens": (count, ("cache_write_tokens", "cache_creation_input_tokens")),
        "reasoning_tokens": (count, ("reasoning_tokens", "thinking_tokens")),
        "cost": (amount, ("cost", "total_cost")),
    }
)
_INNER = {
    "cached_tokens": ("prompt_tokens_details", "input_tokens_details"),
    "cache_write_tokens": ("prompt_tokens_details", "input_tokens_details"),
    "reasoning_tokens": ("completion_tokens_details", "output_tokens_details"),
}
_ANTHROPIC_CACHE = ("cache_creation_input_tokens", "cache_read_input_tokens")


def read_usage(value: object, drift: Drift | None = None) -> Usage | None:
    """Read token counts; ``None`` when ``value`` holds none. An unreadable count is missing, and noted in
    ``drift``."""
    if not isinstance(value, Mapping) or not value:
        return None
    drift = Drift() if drift is None else drift
    counts = _COUNTS.read(value, drift, "usage")
    for name, holders in _INNER.items():
        for holder in holders:
            inner = value.get(holder)
            if isinstance(inner, Mapping) and name not in counts:
                counts.update(
                    {k: v for k, v in _COUNTS.read(inner, drift, f"usage.{holder}").items() if k == name}
                )
    if not counts:
        return None
    _include_reasoning(counts)
    prompt, completion = counts.get("prompt_tokens"), counts.get("completion_tokens")
    if prompt is not None and "prompt_tokens" not in value and any(key in value for key in _ANTHROPIC_CACHE):
        # Anthropic counts the cached part of the prompt apart (Anthropic docs).
        prompt += (counts.get("cached_tokens") or 0) + (counts.get("cache_write_tokens") or 0)
        counts["prompt_tokens"] = prompt
    if prompt is not None and completion is not None:
        counts.setdefault("total_tokens", prompt + completion)
    return Usage(raw=value, **counts)


def _include_reasoning(counts: dict[str, Any]) -> None:
    """Add reasoning that was counted beside the completion, as the total shows, or a completion that is
    smaller than the reasoning where there is no total."""
    completion, reasoning = counts.get("completion_tokens"), counts.get("reasoning_tokens")
    if completion is None or not reasoning:
        return
    total = counts.get("total_tokens")
    beside = (
        completion < reasoning
        if total is None
        else (counts.get("prompt_tokens") or 0) + completion + reasoning == total
    )
    if beside:
        counts["completion_tokens"] = completion + reasoning
