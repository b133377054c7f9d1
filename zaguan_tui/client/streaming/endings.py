"""``Ending``: how a generation ended, and servers' finish and stop reasons (wire reference §10.6)."""

from __future__ import annotations

import enum


class Ending(enum.StrEnum):
    """How a stream or an answer ended. Exactly one holds, and what arrived is kept in every case.

    ``PAUSED``: the server runs a tool of its own and wants the turn sent back as it is to go on. ``FAILED``:
    the request failed before an answer began; a call raises then, and whoever keeps its answer notes this.
    """

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
        """Whether the model generated all it meant to."""
        return self in (Ending.FINISHED, Ending.TOOL_CALLS)


_WORDS = {
    Ending.FINISHED: "stop end_turn stop_sequence stop_token eos eos_token end end_of_turn complete "
    "completed done finish finished natural",
    Ending.LENGTH: "length max_length max_tokens max_new_tokens max_output_tokens max_completion_tokens "
    "model_length token_limit token_limit_reached context_length_exceeded context_window_exceeded "
    "model_context_window_exceeded error_limit",
    Ending.CONTENT_FILTER: "content_filter content_filtered content_policy_violation refusal safety "
    "recitation prohibited_content blocklist blocked spii language image_safety image_prohibited_content "
    "image_recitation model_armor guardrail guardrail_intervened guardrails moderation sensitive error_toxic",
    Ending.TOOL_CALLS: "tool_calls tool_call function_call function_calls tool_use",
    Ending.PAUSED: "pause_turn",
    Ending.ERROR_FRAME: "error abort aborted cancel cancelled canceled user_cancel failed failure incomplete "
    "insufficient_system_resource internal_error interrupted malformed_function_call malformed_model_output "
    "malformed_response malformed_tool_call malformed_tool_use model_error network_error no_image "
    "not_finished other overloaded repetition server_error time_limit timeout too_many_tool_calls "
    "unexpected_tool_call image_other missing_thought_signature",
}
"""Words of OpenAI, Anthropic, Gemini, Mistral, DeepSeek, Bedrock, Cohere, Zhipu, watsonx, vLLM and TGI.

With those under ``ERROR_FRAME`` a server says that it broke the answer off itself.
"""

_PREFIX = "finishreason"
"""Vertex AI spells ``FINISH_REASON_STOP``."""


def _folded(reason: str) -> str:
    """Letters alone, for ``max_tokens``, ``MAX-TOKENS`` and ``maxTokens`` are one word."""
    return "".join(letter for letter in reason.lower() if letter.isalnum()).removeprefix(_PREFIX)


_REASONS = {_folded(word): ending for ending, words in _WORDS.items() for word in words.split()}


def knows_reason(reason: str) -> bool:
    """Whether ``reason`` is a word we know; an unknown one means finished and is shown as sent."""
    return _folded(reason) in _REASONS


def ending_for(reason: str | None, *, has_calls: bool = False) -> Ending:
    """The ending for a ``finish_reason`` or ``stop_reason``, ``None`` when the end marker came without one.

    Tool calls win over ``stop`` and over words we do not know (common: calls that end with ``stop``), but not
    over a limit, a filter or an error, which may have cut them.
    """
    ending = _REASONS.get(_folded(reason), Ending.FINISHED) if reason else Ending.FINISHED
    return Ending.TOOL_CALLS if has_calls and ending is Ending.FINISHED else ending
