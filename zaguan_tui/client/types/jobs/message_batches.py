"""Message batches: `/v1/messages/batches` (`wire.md` 4.3, 10.2, D50 to D52, D76; Anthropic docs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable, known_word
from zaguan_tui.client.types.core.page import Entity, EntryReader, Page
from zaguan_tui.client.types.core.primitives import (
    UnreadableValue,
    count,
    describe,
    filled_text,
    flag,
    identifier,
    mapping,
    text,
)
from zaguan_tui.client.types.core.times import instant
from zaguan_tui.client.types.models.lifecycle import Stage

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
class MessageBatch(Entity):
    """One batch. ``status`` is in_progress, canceling, ended or the server's own word (counts as running).

    ``results_url`` may point to a foreign origin: the client never follows it. Times are aware UTC.
    """

    status: str = ""
    counts: MessageBatchCounts = NO_COUNTS
    created_at: datetime | None = None
    expires_at: datetime | None = None
    ended_at: datetime | None = None
    cancel_initiated_at: datetime | None = None
    archived_at: datetime | None = None
    results_url: str | None = None

    @property
    def stage(self) -> Stage:
        """What the status means; of an ended batch, what became of its requests (§10.2)."""
        if self.status == CANCELING:
            return Stage.STOPPING
        if self.status != ENDED:
            return Stage.RUNNING
        counts = self.counts
        ends = {
            Stage.SUCCEEDED: counts.succeeded,
            Stage.FAILED: counts.errored,
            Stage.CANCELLED: counts.canceled,
            Stage.EXPIRED: counts.expired,
        }
        met = [stage for stage, number in ends.items() if number]
        if len(met) > 1:
            return Stage.INCOMPLETE
        return met[0] if met else Stage.SUCCEEDED

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.status == ENDED


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
_DELETED = FieldTable({"id": (identifier, ("id",)), "deleted": (flag, ("deleted",))})


def _build(entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str) -> MessageBatch:
    word, sent = known_word(values.pop("status", None), _STATUS_WORDS)
    counts = MessageBatchCounts(**_COUNTS.read(values.pop("counts", {}), drift, f"{path}.request_counts"))
    return MessageBatch(status=word or sent, counts=counts, raw=entry, **values)


_READER = EntryReader(("batch", "message_batch", "batches", "message_batches"), _BATCH, _build)


def read_message_batch(body: Any) -> MessageBatch:
    """Read one batch, bare or wrapped; raises :class:`UnreadableValue` when there is none."""
    return _READER.one(body)


def read_message_batches(body: Any) -> Page[MessageBatch]:
    """Read a page: the paged object, or a bare list (zaguan-sdk-ts), which is everything there is (D50).

    Raises :class:`UnreadableValue` when no batches can be found where batches are due.
    """
    page = _READER.page(body)
    return replace(page, dialect="ts", has_more=False) if isinstance(body, list) else page


def read_deleted_batch(body: Any) -> DeletedMessageBatch:
    """Read ``{id, type: message_batch_deleted}``; raises :class:`UnreadableValue` if it is no object."""
    if not isinstance(body, Mapping):
        raise UnreadableValue("", describe(body))
    drift = Drift()
    values = {name: value for name, value in _DELETED.read(body, drift, "").items() if value is not None}
    return DeletedMessageBatch(notes=drift.notes, raw=body, **values)
