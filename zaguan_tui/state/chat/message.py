"""What was said in a conversation, by whom, and how the saying of it ended. Values only, nothing that lives.

Texts are kept exactly as they came: they go back to models and into exports. Whoever shows one passes it
through ``text.sanitize`` first.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zaguan_tui.state.core.store import Problem


class Role(enum.StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Dialect(enum.StrEnum):
    """Which dialect of the gateway a prompt is put in: ``/v1/chat/completions`` or ``/v1/messages``."""

    CHAT = "chat"
    MESSAGES = "messages"


class MessageStatus(enum.StrEnum):
    """Where a message stands: asked for, arriving, over."""

    WAITING = "waiting"
    STREAMING = "streaming"
    ENDED = "ended"


class MessageEnding(enum.StrEnum):
    """How an answer ended: the endings of a stream, and the one of a stream that never began."""

    FINISHED = "finished"
    LENGTH = "length"
    CONTENT_FILTER = "content filter"
    TOOL_CALLS = "tool calls"
    PAUSED = "paused"
    TRUNCATED = "truncated"
    ERROR_FRAME = "error frame"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def whole(self) -> bool:
        """Whether the model said all it meant to say."""
        return self in (MessageEnding.FINISHED, MessageEnding.TOOL_CALLS)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call the model asks for; ``arguments`` is the text as it came, JSON when all went well.

    ``type`` is ``function``, or ``custom`` for a tool whose input is any text.
    """

    id: str
    name: str
    arguments: str
    type: str = "function"


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that an answer names. ``url`` is foreign text."""

    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered to the call ``call_id``; ``name`` is the tool's."""

    call_id: str
    name: str
    content: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a prompt, or an image of an answer. ``data`` is Base64 of an image, and the text
    itself of a text file.

    ``size`` is the file's, in bytes; ``media_type`` such as ``image/png`` or ``text/plain``. An image that
    came as a link has no data but a ``url``.
    """

    name: str
    media_type: str
    data: str = field(repr=False)
    size: int = 0
    url: str = ""

    @property
    def is_image(self) -> bool:
        """Whether it is to be looked at, not read."""
        return self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an answer cost, in credits: ``estimated`` before it was sent, ``debited`` by the ledger.

    ``expected`` is what the counted tokens cost at the listed price; ``entry_id`` names the ledger's row that
    has this answer's request id, ``at`` its moment, ``row`` what else it says. ``sentence`` says why there
    is no row, if so.
    """

    estimated: float | None = None
    expected: float | None = None
    debited: float | None = None
    entry_id: str | None = None
    at: datetime | None = None
    sentence: str = ""
    row: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """What the server counted; ``None`` is *not told*. ``cost`` is in the server's own unit."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class MessageTimings:
    """How long the answer took. Seconds from the sending of the request; the pace is in tokens a second.

    ``tokens_estimated`` says that the pace rests on our count, since the server gave none.
    """

    ttft_s: float | None = None
    duration_s: float | None = None
    tokens_per_s: float | None = None
    longest_gap_s: float | None = None
    tokens_estimated: bool = False
    chunks: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said. ``at`` is when it was begun (aware UTC).

    Of an answer: ``model`` is the one asked, ``params`` what it was asked with, ``ending`` ``None`` until the
    status is *ended*, ``finish_reason`` the server's own word for it, ``problem`` what went wrong in
    sentences. ``answered_by`` is the model the server names, which may be another than the one asked, and
    ``notes`` are sentences about what was odd on the wire. ``attempts`` counts the requests it took;
    ``blocks`` are the content blocks of the Messages dialect, which go back unchanged. ``run`` counts from 1
    where a prompt was put several times, and ``chosen`` marks the answer a person voted for.
    ``completion_id`` is what the server calls the answer itself (``chatcmpl-…``, ``msg_…``). ``citations``
    are the sources it names, ``attachments`` the images it holds.

    Of a prompt: ``attachments``; ``tool_results`` make it the answer to tool calls (``Role.TOOL``).
    """

    id: str
    role: Role
    text: str
    at: datetime
    reasoning: str = ""
    refusal: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    status: MessageStatus = MessageStatus.ENDED
    ending: MessageEnding | None = None
    finish_reason: str | None = None
    usage: TokenUsage | None = None
    timings: MessageTimings | None = None
    request_id: str | None = None
    problem: Problem | None = None
    model: str | None = None
    answered_by: str | None = None
    notes: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)
    dialect: Dialect = Dialect.CHAT
    attempts: int = 1
    blocks: tuple[Mapping[str, object], ...] = ()
    receipt: Receipt | None = None
    run: int = 1
    chosen: bool = False
    completion_id: str | None = None
    attachments: tuple[Attachment, ...] = ()
    tool_results: tuple[ToolResult, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing at all was said."""
        return not (self.text or self.reasoning or self.refusal or self.tool_calls or self.attachments)
