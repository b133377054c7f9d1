"""Typed server events of a realtime session, under current names (wire reference §7; OpenAI spec).

Every event keeps its frame in ``raw``. A frame nobody can read is an event too (:class:`UnreadableFrame`), an
unknown type is an :class:`OtherEvent`: neither ends the session (proposal).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.errors.exceptions import APIError
from zaguan_tui.client.realtime.beta_names import (
    current_event_name,
    current_item,
    current_part,
    current_session,
)
from zaguan_tui.client.realtime.response import ErrorMaker, RealtimeResponse, read_response
from zaguan_tui.client.streaming.json_text import UNREADABLE, parse_json


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerEvent:
    """Common to all: the current name of its type, its id, and the frame as sent."""

    type: str
    event_id: str | None = None
    raw: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEvent(ServerEvent):
    """``session.created`` (always the first) and ``session.updated``; ``session`` in its current shape."""

    session: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorEvent(ServerEvent):
    """``error``: mostly recoverable, the session goes on. ``caused_by`` is the id of our event, if named."""

    error: APIError = field(compare=False)
    caused_by: str | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of one limit (``requests``, ``tokens``); it is full again in ``reset_s`` seconds."""

    name: str
    limit: float | None = None
    remaining: float | None = None
    reset_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitsEvent(ServerEvent):
    """``rate_limits.updated``."""

    limits: tuple[Allowance, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEvent(ServerEvent):
    """``conversation.item.*``, and ``response.output_item.*``, which name their response too."""

    item_id: str | None = None
    item: Mapping[str, Any] = field(default_factory=dict, hash=False)
    previous_item_id: str | None = None
    response_id: str | None = None
    output_index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InputAudioEvent(ServerEvent):
    """``input_audio_buffer.*``; ``at_ms`` is where speech began or ended, in ms of the audio sent."""

    item_id: str | None = None
    at_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptionEvent(ServerEvent):
    """What the user was heard to say. ``text`` is a piece, or the whole when ``whole`` is set."""

    item_id: str | None = None
    content_index: int = 0
    text: str = ""
    whole: bool = False
    error: APIError | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseEvent(ServerEvent):
    """``response.created`` and ``response.done`` (always sent, whatever the outcome)."""

    response: RealtimeResponse = field(default_factory=RealtimeResponse)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentPartEvent(ServerEvent):
    """``response.content_part.*``; ``part`` under its current type."""

    item_id: str | None = None
    content_index: int = 0
    part: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputEvent(ServerEvent):
    """A piece of an answer, or its whole (``whole``): ``text``, ``audio``, ``transcript`` or ``arguments``.

    ``kind`` says which; ``text`` holds it, but for audio, whose decoded bytes are in ``audio``.
    """

    kind: str
    text: str = ""
    audio: bytes = field(default=b"", repr=False)
    whole: bool = False
    response_id: str | None = None
    item_id: str | None = None
    output_index: int = 0
    content_index: int = 0
    call_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherEvent(ServerEvent):
    """An event of a type we do not know; everything is in ``raw``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableFrame(ServerEvent):
    """A frame that is no JSON object with a type; ``raw`` is its text."""


_OUTPUTS = {
    "response.output_text": ("text", "text"),
    "response.output_audio": ("audio", "audio"),
    "response.output_audio_transcript": ("transcript", "transcript"),
    "response.function_call_arguments": ("arguments", "arguments"),
}
"""The event's name without ``.delta`` and ``.done``: its kind, and the field that holds the whole."""


def read_server_event(frame: str, on_error: ErrorMaker) -> ServerEvent:
    """The typed event of one text frame. Never raises for what a server sends."""
    data = parse_json(frame)
    if data is UNREADABLE or not isinstance(data, dict) or not isinstance(data.get("type"), str):
        return UnreadableFrame(type="", raw=frame)
    name = current_event_name(data["type"])
    common: dict[str, Any] = {"type": name, "event_id": _text(data.get("event_id")), "raw": data}
    stem, _, last = name.rpartition(".")
    if stem in _OUTPUTS and last in ("delta", "done"):
        return _read_output(data, common, stem, whole=last == "done")
    if stem == "conversation.item.input_audio_transcription":
        return _read_transcription(data, common, last, on_error)
    if name == "error":
        return _read_error(data, common, on_error)
    reader = _BY_NAME.get(name) or _BY_STEM.get(stem)
    if reader is not None:
        return reader(data, common)
    if name in ("response.created", "response.done"):
        return ResponseEvent(**common, response=read_response(data.get("response"), on_error))
    return OtherEvent(**common)


def _read_output(
    data: Mapping[str, Any], common: Mapping[str, Any], stem: str, *, whole: bool
) -> OutputEvent:
    kind, field_name = _OUTPUTS[stem]
    sent = _text(data.get(field_name if whole else "delta")) or ""
    return OutputEvent(
        **common,
        kind=kind,
        text="" if kind == "audio" else sent,
        audio=_audio(sent) if kind == "audio" else b"",
        whole=whole,
        response_id=_text(data.get("response_id")),
        item_id=_text(data.get("item_id")),
        output_index=_whole(data.get("output_index")) or 0,
        content_index=_whole(data.get("content_index")) or 0,
        call_id=_text(data.get("call_id")),
    )


def _read_transcription(
    data: Mapping[str, Any], common: Mapping[str, Any], last: str, on_error: ErrorMaker
) -> TranscriptionEvent:
    error = data.get("error")
    sent = _text(data.get("transcript")) or _text(data.get("delta")) or _text(data.get("text")) or ""
    return TranscriptionEvent(
        **common,
        item_id=_text(data.get("item_id")),
        content_index=_whole(data.get("content_index")) or 0,
        text=sent,
        whole=last == "completed",
        error=on_error(error) if isinstance(error, Mapping) else None,
    )


def _read_error(data: Mapping[str, Any], common: Mapping[str, Any], on_error: ErrorMaker) -> ErrorEvent:
    error = data.get("error")
    cause = error.get("event_id") if isinstance(error, Mapping) else None
    return ErrorEvent(**common, error=on_error(error), caused_by=_text(cause))


def _read_session(data: Mapping[str, Any], common: Mapping[str, Any]) -> SessionEvent:
    return SessionEvent(**common, session=current_session(data.get("session")))


def _read_limits(data: Mapping[str, Any], common: Mapping[str, Any]) -> RateLimitsEvent:
    entries = data.get("rate_limits")
    limits = tuple(
        Allowance(
            _text(entry.get("name")) or "",
            _number(entry.get("limit")),
            _number(entry.get("remaining")),
            _number(entry.get("reset_seconds")),
        )
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, Mapping)
    )
    return RateLimitsEvent(**common, limits=limits)


