"""`/v1/assistants` (`wire.md` 3.10, D71; ``OpenAI spec``, where they are deprecated)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.core.base import Drift, FieldTable
from zaguan_tui.client.types.core.page import Entity, EntryReader, Page, objects
from zaguan_tui.client.types.core.primitives import amount, filled_text, free_object, identifier
from zaguan_tui.client.types.core.times import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant(Entity):
    """One assistant. ``tools`` and ``tool_resources`` are as sent; ``name`` may be missing.

    ``response_format`` is ``"auto"`` or an object.
    """

    name: str | None = None
    model: str | None = None
    description: str | None = None
    instructions: str | None = None
    tools: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)
    tool_resources: Mapping[str, Any] = field(default_factory=dict, hash=False)
    metadata: Mapping[str, Any] = field(default_factory=dict, hash=False)
    temperature: float | None = None
    top_p: float | None = None
    reasoning_effort: str | None = None
    response_format: str | Mapping[str, Any] | None = field(default=None, hash=False)
    created_at: datetime | None = None

    @property
    def tool_names(self) -> tuple[str, ...]:
        """The tools in words: a function by its name, any other by its type."""
        return tuple(_tool_name(tool) for tool in self.tools)


def _tool_name(tool: Mapping[str, Any]) -> str:
    function = tool.get("function")
    name = function.get("name") if isinstance(function, Mapping) else None
    kind = tool.get("type")
    return name if isinstance(name, str) and name else kind if isinstance(kind, str) and kind else "unnamed"


def response_format(value: Any, key: str = "") -> str | Mapping[str, Any] | None:
    """``"auto"`` or an object of the server's own making."""
    return value if isinstance(value, str) else free_object(value) or None


_FIELDS = FieldTable(
    {
        "id": (identifier, ("id", "assistant_id")),
        "name": (filled_text, ("name",)),
        "model": (filled_text, ("model",)),
        "description": (filled_text, ("description",)),
        "instructions": (filled_text, ("instructions",)),
        "tools": (objects, ("tools",)),
        "tool_resources": (free_object, ("tool_resources",)),
        "metadata": (free_object, ("metadata",)),
        "temperature": (amount, ("temperature",)),
        "top_p": (amount, ("top_p",)),
        "reasoning_effort": (filled_text, ("reasoning_effort",)),
        "response_format": (response_format, ("response_format",)),
        "created_at": (instant, ("created_at", "created")),
    }
)


def _build(entry: Mapping[str, Any], values: dict[str, Any], drift: Drift, path: str) -> Assistant:
    return Assistant(raw=entry, **values)


_READER = EntryReader(("assistant", "assistants"), _FIELDS, _build)


def read_assistant(body: Any) -> Assistant:
    """Read one assistant, bare or wrapped; raises :class:`UnreadableValue` when there is none."""
    return _READER.one(body)


def read_assistants(body: Any) -> Page[Assistant]:
    """Read one page of assistants; raises :class:`UnreadableValue` when there is no list."""
    return _READER.page(body)
