"""`GET /v1/circuit-breaker/status` (`wire.md` 6.2, ``proposal``: no document or SDK gives the shape).

A breaker is closed (calls pass), open (calls are refused) or half open (a few probes pass).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable, known_word
from zaguan_tui.client.types.core.envelopes import Listing, ListRules, read_entries, unwrap_list
from zaguan_tui.client.types.core.primitives import UnreadableValue, describe
from zaguan_tui.client.types.core.times import instant
from zaguan_tui.client.types.providers.breaker_fields import BREAKER_FIELDS, COUNT_FIELDS, WINDOW_FIELDS
from zaguan_tui.client.types.providers.breaker_states import (
    CLOSED,
    FLAG_STATES,
    NUMBER_STATES,
    OPEN,
    UNKNOWN,
    WORDS,
    nearest_state,
)
from zaguan_tui.client.types.providers.last_error import LastError
from zaguan_tui.client.types.providers.provider_fields import MOST_PROVIDERS

_SCOPE = re.compile(r"(?P<provider>[^:/]+)[:/](?P<scope>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitBreaker:
    """One breaker. Counts are over the rolling window unless named otherwise; ``None`` is *not said*, never
    0.

    ``scope`` is the model of a breaker per model. ``state`` is closed, open, half_open, or the server's own
    word; ``state_raw`` is always the server's. ``error_rate`` and its threshold are 0..1, times aware UTC,
    ``retry_after`` and ``window_seconds`` seconds. ``opened_at`` while closed is history. ``deduced`` names
    fields we computed; ``as_of`` is the moment the numbers are from. ``raw`` is the entry as received.
    """

    provider: str
    scope: str | None = None
    state: str = UNKNOWN
    state_raw: str = field(default="", compare=False)
    failure_count: int | None = None
    success_count: int | None = None
    consecutive_failures: int | None = None
    consecutive_successes: int | None = None
    failure_threshold: int | None = None
    success_threshold: int | None = None
    error_rate: float | None = None
    error_rate_threshold: float | None = None
    minimum_requests: int | None = None
    window_seconds: float | None = None
    window_requests: int | None = None
    window_failures: int | None = None
    opened_at: datetime | None = None
    next_attempt_at: datetime | None = None
    last_failure_at: datetime | None = None
    last_state_change_at: datetime | None = None
    retry_after: float | None = None
    half_open_max_requests: int | None = None
    half_open_in_flight: int | None = None
    trips_total: int | None = None
    last_error: LastError | None = None
    deduced: frozenset[str] = field(default=frozenset(), compare=False)
    as_of: datetime | None = field(default=None, compare=False)
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def id(self) -> str:
        """Provider and scope, unique in a report."""
        return self.provider if self.scope is None else f"{self.provider}/{self.scope}"

    @property
    def nearest_state(self) -> str:
        """The one of closed, open, half_open and unknown that is nearest to a foreign word (``forced_open``:
        open)."""
        return nearest_state(self.state)

    @property
    def probe_due(self) -> bool:
        """Whether the breaker was still open although its next attempt was due when the numbers were
        taken."""
        return self.as_of is not None and self.probe_due_at(self.as_of)

    @property
    def shown_state(self) -> str:
        """The state in words: ``open, probe due`` when the time for a probe has come."""
        return "open, probe due" if self.probe_due else self.state.replace("_", "-")

    def probe_due_at(self, now: datetime) -> bool:
        """As :attr:`probe_due`, seen from ``now``, for a countdown that runs on between polls."""
        return self.state == OPEN and self.next_attempt_at is not None and self.next_attempt_at <= now

    def seconds_to_probe(self, now: datetime) -> float | None:
        """Seconds until the next attempt (0 when due); ``None`` unless open with a known time."""
        if self.state != OPEN or self.next_attempt_at is None:
            return None
        return max(0.0, (self.next_attempt_at - now).total_seconds())


@dataclass(frozen=True, slots=True, kw_only=True)
class CircuitBreakerReport(Answer):
    """The answer of `GET /v1/circuit-breaker/status`. ``dialect`` is the shape: list, map, words or counts.

    ``generated_at`` is when the server took the numbers, else the ``now`` given to the reader.
    """

    data: tuple[CircuitBreaker, ...] = ()
    generated_at: datetime | None = None


_GENERATED = FieldTable({"at": (instant, ("generated_at", "timestamp", "updated_at", "time", "checked_at"))})


def _is_breaker(value: Mapping[str, Any]) -> bool:
    named = any(isinstance(value.get(key), str) for key in ("provider", "name", "id", "breaker"))
    return named and any(BREAKER_FIELDS.knows(key) for key in value if key not in ("provider", "name", "id"))


_RULES = ListRules(
    names=("breakers", "circuit_breakers", "circuitBreakers", "circuits", "providers", "statuses", "status"),
    is_entry=_is_breaker,
    is_short=lambda value: known_word(value, WORDS)[0] is not None and not isinstance(value, bool),
    short_types=(str, bool, int),
    is_map_entry=lambda value: not value or BREAKER_FIELDS.recognises(value),
    most=MOST_PROVIDERS,
)


def read_circuit_breakers(body: Any, now: datetime | None = None) -> CircuitBreakerReport:
    """Read breakers as a list, a map by provider or provider/model, or a map of words.

    Durations such as ``retry_after`` count from the body's own time, else from ``now`` (the ``Date`` header),
    else from our clock. Raises :class:`UnreadableValue` when no breakers can be found.
    """
    drift = Drift()
    listing = unwrap_list(body, _RULES)
    generated_at = _GENERATED.read(listing.around, drift, "").get("at") or now
    as_of = generated_at or datetime.now(UTC)
    breakers = read_entries(
        listing,
        lambda key, value: _read_entry(key, value, as_of, drift, listing),
        drift,
        lambda breaker: (breaker.provider, breaker.scope),
    )
    return CircuitBreakerReport(
        data=breakers,
        generated_at=generated_at,
        dialect=_dialect(listing),
        notes=drift.notes,
        raw=None if listing.unread else body,
    )


def _read_entry(
    key: str | int, value: Any, as_of: datetime, drift: Drift, listing: Listing
) -> CircuitBreaker:
    path = listing.path_of(key)
    if not isinstance(value, Mapping):
        if isinstance(key, int) or not isinstance(value, str | bool | int):
            raise UnreadableValue("", describe(value))
        value = {"state": value}
    values = BREAKER_FIELDS.read(value, drift, path)
    provider, scope = _identity(values, key)
    _spread_nested(values, drift, path)
    deduced: set[str] = set()
    state, state_raw = _read_state(values, deduced, drift)
    _resolve_times(values, state, as_of, deduced)
    return CircuitBreaker(
        provider=provider,
        scope=scope,
        state=state,
        state_raw=state_raw,
        deduced=frozenset(deduced),
        as_of=as_of,
        raw=value,
        **values,
    )


def _identity(values: dict[str, Any], key: str | int) -> tuple[str, str | None]:
    """Provider and scope: ``openai/gpt-4o`` and ``openai:gpt-4o`` are a breaker of one model."""
    name = values.pop("name", None)
    model = values.pop("scope", None)
    provider = values.pop("provider", None) or name or (key if isinstance(key, str) else None)
    if provider is None:
        raise UnreadableValue("provider", "nothing")
    if model is not None:
        return provider, model.removeprefix(f"{provider}/") or None
    split = _SCOPE.fullmatch(provider)
    return (split["provider"], split["scope"]) if split else (provider, None)


def _spread_nested(values: dict[str, Any], drift: Drift, path: str) -> None:
    """Move the members of ``window`` and ``counts`` into the fields proper, where those are silent."""
    window = WINDOW_FIELDS.read(values.pop("window", None) or {}, drift, f"{path}.window")
    counts = COUNT_FIELDS.read(values.pop("counts", None) or {}, drift, f"{path}.counts")
    for name, number in (window | counts).items():
        if values.get(name) is None:
            values[name] = number


def _read_state(values: dict[str, Any], deduced: set[str], drift: Drift) -> tuple[str, str]:
    """Our state and the server's word for it. Flags and numbers are understood, the latter as deduced."""
    sent, opened = values.pop("state", None), values.pop("open", None)
    if sent is None or sent == "":
        if opened is None:
            return UNKNOWN, ""
        return (OPEN if opened else CLOSED), str(opened).lower()
    if isinstance(sent, bool):
        return FLAG_STATES[sent], str(sent).lower()
    state, word = known_word(sent, WORDS)
    if word in NUMBER_STATES:
        deduced.add("state")
        return NUMBER_STATES[word], word
    if state is None:
        drift.say(f"the state {describe(sent)} is not one we know", kind=f"state {word}")
    return state or word or UNKNOWN, word


def _resolve_times(values: dict[str, Any], state: str, as_of: datetime, deduced: set[str]) -> None:
    """Make the instant and the countdown of the next attempt agree; only an open breaker has a deduced
    one."""
    cooldown = values.pop("cooldown", None)
    if state != OPEN:
        return
    left, due = values.get("retry_after"), values.get("next_attempt_at")
    if due is None and (left is not None or cooldown is not None):
        start = as_of if left is not None else values.get("opened_at") or as_of
        due = _later(start, left if left is not None else cooldown)
        values["next_attempt_at"] = due
        deduced.add("next_attempt_at")
    if left is None and due is not None:
        values["retry_after"] = max(0.0, (due - as_of).total_seconds())
        deduced.add("retry_after")


def _later(start: datetime, seconds: float | None) -> datetime | None:
    try:
        return start + timedelta(seconds=seconds or 0.0)
    except OverflowError:
        return None


def _dialect(listing: Listing) -> str | None:
    if not listing.entries:
        return None
    first = listing.entries[0][1]
    if not isinstance(first, Mapping):
        return "words"
    if "counts" in first or "Counts" in first:
        return "counts"
    return "map" if listing.is_map else "list"
