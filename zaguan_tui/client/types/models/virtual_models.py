"""`GET /v1/virtual-models` and `/v1/virtual-models/{model_id}` (`wire.md` 6.3, ``proposal``: no document
gives it).

A virtual model is an id that the gateway routes to one of several real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift
from zaguan_tui.client.types.core.envelopes import (
    Listing,
    ListRules,
    read_entries,
    unwrap_list,
    unwrap_object,
)
from zaguan_tui.client.types.core.primitives import UnreadableValue, describe, fold
from zaguan_tui.client.types.models.models import provider_of
from zaguan_tui.client.types.models.virtual_fields import (
    CONSTRAINT_FIELDS,
    SHARE_FIELDS,
    STATS_FIELDS,
    STRATEGIES,
    TARGET_FIELDS,
    VIRTUAL_FIELDS,
)
from zaguan_tui.client.types.providers.latency import NO_LATENCY, Latency, read_latency

MAX_DEPTH = 8
"""How far an alias that points at an alias is followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualTarget:
    """One model behind a virtual one. ``weight`` is the server's number in the server's scale (see
    ``shares``)."""

    model: str
    provider: str | None = None
    weight: float | None = None
    priority: int | None = None
    enabled: bool | None = None
    status: str | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """What a target must fulfil. Costs are USD per million tokens."""

    requires: tuple[str, ...] = ()
    max_input_cost_per_1m: float | None = None
    max_output_cost_per_1m: float | None = None
    min_context_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetShare:
    """How many requests one target got; ``share`` is 0..1."""

    model: str
    requests: int | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualModelStats:
    """Use of one virtual model; ``error_rate`` is 0..1, latency in ms."""

    requests: int | None = None
    error_rate: float | None = None
    latency: Latency = NO_LATENCY
    by_target: tuple[TargetShare, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualModel:
    """One virtual model. The order of ``targets`` matters for priority and fallback; ``fallbacks`` come after
    them.

    ``strategy`` is an open set: priority, weighted, round_robin, least_latency, least_cost, fallback; a bare
    alias is ``alias``. ``enabled`` is ``None`` when the server does not say. ``raw`` is the entry as
    received.
    """

    id: str
    name: str | None = None
    description: str | None = None
    enabled: bool | None = None
    strategy: str | None = None
    targets: tuple[VirtualTarget, ...] = ()
    fallbacks: tuple[str, ...] = ()
    default_params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    constraints: Constraints | None = None
    band: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    stats: VirtualModelStats | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def shares(self) -> tuple[float | None, ...]:
        """The targets' weights as parts of 1, whatever scale the server uses; ``None`` where none can be
        told."""
        weights = [target.weight for target in self.targets]
        total = sum(weight for weight in weights if weight is not None)
        if not 0 < total < float("inf"):
            return (None,) * len(weights)
        return tuple(None if weight is None else weight / total for weight in weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualModelList(Answer):
    """The answer of `GET /v1/virtual-models`. ``dialect`` is the shape: list, map or aliases."""

    data: tuple[VirtualModel, ...] = ()
    has_more: bool | None = None

    @property
    def by_id(self) -> dict[str, VirtualModel]:
        """The virtual models by id."""
        return {model.id: model for model in self.data}

    def real_models(self, model_id: str) -> tuple[str, ...]:
        """The models an id ends up at, in order, aliases followed. Cycles and more than 8 steps are cut
        off."""
        known, real, path = self.by_id, dict[str, None](), set[str]()

        def follow(name: str, depth: int) -> None:
            virtual = known.get(name)
            if virtual is None:
                real.setdefault(name)
                return
            if name in path or depth >= MAX_DEPTH:
                return
            path.add(name)
            for target in (*(target.model for target in virtual.targets), *virtual.fallbacks):
                follow(target, depth + 1)
            path.remove(name)

        follow(model_id, 0)
        return tuple(real)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualModelAnswer(Answer):
    """The answer of `GET /v1/virtual-models/{model_id}`."""

    data: VirtualModel


_NAMES = ("id", "model_id", "modelId", "name")


def _is_target_list(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str | Mapping) for item in value)


def _is_short(value: object) -> bool:
    """An alias (one word, for prose is no model id) or a chain of targets."""
    return (isinstance(value, str) and len(value.split()) == 1) or _is_target_list(value)


def _is_virtual(value: Mapping[str, Any]) -> bool:
    return any(isinstance(value.get(key), str) for key in _NAMES)


_RULES = ListRules(
    names=("virtual_models", "virtualModels", "models", "aliases"),
    is_entry=_is_virtual,
    is_short=_is_short,
    short_types=(str, list),
    mixed=True,
    is_map_entry=lambda value: not value or VIRTUAL_FIELDS.recognises(value),
)


def read_virtual_models(body: Any) -> VirtualModelList:
    """Read a list, a map by id, or a map of aliases and fallback chains.

    Raises :class:`UnreadableValue` when no virtual models can be found.
    """
    drift = Drift()
    listing = unwrap_list(body, _RULES)
    models = read_entries(
        listing, lambda key, value: _read_entry(key, value, drift, listing), drift, lambda model: model.id
    )
    has_more = listing.around.get("has_more")
    if has_more is True:
        drift.say("the server says that it has more virtual models than it sent")
    return VirtualModelList(
        data=models,
        has_more=has_more if isinstance(has_more, bool) else None,
        dialect=_dialect(listing),
        notes=drift.notes,
        raw=body,
    )


def read_virtual_model(body: Any, model_id: str | None = None) -> VirtualModelAnswer:
    """Read one virtual model, bare or wrapped; ``model_id`` is the id asked for, should the answer leave it
    out."""
    drift = Drift()

    def is_virtual(value: Mapping[str, Any]) -> bool:
        return _is_virtual(value) or (model_id is not None and "targets" in value)

    entry = unwrap_object(body, ("virtual_model", "virtualModel", "model"), is_virtual)
    model = _read_fields(entry, model_id, drift, "")
    return VirtualModelAnswer(data=model, notes=drift.notes, raw=body)


def _read_entry(key: str | int, value: Any, drift: Drift, listing: Listing) -> VirtualModel:
    map_key = key if isinstance(key, str) else None
    if isinstance(value, str) and map_key is not None and value.strip():
        return VirtualModel(id=map_key, strategy="alias", targets=(_target(value),), raw={map_key: value})
    if isinstance(value, list) and map_key is not None:
        targets = _targets(value, drift, listing.path_of(key))
        return VirtualModel(id=map_key, strategy="fallback", targets=targets, raw={map_key: value})
    if not isinstance(value, Mapping):
        raise UnreadableValue("", describe(value))
    return _read_fields(value, map_key, drift, listing.path_of(key))


def _read_fields(entry: Mapping[str, Any], map_key: str | None, drift: Drift, path: str) -> VirtualModel:
    values = VIRTUAL_FIELDS.read(entry, drift, path)
    model_id = values.pop("id", None) or map_key or values.get("name")
    if model_id is None:
        raise UnreadableValue("id", "nothing")
    strategy = values.pop("strategy", None)
    held, stats, constraints = (values.pop(name, None) for name in ("targets", "stats", "constraints"))
    return VirtualModel(
        id=model_id,
        strategy=fold(strategy) if strategy and fold(strategy) in STRATEGIES else strategy,
        targets=_targets(held, drift, path),
        constraints=_constraints(constraints, drift, path),
        stats=_stats(stats, drift, path) if stats is not None else None,
        raw=entry,
        **values,
    )


def _targets(held: Any, drift: Drift, path: str) -> tuple[VirtualTarget, ...]:
    """Targets from strings and objects, one alone or many, or a map of model to weight or details."""
    targets: list[VirtualTarget] = []
    if isinstance(held, Mapping) and not TARGET_FIELDS.recognises(held):
        held = [
            {"model": name, **(item if isinstance(item, Mapping) else {"weight": item})}
            for name, item in held.items()
        ]
    for place, item in enumerate(held if isinstance(held, list) else [] if held is None else [held]):
        where = f"{path}.targets[{place}]"
        if isinstance(item, str) and item.strip():
            targets.append(_target(item))
            continue
        values = TARGET_FIELDS.read(item, drift, where) if isinstance(item, Mapping) else {}
        model = values.pop("model", None)
        if model is None:
            drift.say(f"{where}: left out, found {describe(item)}", kind="targets left out")
            continue
        provider = values.pop("provider", None) or provider_of(model)
        targets.append(VirtualTarget(model=model, provider=provider, raw=item, **values))
    return tuple(targets)


def _target(model: str) -> VirtualTarget:
    return VirtualTarget(model=model, provider=provider_of(model), raw={"model": model})


def _constraints(held: Mapping[str, Any] | None, drift: Drift, path: str) -> Constraints | None:
    return Constraints(**CONSTRAINT_FIELDS.read(held, drift, f"{path}.constraints")) if held else None


def _stats(held: Mapping[str, Any], drift: Drift, path: str) -> VirtualModelStats:
    values = STATS_FIELDS.read(held, drift, f"{path}.stats")
    rows = values.pop("by_target", None) or []
    if isinstance(rows, Mapping):
        rows = [{"model": name, **row} for name, row in rows.items() if isinstance(row, Mapping)]
    readings = [SHARE_FIELDS.read(row, drift, path) for row in rows if isinstance(row, Mapping)]
    shares = tuple(TargetShare(**reading) for reading in readings if reading.get("model"))
    return VirtualModelStats(latency=read_latency(held, drift, path), by_target=shares, **values)


def _dialect(listing: Listing) -> str | None:
    if not listing.entries:
        return None
    if not isinstance(listing.entries[0][1], Mapping):
        return "aliases"
    return "map" if listing.is_map else "list"
