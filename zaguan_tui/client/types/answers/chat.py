"""`POST /v1/chat/completions`, answered in one piece (`wire.md` 3.1, D40, D75, D81, D82)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.streaming.endings import Ending, ending_for, knows_reason
from zaguan_tui.client.streaming.merge.content_parts import read_content
from zaguan_tui.client.streaming.merge.reasoning import reasoning_of, split_reasoning
from zaguan_tui.client.streaming.merge.tool_calls import ToolCallMerger
from zaguan_tui.client.types.answers.answer_images import AnswerImage, read_images
from zaguan_tui.client.types.answers.citations import Citation, merge_citations, read_citations
from zaguan_tui.client.types.answers.promptshield import PromptShield, read_promptshield
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage, read_usage
from zaguan_tui.client.types.core.base import Answer, Drift
from zaguan_tui.client.types.core.primitives import UnreadableValue, describe, filled_text, foreign_word
from zaguan_tui.client.types.core.times import instant

__all__ = [
    "ChatChoice",
    "ChatCompletion",
    "ChatMessage",
    "Citation",
    "PromptShield",
    "ToolCall",
    "Usage",
    "read_chat_completion",
]

_MARKS = ("choices", "usage", "object", "created")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """What a model said. ``text`` is the content without reasoning, parts joined; ``raw_text`` is it as sent.

    ``reasoning`` comes from whichever field or tag the server used. ``raw`` is the message as sent, audio and
    annotations included.
    """

    role: str = "assistant"
    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    citations: tuple[Citation, ...] = ()
    images: tuple[AnswerImage, ...] = ()
    raw_text: str = field(default="", compare=False, repr=False)
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatChoice:
    """One of the answers. ``finish_reason`` is the server's own word, ``ending`` what it means.

    ``logprobs`` holds the entries of ``logprobs.content`` as sent.
    """

    index: int
    message: ChatMessage
    finish_reason: str | None = None
    ending: Ending = Ending.FINISHED
    logprobs: tuple[Any, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCompletion(Answer):
    """A whole answer; the shortcuts speak of its first choice.

    ``model`` is the model that answered, which may have lost its provider's prefix. ``created`` is aware UTC.
    ``usage`` is ``None`` when the server counted nothing. ``raw`` is the whole body.
    """

    id: str | None = None
    model: str | None = None
    created: datetime | None = None
    choices: tuple[ChatChoice, ...] = ()
    usage: Usage | None = None
    service_tier: str | None = None
    system_fingerprint: str | None = None
    promptshield: PromptShield | None = None
    citations: tuple[Citation, ...] = ()

    @property
    def message(self) -> ChatMessage:
        """The first choice's message; an empty one when there is no choice."""
        return self.choices[0].message if self.choices else ChatMessage()

    @property
    def text(self) -> str:
        """The first choice's text."""
        return self.message.text

    @property
    def reasoning(self) -> str:
        """The first choice's reasoning."""
        return self.message.reasoning

    @property
    def tool_calls(self) -> tuple[ToolCall, ...]:
        """The first choice's tool calls."""
        return self.message.tool_calls

    @property
    def images(self) -> tuple[AnswerImage, ...]:
        """The images of the first choice."""
        return self.message.images

    @property
    def finish_reason(self) -> str | None:
        """The first choice's finish reason, as sent."""
        return self.choices[0].finish_reason if self.choices else None

    @property
    def ending(self) -> Ending:
        """How the first choice ended; truncated when there is no choice."""
        return self.choices[0].ending if self.choices else Ending.TRUNCATED


