"""Messages of a conversation: prompts, answers, tool results, attachments and receipts. Immutable values.

Texts are kept exactly as they came: they go back to models and into exports. Whoever shows one passes it
through ``text.sanitize`` first.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.client.types.answers.citations import Citation
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.answers.usage import Usage
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
    """The state of a message: requested, streaming, ended."""

    WAITING = "waiting"
    STREAMING = "streaming"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The result of the tool call ``call_id``; ``name`` is the tool's."""

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
class Message:
    """One message. ``at`` is when it was begun (aware UTC).

    Of an answer: ``model`` is the one asked, ``params`` what it was asked with, ``ending`` ``None`` until the
    status is *ended*, ``finish_reason`` the server's own word for it, ``problem`` what went wrong in
    sentences. ``answered_by`` is the model the server names, which may be another than the one asked, and
    ``notes`` are sentences about what was odd on the wire. ``attempts`` counts the requests it took;
    ``blocks`` are the content blocks of the Messages dialect, which go back unchanged. ``run`` counts from 1
    where a prompt was put several times, and ``chosen`` marks the answer a person voted for.
    ``completion_id`` is what the server calls the answer itself (``chatcmpl-…``, ``msg_…``). ``citations``
    are the sources it names, ``attachments`` the images it holds. Every tool call has an id of its own.

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
    ending: Ending | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    timings: Timings | None = None
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


def new_id(kind: str) -> str:
    """An id that nothing else has: ``conv_…``, ``turn_…``, ``msg_…``."""
    return f"{kind}_{uuid.uuid4().hex}"
