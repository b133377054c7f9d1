"""What one frame says, in a word and a piece: for a line of a list, and for playing the text again.

Both dialects, and whatever else a server may send: nothing here raises.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LARGEST: Final = 64_000
"""A frame with more characters than this is not read for a line of a list."""

END_MARKER: Final = "[DONE]"
_THOUGHT_FIELDS: Final = ("reasoning_content", "reasoning", "reasoning_text")
_DELTAS: Final = {
    "text_delta": ("text", "text"),
    "thinking_delta": ("thinking", "thought"),
    "input_json_delta": ("partial_json", "call"),
    "signature_delta": ("signature", ""),
    "citations_delta": ("citation", ""),
}


@dataclass(frozen=True, slots=True)
class Digest:
    """``label`` is what kind of frame it is, ``piece`` what it carries, foreign text both.

    ``text`` and ``thought`` are what it adds to the answer and to the reasoning; ``adds`` says whether it
    brings anything of the answer at all. ``trouble`` marks an error.
    """

    label: str
    piece: str = ""
    text: str = ""
    thought: str = ""
    adds: bool = False
    trouble: bool = False


def digest(event: str, data: str) -> Digest:
    """Read one frame."""
    if data.startswith(END_MARKER):
        return Digest(event or END_MARKER, END_MARKER if event else "")
    if len(data) > LARGEST:
        return Digest(event or "large frame", data[:400])
    try:
        value = json.loads(data)
    except ValueError:
        label = event or "not JSON"
        return Digest(label, data[:400], trouble=event in ("", "error"))
    if not isinstance(value, dict):
        return Digest(event or "no object", data[:400])
    if event == "error" or value.get("type") == "error" or value.get("error"):
        return Digest(event or "error", _error_words(value) or data[:400], trouble=True)
    kind = value.get("type")
    if isinstance(kind, str) and kind:
        return _of_messages(kind, value)
    return _of_chat(event, value, data)


def _of_messages(kind: str, value: Mapping[str, Any]) -> Digest:
    if kind == "content_block_delta":
        delta = _object(value.get("delta"))
        name = _word(delta.get("type"))
        source, role = _DELTAS.get(name, ("", ""))
        piece = _word(delta.get(source)) if source else ""
        return Digest(
            name or kind,
            piece,
            text=piece if role == "text" else "",
            thought=piece if role == "thought" else "",
            adds=bool(piece) and bool(role),
        )
    if kind == "content_block_start":
        block = _object(value.get("content_block"))
        return Digest(kind, " ".join(filter(None, (_word(block.get("type")), _word(block.get("name"))))))
    if kind == "message_start":
        message = _object(value.get("message"))
        return Digest(kind, " ".join(filter(None, (_word(message.get("model")), _usage(message)))))
    if kind == "message_delta":
        stop = _word(_object(value.get("delta")).get("stop_reason"))
        return Digest(kind, " ".join(filter(None, (stop, _usage(value)))))
    return Digest(kind)


def _of_chat(event: str, value: Mapping[str, Any], data: str) -> Digest:
    choices = value.get("choices")
    choice = _object(choices[0]) if isinstance(choices, list) and choices else {}
    delta = _object(choice.get("delta") or choice.get("message"))
    finish = _word(choice.get("finish_reason"))
    thought = next((_word(delta[name]) for name in _THOUGHT_FIELDS if _word(delta.get(name))), "")
    text = _word(delta.get("content")) or _word(choice.get("text"))
    call = _call(delta.get("tool_calls"))
    refusal = _word(delta.get("refusal"))
    for label, piece in (
        ("content", text),
        ("reasoning", thought),
        ("tool call", call),
        ("refusal", refusal),
    ):
        if piece:
            return Digest(
                event or label, piece, text=text or refusal, thought="" if text else thought, adds=True
            )
    if finish:
        return Digest(event or "finish", " ".join(filter(None, (finish, _usage(value)))))
    if usage := _usage(value):
        return Digest(event or "usage", usage)
    if extras := _extras(delta):
        return Digest(event or "extras", extras, adds=True)
    if delta.get("role"):
        return Digest(event or "role", _word(delta.get("role")))
    return Digest(event or "frame", data[:400])


def _call(calls: object) -> str:
    """Names and arguments of the tool calls in a frame."""
    words = []
    for call in map(_object, calls if isinstance(calls, list) else [calls]):
        function = _object(call.get("function")) or _object(call.get("custom"))
        given = function.get("arguments", function.get("input"))
        arguments = given if isinstance(given, str) or given is None else json.dumps(given)
        words += [_word(function.get("name")), arguments]
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
    usage = _object(value.get("usage"))
    named = (
        (usage.get("prompt_tokens", usage.get("input_tokens")), "in"),
        (usage.get("completion_tokens", usage.get("output_tokens")), "out"),
    )
    return " ".join(f"{count} {word}" for count, word in named if isinstance(count, (int, float)))


def _error_words(value: Mapping[str, Any]) -> str:
    error = value.get("error")
    found = error if isinstance(error, dict) else value
    words = (_word(found.get("type")), _word(found.get("code")), _word(found.get("message")))
    return " ".join(dict.fromkeys(filter(None, words))) or _word(error)


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
