"""One-line summary of a realtime event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from zaguan_tui.state.realtime.frame_text import describe_audio
from zaguan_tui.text.format import count, tokens
from zaguan_tui.text.sentences import quote

MAX_LENGTH: Final = 160

_LABELS: Final = {
    "response.output_text": "text",
    "response.output_audio": "audio",
    "response.output_audio_transcript": "transcript",
    "response.function_call_arguments": "arguments",
    "conversation.item.input_audio_transcription": "heard",
}
_DROPPED: Final = ("conversation.", "input_")
"""What a short name does without."""
_NAMING: Final = ("item_id", "response_id", "call_id", "audio_start_ms", "audio_end_ms")

Frame = Mapping[str, Any]


def event_label(event_type: str) -> str:
    """The type as a short name: ``text delta``, ``item.added``; the whole type is in the JSON."""
    stem, _, last = event_type.rpartition(".")
    if stem in _LABELS:
        return f"{_LABELS[stem]} {last}"
    if stem in ("response.output_item", "response.content_part"):
        return event_type.removeprefix("response.")
    for prefix in _DROPPED:
        event_type = event_type.removeprefix(prefix)
    return event_type or "unreadable"


def summarize_event(event_type: str, frame: Any) -> str:
    """One line about ``frame``; foreign text is in it, and may be anything."""
    if not isinstance(frame, Mapping):
        return quote(frame, MAX_LENGTH)
    stem, _, last = event_type.rpartition(".")
    if stem in _LABELS or event_type in ("response.created", "response.done", "error"):
        return quote(_summarize_answer_event(event_type, stem, last, frame), MAX_LENGTH)
    for name, tell in _BY_FIELD.items():
        if isinstance(frame.get(name), Mapping | list):
            return quote(tell(frame[name]), MAX_LENGTH)
    if isinstance(frame.get("audio"), str):
        return str(describe_audio(frame["audio"]))
    names = (f"{name.removesuffix('_id')} {frame[name]}" for name in _NAMING if frame.get(name) is not None)
    return quote(next(names, ""), MAX_LENGTH)


def _summarize_answer_event(event_type: str, stem: str, last: str, frame: Frame) -> str:
    if event_type == "error":
        return _error(frame.get("error"))
    if stem == "response.output_audio":
        return str(describe_audio(frame.get("delta"))) if last == "delta" else ""
    if stem in _LABELS:
        texts = (frame.get(name) for name in ("delta", "text", "transcript", "arguments"))
        return next((text for text in texts if isinstance(text, str) and text), _error(frame.get("error")))
    return _response(frame.get("response"))


def _response(response: Any) -> str:
    """Status, why, tokens of a response that is over; wishes of one that is asked for."""
    if not isinstance(response, Mapping):
        return ""
    details, usage = response.get("status_details"), response.get("usage")
    parts = [str(response.get("status") or "")]
    if isinstance(details, Mapping):
        parts += [str(details.get("reason") or ""), _error(details.get("error"))]
    if isinstance(usage, Mapping):
        for name, word in (("input_tokens", "in"), ("output_tokens", "out")):
            if isinstance(usage.get(name), int | float):
                parts.append(f"{tokens(usage[name])} {word}")
    return " · ".join(part for part in parts if part) or _requested_fields(response)


def _error(error: Any) -> str:
    if not isinstance(error, Mapping):
        return ""
    fields = (error.get(name) for name in ("code", "param", "message"))
    return " · ".join(text for text in fields if isinstance(text, str) and text)


def _session(session: Any) -> str:
    if not isinstance(session, Mapping):
        return ""
    named = [str(session[name]) for name in ("model", "id") if session.get(name)]
    return " · ".join(named) or _requested_fields(session)


def _requested_fields(session: Frame) -> str:
    """What is asked for: the modalities in full, of the rest the names."""
    modes = session.get("output_modalities") or session.get("modalities")
    parts = ["+".join(map(str, modes))] if isinstance(modes, list) else []
    hidden = ("type", "output_modalities", "modalities")
    return ", ".join(parts + [str(name) for name in session if name not in hidden])


def _item(item: Any) -> str:
    if not isinstance(item, Mapping):
        return ""
    if item.get("type") != "message":
        parts = [item.get("type"), item.get("name") or item.get("call_id"), item.get("arguments")]
        return " ".join(str(part) for part in parts if part)
    content = item.get("content")
    parts = (
        [_part(part) for part in content if isinstance(part, Mapping)] if isinstance(content, list) else []
    )
    return ": ".join(text for text in (str(item.get("role") or ""), " ".join(filter(None, parts))) if text)


def _part(part: Any) -> str:
    if not isinstance(part, Mapping):
        return ""
    text = part.get("text") or part.get("transcript")
    return text if isinstance(text, str) else str(part.get("type") or "")


def _limits(limits: Any) -> str:
    rows = [row for row in limits if isinstance(row, Mapping)] if isinstance(limits, list) else []
    return " · ".join(
        f"{row.get('name')} {_number(row.get('remaining'))} of {_number(row.get('limit'))}" for row in rows
    )


def _number(value: Any) -> str:
    return count(value if isinstance(value, int | float) and not isinstance(value, bool) else None)


_BY_FIELD: Final[dict[str, Callable[[Any], str]]] = {
    "session": _session,
    "item": _item,
    "part": _part,
    "rate_limits": _limits,
    "response": _response,
}
