"""`/v1/threads/{id}/runs` and their steps (`wire.md` 3.12, 8, 10.4; ``OpenAI spec``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.streaming.merge.tool_calls import ToolCallMerger
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage, read_usage
from zaguan_tui.client.types.assistants.assistants import response_format
from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.job_error import Fault, read_fault
from zaguan_tui.client.types.core.page import Entity, EntryReader, Page, objects
from zaguan_tui.client.types.core.primitives import (
    amount,
    count,
    describe,
    filled_text,
    free_object,
    identifier,
)
from zaguan_tui.client.types.core.times import instant
from zaguan_tui.client.types.models.lifecycle import Stage, stage_of, status_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Entity):
    """One run of an assistant over a thread. ``status`` is the usual word (`wire.md` 10.4) or as sent.

    ``tool_calls`` are the calls it waits for (``requires_action``), until ``expires_at``. ``usage`` comes at
    the end. ``incomplete_reason`` says which limit ended it.
    """

    status: str = "unknown"
    thread_id: str | None = None
    assistant_id: str | None = None
    model: str | None = None
    instructions: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    last_error: Fault | None = None
    incomplete_reason: str | None = None
    usage: Usage | None = None
    tools: tuple[Mapping[str, Any], ...] = field(default=(), hash=False, repr=False)
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    temperature: float | None = None
    top_p: float | None = None
    max_prompt_tokens: int | None = None
    max_completion_tokens: int | None = None
    response_format: str | Mapping[str, Any] | None = field(default=None, hash=False)
    created_at: datetime | None = None
    started_at: datetime | None = None
    expires_at: datetime | None = None
    completed_at: datetime | None = None
    failed_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """What the status means."""
        return stage_of(self.status)

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more. A run that waits for tool outputs is not over."""
        return self.stage.is_terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep(Entity):
    """One thing a run did: ``message_creation`` (``message_id``) or ``tool_calls``; ``details``: as sent."""

    type: str | None = None
    status: str = "unknown"
    run_id: str | None = None
    message_id: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict, hash=False, repr=False)
    last_error: Fault | None = None
    usage: Usage | None = None
    created_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """What the status means."""
        return stage_of(self.status)


_TIMES = ("started_at", "expires_at", "completed_at", "failed_at")
_RUN = FieldTable(
    {
        "id": (identifier, ("id", "run_id")),
        "status": (filled_text, ("status", "state")),
        "thread_id": (identifier, ("thread_id",)),
        "assistant_id": (identifier, ("assistant_id",)),
        "model": (filled_text, ("model",)),
        "instructions": (filled_text, ("instructions",)),
        "action": (free_object, ("required_action",)),
        "incomplete": (free_object, ("incomplete_details",)),
        "tools": (objects, ("tools",)),
        "metadata": (free_object, ("metadata",)),
        "temperature": (amount, ("temperature",)),
        "top_p": (amount, ("top_p",)),
        "max_prompt_tokens": (count, ("max_prompt_tokens",)),
        "max_completion_tokens": (count, ("max_completion_tokens",)),
        "response_format": (response_format, ("response_format",)),
        "created_at": (instant, ("created_at", "created")),
        "cancelled_at": (instant, ("cancelled_at", "canceled_at")),
        **{name: (instant, (name,)) for name in _TIMES},
    }
)
_STEP = FieldTable(
    {
        "id": (identifier, ("id", "step_id")),
        "type": (filled_text, ("type",)),
        "status": (filled_text, ("status", "state")),
        "run_id": (identifier, ("run_id",)),
        "details": (free_object, ("step_details",)),
        "created_at": (instant, ("created_at", "created")),
        "completed_at": (instant, ("completed_at",)),
    }
)


def _build_run(entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str) -> Run:
    action = values.pop("action", {}).get("submit_tool_outputs")
    reason = values.pop("incomplete", {}).get("reason")
    return Run(
        status=status_word(values.pop("status", None)),
        tool_calls=_calls(action, drift, f"{path}.required_action"),
        incomplete_reason=reason if isinstance(reason, str) else None,
        last_error=read_fault(entry.get("last_error"), drift, f"{path}.last_error"),
        usage=read_usage(entry.get("usage"), drift),
        raw=entry,
        **values,
    )


def _build_step(entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str) -> RunStep:
    details = values.get("details", {})
    creation = details.get("message_creation")
    message_id = creation.get("message_id") if isinstance(creation, Mapping) else None
    return RunStep(
        status=status_word(values.pop("status", None)),
        message_id=message_id if isinstance(message_id, str) else None,
        tool_calls=_calls(details, drift, f"{path}.step_details"),
        last_error=read_fault(entry.get("last_error"), drift, f"{path}.last_error"),
        usage=read_usage(entry.get("usage"), drift),
        raw=entry,
        **values,
    )


def _calls(holder: Any, drift: Drift, path: str) -> tuple[ToolCall, ...]:
    """The calls under ``tool_calls``, each entry one call."""
    entries = holder.get("tool_calls") if isinstance(holder, Mapping) else None
    if not entries:
        return ()
    merger = ToolCallMerger()
    for place, entry in enumerate(entries if isinstance(entries, list) else [entries]):
        if isinstance(entry, dict):
            list(merger.feed({**entry, "index": place}, 0))
        else:
            drift.field(f"{path}.tool_calls[{place}]", "function", describe(entry))
    return merger.calls()


RUNS = EntryReader(("run", "runs"), _RUN, _build_run)
"""Reads runs wherever they occur, also inside run streams."""
RUN_STEPS = EntryReader(("step", "steps"), _STEP, _build_step, needs_id=False)
"""Reads steps, as above."""


def read_run(body: Any) -> Run:
    """Read one run, bare or wrapped; raises :class:`UnreadableValue` when there is none."""
    return RUNS.one(body)


def read_runs(body: Any) -> Page[Run]:
    """Read one page of runs; raises :class:`UnreadableValue` when there is no list."""
    return RUNS.page(body)


def read_run_steps(body: Any) -> Page[RunStep]:
    """Read one page of steps; raises :class:`UnreadableValue` when there is no list."""
    return RUN_STEPS.page(body)
