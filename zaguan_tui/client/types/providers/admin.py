"""The three admin calls: reload, enable, disable (`wire.md` 6.4, ``proposal``: only method and path are
documented).

An answer here says what the server *claims*. Whoever called reads the provider status again and believes
that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable, known_word
from zaguan_tui.client.types.core.primitives import UnreadableValue, describe, fold
from zaguan_tui.client.types.providers.admin_fields import (
    ACCEPTED_WORDS,
    AFFECTED_FIELDS,
    CHANGE_FIELDS,
    PENDING_WORDS,
    REFUSED_WORDS,
    RELOAD_FIELDS,
    STATE_FIELDS,
)
from zaguan_tui.client.types.providers.provider_fields import DISABLED, WORDS

ACCEPTED_STATUS = 202
"""HTTP: taken in, not yet in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """What a reload added, removed and changed of one kind: how many, and which where the server names
    them."""

    added: int | None = None
    removed: int | None = None
    changed: int | None = None
    added_ids: tuple[str, ...] = ()
    removed_ids: tuple[str, ...] = ()
    changed_ids: tuple[str, ...] = ()


NO_CHANGES = ChangeSet()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminReload(Answer):
    """The answer of `POST /v1/admin/reload`.

    ``accepted`` is false when the server says it did not work; ``pending`` when it took the call but has not
    acted. ``status`` is reloaded, unchanged or the server's own word. ``duration_ms`` is milliseconds.
    """

    accepted: bool
    pending: bool = False
    status: str | None = None
    message: str | None = None
    config_version: str | None = None
    previous_version: str | None = None
    reloaded_at: datetime | None = None
    duration_ms: float | None = None
    providers: ChangeSet = NO_CHANGES
    models: ChangeSet = NO_CHANGES
    virtual_models: ChangeSet = NO_CHANGES
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Who an enable or disable hits: models, virtual models, requests in flight."""

    models: int | None = None
    virtual_models: int | None = None
    in_flight: int | None = None


NOBODY_NAMED = Affected()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderState(Answer):
    """The answer of enabling or disabling a provider.

    ``accepted`` and ``pending`` as in :class:`AdminReload`. ``enabled`` is the claimed state, ``changed``
    false when it was so before, both ``None`` when not said. ``status`` is a provider status, as in the
    status report.
    """

    accepted: bool
    pending: bool = False
    provider: str | None = None
    enabled: bool | None = None
    previous_enabled: bool | None = None
    changed: bool | None = None
    status: str | None = None
    message: str | None = None
    effective_at: datetime | None = None
    reason: str | None = None
    affected: Affected = NOBODY_NAMED


def read_admin_reload(body: Any, http_status: int | None = None) -> AdminReload:
    """Read what reload answered: the canonical object, ``{ok: true}``, ``"ok"``, or nothing at all.

    Raises :class:`UnreadableValue` for a list, a number or prose.
    """
    drift = Drift()
    entry = _entry(body, ("reload",))
    values = RELOAD_FIELDS.read(entry, drift, "")
    outcome = _outcome(values, http_status)
    changes = values.pop("changes", None) or {}
    status = values.pop("status", None)
    return AdminReload(
        status=fold(status) if status else None,
        providers=_change_set(changes, "providers", drift),
        models=_change_set(changes, "models", drift),
        virtual_models=_change_set(changes, "virtual_models", drift),
        **outcome,
        **values,
        notes=drift.notes,
        raw=body,
    )


def read_provider_state(body: Any, http_status: int | None = None) -> ProviderState:
    """Read what enable or disable answered: canonical, a provider object, a word, or nothing at all.

    Raises :class:`UnreadableValue` for a list, a number or prose.
    """
    drift = Drift()
    entry = _entry(body, ())
    inner = entry.get("provider")
    if isinstance(inner, Mapping):
        entry = {**inner, **{key: value for key, value in entry.items() if key != "provider"}}
    values = STATE_FIELDS.read(entry, drift, "")
    is_provider = values.get("provider") is not None
    outcome = _outcome(values, http_status, is_provider=is_provider)
    status, enabled = _state(values, is_provider=is_provider)
    affected = AFFECTED_FIELDS.read(values.pop("affected", None) or {}, drift, "affected")
    return ProviderState(
        status=status,
        enabled=enabled,
        affected=Affected(**affected),
        **outcome,
        **values,
        notes=drift.notes,
        raw=body,
    )


def _entry(body: Any, names: tuple[str, ...]) -> Mapping[str, Any]:
    """The object in ``body``; an empty body is an empty object, a word an object with that status."""
    if body is None or (isinstance(body, str) and not body.strip()):
        return {}
    if isinstance(body, bool):
        return {"ok": body}
    if isinstance(body, str):
        if fold(body) in ACCEPTED_WORDS | PENDING_WORDS | REFUSED_WORDS:
            return {"status": body}
        raise UnreadableValue("", describe(body))
    if not isinstance(body, Mapping):
        raise UnreadableValue("", describe(body))
    for name in (*names, "data", "result"):
        inner = body.get(name)
        if isinstance(inner, Mapping):
            return {**body, **inner}
    return body


def _outcome(values: dict[str, Any], http_status: int | None, *, is_provider: bool = False) -> dict[str, Any]:
    """Whether the server took the call, and whether it has acted on it.

    Beside a provider, the status and an error text are the provider's own and say nothing about the call.
    """
    accepted = values.pop("ok", None)
    word = fold(values.get("status") or "")
    error = values.pop("error", None)
    if is_provider:
        word = word if word in PENDING_WORDS - {"pending"} else ""
        error = error if isinstance(error, Mapping) and accepted is not True else None
    message = values.pop("message", None)
    if isinstance(error, Mapping) and isinstance(error.get("message"), str):
        message = message or error["message"]
    elif isinstance(error, str):
        message = message or error
    refused = accepted is False or bool(error) or word in REFUSED_WORDS
    pending = http_status == ACCEPTED_STATUS or word in PENDING_WORDS
    return {"accepted": not refused, "pending": pending and not refused, "message": message}


def _state(values: dict[str, Any], *, is_provider: bool) -> tuple[str | None, bool | None]:
    """The provider's status and switch. Beside no provider ``ok`` is praise for the call, not a state."""
    sent = values.pop("status", None)
    enabled: bool | None = values.pop("enabled", None)
    word = fold(sent or "")
    if enabled is None and word in ("enabled", "disabled"):
        enabled = word == "enabled"
    if not sent or (not is_provider and word in ACCEPTED_WORDS | PENDING_WORDS | REFUSED_WORDS):
        return (DISABLED if word == DISABLED else None), enabled
    return known_word(sent, WORDS)[0] or sent, enabled


def _change_set(changes: Mapping[str, Any], name: str, drift: Drift) -> ChangeSet:
    held = _KINDS.read(changes, drift, "changes").get(name)
    if not isinstance(held, Mapping):
        return ChangeSet(changed=held) if isinstance(held, int) else NO_CHANGES
    values = CHANGE_FIELDS.read(held, drift, f"changes.{name}")
    read: dict[str, Any] = {}
    for kind, change in values.items():
        if isinstance(change, tuple):
            read[kind], read[f"{kind}_ids"] = len(change), change
        else:
            read[kind] = change
    return ChangeSet(**read)


def _kind(value: Any, key: str = "") -> Any:
    if isinstance(value, Mapping) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise UnreadableValue("", describe(value))


_KINDS = FieldTable({name: (_kind, (name,)) for name in ("providers", "models", "virtual_models")})
