"""Notices of a conversation: small events for those who show it, sent instead of whole texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.stream_meter import MeterReading
from zaguan_tui.state.conversations.conversation import Conversation


@dataclass(frozen=True, slots=True)
class ConversationChanged:
    """A conversation was made, renamed, given another model or system prompt, or opened."""

    conversation_id: str
    conversation: Conversation


@dataclass(frozen=True, slots=True)
class ConversationRemoved:
    """A conversation was deleted."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """A prompt was sent, and one or more answers are expected; it is on disk already."""

    conversation_id: str
    turn_id: str
    prompt: Message
    answers: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """More of an answer came. Texts are as they came: show them through a ``StreamCleaner``."""

    conversation_id: str
    message_id: str
    text: str = ""
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class TextBecameReasoning:
    """All text of an answer so far turned out to be reasoning: take it from there and show it here."""

    conversation_id: str
    message_id: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """More of a tool call came. ``call`` is its position in the answer, ``arguments`` the new piece alone."""

    conversation_id: str
    message_id: str
    call: int
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class MeterChanged:
    """The figures of a streaming answer; a few times a second, also while nothing comes."""

    conversation_id: str
    message_id: str
    meter: MeterReading


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """An answer is over. ``prompt`` is what to put back into the composer, when nothing came of it."""

    conversation_id: str
    turn_id: str
    answer: Message
    prompt: str | None = None


@dataclass(frozen=True, slots=True)
class MessageAmended:
    """A finished answer was amended: its receipt, a vote."""

    conversation_id: str
    message: Message


@dataclass(frozen=True, slots=True)
class StorageFailed:
    """Something could not be written or read; the conversation goes on without. ``sentence`` says what and
    why.
    """

    sentence: str


ConversationNotice: TypeAlias = (
    ConversationChanged
    | ConversationRemoved
    | TurnStarted
    | Delta
    | TextBecameReasoning
    | ToolCallDelta
    | MeterChanged
    | TurnEnded
    | MessageAmended
    | StorageFailed
)
"""Everything a watcher of conversations may be told."""
