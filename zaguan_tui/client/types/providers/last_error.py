"""The last error of a provider or a breaker (`wire.md` 6.1, ``proposal``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.primitives import filled_text, integer, unreadable
from zaguan_tui.client.types.core.times import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class LastError:
    """What went wrong last: the server's words, its type, the upstream HTTP status, and when."""

    message: str
    type: str | None = None
    status_code: int | None = None
    at: datetime | None = None


_FIELDS = FieldTable(
    {
        "message": (filled_text, ("message", "error", "detail", "reason", "description")),
        "type": (filled_text, ("type", "code", "kind")),
        "status_code": (integer, ("status_code", "status", "http_status")),
        "at": (instant, ("at", "timestamp", "time", "occurred_at")),
    }
)


def last_error(value: Any, key: str = "") -> LastError | None:
    """A text, or an object with a message. Null, false and blank mean that there was none."""
    if value is None or value is False:
        return None
    if isinstance(value, str):
        return LastError(message=value) if value.strip() else None
    if not isinstance(value, Mapping):
        raise unreadable(value)
    values = _FIELDS.read(value, Drift(), "")
    message = values.pop("message", None) or values.get("type")
    if message is None:
        if values.get("status_code") is None:
            return None
        message = f"HTTP {values['status_code']}"
    return LastError(message=message, **values)
