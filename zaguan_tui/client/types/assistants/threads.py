"""`/v1/threads` and the messages in them (`wire.md` 3.11, 8, 10.4; ``OpenAI spec``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.page import Entity, EntryReader, Page, objects
from zaguan_tui.client.types.core.primitives import filled_text, free_object, identifier
from zaguan_tui.client.types.core.times import instant
from zaguan_tui.client.types.models.lifecycle import Stage, stage_of, status_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread(Entity):
    """One thread. No server lists them: keep the ids."""

    created_at: datetime | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    tool_resources: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadMessage(Entity):
    """One message. ``text`` joins its text parts; ``content`` holds all parts as sent.

    ``status`` is in_progress, incomplete, completed, ``unknown`` or the server's own word.
    """

    role: str | None = None
    text: str = ""
    status: str = "unknown"
    thread_id: str | None = None
    run_id: str | None = None
    assistant_id: str | None = None
    content: tuple[Mapping[str, Any], ...] = field(default=(), hash=False, repr=False)
    attachments: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    incomplete_reason: str | None = None
    created_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """What the status means."""
        return stage_of(self.status)


_THREAD = FieldTable(
    {
        "id": (identifier, ("id", "thread_id")),
        "created_at": (instant, ("created_at", "created")),
        "metadata": (free_object, ("metadata",)),
        "tool_resources": (free_object, ("tool_resources",)),
    }
)


def content_parts(value: Any, key: str = "") -> tuple[Mapping[str, Any], ...]:
    """A message's content as parts; a plain text is one text part."""
    if isinstance(value, str):
        return ({"type": "text", "text": {"value": value, "annotations": []}},) if value else ()
    return objects(value)


def part_text(part: Mapping[str, Any]) -> str:
    """The text of one part, ``{text: {value}}`` or ``{text: "…"}``; a refusal's text too; else empty."""
    held = part.get("text", part.get("refusal"))
    if isinstance(held, Mapping):
        held = held.get("value")
    return held if isinstance(held, str) else ""


_MESSAGE = FieldTable(
    {
        "id": (identifier, ("id", "message_id")),
        "role": (filled_text, ("role",)),
        "status": (filled_text, ("status",)),
        "thread_id": (identifier, ("thread_id",)),
        "run_id": (identifier, ("run_id",)),
        "assistant_id": (identifier, ("assistant_id",)),
        "content": (content_parts, ("content",)),
        "attachments": (objects, ("attachments",)),
        "metadata": (free_object, ("metadata",)),
        "incomplete": (free_object, ("incomplete_details",)),
        "created_at": (instant, ("created_at", "created")),
        "completed_at": (instant, ("completed_at",)),
    }
)


def _build_thread(entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str) -> Thread:
    return Thread(raw=entry, **values)


def _build_message(
    entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str
) -> ThreadMessage:
    reason = values.pop("incomplete", {}).get("reason")
    return ThreadMessage(
        status=status_word(values.pop("status", None)),
        text="".join(map(part_text, values.get("content", ()))),
        incomplete_reason=reason if isinstance(reason, str) else None,
        raw=entry,
        **values,
    )


_THREADS = EntryReader(("thread",), _THREAD, _build_thread)
THREAD_MESSAGES = EntryReader(("message", "messages"), _MESSAGE, _build_message, needs_id=False)
"""Reads messages wherever they occur, also inside run streams."""


def read_thread(body: Any) -> Thread:
    """Read one thread, bare or wrapped; raises :class:`UnreadableValue` when there is none."""
    return _THREADS.one(body)


def read_thread_message(body: Any) -> ThreadMessage:
    """Read one message, bare or wrapped; raises :class:`UnreadableValue` when there is none."""
    return THREAD_MESSAGES.one(body)


def read_thread_messages(body: Any) -> Page[ThreadMessage]:
    """Read one page of messages; raises :class:`UnreadableValue` when there is no list."""
    return THREAD_MESSAGES.page(body)
