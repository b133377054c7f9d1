"""`/v1/fine_tuning/jobs`: jobs, their events and checkpoints (`wire.md` 3.8, 8, 10.3; ``OpenAI spec``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.job_error import Fault, read_fault
from zaguan_tui.client.types.core.page import Entity, EntryReader, Page, objects
from zaguan_tui.client.types.core.primitives import (
    count,
    filled_text,
    fold,
    free_object,
    identifier,
    integer,
    texts,
)
from zaguan_tui.client.types.core.times import instant
from zaguan_tui.client.types.models.lifecycle import Stage, stage_of, status_word


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuningJob(Entity):
    """One job. ``status`` is the usual word (`wire.md` 10.3) or, if unknown, the server's own.

    ``model`` is what is tuned, ``fine_tuned_model`` what came of it. ``hyperparameters`` hold numbers or
    ``"auto"``; ``method`` is as sent. ``trained_tokens`` are billed. Times are aware UTC.
    """

    status: str = "unknown"
    model: str | None = None
    fine_tuned_model: str | None = None
    training_file: str | None = None
    validation_file: str | None = None
    result_files: tuple[str, ...] = ()
    hyperparameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    method: Mapping[str, Any] = field(default_factory=dict, hash=False)
    integrations: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    trained_tokens: int | None = None
    seed: int | None = None
    organization_id: str | None = None
    error: Fault | None = None
    created_at: datetime | None = None
    estimated_finish: datetime | None = None
    finished_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """What the status means."""
        return stage_of(self.status)

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.stage.is_terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuningEvent(Entity):
    """Something that happened in a job. ``level`` is info, warn, error or the server's own word.

    ``type`` is ``message`` or ``metrics``; ``data`` is a free object, see :mod:`.training_curve`.
    """

    created_at: datetime | None = None
    level: str = "info"
    message: str = ""
    type: str = "message"
    data: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FineTuningCheckpoint(Entity):
    """A usable state of the model at ``step_number``; ``metrics`` are as sent."""

    created_at: datetime | None = None
    step_number: int | None = None
    fine_tuned_model_checkpoint: str | None = None
    fine_tuning_job_id: str | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict, hash=False)


_JOB = FieldTable(
    {
        "id": (identifier, ("id", "job_id")),
        "status": (filled_text, ("status", "state")),
        "model": (filled_text, ("model",)),
        "fine_tuned_model": (filled_text, ("fine_tuned_model",)),
        "training_file": (identifier, ("training_file",)),
        "validation_file": (identifier, ("validation_file",)),
        "result_files": (texts, ("result_files",)),
        "hyperparameters": (free_object, ("hyperparameters",)),
        "method": (free_object, ("method",)),
        "integrations": (objects, ("integrations",)),
        "metadata": (free_object, ("metadata",)),
        "trained_tokens": (count, ("trained_tokens",)),
        "seed": (integer, ("seed",)),
        "organization_id": (identifier, ("organization_id",)),
        "created_at": (instant, ("created_at", "created")),
        "estimated_finish": (instant, ("estimated_finish",)),
        "finished_at": (instant, ("finished_at",)),
    }
)
_EVENT = FieldTable(
    {
        "id": (identifier, ("id",)),
        "created_at": (instant, ("created_at", "created")),
        "level": (filled_text, ("level",)),
        "message": (filled_text, ("message",)),
        "type": (filled_text, ("type",)),
        "data": (free_object, ("data",)),
    }
)
_CHECKPOINT = FieldTable(
    {
        "id": (identifier, ("id",)),
        "created_at": (instant, ("created_at", "created")),
        "step_number": (count, ("step_number", "step")),
        "fine_tuned_model_checkpoint": (filled_text, ("fine_tuned_model_checkpoint",)),
        "fine_tuning_job_id": (identifier, ("fine_tuning_job_id", "job_id")),
        "metrics": (free_object, ("metrics",)),
    }
)


def _build_job(entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str) -> FineTuningJob:
    status = status_word(values.pop("status", None))
    error = read_fault(entry.get("error"), drift, f"{path}.error")
    return FineTuningJob(status=status, error=error, raw=entry, **values)


def _build_event(
    entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str
) -> FineTuningEvent:
    level = fold(values.pop("level", None) or "info")
    return FineTuningEvent(
        level="warn" if level == "warning" else level,
        message=values.pop("message", None) or "",
        type=values.pop("type", None) or "message",
        raw=entry,
        **values,
    )


def _build_checkpoint(
    entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str
) -> FineTuningCheckpoint:
    return FineTuningCheckpoint(raw=entry, **values)


_JOBS = EntryReader(("job", "fine_tuning_job", "jobs"), _JOB, _build_job)
_EVENTS = EntryReader(("events",), _EVENT, _build_event, needs_id=False)
_CHECKPOINTS = EntryReader(("checkpoints",), _CHECKPOINT, _build_checkpoint, needs_id=False)


def read_fine_tuning_job(body: Any) -> FineTuningJob:
    """Read one job, bare or wrapped; raises :class:`UnreadableValue` when there is none."""
    return _JOBS.one(body)


def read_fine_tuning_jobs(body: Any) -> Page[FineTuningJob]:
    """Read one page of jobs; raises :class:`UnreadableValue` when there is no list."""
    return _JOBS.page(body)


def read_fine_tuning_events(body: Any) -> Page[FineTuningEvent]:
    """Read one page of events; raises :class:`UnreadableValue` when there is no list."""
    return _EVENTS.page(body)


def read_fine_tuning_checkpoints(body: Any) -> Page[FineTuningCheckpoint]:
    """Read one page of checkpoints; raises :class:`UnreadableValue` when there is no list."""
    return _CHECKPOINTS.page(body)
