"""`GET /v1/models`: the models a server offers (`wire.md` 3.2, D68; ``OpenAI spec``, ``Anthropic docs``,
Zaguan SDKs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable
from zaguan_tui.client.types.core.envelopes import (
    Listing,
    ListRules,
    read_entries,
    unwrap_list,
    unwrap_object,
)
from zaguan_tui.client.types.core.primitives import (
    UnreadableValue,
    describe,
    filled_text,
    free_object,
    identifier,
)
from zaguan_tui.client.types.core.times import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model as listed.

    ``id`` is what goes into a request, kept to the letter (``openai/gpt-4o``). ``provider`` is the text
    before its first ``/``, else ``owned_by``, else ``None``; of an id that is a path (``models/gemini-pro``)
    it is ``owned_by``, else the owner in the path. ``shutdown_date`` is an announced end of
    service. ``raw`` is the entry as received; context size and prices in it are read by
    ``capability_of_model``.
    """

    id: str
    provider: str | None = None
    created: datetime | None = None
    owned_by: str | None = None
    description: str | None = None
    display_name: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    shutdown_date: datetime | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def band(self) -> str | None:
        """The band named in the metadata, if any (Zaguan bands price classes of models)."""
        band = self.metadata.get("band")
        return band if isinstance(band, str) and band else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelList(Answer):
    """The answer of `GET /v1/models`, in the server's order. ``dialect``: go, openai or anthropic."""

    data: tuple[Model, ...] = ()

    @property
    def by_id(self) -> dict[str, Model]:
        """The models by id."""
        return {model.id: model for model in self.data}


_FIELDS = FieldTable(
    {
        "id": (identifier, ("id", "model_id", "model")),
        "created": (instant, ("created", "created_at")),
        "owned_by": (filled_text, ("owned_by", "owner", "provider", "organization")),
        "description": (filled_text, ("description",)),
        "display_name": (filled_text, ("display_name", "name")),
        "metadata": (free_object, ("metadata",)),
        "shutdown_date": (instant, ("shutdown_date", "deprecation_date")),
    }
)


def _is_model(value: Mapping[str, Any]) -> bool:
    named = any(isinstance(value.get(key), str) for key in ("id", "model_id", "modelId", "model"))
    return named and "choices" not in value


_RULES = ListRules(
    names=("models",),
    is_entry=_is_model,
    is_map_entry=lambda value: not value or value.get("object") == "model" or _FIELDS.recognises(value),
)


def read_models(body: Any) -> ModelList:
    """Read the list in any envelope: OpenAI's, Anthropic's, a bare list, a map by id, plain ids.

    Raises :class:`UnreadableValue` when no list of models can be found.
    """
    drift = Drift()
    listing = unwrap_list(body, _RULES)
    models = read_entries(
        listing,
        lambda key, value: _read_entry(key, value, drift, listing),
        drift,
        lambda model: model.id,
    )
    if listing.around.get("has_more") is True:
        drift.say("the server says that it has more models than it sent")
    return ModelList(data=models, dialect=_dialect(listing), notes=drift.notes, raw=body)


def read_model(body: Any) -> Model:
    """Read one model (`GET /v1/models/{id}`, an extension), bare or wrapped."""
    return _read_fields(unwrap_object(body, ("model",), _is_model), None, Drift(), "")


def _read_entry(key: str | int, value: Any, drift: Drift, listing: Listing) -> Model:
    if isinstance(value, str) and value.strip() and isinstance(key, int):
        value = {"id": value}
    if not isinstance(value, Mapping):
        raise UnreadableValue("", describe(value))
    return _read_fields(value, key if isinstance(key, str) else None, drift, key, listing)


def _read_fields(
    entry: Mapping[str, Any], map_key: str | None, drift: Drift, at: str | int, listing: Listing | None = None
) -> Model:
    path = listing.path_of(at) if listing is not None else ""
    values = _FIELDS.read(entry, drift, path)
    model_id = values.pop("id", None) or map_key or values.get("display_name")
    if model_id is None:
        raise UnreadableValue("id", "nothing")
    provider = provider_of(model_id)
    if provider is None or is_path(model_id):
        provider = values.get("owned_by") or provider
    return Model(id=model_id, provider=provider, raw=entry, **values)


_OWNER_FOLLOWS = frozenset({"accounts", "publishers"})
_PATH_HEADS = _OWNER_FOLLOWS | {
    *("models", "tunedmodels", "projects", "locations", "endpoints", "deployments", "workspaces"),
    *(".", "..", "~"),
}
"""First segments of ids that name a resource (Google, Fireworks, Vertex) or a file, not a provider."""


def is_path(model_id: str) -> bool:
    """Whether an id is the path of a resource or a file, so that its head names no provider."""
    head, slash, _ = model_id.partition("/")
    return bool(slash) and (head.casefold() in _PATH_HEADS or not head or head.endswith(":"))


def provider_of(model_id: str) -> str | None:
    """The provider in a prefixed id: ``openai/gpt-4o`` is openai's; ``gpt-4o`` does not say.

    The head of a path is none; ``accounts/acme/models/x`` and ``publishers/acme/…`` name their owner.
    """
    head, slash, rest = model_id.partition("/")
    if not slash or not head:
        return None
    if is_path(model_id):
        return rest.partition("/")[0] or None if head.casefold() in _OWNER_FOLLOWS else None
    return head


def _dialect(listing: Listing) -> str | None:
    first = next((value for _, value in listing.entries if isinstance(value, Mapping)), None)
    if first is None:
        return None
    if first.get("type") == "model" and "created_at" in first:
        return "anthropic"
    if "permission" in first:
        return "go"
    return "openai" if first.get("object") == "model" else None
