"""Settings of a realtime session: defaults and updates by the client."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.chat.model_exchange import BadRequestError
from zaguan_tui.sandbox.engine.chat.tools import read_tools
from zaguan_tui.sandbox.realtime.wire import RealtimeError

Settings = dict[str, Any]
_FORMAT = {"type": "audio/pcm", "rate": 24000}
_BETA = {"modalities": "output_modalities", "max_response_output_tokens": "max_output_tokens"}
SILENCE_MS = 500


def make_settings(model: ModelData, expires_at: int) -> Settings:
    """What a session starts with; models that cannot speak answer in text."""
    detection = {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300}
    detection |= {"silence_duration_ms": SILENCE_MS, "create_response": True, "interrupt_response": True}
    sound_in = {
        "format": _FORMAT,
        "transcription": None,
        "noise_reduction": None,
        "turn_detection": detection,
    }
    return {
        "type": "realtime",
        "object": "realtime.session",
        "id": f"sess_{uuid.uuid4().hex[:20]}",
        "model": model.id,
        "output_modalities": ["audio"] if model.audio_out else ["text"],
        "instructions": "",
        "tools": [],
        "tool_choice": "auto",
        "max_output_tokens": "inf",
        "tracing": None,
        "prompt": None,
        "expires_at": expires_at,
        "audio": {"input": sound_in, "output": {"format": _FORMAT, "voice": "marin", "speed": 1.0}},
    }


def update_settings(settings: Settings, value: object, place: str) -> Settings:
    """The settings with the client's fields put over them. Raises `RealtimeError`; nothing changes then."""
    if not isinstance(value, Mapping):
        raise RealtimeError(f"'{place}' must be an object.", place)
    changes: Settings = {_BETA.get(str(name), str(name)): inner for name, inner in value.items()}
    if "voice" in changes:
        changes["audio"] = {"output": {"voice": changes.pop("voice")}, **(changes.get("audio") or {})}
    if "turn_detection" in changes:
        changes["audio"] = _merge(
            changes.get("audio") or {}, {"input": {"turn_detection": changes.pop("turn_detection")}}
        )
    for name in ("id", "object", "model", "expires_at"):
        changes.pop(name, None)
    after = _merge(settings, changes)
    modes = after["output_modalities"]
    if not isinstance(modes, list) or not modes or not set(map(str, modes)) <= {"text", "audio"}:
        raise RealtimeError(
            '\'output_modalities\' must be ["text"] or ["audio"].', f"{place}.output_modalities"
        )
    if not isinstance(after["instructions"], str | None):
        raise RealtimeError("'instructions' must be text.", f"{place}.instructions")
    longest = after["max_output_tokens"]
    whole = isinstance(longest, int) and not isinstance(longest, bool) and 1 <= longest <= 4096
    if longest != "inf" and not whole:
        message = "'max_output_tokens' must be inf or a whole number from 1 to 4096."
        raise RealtimeError(message, f"{place}.max_output_tokens")
    after["tools"] = _tools(after["tools"], place)
    return after


def voice_of(settings: Settings) -> str:
    """The voice of the audio output."""
    output = (settings.get("audio") or {}).get("output") or {}
    return str(output.get("voice") or "marin")


def turn_detection(settings: Settings) -> Mapping[str, Any] | None:
    """The server's turn detection; ``None``: the client commits."""
    detection = ((settings.get("audio") or {}).get("input") or {}).get("turn_detection")
    return detection if isinstance(detection, Mapping) else None


def _tools(value: object, place: str) -> list[dict[str, Any]]:
    rows = value or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RealtimeError("'tools' must be a list of objects.", f"{place}.tools")
    nested = [{"type": row.get("type"), "function": row} for row in rows]
    try:
        read_tools({"tools": nested})
    except BadRequestError as error:
        raise RealtimeError(error.message, f"{place}.{error.param}") from error
    return rows


def _merge(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """``over`` put on top, objects member by member."""
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        merged[name] = (
            _merge(below, value) if isinstance(value, Mapping) and isinstance(below, Mapping) else value
        )
    return merged
