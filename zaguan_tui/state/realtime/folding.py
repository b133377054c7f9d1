"""Frames without their sound: base64 is folded to its size, whatever else is long is cut and says so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from zaguan_tui.text.format import count, size

NOTE: Final = "♪"
LONGEST_TEXT: Final = 20_000
"""Characters of one text within a frame that are kept."""
DEEPEST: Final = 40

_SOUND_DELTAS: Final = frozenset({"response.output_audio.delta", "response.audio.delta"})
_WORDS: Final = frozenset(
    {"text", "transcript", "delta", "arguments", "output", "instructions", "message", "description"}
)
_SHORTEST_BASE64: Final = 256
_ALPHABET: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_")


def fold_frame(frame: Any) -> Any:
    """The frame with every sound as ``♪ 4.2 kB`` and other base64 as its size; a copy."""
    if not isinstance(frame, Mapping):
        return _fold(frame, "", 0)
    sound = frame.get("type") in _SOUND_DELTAS
    return {
        name: folded_sound(value) if sound and name == "delta" else _fold(value, name, 1)
        for name, value in frame.items()
    }


def frame_text(frame: Any) -> str:
    """The folded frame as JSON on one line."""
    return json.dumps(fold_frame(frame), ensure_ascii=False, separators=(",", ":"), default=str)


def folded_sound(value: Any) -> Any:
    """``♪ 4.2 kB`` for base64 text; anything else stays."""
    return f"{NOTE} {size(octets_of(value))}" if isinstance(value, str) else value


def octets_of(base64_text: str) -> int:
    """How many bytes this base64 text stands for."""
    return len(base64_text) * 3 // 4 - base64_text[-2:].count("=")


def _fold(value: Any, name: str, depth: int) -> Any:
    if isinstance(value, str):
        return _fold_text(value, name)
    if depth >= DEEPEST:
        return "…" if isinstance(value, Mapping | list) else value
    if isinstance(value, Mapping):
        return {key: _fold(inner, key, depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_fold(inner, name, depth + 1) for inner in value]
    return value


def _fold_text(text: str, name: str) -> str:
    if len(text) >= _SHORTEST_BASE64 and name not in _WORDS and _ALPHABET.issuperset(text[:_SHORTEST_BASE64]):
        return str(folded_sound(text)) if name == "audio" else f"base64, {size(octets_of(text))}"
    if name == "audio":
        return str(folded_sound(text))
    if len(text) > LONGEST_TEXT:
        return f"{text[:LONGEST_TEXT]} … ({count(len(text) - LONGEST_TEXT)} more characters)"
    return text
