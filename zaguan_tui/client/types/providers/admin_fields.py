"""The spellings in the answers of the admin calls (`wire.md` 6.4, ``proposal``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.client.types.core.base import FieldTable
from zaguan_tui.client.types.core.primitives import (
    count,
    filled_text,
    flag,
    identifier,
    mapping,
    texts,
    unreadable,
)
from zaguan_tui.client.types.core.times import instant, milliseconds

ACCEPTED_WORDS = frozenset(
    ("ok", "success", "successful", "done", "true", "reloaded", "unchanged", "enabled", "disabled", "updated")
)
PENDING_WORDS = frozenset(("accepted", "pending", "queued", "scheduled", "in_progress"))
REFUSED_WORDS = frozenset(("error", "failed", "failure", "refused", "rejected", "denied", "false"))


def _error(value: Any, key: str = "") -> Any:
    if isinstance(value, str | Mapping | bool):
        return value
    raise unreadable(value)


def _ids_or_count(value: Any, key: str = "") -> tuple[str, ...] | int | None:
    return texts(value, key) if isinstance(value, list | Mapping) else count(value, key)


_OUTCOME = {
    "ok": (flag, ("ok", "success", "accepted")),
    "error": (_error, ("error",)),
    "message": (filled_text, ("message", "detail")),
}

RELOAD_FIELDS = FieldTable(
    {
        **_OUTCOME,
        "status": (filled_text, ("status", "state", "result")),
        "config_version": (identifier, ("config_version", "version", "new_version")),
        "previous_version": (identifier, ("previous_version", "old_version")),
        "reloaded_at": (instant, ("reloaded_at", "timestamp", "time")),
        "duration_ms": (
            milliseconds,
            ("duration_ms", "duration", "duration_s", "duration_seconds"),
        ),
        "changes": (mapping, ("changes",)),
        "warnings": (texts, ("warnings",)),
    }
)
STATE_FIELDS = FieldTable(
    {
        **_OUTCOME,
        "provider": (identifier, ("provider", "provider_id", "id", "name")),
        "enabled": (flag, ("enabled", "is_enabled")),
        "previous_enabled": (flag, ("previous_enabled", "was_enabled")),
        "changed": (flag, ("changed",)),
        "status": (filled_text, ("status", "state")),
        "effective_at": (instant, ("effective_at", "timestamp", "updated_at")),
        "reason": (filled_text, ("reason",)),
        "affected": (mapping, ("affected",)),
    }
)
AFFECTED_FIELDS = FieldTable(
    {
        "models": (count, ("models",)),
        "virtual_models": (count, ("virtual_models",)),
        "in_flight": (count, ("in_flight", "active_requests")),
    }
)
CHANGE_FIELDS = FieldTable({kind: (_ids_or_count, (kind,)) for kind in ("added", "removed", "changed")})
