"""Message batches: `/v1/messages/batches` (`wire.md` 4.3, 10.2, D50 to D52, D76; Anthropic docs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.base import Answer, Drift, FieldTable, known_word
from zaguan_tui.client.types.envelopes import ListRules, read_entries, unwrap_list, unwrap_object
from zaguan_tui.client.types.primitives import (
    UnreadableValue,
    count,
    describe,
    filled_text,
    flag,
    identifier,
    mapping,
    text,
)
from zaguan_tui.client.types.times import instant

IN_PROGRESS = "in_progress"
CANCELING = "canceling"
ENDED = "ended"

_STATUS_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("in_progress", "processing", "running"), IN_PROGRESS),
    **dict.fromkeys(("canceling", "cancelling"), CANCELING),
    **dict.fromkeys(("ended", "complete", "completed"), ENDED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBatchCounts:
    """Requests by outcome; ``None`` is *not said*.

    Until the whole batch has ended everything stays in ``processing`` (Anthropic docs): no progress can be
    read from these numbers.
    """

    processing: int | None = None
    succeeded: int | None = None
    errored: int | None = None
    canceled: int | None = None
    expired: int | None = None

    @property
    def size(self) -> int | None:
        """All requests of the batch; ``None`` when the server counts none of the five."""
        known = [n for n in (self.processing, *self._ended()) if n is not None]
        return sum(known) if known else None

    @property
    def all_succeeded(self) -> bool:
        """Whether nothing was errored, canceled or expired: the status alone does not tell."""
        return not any((self.errored, self.canceled, self.expired))

    def _ended(self) -> tuple[int | None, ...]:
        return (self.succeeded, self.errored, self.canceled, self.expired)


NO_COUNTS = MessageBatchCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBatch(Answer):
    """One batch. ``status`` is in_progress, canceling, ended or the server's own word (counts as running).

    ``results_url`` may point to a foreign origin: the client never follows it. Times are aware UTC.
    """

    id: str
    status: str = ""
    counts: MessageBatchCounts = NO_COUNTS
    created_at: datetime | None = None
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    cancel_initiated_at: datetime | None = None
    archived_at: datetime | None = None
    results_url: str | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.status == ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBatchPage(Answer):
    """One page of batches, newest first. The next one is asked for with ``after_id=last_id``.

    ``dialect``: anthropic (paged object) or ts (bare list, which is everything there is).
    """

    data: tuple[MessageBatch, ...] = ()
    has_more: bool | None = None
    first_id: str | None = None
    last_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedMessageBatch(Answer):
    """The answer of deleting a batch; ``deleted`` is false only when the server says so."""

    id: str | None = None
    deleted: bool = True


_BATCH = FieldTable(
    {
        "id": (identifier, ("id", "batch_id")),
        "status": (text, ("processing_status", "status")),
        "counts": (mapping, ("request_counts", "counts")),
        "created_at": (instant, ("created_at",)),
        "expires_at": (instant, ("expires_at",)),
        "ended_at": (instant, ("ended_at", "completed_at")),
        "cancel_initiated_at": (instant, ("cancel_initiated_at",)),
        "archived_at": (instant, ("archived_at",)),
        "results_url": (filled_text, ("results_url",)),
    }
)
_COUNTS = FieldTable(
    {
        "processing": (count, ("processing",)),
        "succeeded": (count, ("succeeded",)),
        "errored": (count, ("errored",)),
        "canceled": (count, ("canceled", "cancelled")),
        "expired": (count, ("expired",)),
    }
)
_PAGE = FieldTable(
    {
        "has_more": (flag, ("has_more",)),
        "first_id": (identifier, ("first_id",)),
        "last_id": (identifier, ("last_id",)),
    }
)
_DELETED = FieldTable({"id": (identifier, ("id",)), "deleted": (flag, ("deleted",))})


def _is_batch(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("id"), str) and any(
        key in value for key in ("processing_status", "request_counts", "processingStatus", "status")
    )


_RULES = ListRules(names=("batches", "message_batches"), is_entry=_is_batch)


def read_message_batch(body: Any) -> MessageBatch:
    """Read one batch, bare or wrapped; raises :class:`UnreadableValue` when there is none."""
    drift = Drift()
    entry = unwrap_object(body, ("batch", "message_batch"), _is_batch)
    return _read_batch(entry, drift, "", body, own_notes=True)


def read_message_batches(body: Any) -> MessageBatchPage:
    """Read a page: the paged object, or a bare list (zaguan-sdk-ts).

    Raises :class:`UnreadableValue` when no batches can be found where batches are due.
    """
    drift = Drift()
    listing = unwrap_list(body, _RULES)

    def read_one(key: str | int, value: Any) -> MessageBatch:
        if not isinstance(value, Mapping):
            raise UnreadableValue("", describe(value))
        return _read_batch(value, drift, listing.path_of(key), value, own_notes=False)

    batches = read_entries(listing, read_one, drift, lambda batch: batch.id)
    return MessageBatchPage(
        data=batches,
        dialect="ts" if isinstance(body, list) else "anthropic",
        notes=drift.notes,
        raw=body,
        **_PAGE.read(listing.around, drift, ""),
    )


def read_deleted_batch(body: Any) -> DeletedMessageBatch:
    """Read ``{id, type: message_batch_deleted}``; raises :class:`UnreadableValue` if it is no object."""
    if not isinstance(body, Mapping):
        raise UnreadableValue("", describe(body))
    drift = Drift()
    values = {name: value for name, value in _DELETED.read(body, drift, "").items() if value is not None}
    return DeletedMessageBatch(notes=drift.notes, raw=body, **values)


def _read_batch(
    entry: Mapping[str, Any], drift: Drift, path: str, raw: Any, *, own_notes: bool
) -> MessageBatch:
    values = _BATCH.read(entry, drift, path)
    if values.get("id") is None:
        raise UnreadableValue("id", "nothing")
    word, sent = known_word(values.pop("status", None), _STATUS_WORDS)
    counts = MessageBatchCounts(**_COUNTS.read(values.pop("counts", {}), drift, f"{path}.request_counts"))
    notes = drift.notes if own_notes else ()
    return MessageBatch(status=word or sent, counts=counts, notes=notes, raw=raw, **values)
