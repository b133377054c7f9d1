"""Forms and bodies of ``/v1/audio`` calls; what may be given is in :mod:`~.models.media`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any, TypedDict

from zaguan_tui.client.dispatch.call import json_body
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.body import build_body
from zaguan_tui.client.requests.multipart import FieldValue, FormDraft, Progress
from zaguan_tui.client.requests.sentences import describe_value
from zaguan_tui.client.requests.upload_source import FileInput, Upload, file_name

RECORDINGS = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm")
"""Endings that OpenAI takes; other servers take others, but all tell the format from the name's ending."""
PLAIN_FORMATS = ("text", "srt", "vtt")
"""Formats whose answer is text."""


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

    ``speed``: 0.25 to 4. ``instructions``: up to 4096 characters. ``response_format``: mp3
    (the default), opus, aac, flac, wav, pcm, or a server's own.
    """

    response_format: str | None
    speed: float | None
    instructions: str | None
    additional_fields: Mapping[str, Any] | None


_BRACKETED = ("timestamp_granularities", "include", "known_speaker_names", "known_speaker_references")
"""Lists that repeat their field with brackets, once per value (oai-py, D61)."""


def transcription_form(
    file: FileInput, model: str, params: Mapping[str, Any], *, stream: bool, progress: Progress | None
) -> FormDraft:
    """The form of a transcription; raises :class:`ArgumentError` for anything no server would take."""
    files = {"file": file}
    fields = build_body("create_transcription", {"model": model}, params, TranscriptionParams, files=files)
    return _form(file, fields | ({"stream": True} if stream else {}), progress)


def translation_form(
    file: FileInput, model: str, params: Mapping[str, Any], *, progress: Progress | None
) -> FormDraft:
    """The form of a translation; raises :class:`ArgumentError` as above."""
    files = {"file": file}
    fields = build_body("create_translation", {"model": model}, params, TranslationParams, files=files)
    return _form(file, fields, progress)


def speech_body(
    model: str, text: str, voice: str | Mapping[str, Any], params: Mapping[str, Any], *, events: bool
) -> dict[str, Any]:
    """The JSON body of a speech; raises :class:`ArgumentError` as above."""
    required = {"model": model, "input": text, "voice": voice}
    body = build_body("create_speech", required, params, SpeechParams)
    return body | ({"stream_format": "sse"} if events else {})


def _form(file: FileInput, fields: dict[str, Any], progress: Progress | None) -> FormDraft:
    check_recording(file)
    form: dict[str, FieldValue] = {}
    for name, value in fields.items():
        if isinstance(value, Mapping):
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
