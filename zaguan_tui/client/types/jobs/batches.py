"""`/v1/batches`: many requests in one file (`wire.md` 3.9, 10.1, D53 to D56; ``OpenAI spec``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.answers.usage import Usage, read_usage
from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.job_error import Fault, read_faults
from zaguan_tui.client.types.core.page import Entity, EntryReader, Page
from zaguan_tui.client.types.core.primitives import count, filled_text, free_object, identifier
from zaguan_tui.client.types.core.times import instant
from zaguan_tui.client.types.models.lifecycle import Stage, stage_of, status_word


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchCounts:
    """Requests of a batch; all zero while it is validated. ``None``: not said."""

    total: int | None = None
    completed: int | None = None
    failed: int | None = None

    @property
    def done(self) -> int | None:
        """Requests with an outcome, good or bad."""
        if self.completed is None:
            return self.failed
        return self.completed + (self.failed or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch(Entity):
    """One batch. ``status`` is the usual word (`wire.md` 10.1) or, if unknown, the server's own.

    Times are aware UTC, ``None`` for what has not happened; a 0 counts as missing (D56). ``output_file_id``
    and ``error_file_id`` hold the lines of requests that went well and badly; both are there also after an
    expiry or cancellation. ``errors`` are complaints about the input file.
    """

    status: str = "unknown"
    endpoint: str | None = None
    model: str | None = None
    input_file_id: str | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    completion_window: str | None = None
    counts: BatchCounts | None = None
    errors: tuple[Fault, ...] = ()
    usage: Usage | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    created_at: datetime | None = None
    in_progress_at: datetime | None = None
    finalizing_at: datetime | None = None
    completed_at: datetime | None = None
    failed_at: datetime | None = None
    expires_at: datetime | None = None
    expired_at: datetime | None = None
    cancelling_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """What the status means; a completed batch in which every request failed has failed (§10.2)."""
        stage, counts = stage_of(self.status), self.counts
        all_failed = counts is not None and counts.failed and not counts.completed
        return Stage.FAILED if stage is Stage.SUCCEEDED and all_failed else stage

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.stage.is_terminal

    @property
    def ended_at(self) -> datetime | None:
        """When it came to its end, whichever; ``None`` while it runs."""
        ends = (self.completed_at, self.failed_at, self.expired_at, self.cancelled_at)
        return next((end for end in ends if end is not None), None) if self.is_over else None


_TIMES = (
    "in_progress_at",
    "finalizing_at",
    "completed_at",
    "failed_at",
    "expires_at",
    "expired_at",
)
_FIELDS = FieldTable(
    {
        "id": (identifier, ("id", "batch_id")),
        "status": (filled_text, ("status", "state")),
        "endpoint": (filled_text, ("endpoint",)),
        "model": (filled_text, ("model",)),
        "input_file_id": (identifier, ("input_file_id",)),
        "output_file_id": (identifier, ("output_file_id",)),
        "error_file_id": (identifier, ("error_file_id",)),
        "completion_window": (filled_text, ("completion_window",)),
        "counts": (free_object, ("request_counts",)),
        "metadata": (free_object, ("metadata",)),
        "created_at": (instant, ("created_at", "created")),
        "cancelling_at": (instant, ("cancelling_at", "canceling_at")),
        "cancelled_at": (instant, ("cancelled_at", "canceled_at")),
        **{name: (instant, (name,)) for name in _TIMES},
    }
)
_COUNTS = FieldTable({name: (count, (name,)) for name in ("total", "completed", "failed")})


def _build(entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str) -> Batch:
    counts = values.pop("counts", None)
    return Batch(
        status=status_word(values.pop("status", None)),
        counts=BatchCounts(**_COUNTS.read(counts, drift, f"{path}.request_counts")) if counts else None,
        errors=read_faults(entry.get("errors"), drift, f"{path}.errors"),
        usage=read_usage(entry.get("usage"), drift),
        raw=entry,
        **values,
    )


_READER = EntryReader(("batch", "batches"), _FIELDS, _build)


def read_batch(body: Any) -> Batch:
    """Read one batch, bare or wrapped; raises :class:`UnreadableValue` when there is none."""
    return _READER.one(body)


def read_batches(body: Any) -> Page[Batch]:
    """Read one page of batches; raises :class:`UnreadableValue` when there is no list."""
    return _READER.page(body)
