"""The seven ways in which a generation ends, and the words servers have for them (wire reference §10.6)."""

from __future__ import annotations

import enum


class Ending(enum.StrEnum):
    """How a stream or an answer ended. Exactly one holds, and what arrived is kept in every case."""

    FINISHED = "finished"
    LENGTH = "length"
    CONTENT_FILTER = "content filter"
    TOOL_CALLS = "tool calls"
    TRUNCATED = "truncated"
    ERROR_FRAME = "error frame"
    CANCELLED = "cancelled"


_REASONS = {
    "stop": Ending.FINISHED,
    "end_turn": Ending.FINISHED,
    "stop_sequence": Ending.FINISHED,
    "length": Ending.LENGTH,
    "max_tokens": Ending.LENGTH,
    "model_context_window_exceeded": Ending.LENGTH,
    "content_filter": Ending.CONTENT_FILTER,
    "refusal": Ending.CONTENT_FILTER,
    "safety": Ending.CONTENT_FILTER,
    "tool_calls": Ending.TOOL_CALLS,
    "function_call": Ending.TOOL_CALLS,
    "tool_use": Ending.TOOL_CALLS,
    "pause_turn": Ending.TOOL_CALLS,
}


def knows_reason(reason: str) -> bool:
    """Whether ``reason`` is a word we know; an unknown one means finished and is shown as sent."""
    return _folded(reason) in _REASONS


def ending_for(reason: str | None, *, has_calls: bool = False) -> Ending:
    """The ending for a ``finish_reason`` or ``stop_reason``, ``None`` when the end marker came without one.

    Tool calls win over ``stop`` and over words we do not know (common: calls that end with ``stop``), but not
    over a limit or a filter, which may have cut them.
    """
    ending = _REASONS.get(_folded(reason), Ending.FINISHED) if reason else Ending.FINISHED
    return Ending.TOOL_CALLS if has_calls and ending is Ending.FINISHED else ending


def _folded(reason: str) -> str:
    return reason.strip().lower().replace("-", "_").replace(" ", "_")
