"""The requests of ``/v1/audio`` (ranges and names: OpenAI spec; wire reference §3.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, TypedDict

from zaguan_tui.client.dispatch.call import json_body
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.checks import describe_value
from zaguan_tui.client.requests.fields import Rule, anything, checked, choice, listing, mapping, number, words
from zaguan_tui.client.requests.multipart import FieldValue, FormDraft, Progress
from zaguan_tui.client.requests.upload_source import FileInput, Upload, file_name

RECORDINGS = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm")
"""Endings that OpenAI takes; other servers take others, but all tell the format from the name's ending."""
SPEECH_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
"""Suggestions; servers differ (D64)."""
VOICES = ("alloy", "echo", "fable", "onyx", "nova", "shimmer")
"""Suggestions, as above."""
PLAIN_FORMATS = ("text", "srt", "vtt")
"""Formats whose answer is text."""
MAX_SPEECH = 4096
"""Characters of one speech."""


class TranslationParams(TypedDict, total=False):
    """Every parameter of a translation beside file and model. ``None`` is not sent.

    ``response_format``: json, text, srt, verbose_json or vtt. ``temperature``: 0 to 1.
    """

    prompt: str | None
    response_format: str | None
    temperature: float | None
    additional_fields: Mapping[str, Any] | None


class TranscriptionParams(TranslationParams, total=False):
    """Every parameter of a transcription beside file and model. ``None`` is not sent.

    ``language`` is an ISO-639-1 code. ``timestamp_granularities`` (word, segment) need
    ``response_format="verbose_json"``. ``response_format`` may be diarized_json too.
    """

    language: str | None
    languages: Sequence[str] | None
    keywords: Sequence[str] | None
    timestamp_granularities: Sequence[str] | None
    include: Sequence[str] | None
    chunking_strategy: str | Mapping[str, Any] | None
    known_speaker_names: Sequence[str] | None
    known_speaker_references: Sequence[str] | None


class SpeechParams(TypedDict, total=False):
    """Every parameter of a speech beside model, input and voice. ``None`` is not sent.

    ``speed``: 0.25 to 4. ``instructions``: up to 4096 characters. ``response_format``: see
    ``SPEECH_FORMATS``, default mp3.
    """

    response_format: str | None
    speed: float | None
    instructions: str | None
    additional_fields: Mapping[str, Any] | None


_JSON_FORMATS = ("json", "verbose_json")
_TRANSLATION: Mapping[str, Rule] = {
    "prompt": words(),
    "response_format": choice(*PLAIN_FORMATS, *_JSON_FORMATS),
    "temperature": number(0, 1),
}
_TRANSCRIPTION: Mapping[str, Rule] = {
    **_TRANSLATION,
    "response_format": choice(*PLAIN_FORMATS, *_JSON_FORMATS, "diarized_json"),
    "language": words(),
    "languages": listing(of=words()),
    "keywords": listing(of=words()),
    "timestamp_granularities": listing(of=choice("word", "segment")),
    "include": listing(of=words()),
    "chunking_strategy": anything,
    "known_speaker_names": listing(of=words()),
    "known_speaker_references": listing(of=words()),
}
_SPEECH: Mapping[str, Rule] = {
    "response_format": words(),
    "speed": number(0.25, 4),
    "instructions": words(MAX_SPEECH),
}
_BRACKETED = ("timestamp_granularities", "include", "known_speaker_names", "known_speaker_references")
"""Lists that repeat their field with brackets, once per value (oai-py, D61)."""


def transcription_form(
    file: FileInput, model: str, params: Mapping[str, Any], *, stream: bool, progress: Progress | None
) -> FormDraft:
    """The form of a transcription; raises :class:`ArgumentError` for anything no server would take."""
    fields = checked("create_transcription", _TRANSCRIPTION, params)
    granularities = fields.get("timestamp_granularities")
    if granularities and fields.get("response_format") != "verbose_json":
        raise ArgumentError(
            "timestamp_granularities", "need verbose_json", 'response_format="verbose_json" beside them'
        )
    if stream:
        fields["stream"] = True
    return _form(file, model, fields, progress)


def translation_form(
    file: FileInput, model: str, params: Mapping[str, Any], *, progress: Progress | None
) -> FormDraft:
    """The form of a translation; raises :class:`ArgumentError` as above."""
    return _form(file, model, checked("create_translation", _TRANSLATION, params), progress)


def speech_body(
    model: str, text: str, voice: str | Mapping[str, Any], params: Mapping[str, Any], *, events: bool
) -> dict[str, Any]:
    """The JSON body of a speech; raises :class:`ArgumentError` as above."""
    words()("model", model)
    words(MAX_SPEECH)("input", text)
    if isinstance(voice, Mapping):
        words()("voice.id", voice.get("id"))
    else:
        words()("voice", voice)
    body = {"model": model, "input": text, "voice": voice, **checked("create_speech", _SPEECH, params)}
    return body | ({"stream_format": "sse"} if events else {})


def _form(file: FileInput, model: str, fields: dict[str, Any], progress: Progress | None) -> FormDraft:
    words()("model", model)
    check_recording(file)
    form: dict[str, FieldValue] = {"model": model}
    for name, value in fields.items():
        if isinstance(value, Mapping):
            mapping(name, value)
            form[name] = json_body(value).decode()
        else:
            form[f"{name}[]" if name in _BRACKETED else name] = value
    return FormDraft(form, [("file", file)], progress)


def check_recording(file: FileInput) -> None:
    """The file's name must have an ending: it is all that servers go by."""
    if isinstance(file, (str, Upload)) or hasattr(file, "__fspath__"):
        name = file_name(file)
        if not PurePath(name).suffix.strip("."):
            raise ArgumentError(
                "file", f"is called {describe_value(name)}", f"a name with an ending: {', '.join(RECORDINGS)}"
            )
