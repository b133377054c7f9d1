"""`GET /v1/providers/status` (`wire.md` 6.1, ``proposal``: no document or SDK gives the shape)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable, known_word
from zaguan_tui.client.types.core.envelopes import Listing, ListRules, read_entries, unwrap_list
from zaguan_tui.client.types.core.primitives import UnreadableValue, describe
from zaguan_tui.client.types.core.times import instant
from zaguan_tui.client.types.providers.breaker_states import WORDS as BREAKER_WORDS
from zaguan_tui.client.types.providers.last_error import LastError
from zaguan_tui.client.types.providers.latency import NO_LATENCY, Latency, read_latency
from zaguan_tui.client.types.providers.provider_fields import (
    COUNT_FIELDS,
    DISABLED,
    MOST_PROVIDERS,
    PROVIDER_FIELDS,
    STATUS_KEYS,
    UNKNOWN,
    WORDS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestCounts:
    """Requests over the provider's window. ``total`` includes rate-limited ones; ``None`` is *not said*,
    never 0."""

    total: int | None = None
    success: int | None = None
    error: int | None = None
    rate_limited: int | None = None


NO_COUNTS = RequestCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderStatus:
    """One upstream provider as the gateway sees it.

    ``id`` is the key for admin calls, ``name`` for people (the id when the server sends none). ``enabled`` is
    the admin switch. ``status`` is healthy, degraded, down, disabled or unknown; ``status_raw`` the server's
    own word, which is kept when ``enabled`` is false and the status therefore disabled. ``error_rate`` is
    0..1 of the requests, ``latency`` in ms. ``circuit_state`` is a short cut; the breaker endpoint is the
    truth.
    """

    id: str
    name: str
    enabled: bool | None = None
    status: str = UNKNOWN
    status_raw: str = field(default="", compare=False)
    latency: Latency = NO_LATENCY
    requests: RequestCounts = NO_COUNTS
    error_rate: float | None = None
    window_seconds: float | None = None
    models_count: int | None = None
    circuit_state: str | None = None
    last_check: datetime | None = None
    last_success_at: datetime | None = None
    last_error: LastError | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderStatusReport(Answer):
    """The answer of `GET /v1/providers/status`. ``dialect`` is the shape: list, map, words or groups.

    ``generated_at`` is when the server took the numbers, else the ``now`` given to the reader.
    """

    data: tuple[ProviderStatus, ...] = ()
    generated_at: datetime | None = None


_GENERATED = FieldTable({"at": (instant, ("generated_at", "timestamp", "updated_at", "time", "checked_at"))})


_NAMES = ("id", "provider", "name", "provider_id", "providerId", "slug")


def _is_provider(value: Mapping[str, Any]) -> bool:
    named = any(isinstance(value.get(key), str) for key in _NAMES)
    return named and any(PROVIDER_FIELDS.knows(key) for key in value if key not in _NAMES)


def _is_short(value: object) -> bool:
    return isinstance(value, bool | str) and known_word(value, WORDS)[0] is not None


def _ungroup(value: Mapping[str, Any]) -> list[tuple[str | int, Any]] | None:
    """``{healthy: [..], down: [..]}`` as entries that carry their group's word as status; ``None``: no
    groups."""
    groups = [(word, held) for word, held in value.items() if isinstance(held, list)]
    if not groups or not all(word and known_word(word, WORDS)[0] for word, _ in groups):
        return None
    members = [(word, member) for word, held in groups for member in held]
    return [
        (place, {"status": word, **member} if isinstance(member, Mapping) else {"status": word, "id": member})
        for place, (word, member) in enumerate(members)
    ]


_RULES = ListRules(
    names=("providers", "statuses", "status"),
    is_entry=_is_provider,
    is_short=_is_short,
    short_types=(str, bool),
    is_map_entry=lambda value: not value or PROVIDER_FIELDS.recognises(value),
    expand=_ungroup,
    most=MOST_PROVIDERS,
)


def read_provider_status(body: Any, now: datetime | None = None) -> ProviderStatusReport:
    """Read providers as a list, a map, a map of words or switches, or groups by status.

    ``now`` (the ``Date`` header) stands in when the body does not say when it was made. Raises
    :class:`UnreadableValue` when no providers can be found.
    """
    drift = Drift()
    listing = unwrap_list(body, _RULES)
    providers = read_entries(
        listing,
        lambda key, value: _read_entry(key, value, drift, listing),
        drift,
        lambda provider: provider.id,
    )
    return ProviderStatusReport(
        data=providers,
        generated_at=_GENERATED.read(listing.around, drift, "").get("at") or now,
        dialect=_dialect(listing),
        notes=drift.notes,
        raw=None if listing.unread else body,
    )


def _read_entry(key: str | int, value: Any, drift: Drift, listing: Listing) -> ProviderStatus:
    path = listing.path_of(key)
    if not isinstance(value, Mapping):
        if isinstance(key, int) or not isinstance(value, str | bool):
            raise UnreadableValue("", describe(value))
        value = {"status": value}
    values = PROVIDER_FIELDS.read(value, drift, path)
    name = values.pop("name", None)
    provider_id = values.pop("id", None) or (key if isinstance(key, str) else None) or name
    if provider_id is None:
        raise UnreadableValue("id", "nothing")
    enabled = _enabled(values)
    status, status_raw = _status(values, drift)
    requests = _requests(values, drift, path)
    return ProviderStatus(
        id=provider_id,
        name=values.pop("display_name", None) or name or provider_id,
        enabled=enabled,
        status=DISABLED if enabled is False else status,
        status_raw=status_raw,
        latency=read_latency(value, drift, path),
        requests=requests,
        error_rate=_error_rate(values, requests),
        circuit_state=_circuit_state(values.pop("circuit", None)),
        raw=value,
        **values,
    )


def _enabled(values: dict[str, Any]) -> bool | None:
    enabled: bool | None = values.pop("enabled", None)
    switched_off: bool | None = values.pop("switched_off", None)
    if enabled is None and switched_off is not None:
        return not switched_off
    return enabled


def _status(values: dict[str, Any], drift: Drift) -> tuple[str, str]:
    """Our status and the server's word: the first key with something in it wins, words before switches."""
    for key in STATUS_KEYS:
        sent = values.pop(key, None)
        if sent is None or sent == "":
            continue
        word, raw = known_word(sent, WORDS)
        for rest in STATUS_KEYS:
            values.pop(rest, None)
        if word is None:
            drift.say(f"the status {describe(sent)} is not one we know", kind=f"status {raw}")
        return word or UNKNOWN, raw
    return UNKNOWN, ""


