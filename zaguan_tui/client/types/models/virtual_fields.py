"""The spellings of a virtual model's fields (`wire.md` 6.3, ``proposal``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.client.types.core.base import FieldTable
from zaguan_tui.client.types.core.primitives import (
    amount,
    count,
    filled_text,
    flag,
    fraction,
    free_object,
    identifier,
    integer,
    mapping,
    positive,
    texts,
    unreadable,
)
from zaguan_tui.client.types.core.times import instant

STRATEGIES = frozenset(
    ("priority", "weighted", "round_robin", "least_latency", "least_cost", "fallback", "alias")
)


def _strategy(value: Any, key: str = "") -> str | None:
    """A word, or an object with the word as its type."""
    if isinstance(value, Mapping):
        value = next((value[name] for name in ("type", "name", "strategy") if name in value), None)
    return filled_text(value, key)


def _weight(value: Any, key: str = "") -> float | None:
    """A weight in the server's own scale; ``"70%"`` is 70. A negative one means nothing."""
    if isinstance(value, str):
        value = value.strip().removesuffix("%")
    weight = amount(value, key)
    if weight is not None and weight < 0:
        raise unreadable(value)
    return weight


def _held(value: Any, key: str = "") -> Any:
    """One or many targets, taken apart later."""
    if isinstance(value, str | list | Mapping):
        return value
    raise unreadable(value)


VIRTUAL_FIELDS = FieldTable(
    {
        "id": (identifier, ("id", "virtual_model_id", "model_id")),
        "name": (filled_text, ("name", "display_name")),
        "description": (filled_text, ("description",)),
        "enabled": (flag, ("enabled", "is_enabled")),
        "strategy": (_strategy, ("strategy", "routing", "routing_strategy", "mode", "policy")),
        "targets": (
            _held,
            ("targets", "models", "routes", "backends", "candidates", "providers", "upstreams", "target"),
        ),
        "fallbacks": (texts, ("fallbacks", "fallback", "fallback_models")),
        "default_params": (free_object, ("default_params", "default_parameters", "params")),
        "constraints": (mapping, ("constraints",)),
        "band": (filled_text, ("band",)),
        "created_at": (instant, ("created_at", "created")),
        "updated_at": (instant, ("updated_at", "updated")),
        "metadata": (free_object, ("metadata",)),
        "stats": (mapping, ("stats", "statistics")),
    }
)
TARGET_FIELDS = FieldTable(
    {
        "model": (identifier, ("model", "model_id", "id", "name")),
        "provider": (filled_text, ("provider",)),
        "weight": (_weight, ("weight", "share", "percent")),
        "priority": (integer, ("priority", "order")),
        "enabled": (flag, ("enabled", "is_enabled")),
        "status": (filled_text, ("status", "state", "health")),
    }
)
CONSTRAINT_FIELDS = FieldTable(
    {
        "requires": (texts, ("requires", "required")),
        "max_input_cost_per_1m": (amount, ("max_input_cost_per_1m",)),
        "max_output_cost_per_1m": (amount, ("max_output_cost_per_1m",)),
        "min_context_tokens": (positive, ("min_context_tokens",)),
    }
)
STATS_FIELDS = FieldTable(
    {
        "requests": (count, ("requests", "total_requests")),
        "error_rate": (fraction, ("error_rate", "error_rate_percent")),
        "by_target": (_held, ("by_target", "targets")),
    }
)
SHARE_FIELDS = FieldTable(
    {
        "model": (identifier, ("model", "model_id", "id", "name")),
        "requests": (count, ("requests", "total_requests")),
        "share": (fraction, ("share", "share_percent")),
    }
)
