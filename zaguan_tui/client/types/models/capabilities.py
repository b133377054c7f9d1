"""`GET /v1/capabilities`: what each model can do, and at what price (`wire.md` 5.1, D1 to D4).

Sources: ``zaguan-sdk-go``, ``zaguan-sdk-python``, ``zaguan-sdk-typescript``; OpenRouter-like extras are
``common``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable
from zaguan_tui.client.types.core.envelopes import Listing, ListRules, read_entries, unwrap_list
from zaguan_tui.client.types.core.primitives import (
    UnreadableValue,
    describe,
    filled_text,
    flag,
    free_object,
    identifier,
    mapping,
    positive,
    texts,
)
from zaguan_tui.client.types.models.models import Model, provider_of
from zaguan_tui.client.types.models.prices import read_prices

_SAMPLE = 50
"""Entries looked at to recognise a dialect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """What one model can do. Flags are true, false or ``None`` for *not said*.

    Sizes are tokens, costs USD per million tokens. ``deduced`` names the fields that the server did not state
    but implied (vision by a modality ``image``). ``raw`` is the entry as received.
    """

    model_id: str
    provider: str | None = None
    vision: bool | None = None
    tools: bool | None = None
    reasoning: bool | None = None
    audio_in: bool | None = None
    audio_out: bool | None = None
    streaming: bool | None = None
    system_messages: bool | None = None
    max_context_tokens: int | None = None
    max_output_tokens: int | None = None
    input_cost_per_1m: float | None = None
    output_cost_per_1m: float | None = None
    reasoning_cost_per_1m: float | None = None
    features: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    band: str | None = None
    deduced: frozenset[str] = frozenset()
    provider_specific: Mapping[str, Any] = field(default_factory=dict, hash=False)
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityList(Answer):
    """The answer of `GET /v1/capabilities`, one entry an id. ``dialect``: go, python, ts, notes
    (camelCase)."""

    data: tuple[Capability, ...] = ()

    @property
    def by_id(self) -> dict[str, Capability]:
        """The capabilities by model id."""
        return {capability.model_id: capability for capability in self.data}


_FIELDS = FieldTable(
    {
        "model_id": (identifier, ("model_id", "id", "model", "name")),
        "provider": (filled_text, ("provider", "owned_by")),
        "vision": (flag, ("supports_vision", "vision")),
        "tools": (
            flag,
            ("supports_tools", "tools", "function_calling", "supports_function_calling", "tool_calling"),
        ),
        "reasoning": (flag, ("supports_reasoning", "reasoning", "thinking")),
        "audio_in": (flag, ("supports_audio_input", "supports_audio_in", "audio_input", "audio_in")),
        "audio_out": (flag, ("supports_audio_output", "supports_audio_out", "audio_output", "audio_out")),
        "streaming": (flag, ("supports_streaming", "streaming")),
        "system_messages": (flag, ("supports_system_messages", "system_messages")),
        "max_context_tokens": (
            positive,
            (
                *("max_context_tokens", "context_length", "context_window", "max_model_len"),
                *("loaded_context_length", "max_context_length", "max_context_window_tokens"),
                *("context_window_tokens", "max_context_window", "context_tokens", "max_context"),
                *("n_ctx", "n_ctx_train", "num_ctx", "context_size", "max_seq_len", "max_sequence_length"),
                *("max_input_tokens", "input_token_limit", "max_prompt_tokens", "max_total_tokens"),
                *("max_position_embeddings", "context"),
            ),
        ),
        "max_output_tokens": (
            positive,
            ("max_output_tokens", "max_completion_tokens", "output_token_limit", "max_tokens"),
        ),
        "architecture": (mapping, ("architecture",)),
        "parameters": (texts, ("supported_parameters",)),
        "features": (texts, ("features",)),
        "modalities": (texts, ("modalities",)),
        "modalities_in": (texts, ("input_modalities",)),
        "modalities_out": (texts, ("output_modalities",)),
        "band": (filled_text, ("band",)),
        "provider_specific": (free_object, ("provider_specific",)),
    }
)
_LIMITS = FieldTable(
    {
        "max_context_tokens": (positive, ("context", "max_context_tokens", "context_window")),
        "max_output_tokens": (positive, ("output", "max_output_tokens")),
    }
)
_SIZES = ("max_context_tokens", "max_output_tokens")
_NESTED = ("meta", "metadata", "model_info", "top_provider", "details", "model_spec", "capabilities")
"""Members in which servers hide sizes (llama.cpp, LiteLLM, OpenRouter, Copilot)."""
_NESTED_OR_LIMITS = frozenset((*_NESTED, "limits", "limit"))
_ARCHITECTURE = FieldTable(
    {
        "modalities_in": (texts, ("input_modalities",)),
        "modalities_out": (texts, ("output_modalities",)),
    }
)
_HELPERS = (
    "architecture",
    "parameters",
    "modalities_in",
    "modalities_out",
)
"""Readings that only feed other fields."""


def _is_capability(value: Mapping[str, Any]) -> bool:
    named = any(isinstance(value.get(key), str) for key in ("model_id", "modelId", "ModelID", "id"))
    return named and "choices" not in value


def _is_map_entry(value: Mapping[str, Any]) -> bool:
    return not value or _FIELDS.recognises(value)


_RULES = ListRules(names=("models", "capabilities"), is_entry=_is_capability, is_map_entry=_is_map_entry)
_MAP_RULES = ListRules(names=("capabilities",), is_entry=_is_capability)


