"""One model of the catalogue: its list entry joined with its capabilities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from zaguan_tui.state.core.store import Problem

if TYPE_CHECKING:
    from zaguan_tui.client.types.models.capabilities import Capability
    from zaguan_tui.client.types.models.models import Model


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """A model that can be chosen. Flags are true, false or ``None`` for *unknown*.

    ``context`` and ``max_output`` are tokens, costs USD per million tokens. ``listed`` is false for a model
    that only the capabilities know. ``deduced`` names fields the server implied rather than stated.
    """

    id: str
    provider: str | None = None
    display_name: str | None = None
    description: str | None = None
    band: str | None = None
    context: int | None = None
    max_output: int | None = None
    input_cost: float | None = None
    output_cost: float | None = None
    reasoning_cost: float | None = None
    vision: bool | None = None
    tools: bool | None = None
    reasoning: bool | None = None
    audio_in: bool | None = None
    audio_out: bool | None = None
    streaming: bool | None = None
    system_messages: bool | None = None
    features: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    created: datetime | None = None
    shutdown_date: datetime | None = None
    deprecated: bool = False
    listed: bool = True
    deduced: frozenset[str] = frozenset()
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def gone(self, now: datetime) -> bool:
        """Whether the announced end of service has passed."""
        return self.shutdown_date is not None and self.shutdown_date <= now


@dataclass(frozen=True, slots=True)
class ModelCatalogue:
    """Every model, sorted by provider and id. ``capabilities_problem`` tells why flags are unknown, if so."""

    entries: tuple[ModelEntry, ...] = ()
    by_id: Mapping[str, ModelEntry] = field(default_factory=dict, repr=False, compare=False)
    capabilities_problem: Problem | None = None
    capabilities_at: datetime | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def providers(self) -> tuple[str, ...]:
        """The providers that have models, sorted."""
        return tuple(sorted({entry.provider for entry in self.entries if entry.provider}))


def join_models(models: Iterable[Model], capabilities: Mapping[str, Capability]) -> tuple[ModelEntry, ...]:
    """Entries for every id either side knows, sorted by provider and id. Pure; may run in a thread."""
    from zaguan_tui.client.types.models.capabilities import capability_of_model

    rest = dict(capabilities)
    entries = []
    for model in models:
        capability = rest.pop(model.id, None) or capability_of_model(model)
        entries.append(_entry(model, capability))
    entries += [_entry(None, capability) for capability in rest.values()]
    return tuple(sorted(entries, key=_order))


def _order(entry: ModelEntry) -> tuple[str, str]:
    return (entry.provider or "\uffff").casefold(), entry.id.casefold()


def _entry(model: Model | None, capability: Capability | None) -> ModelEntry:
    if model is None:
        assert capability is not None
        return ModelEntry(id=capability.model_id, listed=False, **_read_abilities(capability, None))
    return ModelEntry(
        id=model.id,
        display_name=model.display_name,
        description=model.description,
        created=model.created,
        shutdown_date=model.shutdown_date,
        deprecated=model.shutdown_date is not None or _is_deprecated(model),
        **_read_abilities(capability, model),
    )


def _read_abilities(capability: Capability | None, model: Model | None) -> dict[str, Any]:
    """The fields that capabilities give, with the model's own word where it has the better one."""
    provider, band = (model.provider, model.band) if model else (None, None)
    raw: dict[str, Any] = {"model": model.raw} if model else {}
    if capability is None:
        return {"provider": provider, "band": band, "raw": raw}
    return {
        "provider": provider or capability.provider,
        "band": capability.band or band,
        "context": capability.max_context_tokens,
        "max_output": capability.max_output_tokens,
        "input_cost": capability.input_cost_per_1m,
        "output_cost": capability.output_cost_per_1m,
        "reasoning_cost": capability.reasoning_cost_per_1m,
        "vision": capability.vision,
        "tools": capability.tools,
        "reasoning": capability.reasoning,
        "audio_in": capability.audio_in,
        "audio_out": capability.audio_out,
        "streaming": capability.streaming,
        "system_messages": capability.system_messages,
        "features": capability.features,
        "modalities": capability.modalities,
        "deduced": capability.deduced,
        "raw": raw | {"capability": capability.raw},
    }


def _is_deprecated(model: Model) -> bool:
    return any(source.get("deprecated") is True for source in (model.raw, model.metadata))
