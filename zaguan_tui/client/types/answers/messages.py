"""`POST /v1/messages` answered in one piece, and `count_tokens` (`wire.md` 4.1, 4.2; Anthropic docs)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.streaming.endings import Ending, ending_for, knows_reason
from zaguan_tui.client.streaming.merge.blocks import BlockMerge
from zaguan_tui.client.types.answers.answer_images import AnswerImage
from zaguan_tui.client.types.answers.citations import Citation
from zaguan_tui.client.types.answers.message_block import (
    REASONING_TYPES,
    MessageBlock,
    citations_of,
    images_of,
)
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage, read_usage
from zaguan_tui.client.types.core.base import Answer, Drift
from zaguan_tui.client.types.core.primitives import (
    UnreadableValue,
    count,
    describe,
    filled_text,
    foreign_word,
    free_object,
)

_MARKS = ("content", "stop_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageAnswer(Answer):
    """A whole message. ``blocks`` holds every block in order, unknown ones raw.

    ``text`` and ``reasoning`` join the blocks of their kind. ``stop_reason`` is the server's own word,
    ``ending`` what it means. ``usage`` counts the cached part into the prompt (Anthropic counts it apart).
    """

    id: str | None = None
    model: str | None = None
    role: str = "assistant"
    blocks: tuple[MessageBlock, ...] = ()
    stop_reason: str | None = None
    stop_sequence: str | None = None
    stop_details: Mapping[str, Any] = field(default_factory=dict, hash=False)
    ending: Ending = Ending.FINISHED
    usage: Usage | None = None

    @property
    def text(self) -> str:
        """The text blocks, joined."""
        return "".join(block.text for block in self.blocks if block.type == "text")

    @property
    def reasoning(self) -> str:
        """The thinking blocks, joined; what is redacted or omitted is not in it."""
        return "".join(block.text for block in self.blocks if block.type in REASONING_TYPES)

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The ``tool_use`` blocks."""
        return tuple(block.call for block in self.blocks if block.call is not None)

    @property
    def images(self) -> tuple[AnswerImage, ...]:
        """The images of the answer."""
        return images_of(self.blocks)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources its texts name, each once."""
        return citations_of(self.blocks)

    @property
    def turn(self) -> dict[str, Any]:
        """This answer as a turn of the next request: every block as it came, signatures included."""
        return {"role": self.role, "content": [dict(block.raw) for block in self.blocks]}


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenCount(Answer):
    """The answer of `POST /v1/messages/count_tokens`, in tokens."""

    input_tokens: int


def read_message(body: Any) -> MessageAnswer:
    """Read a whole message. What is missing is ``None`` or empty, what is odd becomes a note.

    Raises :class:`UnreadableValue` when the body is no message, or its content neither text nor list.
    """
    if not isinstance(body, Mapping) or not any(mark in body for mark in _MARKS):
        raise UnreadableValue("", describe(body))
    drift = Drift()
    blocks = _blocks(body.get("content"), drift)
    reason = _word(body, "stop_reason", drift)
    if reason is not None and not knows_reason(reason):
        drift.say(f"unknown stop reason: {foreign_word(reason)}")
    return MessageAnswer(
        id=_word(body, "id", drift),
        model=_word(body, "model", drift),
        role=_word(body, "role", drift) or "assistant",
        blocks=blocks,
        stop_reason=reason,
        stop_sequence=_word(body, "stop_sequence", drift),
        stop_details=_details(body, drift),
        ending=ending_for(reason, has_calls=any(block.call is not None for block in blocks)),
        usage=read_usage(body.get("usage"), drift),
        notes=drift.notes,
        raw=body,
    )


def read_token_count(body: Any) -> TokenCount:
    """Read ``{input_tokens}``; raises :class:`UnreadableValue` when no count is there."""
    value = body.get("input_tokens", body.get("inputTokens")) if isinstance(body, Mapping) else None
    try:
        tokens = count(value, "input_tokens")
    except UnreadableValue as error:
        raise error.below("input_tokens") from None
    if tokens is None:
        raise UnreadableValue("", describe(body))
    return TokenCount(input_tokens=tokens, raw=body)


def _blocks(content: Any, drift: Drift) -> tuple[MessageBlock, ...]:
    """The blocks of ``content``; a plain text counts as one block (common)."""
    if isinstance(content, str):
        content = [{"type": "text", "text": content}] if content else []
    if content is None:
        return ()
    if not isinstance(content, list):
        raise UnreadableValue("content", describe(content))
    merges: list[BlockMerge] = []
    for place, entry in enumerate(content):
        if not isinstance(entry, dict):
            drift.say(f"content[{place}]: left out, found {describe(entry)}", kind="blocks left out")
            continue
        merge = BlockMerge(place, entry, sum(earlier.is_call for earlier in merges))
        merge.stopped = True
        merges.append(merge)
    return tuple(merge.block() for merge in merges)


def _details(body: Mapping[str, Any], drift: Drift) -> Mapping[str, Any]:
    try:
        return free_object(body.get("stop_details"), "stop_details")
    except UnreadableValue as error:
        drift.field("", "stop_details", error.received)
        return {}


def _word(holder: Mapping[str, Any], key: str, drift: Drift) -> str | None:
    try:
        return filled_text(holder.get(key), key)
    except UnreadableValue as error:
        drift.field("", key, error.received)
        return None
