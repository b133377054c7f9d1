"""Speech, transcriptions and translations. Shapes: wire.md 3.4 (OpenAI spec)."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterable
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from zaguan_tui.sandbox.calls.whole_call import find_model, run_call
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.media.audio import make_mp3, make_pcm, make_wav, read_recording
from zaguan_tui.sandbox.engine.media.transcript import Segment, subtitles, transcribe
from zaguan_tui.sandbox.engine.text.tokens import count_tokens
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import read_object, required_text
from zaguan_tui.sandbox.http.errors import invalid_request
from zaguan_tui.sandbox.http.forms import read_form, text, upload

_MAX_INPUT_LENGTH = 4096
_MEDIA = {"mp3": "audio/mpeg", "wav": "audio/wav", "pcm": "audio/pcm"}
_UNSUPPORTED_FORMATS = ("opus", "aac", "flac")
_KINDS = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm")
_FORMS = ("json", "text", "srt", "verbose_json", "vtt", "diarized_json")
_LANGUAGES = {
    "en": "english",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "fi": "finnish",
}


async def create_speech(request: Request) -> Response:
    """A recording of ``input``: WAV, PCM, or MP3 (silent); other formats are refused."""
    gateway: Gateway = request.app.state.gateway
    body = await read_object(request)
    model = find_model(gateway, body.get("model"), "audio")
    if not model.audio_out:
        raise invalid_request(f"{model.id} does not speak.", "model", "unsupported_model")
    words = required_text(body, "input")
    if len(words) > _MAX_INPUT_LENGTH:
        raise invalid_request(f"'input' may hold at most {_MAX_INPUT_LENGTH} characters.", "input")
    voice = body.get("voice")
    voice = voice.get("id") if isinstance(voice, dict) else voice
    if not isinstance(voice, str) or not voice:
        raise invalid_request("'voice' is required, a name or an object with an id.", "voice")
    speed = body.get("speed", 1.0)
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not 0.25 <= speed <= 4:
        raise invalid_request("'speed' must be a number from 0.25 to 4.", "speed")
    form = body.get("response_format") or "mp3"
    if form not in _MEDIA:
        more = f" This sandbox has no {form} encoder." if form in _UNSUPPORTED_FORMATS else ""
        message = f"'response_format' must be one of {', '.join(_MEDIA)}.{more}"
        raise invalid_request(message, "response_format")
    if body.get("stream_format") not in (None, "audio", "sse"):
        raise invalid_request("'stream_format' must be audio or sse.", "stream_format")
    tokens = Tokens(count_tokens(words), max(1, len(words) // 2))
    await run_call(gateway, model, tokens, request.state.request_id, lambda: None)
    makers = {"wav": lambda: make_wav(words, voice, speed), "pcm": lambda: make_pcm(words, voice, speed)}
    data = await asyncio.to_thread(makers.get(form, lambda: make_mp3(words, speed)))
    if body.get("stream_format") != "sse":
        return Response(data, media_type=_MEDIA[form])
    usage = {"input_tokens": tokens.prompt, "output_tokens": tokens.completion, "total_tokens": tokens.total}
    parts = [base64.b64encode(data[at : at + 12_288]).decode() for at in range(0, len(data), 12_288)]
    frames: list[dict[str, Any]] = [{"type": "speech.audio.delta", "audio": part} for part in parts]
    return _stream([*frames, {"type": "speech.audio.done", "usage": usage}])


async def create_transcription(request: Request) -> Response:
    """A transcript in the language of the recording."""
    return await _transcribe(request, "transcribe")


async def create_translation(request: Request) -> Response:
    """A transcript in English."""
    return await _transcribe(request, "translate")


async def _transcribe(request: Request, task: str) -> Response:
    gateway: Gateway = request.app.state.gateway
    form = await read_form(request, 32 * 1024 * 1024)
    file = upload(form)
    model = find_model(gateway, text(form, "model"), "audio")
    if not model.audio_in:
        raise invalid_request(f"{model.id} does not listen.", "model", "unsupported_model")
    if (file.filename or "").rpartition(".")[2].lower() not in _KINDS:
        raise invalid_request(
            f"'file' must end in one of {', '.join(_KINDS)}.", "file", "invalid_file_format"
        )
    shape = _shape(form, task)
    language = text(form, "language") or "en"
    grains = _granularities(form, shape)
    data = await file.read()
    try:
        recording = await asyncio.to_thread(read_recording, data)
    except ValueError as error:
        raise invalid_request(str(error), "file", "invalid_file") from error
    segments = await asyncio.to_thread(transcribe, recording, data)
    text_ = " ".join(segment.text for segment in segments)
    tokens = Tokens(max(1, int(recording.seconds * 10)), count_tokens(text_))
    await run_call(gateway, model, tokens, request.state.request_id, lambda: None)
    usage: dict[str, Any] = {"type": "duration", "seconds": max(1, round(recording.seconds))}
    if text(form, "stream") == "true" and task == "transcribe":
        deltas = [{"type": "transcript.text.delta", "delta": f"{segment.text} "} for segment in segments]
        counts = {"input_tokens": tokens.prompt, "output_tokens": tokens.completion}
        usage = {"type": "tokens", **counts, "total_tokens": tokens.total}
        return _stream([*deltas, {"type": "transcript.text.done", "text": text_, "usage": usage}])
    if shape == "text":
        return PlainTextResponse(f"{text_}\n")
    if shape in ("srt", "vtt"):
        return PlainTextResponse(subtitles(segments, shape))
    if shape == "json":
        return JSONResponse({"text": text_, "usage": usage} if task == "transcribe" else {"text": text_})
    head = {"task": task, "duration": round(recording.seconds, 2), "text": text_, "usage": usage}
    if shape == "diarized_json":
        return JSONResponse({**head, "segments": [_voice(segment) for segment in segments]})
    name = "english" if task == "translate" else _LANGUAGES.get(language, language)
    body = {**head, "language": name, "segments": [_segment(segment) for segment in segments]}
    if "word" in grains:
        body["words"] = [
            {"word": word.word, "start": word.start, "end": word.end}
            for segment in segments
            for word in segment.words
        ]
    return JSONResponse(body)


def _shape(form: FormData, task: str) -> str:
    shape = text(form, "response_format") or "json"
    forms = _FORMS if task == "transcribe" else _FORMS[:-1]
    if shape not in forms:
        raise invalid_request(f"'response_format' must be one of {', '.join(forms)}.", "response_format")
    heat = text(form, "temperature")
    try:
        good = heat is None or 0 <= float(heat) <= 1
    except ValueError:
        good = False
    if not good:
        raise invalid_request("'temperature' must be a number from 0 to 1.", "temperature")
    return shape


def _granularities(form: FormData, shape: str) -> set[str]:
    """The timestamps asked for: repeated fields, or one with commas (zaguan-sdk-ts)."""
    name = "timestamp_granularities[]"
    values = [*form.getlist(name), *form.getlist("timestamp_granularities")]
    words = {word.strip() for value in values if isinstance(value, str) for word in value.split(",")} - {""}
    if not words <= {"word", "segment"}:
        raise invalid_request("'timestamp_granularities' knows word and segment.", name)
    if words and shape != "verbose_json":
        raise invalid_request("'timestamp_granularities' needs response_format verbose_json.", name)
    return words


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "id": segment.number,
        "seek": int(segment.start * 100),
        "start": segment.start,
        "end": segment.end,
        "text": f" {segment.text}",
        "tokens": [50_364 + index for index in range(len(segment.words))],
        "temperature": 0.0,
        "avg_logprob": -0.21,
        "compression_ratio": 1.3,
        "no_speech_prob": 0.01,
    }


def _voice(segment: Segment) -> dict[str, Any]:
    row = {"type": "transcript.text.segment", "id": f"seg_{segment.number}", "text": segment.text}
    return {**row, "start": segment.start, "end": segment.end, "speaker": "AB"[segment.number // 3 % 2]}


def _stream(frames: Iterable[dict[str, Any]]) -> Response:
    body = b"".join(f"data: {json.dumps(frame)}\n\n".encode() for frame in frames)
    return Response(body, media_type="text/event-stream")
