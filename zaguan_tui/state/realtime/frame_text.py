"""Frames as short text: base64 is folded to its size, long values are cut and marked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from zaguan_tui.text.format import count, size

NOTE: Final = "♪"
MAX_TEXT_LENGTH: Final = 20_000
"""Characters of one text within a frame that are kept."""
MAX_DEPTH: Final = 40

_SOUND_DELTAS: Final = frozenset({"response.output_audio.delta", "response.audio.delta"})
_WORDS: Final = frozenset(
    {"text", "transcript", "delta", "arguments", "output", "instructions", "message", "description"}
)
_MIN_BASE64_LENGTH: Final = 256
_ALPHABET: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_")


def shorten_frame(frame: Any) -> Any:
    """The frame with every sound as ``♪ 4.2 kB`` and other base64 as its size; a copy."""
    if not isinstance(frame, Mapping):
        return _fold(frame, "", 0)
    sound = frame.get("type") in _SOUND_DELTAS
    return {
        name: describe_audio(value) if sound and name == "delta" else _fold(value, name, 1)
        for name, value in frame.items()
    }


def format_frame(frame: Any) -> str:
    """The folded frame as JSON on one line."""
    return json.dumps(shorten_frame(frame), ensure_ascii=False, separators=(",", ":"), default=str)


def describe_audio(value: Any) -> Any:
    """``♪ 4.2 kB`` for base64 text; anything else stays."""
    return f"{NOTE} {size(decoded_size(value))}" if isinstance(value, str) else value


def decoded_size(base64_text: str) -> int:
    """How many bytes this base64 text stands for."""
    return len(base64_text) * 3 // 4 - base64_text[-2:].count("=")


def _fold(value: Any, name: str, depth: int) -> Any:
    if isinstance(value, str):
        return _fold_text(value, name)
    if depth >= MAX_DEPTH:
        return "…" if isinstance(value, Mapping | list) else value
    if isinstance(value, Mapping):
        return {key: _fold(inner, key, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_fold(inner, name, depth + 1) for inner in value]
    return value


def _fold_text(text: str, name: str) -> str:
    if (
        len(text) >= _MIN_BASE64_LENGTH
        and name not in _WORDS
        and _ALPHABET.issuperset(text[:_MIN_BASE64_LENGTH])
    ):
        return str(describe_audio(text)) if name == "audio" else f"base64, {size(decoded_size(text))}"
    if name == "audio":
        return str(describe_audio(text))
    if len(text) > MAX_TEXT_LENGTH:
        return f"{text[:MAX_TEXT_LENGTH]} … ({count(len(text) - MAX_TEXT_LENGTH)} more characters)"
    return text
