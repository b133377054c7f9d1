"""The answer to every DELETE: `{id, object, deleted}` (``OpenAI spec``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable
from zaguan_tui.client.types.core.envelopes import unwrap_object
from zaguan_tui.client.types.core.primitives import filled_text, flag, identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted(Answer):
    """``deleted`` is ``None`` when the server does not say; ``object`` is its word for the kind of thing."""

    id: str | None = None
    deleted: bool | None = None
    object: str | None = None


_FIELDS = FieldTable(
    {
        "id": (identifier, ("id",)),
        "deleted": (flag, ("deleted", "success")),
        "object": (filled_text, ("object", "type")),
    }
)


def read_deleted(body: Any) -> Deleted:
    """Read the answer, bare or wrapped; raises :class:`UnreadableValue` when it tells of no deletion."""
    drift = Drift()
    entry = unwrap_object(body, ("file", "assistant", "thread", "model"), lambda value: "deleted" in value)
    values = _FIELDS.read(entry, drift, "")
    return Deleted(notes=drift.notes, raw=entry, **values)
