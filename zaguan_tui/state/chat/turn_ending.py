"""Finishes an answer from the result of its stream: its ending, its problem, and all that came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from zaguan_tui.client.streaming.endings import Ending, knows_reason
from zaguan_tui.state.chat.answer_parts import citations, image_attachments, kept_blocks, tool_calls
from zaguan_tui.state.chat.live_message import MOST_CHARACTERS
from zaguan_tui.state.chat.message import Message, MessageStatus
from zaguan_tui.state.core.store import Problem
from zaguan_tui.text.surrogates import repair

if TYPE_CHECKING:
    from zaguan_tui.client.streaming.chat import ChatResult
    from zaguan_tui.client.streaming.merge.message_result import MessageResult

StreamResult: TypeAlias = "ChatResult | MessageResult"
"""What a stream of either dialect adds up to."""

CUT_SHORT: Final = Problem(
    sentence="The connection ended before the answer did.",
    next_step="What came is kept; ask again, or continue from here.",
    kind="truncated",
)
"""The problem of an answer that stopped without an end and without an error."""

TOO_LARGE: Final = Problem(
    sentence=f"Answer larger than {MOST_CHARACTERS:,} characters: the rest of it was not read.",
    next_step="What came is kept; ask for less at a time.",
    kind="answer_too_large",
)
"""The problem of an answer that did not stop where any answer does."""


def unknown_reason(message: Message) -> str:
    """The finish reason of an answer that counts as finished by a word nobody knows; else empty."""
    word = message.finish_reason
    if not word or message.ending is not Ending.FINISHED:
        return ""
    return "" if knows_reason(word) else word


def finish_message(
    message: Message, result: StreamResult | None, *, problem: Problem | None, cancelled: bool
) -> Message:
    """``message`` as it stays. ``result`` is what the stream added up to, ``None`` when none was asked for.

    ``problem`` is what a raised error says: the request failed when nothing had begun, else the stream broke.
    """
    ending = _ending(message, result, failed=problem is not None, cancelled=cancelled)
    if problem is None and ending is Ending.TRUNCATED:
        problem = CUT_SHORT
    over = replace(message, status=MessageStatus.ENDED, ending=ending, problem=problem)
    return over if result is None else _with_result(over, result)


def _ending(message: Message, result: StreamResult | None, *, failed: bool, cancelled: bool) -> Ending:
    if cancelled:
        return Ending.CANCELLED
    if failed and message.status is MessageStatus.WAITING:
        return Ending.FAILED
    if result is None or result.ending is None:
        return Ending.TRUNCATED
    return result.ending


def _with_result(message: Message, result: StreamResult) -> Message:
    """The answer as the stream merged it; what was gathered on the way stands where it says nothing, or more
    than is read.
    """
    calls = tool_calls(message.id, result.tool_calls)
    texts = (result.text, result.reasoning, *(call.arguments for call in calls))
    whole = sum(map(len, texts)) <= MOST_CHARACTERS
    return replace(
        message,
        text=(repair(result.text) if whole else "") or message.text,
        reasoning=(repair(result.reasoning) if whole else "") or message.reasoning,
        refusal=repair(getattr(result, "refusal", "")),
        tool_calls=(calls if whole else ()) or message.tool_calls,
        finish_reason=_reason(result),
        blocks=kept_blocks(getattr(result, "blocks", ()), calls) if whole else (),
        attachments=image_attachments(result.images) or message.attachments,
        citations=citations(result.citations),
        usage=None if result.usage is None else replace(result.usage, raw={}),
        timings=replace(result.timings, gaps=()),
        request_id=result.request_id or message.request_id,
        answered_by=result.model,
        completion_id=result.id,
        notes=tuple(map(repair, result.notes)),
    )


def _reason(result: StreamResult) -> str | None:
    """The server's own word for the ending, by either dialect's name."""
    reason: str | None = getattr(result, "finish_reason", None) or getattr(result, "stop_reason", None)
    return reason
