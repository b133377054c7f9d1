"""Masks for API keys that a model repeats: in the pieces of a streamed answer and in the stored answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

from zaguan_tui.state.chat.message import Message


class PieceMask(Protocol):
    """Takes the pieces of a text and gives them back without secrets."""

    def feed(self, piece: str) -> str:
        """Take the next piece; returns what is safe to show by now."""
        ...

    def flush(self) -> str:
        """The end: what was held back."""
        ...


class NoMask:
    """Gives every piece back as it is."""

    __slots__ = ()

    def feed(self, piece: str) -> str:
        """The piece itself."""
        return piece

    def flush(self) -> str:
        """Nothing is ever held back."""
        return ""


MakeMask: TypeAlias = Callable[[], PieceMask]
"""A new mask, for one more text that comes in pieces."""


@dataclass(frozen=True, slots=True)
class AnswerMasks:
    """``make`` gives masks for texts that come in pieces, ``redact`` takes secrets out of a whole text."""

    make: MakeMask = NoMask
    redact: Callable[[str], str] = str


def redact_answer(answer: Message, redact: Callable[[str], str]) -> Message:
    """``answer`` with every text that came from the server redacted."""
    calls = (
        replace(call, id=redact(call.id or ""), name=redact(call.name), arguments=redact(call.arguments))
        for call in answer.tool_calls
    )
    return replace(
        answer,
        text=redact(answer.text),
        reasoning=redact(answer.reasoning),
        refusal=redact(answer.refusal),
        tool_calls=tuple(calls),
        finish_reason=answer.finish_reason and redact(answer.finish_reason),
        answered_by=answer.answered_by and redact(answer.answered_by),
        completion_id=answer.completion_id and redact(answer.completion_id),
        notes=tuple(map(redact, answer.notes)),
        blocks=tuple(_redact_value(block, redact) for block in answer.blocks),
    )


DEEPEST = 200
"""Levels of nesting that are redacted one by one; what lies deeper is left out."""


def _redact_value(value: Any, redact: Callable[[str], str], levels: int = DEEPEST) -> Any:
    """A JSON-like value with every text in it redacted."""
    if isinstance(value, str):
        return redact(value)
    if not isinstance(value, Mapping | list | tuple):
        return value
    if not levels:
        return "…"
    if isinstance(value, Mapping):
        return {name: _redact_value(item, redact, levels - 1) for name, item in value.items()}
    return [_redact_value(item, redact, levels - 1) for item in value]