def read_capabilities(body: Any) -> CapabilityList:
    """Read all five shapes of D1 into one list. ``models`` and ``capabilities`` side by side are merged by
    id, ``models`` first (``zaguan-sdk-go`` drops the map).

    Raises :class:`UnreadableValue` when no capabilities can be found.
    """
    drift = Drift()
    listing = unwrap_list(body, _RULES)
    entries = _read_listing(listing, drift)
    other = listing.around.get("capabilities")
    if listing.name == "models" and isinstance(other, Mapping | list):
        known = {capability.model_id for capability in entries}
        second = unwrap_list({"capabilities": other}, _MAP_RULES)
        entries += tuple(item for item in _read_listing(second, drift) if item.model_id not in known)
    return CapabilityList(data=entries, dialect=_dialect(listing), notes=drift.notes, raw=body)


def capability_of_model(model: Model) -> Capability | None:
    """What a model's own list entry says of its abilities (OpenRouter- or Anthropic-like extras), used where
    a server has no capabilities endpoint; ``None`` when it says nothing."""
    capability = _read_entry(model.id, model.raw, Drift(), "")
    silent = Capability(model_id=capability.model_id, provider=capability.provider, band=capability.band)
    return None if capability == silent else capability


def _read_listing(listing: Listing, drift: Drift) -> tuple[Capability, ...]:
    return read_entries(
        listing,
        lambda key, value: _read_entry(key, value, drift, listing.path),
        drift,
        lambda capability: capability.model_id,
    )


def _read_entry(key: str | int, value: Any, drift: Drift, path: str) -> Capability:
    if not isinstance(value, Mapping):
        raise UnreadableValue("", describe(value))
    values = _FIELDS.read(value, drift, f"{path}[{key}]")
    model_id = values.pop("model_id", None) or (key if isinstance(key, str) else None)
    if model_id is None:
        raise UnreadableValue("model_id", "nothing")
    values["provider"] = values.get("provider") or provider_of(model_id)
    values |= {f"{kind}_cost_per_1m": cost for kind, cost in read_prices(value, drift, path).items()}
    _fill_sizes(values, value)
    if any(helper in values for helper in _HELPERS):
        _spread_helpers(values, drift, path)
    return Capability(model_id=model_id, deduced=_deduce(values), raw=value, **values)


def _fill_sizes(values: dict[str, Any], entry: Mapping[str, Any]) -> None:
    """Take the sizes that nested members tell, where the entry itself is silent."""
    if _NESTED_OR_LIMITS.isdisjoint(entry) or all(values.get(name) is not None for name in _SIZES):
        return
    nested = [inner for key in _NESTED if isinstance(inner := entry.get(key), Mapping)]
    for holder in (entry, *nested):
        sizes = _FIELDS.read(holder, Drift(), "") if holder is not entry else {}
        for key in ("limits", "limit"):
            if isinstance(limits := holder.get(key), Mapping):
                sizes = _LIMITS.read(limits, Drift(), "") | _FIELDS.read(limits, Drift(), "") | sizes
        for name in _SIZES:
            if values.get(name) is None and sizes.get(name) is not None:
                values[name] = sizes[name]


def _spread_helpers(values: dict[str, Any], drift: Drift, path: str) -> None:
    """Move what nested readings say into the fields proper, where those are silent."""
    taken = {name: values.pop(name) for name in _HELPERS if name in values}
    shape = _ARCHITECTURE.read(taken.get("architecture", {}), drift, path)
    incoming = taken.get("modalities_in") or shape.get("modalities_in") or ()
    outgoing = taken.get("modalities_out") or shape.get("modalities_out") or ()
    if not values.get("modalities"):
        values["modalities"] = tuple(dict.fromkeys((*incoming, *outgoing)))
    values["_implied"] = {
        "audio_in": "audio" in incoming,
        "audio_out": "audio" in outgoing,
        "vision": "image" in incoming,
        "tools": "tools" in taken.get("parameters", ()),
        "reasoning": "reasoning" in taken.get("parameters", ()),
    }


def _deduce(values: dict[str, Any]) -> frozenset[str]:
    """Fill flags the server implied but did not state; returns their names. Nothing is ever deduced to be
    false."""
    implied: dict[str, bool] = values.pop("_implied", None) or {}
    deduced: set[str] = set()
    if "image" in values.get("modalities", ()):
        implied = implied | {"vision": True}
    if "extended_thinking" in values.get("features", ()):
        implied = implied | {"reasoning": True}
    for name, holds in implied.items():
        if holds and values.get(name) is None:
            values[name] = True
            deduced.add(name)
    return frozenset(deduced)


_PYTHON_KEYS = frozenset(
    [
        "model_id",
        "supports_vision",
        "supports_tools",
        "supports_reasoning",
        "max_context_tokens",
        "provider_specific",
    ]
)
_TS_KEYS = _PYTHON_KEYS | {"supports_audio_in", "supports_audio_out"}


def _dialect(listing: Listing) -> str | None:
    if listing.name == "models" or (listing.name == "capabilities" and listing.is_map):
        return "go"
    keys: set[str] = set()
    for _, value in listing.entries[:_SAMPLE]:
        if isinstance(value, Mapping):
            keys.update(value)
    if "modelId" in keys:
        return "notes"
    if not keys or "supports_vision" not in keys or listing.name:
        return None
    if keys <= _PYTHON_KEYS:
        return "python"
    return "ts" if keys <= _TS_KEYS else None
