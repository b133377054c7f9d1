"""Reading the content of a chat message: a string, a list of parts, or nothing."""

from __future__ import annotations

from collections.abc import Mapping

IMAGE_TYPES = frozenset({"image_url", "image", "input_image"})
"""Part types that carry a picture, in the OpenAI and the Anthropic spelling."""

AUDIO_TYPES = frozenset({"input_audio", "audio"})
"""Part types that carry sound."""


def parts_of(content: object) -> tuple[Mapping[str, object], ...]:
    """The parts of a message's content; a bare string is one text part, anything unreadable none."""
    if isinstance(content, str):
        return ({"type": "text", "text": content},)
    if isinstance(content, Mapping):
        return (content,)
    if isinstance(content, (list, tuple)):
        return tuple(
            part if isinstance(part, Mapping) else {"type": "text", "text": part}
            for part in content
            if isinstance(part, (Mapping, str))
        )
    return ()


def part_text(part: Mapping[str, object]) -> str:
    """The text of a part: its `text`, or the text inside a tool result; empty for anything else."""
    text = part.get("text")
    if isinstance(text, str):
        return text
    inner = part.get("content")
    return content_text(inner) if inner is not None else ""


def content_text(content: object) -> str:
    """All text of a message's content, parts joined by line breaks."""
    return "\n".join(filter(None, map(part_text, parts_of(content))))
