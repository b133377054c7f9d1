"""Content lists of messages, split into text, reasoning and refusals."""

from __future__ import annotations

from typing import NamedTuple

_TEXT_KEYS = ("text", "thinking", "summary", "content")
_REASONING_TYPES = frozenset(
    {"thinking", "reasoning", "reasoning.text", "reasoning.summary", "redacted_thinking"}
)
_MAX_DEPTH = 4


class ContentParts(NamedTuple):
    """The three kinds of text a content can hold, each joined in order."""

    text: str = ""
    reasoning: str = ""
    refusal: str = ""


def read_content(value: object) -> ContentParts:
    """Read ``content``: a string, ``null``, a list of parts, or one part. Parts without text are skipped."""
    if isinstance(value, str):
        return ContentParts(value)
    parts = value if isinstance(value, list) else [value]
    text: list[str] = []
    reasoning: list[str] = []
    refusal: list[str] = []
    for part in parts:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "refusal" and isinstance(part, dict):
            refusal.append(flat_text(part.get("refusal")))
        elif isinstance(kind, str) and kind in _REASONING_TYPES:
            reasoning.append(flat_text(part))
        else:
            text.append(flat_text(part))
    return ContentParts("".join(text), "".join(reasoning), "".join(refusal))


def flat_text(value: object, depth: int = 0) -> str:
    """The text in a string, a part, or a list of parts; empty for anything else."""
    if isinstance(value, str):
        return value
    if depth == _MAX_DEPTH:
        return ""
    if isinstance(value, list):
        return "".join(flat_text(item, depth + 1) for item in value)
    if isinstance(value, dict):
        for key in _TEXT_KEYS:
            text = flat_text(value.get(key), depth + 1)
            if text:
                return text
    return ""