def read_chat_completion(body: Any) -> ChatCompletion:
    """Read an answer in any dialect. What is missing is ``None`` or empty, what is odd becomes a note.

    Raises :class:`UnreadableValue` when the body is no chat answer, or its choices are neither list nor
    object.
    """
    if not isinstance(body, Mapping) or not any(mark in body for mark in _MARKS):
        raise UnreadableValue("", describe(body))
    drift = Drift()
    choices = tuple(
        _read_choice(choice, position, drift) for position, choice in enumerate(_listed(body.get("choices")))
    )
    if not choices:
        drift.say("an answer without choices")
    cited = (choice.message.citations for choice in choices)
    return ChatCompletion(
        id=_word(body, "id", drift),
        model=_word(body, "model", drift),
        created=_moment(body.get("created"), drift),
        choices=tuple(sorted(choices, key=lambda choice: choice.index)),
        usage=read_usage(body.get("usage"), drift),
        service_tier=_word(body, "service_tier", drift),
        system_fingerprint=_word(body, "system_fingerprint", drift),
        promptshield=read_promptshield(body, drift),
        citations=merge_citations(read_citations(body), *cited),
        notes=drift.notes,
        raw=body,
    )


def _listed(choices: Any) -> list[Any]:
    if choices is None:
        return []
    if isinstance(choices, list):
        return choices
    if not isinstance(choices, Mapping):
        raise UnreadableValue("choices", describe(choices))
    return [choices] if choices.keys() & {"message", "text", "index"} else list(choices.values())


def _read_choice(value: Any, position: int, drift: Drift) -> ChatChoice:
    path = f"choices[{position}]"
    if not isinstance(value, Mapping):
        drift.field(path, "message", describe(value))
        return ChatChoice(index=position, message=ChatMessage())
    index = value.get("index")
    message = value.get("message")
    if message is None and "text" in value:
        message = {"content": value["text"]}
    if not isinstance(message, Mapping):
        drift.field(path, "message", describe(message))
        message = {}
    read = _read_message(message, path, drift)
    reason = _word(value, "finish_reason", drift)
    if reason is not None and not knows_reason(reason):
        drift.say(f"unknown finish reason: {foreign_word(reason)}")
    logprobs = value.get("logprobs")
    entries = logprobs.get("content") if isinstance(logprobs, Mapping) else None
    return ChatChoice(
        index=index if type(index) is int else position,
        message=read,
        finish_reason=reason,
        ending=ending_for(reason, has_calls=bool(read.tool_calls)),
        logprobs=tuple(entries) if isinstance(entries, list) else (),
    )


def _read_message(message: Mapping[str, Any], path: str, drift: Drift) -> ChatMessage:
    content = message.get("content")
    parts = read_content(content)
    images = read_images(message)
    if content and parts == ("", "", "") and not images:
        drift.field(path, "content", describe(content))
    own = reasoning_of(message) or parts.reasoning
    text, tagged = split_reasoning(parts.text, lone_close=not own)
    refusal = message.get("refusal")
    return ChatMessage(
        role=_word(message, "role", drift) or "assistant",
        text=text,
        reasoning="\n\n".join(filter(None, (own, tagged))),
        refusal=refusal if isinstance(refusal, str) else parts.refusal,
        tool_calls=_read_calls(message, path, drift),
        citations=read_citations(message),
        images=images,
        raw_text=parts.text,
        raw=message,
    )


def _read_calls(message: Mapping[str, Any], path: str, drift: Drift) -> tuple[ToolCall, ...]:
    """The calls of a whole message: each entry is one, whatever its index says."""
    merger = ToolCallMerger()
    entries = message.get("tool_calls") or []
    entries = [entries] if isinstance(entries, Mapping) else entries
    if message.get("function_call"):
        entries = [*entries, {"function": message["function_call"]}] if isinstance(entries, list) else entries
    if not isinstance(entries, list):
        drift.field(path, "tool_calls", describe(entries))
        return ()
    for position, entry in enumerate(entries):
        if isinstance(entry, dict):
            list(merger.feed({**entry, "index": position}, 0))
        else:
            drift.field(f"{path}.tool_calls[{position}]", "function", describe(entry))
    return merger.calls()


def _word(holder: Mapping[str, Any], key: str, drift: Drift) -> str | None:
    try:
        return filled_text(holder.get(key), key)
    except UnreadableValue as error:
        drift.field("", key, error.received)
        return None


def _moment(value: Any, drift: Drift) -> datetime | None:
    try:
        return instant(value, "created")
    except UnreadableValue as error:
        drift.field("", "created", error.received)
        return None
