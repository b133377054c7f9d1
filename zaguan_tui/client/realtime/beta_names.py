"""Mapping of beta names of realtime events to current ones (wire reference §7; OpenAI spec)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_EVENT_PREFIXES = (
    ("response.text.", "response.output_text."),
    ("response.audio_transcript.", "response.output_audio_transcript."),
    ("response.audio.", "response.output_audio."),
)
_PART_TYPES = {"text": "output_text", "audio": "output_audio"}
_AUDIO_FORMATS: Mapping[str, dict[str, Any]] = {
    "pcm16": {"type": "audio/pcm", "rate": 24000},
    "g711_ulaw": {"type": "audio/pcmu"},
    "g711_alaw": {"type": "audio/pcma"},
}
_SESSION_NAMES = {"modalities": "output_modalities", "max_response_output_tokens": "max_output_tokens"}
_AUDIO_PLACES = {
    "voice": ("output", "voice"),
    "speed": ("output", "speed"),
    "input_audio_format": ("input", "format"),
    "output_audio_format": ("output", "format"),
    "input_audio_transcription": ("input", "transcription"),
    "input_audio_noise_reduction": ("input", "noise_reduction"),
    "turn_detection": ("input", "turn_detection"),
}


def current_event_name(name: str) -> str:
    """The current name of an event; unknown names stay as they are."""
    for old, new in _EVENT_PREFIXES:
        if name.startswith(old):
            return new + name.removeprefix(old)
    return name


def current_part(part: Any) -> Any:
    """A content part of an answer under its current type (today's ``content_part`` events use old ones)."""
    if not isinstance(part, Mapping):
        return part
    kind = part.get("type")
    return {**part, "type": _PART_TYPES[kind]} if isinstance(kind, str) and kind in _PART_TYPES else part


def current_item(item: Any) -> Mapping[str, Any]:
    """A conversation item; the parts of what the assistant said under their current types."""
    if not isinstance(item, Mapping):
        return {}
    content = item.get("content")
    if item.get("role") != "assistant" or not isinstance(content, list):
        return item
    return {**item, "content": [current_part(part) for part in content]}


def current_session(session: Any) -> Mapping[str, Any]:
    """A session object in its current shape: modalities, token limit, and audio settings under ``audio``."""
    if not isinstance(session, Mapping):
        return {}
    audio = session.get("audio")
    sides: dict[str, dict[str, Any]] = {
        side: dict(settings) if isinstance(settings := (audio or {}).get(side), Mapping) else {}
        for side in ("input", "output")
        if audio is None or isinstance(audio, Mapping)
    }
    current: dict[str, Any] = {}
    for name, value in session.items():
        place = _AUDIO_PLACES.get(name)
        if place is not None and sides:
            side, inner = place
            sides[side].setdefault(inner, _format(value) if inner == "format" else value)
        elif name in _SESSION_NAMES:
            current.setdefault(_SESSION_NAMES[name], value)
        elif name != "audio":
            current[name] = value
    filled = {side: values for side, values in sides.items() if values}
    return {**current, "audio": filled} if filled else current


def _format(value: Any) -> Any:
    return dict(_AUDIO_FORMATS[value]) if isinstance(value, str) and value in _AUDIO_FORMATS else value
