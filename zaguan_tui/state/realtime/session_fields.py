"""Reads the session and response fields of server events, tolerantly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from zaguan_tui.state.realtime.audio import read_audio_format
from zaguan_tui.state.realtime.notices import SessionStatus


def apply_session(status: SessionStatus, session: Mapping[str, Any]) -> SessionStatus:
    """What the server says the session is."""
    audio = session.get("audio")
    output = audio.get("output") if isinstance(audio, Mapping) else None
    voice = output.get("voice") if isinstance(output, Mapping) else None
    modes, expires = session.get("output_modalities"), session.get("expires_at")
    changes: dict[str, Any] = {
        "session_id": _text(session.get("id")) or status.session_id,
        "model": _text(session.get("model")) or status.model,
        "voice": _text(voice) or status.voice,
        "modalities": tuple(map(str, modes)) if isinstance(modes, list) else status.modalities,
        "sound": read_audio_format(session) if isinstance(output, Mapping) else status.sound,
        "expires_at": _moment(expires) or status.expires_at,
    }
    return replace(status, **changes)


def _moment(seconds: Any) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 1e11:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def has_failed(frame: Any) -> bool:
    """Whether a response that is over went wrong."""
    response = frame.get("response") if isinstance(frame, Mapping) else None
    return isinstance(response, Mapping) and response.get("status") == "failed"


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