def _read_item(data: Mapping[str, Any], common: Mapping[str, Any]) -> ItemEvent:
    item = current_item(data.get("item"))
    return ItemEvent(
        **common,
        item_id=_text(data.get("item_id")) or _text(item.get("id")),
        item=item,
        previous_item_id=_text(data.get("previous_item_id")),
        response_id=_text(data.get("response_id")),
        output_index=_whole(data.get("output_index")) or 0,
    )


def _read_input_audio(data: Mapping[str, Any], common: Mapping[str, Any]) -> InputAudioEvent:
    at_ms = _whole(data.get("audio_start_ms"))
    return InputAudioEvent(
        **common,
        item_id=_text(data.get("item_id")),
        at_ms=_whole(data.get("audio_end_ms")) if at_ms is None else at_ms,
    )


def _read_part(data: Mapping[str, Any], common: Mapping[str, Any]) -> ContentPartEvent:
    part = current_part(data.get("part"))
    return ContentPartEvent(
        **common,
        item_id=_text(data.get("item_id")),
        content_index=_whole(data.get("content_index")) or 0,
        part=part if isinstance(part, Mapping) else {},
    )


_EventReader = Callable[[Mapping[str, Any], Mapping[str, Any]], ServerEvent]
_BY_NAME: Mapping[str, _EventReader] = {
    "session.created": _read_session,
    "session.updated": _read_session,
    "rate_limits.updated": _read_limits,
}
_BY_STEM: Mapping[str, _EventReader] = {
    "conversation.item": _read_item,
    "response.output_item": _read_item,
    "input_audio_buffer": _read_input_audio,
    "response.content_part": _read_part,
}


def _audio(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError):
        return b""


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
