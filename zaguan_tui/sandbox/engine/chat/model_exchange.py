"""A checked model request and its generated answer, in one shape for chat, messages, batches and runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zaguan_tui.sandbox.engine.text.tokens import count_message_tokens, count_tokens

Message = Mapping[str, Any]
STOP, LENGTH, CALLS, STOP_TEXT = "stop", "length", "tool_calls", "stop_sequence"


class BadRequestError(ValueError):
    """A field of the request that cannot be used: ``param`` is its path, the message one sentence."""

    def __init__(self, param: str, message: str, code: str = "invalid_request") -> None:
        super().__init__(message)
        self.param = param
        self.message = message
        self.code = code


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool the model may call; ``schema`` is that of a function's arguments or of a custom tool's text."""

    name: str
    description: str
    schema: Mapping[str, Any]
    custom: bool = False
    """Whether it takes free text (OpenAI's type ``custom``) instead of arguments."""


@dataclass(frozen=True, slots=True)
class ToolRules:
    """Which tools there are and how they may be used. ``choice`` is auto, none, required or a tool's name."""

    tools: tuple[Tool, ...] = ()
    choice: str = "auto"
    parallel: bool = True


@dataclass(frozen=True, slots=True)
class JsonForm:
    """The answer must be JSON; ``schema`` is ``None`` when any object will do."""

    schema: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """A checked request. ``messages`` hold the system prompt too, in the OpenAI or the Anthropic shape."""

    messages: tuple[Message, ...]
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    tools: ToolRules = ToolRules()
    form: JsonForm | None = None
    thinks: bool = True
    """Whether a reasoning model may show its thoughts."""
    seed: int | None = None

    def overhead(self) -> str:
        """What besides the messages fills the prompt: tool definitions and the schema of the answer."""
        rows: list[object] = [[tool.name, tool.description, tool.schema] for tool in self.tools.tools]
        if self.form is not None and self.form.schema is not None:
            rows.append(self.form.schema)
        return json.dumps(rows, ensure_ascii=False) if rows else ""


@dataclass(frozen=True, slots=True)
class GeneratedCall:
    """One tool call; ``arguments`` are the pieces of a JSON text, or of a custom tool's own input."""

    id: str
    name: str
    arguments: tuple[str, ...]
    custom: bool = False


@dataclass(frozen=True, slots=True)
class GeneratedAnswer:
    """One answer in token pieces, reasoning first; ``ending`` is one of the constants above."""

    reasoning: tuple[str, ...]
    text: tuple[str, ...]
    calls: tuple[GeneratedCall, ...]
    ending: str
    stop: str | None = None
    """The stop text that ended it."""

    @property
    def pieces(self) -> int:
        """Tokens altogether."""
        return len(self.reasoning) + len(self.text) + sum(len(call.arguments) for call in self.calls)


def prompt_tokens(question: ModelRequest) -> int:
    """The stated estimate of the prompt's tokens, by the text engine's rule."""
    return count_message_tokens(question.messages) + count_tokens(question.overhead())
