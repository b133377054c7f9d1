"""`/v1/audio/transcriptions` and `/translations` (`wire.md` 3.4, D61 to D64; ``OpenAI spec``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.types.answers.usage import Usage, read_usage
from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable
from zaguan_tui.client.types.core.envelopes import unwrap_object
from zaguan_tui.client.types.core.primitives import UnreadableValue, amount, filled_text, text
from zaguan_tui.client.types.core.times import seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """One word and when it was said, in seconds from the start."""

    word: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenSegment:
    """A stretch of speech, in seconds from the start. ``speaker`` comes with diarized answers only.

    ``avg_logprob``, ``no_speech_prob`` (0..1) and ``compression_ratio`` tell how far to trust it.
    """

    text: str
    id: str | None = None
    start: float | None = None
    end: float | None = None
    speaker: str | None = None
    avg_logprob: float | None = None
    no_speech_prob: float | None = None
    compression_ratio: float | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcription(Answer):
    """What was said. ``text`` is the transcript, or the whole subtitle file for ``srt`` and ``vtt``.

    ``language`` is a word (``english``), not a code. ``duration_s`` is the recording's length. Either
    ``usage`` (tokens) or ``billed_s`` (seconds) says what it cost. ``dialect``: json, text, srt or vtt.
    """

    text: str = ""
    language: str | None = None
    duration_s: float | None = None
    task: str | None = None
    words: tuple[SpokenWord, ...] = ()
    segments: tuple[SpokenSegment, ...] = ()
    usage: Usage | None = None
    billed_s: float | None = None


_TOP = FieldTable(
    {
        "text": (text, ("text",)),
        "language": (filled_text, ("language",)),
        "duration_s": (seconds, ("duration", "duration_s")),
        "task": (filled_text, ("task",)),
    }
)
_WORD = FieldTable(
    {"word": (text, ("word", "text")), "start": (seconds, ("start",)), "end": (seconds, ("end",))}
)
_SEGMENT = FieldTable(
    {
        "id": (filled_text, ("id",)),
        "text": (text, ("text",)),
        "start": (seconds, ("start",)),
        "end": (seconds, ("end",)),
        "speaker": (filled_text, ("speaker",)),
        "avg_logprob": (amount, ("avg_logprob",)),
        "no_speech_prob": (amount, ("no_speech_prob",)),
        "compression_ratio": (amount, ("compression_ratio",)),
    }
)


def read_transcription(body: Any) -> Transcription:
    """Read json, verbose_json or diarized_json. Raises :class:`UnreadableValue` when there is no text."""
    drift = Drift()
    entry = unwrap_object(
        body, ("transcription", "translation"), lambda value: isinstance(value.get("text"), str)
    )
    usage, billed = read_media_usage(entry.get("usage"), drift)
    return Transcription(
        words=tuple(_read_words(entry.get("words"), drift)),
        segments=tuple(_read_segments(entry.get("segments"), drift)),
        usage=usage,
        billed_s=billed,
        **_TOP.read(entry, drift, ""),
        dialect="json",
        notes=drift.notes,
        raw=entry,
    )


def read_plain_transcription(body: str, form: str) -> Transcription:
    """A transcript that came as text; ``form`` is text, srt or vtt. White space at its ends is dropped."""
    return Transcription(text=body.strip(), dialect=form, raw=body)


def read_media_usage(value: Any, drift: Drift) -> tuple[Usage | None, float | None]:
    """The union of token counts and billed seconds (``{type: tokens, …}``, ``{type: duration, seconds}``)."""
    if not isinstance(value, Mapping):
        return None, None
    try:
        billed = seconds(value.get("seconds"), "seconds")
    except UnreadableValue as error:
        drift.field("usage", "seconds", error.received)
        billed = None
    return read_usage(value, drift), billed


def read_segment(value: Any, drift: Drift, path: str = "") -> SpokenSegment | None:
    """One segment; ``None`` for what is none."""
    values = _SEGMENT.read(value, drift, path) if isinstance(value, Mapping) else {}
    return SpokenSegment(raw=value, **values) if "text" in values else None


def _read_segments(value: Any, drift: Drift) -> list[SpokenSegment]:
    entries = value if isinstance(value, list) else []
    segments = (read_segment(entry, drift, f"segments[{place}]") for place, entry in enumerate(entries))
    return [segment for segment in segments if segment is not None]


def _read_words(value: Any, drift: Drift) -> list[SpokenWord]:
    words = []
    for place, entry in enumerate(value if isinstance(value, list) else []):
        values = _WORD.read(entry, drift, f"words[{place}]") if isinstance(entry, Mapping) else {}
        if "word" in values:
            words.append(SpokenWord(**values))
    return words
