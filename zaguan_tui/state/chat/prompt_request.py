"""A prompt to be sent, and the targets (model, dialect, parameters) it is sent to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from zaguan_tui.state.chat.message import Attachment, Dialect, Message, ToolResult

CONTINUE: Final = "Continue exactly where you stopped."
"""The prompt that asks for the rest of an answer that was cut short."""


@dataclass(frozen=True, slots=True)
class PromptRequest:
    """A prompt with its attachments. ``tool_results`` instead of a text answer the calls of a model."""

    text: str = ""
    attachments: tuple[Attachment, ...] = ()
    tool_results: tuple[ToolResult, ...] = ()

    @property
    def title_text(self) -> str:
        """What a conversation that begins with this is about: the text, else the names of the files."""
        return self.text or ", ".join(file.name for file in self.attachments)


@dataclass(frozen=True, slots=True)
class ModelTarget:
    """The model, dialect and parameters of one request. ``run`` counts from 1 where a prompt is repeated."""

    model: str
    dialect: Dialect = Dialect.CHAT
    params: Mapping[str, object] = field(default_factory=dict)
    run: int = 1


def target_key(target: ModelTarget | Message) -> str:
    """What makes two targets, or the targets of two answers, the same: model and dialect."""
    return f"{target.dialect.value}:{target.model or ''}"


@dataclass(frozen=True, slots=True)
class DraftHandoff:
    """A draft that one view of the playground hands to the next: text, target, parameters, system prompt."""

    text: str
    lane: ModelTarget
    params: Mapping[str, object] = field(default_factory=dict)
    system_prompt: str = ""