def _requests(values: dict[str, Any], drift: Drift, path: str) -> RequestCounts:
    """Counts from a nested object, from a lone total, and from members side by side."""
    beside = {
        name: values.pop(f"{name}_count", None) for name in ("total", "success", "error", "rate_limited")
    }
    held = values.pop("requests", None)
    if isinstance(held, Mapping):
        beside |= COUNT_FIELDS.read(held, drift, f"{path}.requests")
    elif held is not None:
        beside["total"] = held
    return RequestCounts(**beside)


def _error_rate(values: dict[str, Any], requests: RequestCounts) -> float | None:
    """The sent rate, else 1 - success rate, else errors over total."""
    sent: float | None = values.pop("error_rate", None)
    success: float | None = values.pop("success_rate", None)
    if sent is not None:
        return sent
    if success is not None:
        return round(1 - success, 9)
    if requests.total and requests.error is not None and requests.error <= requests.total:
        return requests.error / requests.total
    return None


def _circuit_state(sent: Any) -> str | None:
    state, raw = known_word(sent, BREAKER_WORDS)
    return state or raw or None


def _dialect(listing: Listing) -> str | None:
    if not listing.entries:
        return None
    first = listing.entries[0][1]
    if not isinstance(first, Mapping):
        return "words"
    if listing.is_map:
        return "map"
    inner = listing.around.get(listing.name, listing.around) if listing.name else listing.around
    return "groups" if isinstance(inner, Mapping) and inner else "list"
