"""Summarises one stream frame: its kind, its text, and whether it is an error.

Both dialects, and whatever else a server may send: nothing here raises.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

MAX_SIZE: Final = 64_000
"""A frame with more characters than this is not read for a line of a list."""

END_MARKER: Final = "[DONE]"
_REASONING_FIELDS: Final = ("reasoning_content", "reasoning", "reasoning_text")
_DELTAS: Final = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "reasoning"),
    "input_json_delta": ("partial_json", "call"),
    "signature_delta": ("signature", ""),
    "citations_delta": ("citation", ""),
}


@dataclass(frozen=True, slots=True)
class FrameDigest:
    """``label`` is what kind of frame it is, ``piece`` what it carries, foreign text both.

    ``text`` and ``thought`` are what it adds to the answer and to the reasoning; ``adds`` says whether it
    brings anything of the answer at all. ``trouble`` marks an error.
    """

    label: str
    piece: str = ""
    text: str = ""
    reasoning: str = ""
    adds: bool = False
    trouble: bool = False


def digest_frame(event: str, data: str) -> FrameDigest:
    """Read one frame."""
    if data.startswith(END_MARKER):
        return FrameDigest(event or END_MARKER, END_MARKER if event else "")
    if len(data) > MAX_SIZE:
        return FrameDigest(event or "large frame", data[:400])
    try:
        value = json.loads(data)
    except ValueError:
        label = event or "not JSON"
        return FrameDigest(label, data[:400], trouble=event in ("", "error"))
    if not isinstance(value, dict):
        return FrameDigest(event or "no object", data[:400])
    if event == "error" or value.get("type") == "error" or value.get("error"):
        return FrameDigest(event or "error", _error_words(value) or data[:400], trouble=True)
    kind = value.get("type")
    if isinstance(kind, str) and kind:
        return _digest_messages_frame(kind, value)
    return _digest_chat_frame(event, value, data)


def _digest_messages_frame(kind: str, value: Mapping[str, Any]) -> FrameDigest:
    if kind == "content_block_delta":
        delta = _as_object(value.get("delta"))
        name = _as_text(delta.get("type"))
        source, role = _DELTAS.get(name, ("", ""))
        piece = _as_text(delta.get(source)) if source else ""
        return FrameDigest(
            name or kind,
            piece,
            text=piece if role == "text" else "",
            reasoning=piece if role == "reasoning" else "",
            adds=bool(piece) and bool(role),
        )
    if kind == "content_block_start":
        block = _as_object(value.get("content_block"))
        return FrameDigest(
            kind, " ".join(filter(None, (_as_text(block.get("type")), _as_text(block.get("name")))))
        )
    if kind == "message_start":
        message = _as_object(value.get("message"))
        return FrameDigest(kind, " ".join(filter(None, (_as_text(message.get("model")), _usage(message)))))
    if kind == "message_delta":
        stop = _as_text(_as_object(value.get("delta")).get("stop_reason"))
        return FrameDigest(kind, " ".join(filter(None, (stop, _usage(value)))))
    return FrameDigest(kind)


def _digest_chat_frame(event: str, value: Mapping[str, Any], data: str) -> FrameDigest:
    choices = value.get("choices")
    choice = _as_object(choices[0]) if isinstance(choices, list) and choices else {}
    delta = _as_object(choice.get("delta") or choice.get("message"))
    finish = _as_text(choice.get("finish_reason"))
    reasoning = next((_as_text(delta[name]) for name in _REASONING_FIELDS if _as_text(delta.get(name))), "")
    text = _as_text(delta.get("content")) or _as_text(choice.get("text"))
    call = _first_tool_call(delta.get("tool_calls"))
    refusal = _as_text(delta.get("refusal"))
    for label, piece in (
        ("content", text),
        ("reasoning", reasoning),
        ("tool call", call),
        ("refusal", refusal),
    ):
        if piece:
            return FrameDigest(
                event or label, piece, text=text or refusal, reasoning="" if text else reasoning, adds=True
            )
    if finish:
        return FrameDigest(event or "finish", " ".join(filter(None, (finish, _usage(value)))))
    if usage := _usage(value):
        return FrameDigest(event or "usage", usage)
    if extras := _extras(delta):
        return FrameDigest(event or "extras", extras, adds=True)
    if delta.get("role"):
        return FrameDigest(event or "role", _as_text(delta.get("role")))
    return FrameDigest(event or "frame", data[:400])


def _first_tool_call(calls: object) -> str:
    """Names and arguments of the tool calls in a frame."""
    words = []
    for call in map(_as_object, calls if isinstance(calls, list) else [calls]):
        function = _as_object(call.get("function")) or _as_object(call.get("custom"))
        given = function.get("arguments", function.get("input"))
        arguments = given if isinstance(given, str) or given is None else json.dumps(given)
        words += [_as_text(function.get("name")), arguments]
    return " ".join(filter(None, words))


def _extras(delta: Mapping[str, Any]) -> str:
    """How many images and sources a frame holds."""
    counts = ((delta.get("images"), "image"), (delta.get("annotations"), "source"))
    return ", ".join(
        f"{len(held)} {word}{'' if len(held) == 1 else 's'}"
        for held, word in counts
        if isinstance(held, list) and held
    )


def _usage(value: Mapping[str, Any]) -> str:
    usage = _as_object(value.get("usage"))
    named = (
        (usage.get("prompt_tokens", usage.get("input_tokens")), "in"),
        (usage.get("completion_tokens", usage.get("output_tokens")), "out"),
    )
    return " ".join(f"{count} {word}" for count, word in named if isinstance(count, (int, float)))


def _error_words(value: Mapping[str, Any]) -> str:
    error = value.get("error")
    fields = error if isinstance(error, dict) else value
    words = (_as_text(fields.get("type")), _as_text(fields.get("code")), _as_text(fields.get("message")))
    return " ".join(dict.fromkeys(filter(None, words))) or _as_text(error)


def _as_object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else ""
