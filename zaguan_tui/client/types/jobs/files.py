"""`/v1/files`: uploaded and produced files (`wire.md` 3.7, 10.5; ``OpenAI spec``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.page import Entity, EntryReader, Page
from zaguan_tui.client.types.core.primitives import count, filled_text, fold, identifier
from zaguan_tui.client.types.core.times import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class File(Entity):
    """One file. ``size`` is in bytes; ``status`` is uploaded, processed, error or the server's own word.

    OpenAI calls the status deprecated, so it may be ``None``; ``status_details`` says why a file is in error.
    """

    filename: str | None = None
    purpose: str | None = None
    size: int | None = None
    created_at: datetime | None = None
    expires_at: datetime | None = None
    status: str | None = None
    status_details: str | None = None

    @property
    def is_usable(self) -> bool:
        """Whether it can serve as input. No status means yes (`wire.md` 10.5)."""
        return self.status not in ("error", "failed")


_FIELDS = FieldTable(
    {
        "id": (identifier, ("id", "file_id")),
        "filename": (filled_text, ("filename", "file_name", "name")),
        "purpose": (filled_text, ("purpose",)),
        "size": (count, ("bytes", "size", "size_bytes")),
        "created_at": (instant, ("created_at", "created")),
        "expires_at": (instant, ("expires_at",)),
        "status": (filled_text, ("status",)),
        "status_details": (filled_text, ("status_details",)),
    }
)


def _build(entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str) -> File:
    status = values.pop("status", None)
    return File(status=None if status is None else fold(status) or status, raw=entry, **values)


_READER = EntryReader(("file", "files"), _FIELDS, _build)


def read_file(body: Any) -> File:
    """Read one file, bare or wrapped; raises :class:`UnreadableValue` when there is none."""
    return _READER.one(body)


def read_files(body: Any) -> Page[File]:
    """Read one page of files; raises :class:`UnreadableValue` when there is no list."""
    return _READER.page(body)
