"""``ChatResult``: a chat stream so far, at its end or before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zaguan_tui.client.streaming.timings import Timings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zaguan_tui.client.errors.exceptions import APIError
    from zaguan_tui.client.streaming.endings import Ending
    from zaguan_tui.client.types.answers.answer_images import AnswerImage
    from zaguan_tui.client.types.answers.citations import Citation
    from zaguan_tui.client.types.answers.promptshield import PromptShield
    from zaguan_tui.client.types.answers.tool_call import ToolCall
    from zaguan_tui.client.types.answers.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceResult:
    """One choice. ``ending`` is ``None`` while it still runs, ``finish_reason`` the server's own word.

    ``raw_text`` is the content as sent, think tags included. ``logprobs`` holds the entries of
    ``logprobs.content`` as sent, ``audio`` the joined audio object, ``images`` what it drew.
    """

    index: int = 0
    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    ending: Ending | None = None
    finish_reason: str | None = None
    role: str | None = None
    raw_text: str = field(default="", repr=False)
    logprobs: tuple[Any, ...] = field(default=(), repr=False)
    audio: Mapping[str, Any] = field(default_factory=dict, repr=False)
    images: tuple[AnswerImage, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatResult:
    """Everything that arrived, merged. Text, reasoning, calls and finish reason are those of the first
    choice.

    ``ending`` is ``None`` only while the stream still runs. ``error`` is set for an error frame, and for a
    truncated stream when the connection failed; it is never raised. ``model`` is the model that answered,
    ``requested_model`` the one asked for. ``end_marker`` tells whether ``[DONE]`` came. ``notes`` are
    sentences about what was odd on the wire.
    """

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    ending: Ending | None = None
    finish_reason: str | None = None
    model: str | None = None
    id: str | None = None
    request_id: str | None = None
    error: APIError | None = None
    timings: Timings = field(default_factory=Timings)
    choices: tuple[ChoiceResult, ...] = ()
    notes: tuple[str, ...] = ()
    requested_model: str | None = None
    raw_text: str = field(default="", repr=False)
    citations: tuple[Citation, ...] = ()
    images: tuple[AnswerImage, ...] = ()
    promptshield: PromptShield | None = None
    service_tier: str | None = None
    system_fingerprint: str | None = None
    end_marker: bool = False
