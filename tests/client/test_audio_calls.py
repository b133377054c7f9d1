"""Transcripts in every format, and speech that is saved whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from form_parser import read_form
from openai_calls import FIXTURES
from scripted import Step

from zaguan_tui.client import (
    APIError,
    AuthenticationError,
    OverloadedError,
    ResponseFormatError,
    TransportError,
)
from zaguan_tui.client.requests.upload_source import Upload

AUDIO = FIXTURES / "audio"
WAV = AUDIO / "speech.wav"
SAID = "The night batch finished at four, two rows failed."
SPEECH = json.loads((AUDIO / "speech_request.json").read_text())


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_recording_is_sent_and_read(serve: Any, connect: Any) -> None:
    server = await serve(Step(body=(AUDIO / "transcription_verbose.json").read_bytes()))
    told: list[tuple[int, int]] = []
    heard = await connect(server).create_transcription(
        file=WAV,
        model="openai/whisper-1",
        language="en",
        response_format="verbose_json",
        temperature=0.0,
        timestamp_granularities=["word", "segment"],
        chunking_strategy={"type": "server_vad"},
        progress=lambda sent, total: told.append((sent, total)),
    )
    assert (heard.text, heard.language, heard.duration_s, heard.billed_s) == (SAID, "english", 4.2, 5.0)
    assert [word.word for word in heard.words] == ["The", "night", "batch"]
    assert [segment.end for segment in heard.segments] == [2.4, 4.2]
    assert heard.response.status == 200
    assert told == [(WAV.stat().st_size, WAV.stat().st_size)]
    form = read_form(server.seen[0])
    assert form.fields == [
        ("model", "openai/whisper-1"),
        ("language", "en"),
        ("response_format", "verbose_json"),
        ("temperature", "0.0"),
        ("timestamp_granularities[]", "word"),
        ("timestamp_granularities[]", "segment"),
        ("chunking_strategy", '{"type":"server_vad"}'),
    ]
    assert form.files[0].content == WAV.read_bytes()
    assert form.files[0].content_type == "audio/wav"


@pytest.mark.parametrize(
    ("fixture", "content_type", "asked", "form"),
    [
        ("transcription.txt", "text/plain; charset=utf-8", "text", "text"),
        ("transcription.srt", "text/plain", "srt", "srt"),
        ("transcription.srt", "application/x-subrip", None, "srt"),
        ("transcription.vtt", "text/vtt", "vtt", "vtt"),
        ("transcription.vtt", "text/plain", "vtt", "vtt"),
        ("transcription.txt", "", "text", "text"),
        ("transcription.json", "application/json", "text", "json"),
        ("transcription.json", "text/plain", None, "json"),
        ("transcription.json", "", "json", "json"),
    ],
)
async def test_the_content_type_decides_then_what_was_asked(
    serve: Any, connect: Any, fixture: str, content_type: str, asked: str | None, form: str
) -> None:
    body = (AUDIO / fixture).read_bytes()
    server = await serve(Step(body=body, content_type=content_type))
    heard = await connect(server).create_transcription(file=WAV, model="m", response_format=asked)
    assert heard.dialect == form
    assert heard.text == (SAID if fixture.endswith(("json", "txt")) else body.decode().strip())


async def test_a_plain_transcript_in_a_json_string(serve: Any, connect: Any) -> None:
    server = await serve(Step(body=json.dumps(SAID)))
    heard = await connect(server).create_transcription(file=WAV, model="m", response_format="text")
    assert (heard.text, heard.dialect) == (SAID, "text")


async def test_silence_is_an_answer(serve: Any, connect: Any) -> None:
    server = await serve(Step(body=b"", content_type="text/plain"))
    assert (
        await connect(server).create_transcription(file=WAV, model="m", response_format="text")
    ).text == ""


async def test_a_page_in_place_of_a_transcript_is_an_error(serve: Any, connect: Any) -> None:
    for asked in ("text", "json"):
        server = await serve(Step(body="<html><title>Sign in</title></html>", content_type="text/plain"))
        with pytest.raises(APIError, match="Sign in"):
            await connect(server).create_transcription(file=WAV, model="m", response_format=asked)
    server = await serve(Step(body={"error": {"message": "no"}}))
    with pytest.raises(APIError, match="no"):
        await connect(server).create_transcription(file=WAV, model="m", response_format="text")


@pytest.mark.parametrize(
    ("fixture", "asked"),
    [("translation.json", None), ("translation.txt", "text"), ("translation_verbose.json", "verbose_json")],
)
async def test_a_recording_is_translated(serve: Any, connect: Any, fixture: str, asked: str | None) -> None:
    kind = "text/plain" if fixture.endswith("txt") else "application/json"
    server = await serve(Step(body=(AUDIO / fixture).read_bytes(), content_type=kind))
    heard = await connect(server).create_translation(
        file=Upload("a.mp3", b"ID3"), model="m", prompt="names", response_format=asked
    )
    assert heard.text == "Good morning, the report is ready."
    assert server.seen[0].target == "/v1/audio/translations"
    fields = dict(read_form(server.seen[0]).fields)
    assert (fields["model"], fields["prompt"], fields.get("response_format")) == ("m", "names", asked)


async def test_speech_is_written_to_a_file(serve: Any, connect: Any, tmp_path: Path) -> None:
    server = await serve(Step(body=WAV.read_bytes(), content_type="audio/wav"))
    target = tmp_path / "out.wav"
    target.write_bytes(b"old")
    told: list[tuple[int, int | None]] = []
    saved = (
        await connect(server)
        .create_speech(**SPEECH)
        .save(target, progress=lambda got, total: told.append((got, total)))
    )
    size = WAV.stat().st_size
    assert (saved, target.read_bytes()) == (size, WAV.read_bytes())
    assert told[-1] == (size, size)
    assert server.seen[0].json == SPEECH
    assert server.seen[0].headers["accept"] == "*/*"
    assert names_in(tmp_path) == [target.name]


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (Step(401, {"error": {"message": "wrong key"}}), AuthenticationError),
        (Step(200, {"error": {"message": "wrong voice"}}), APIError),
        (Step(200, {"error": {"message": "wrong voice"}}, content_type="audio/mpeg; x"), APIError),
        (Step(200, {"error": {"message": "wrong voice"}}, content_type="application/octet-stream"), APIError),
        (Step(200, {"audio": "UklG"}), ResponseFormatError),
        (Step(200, "busy", content_type="text/plain"), ResponseFormatError),
        (Step(200, "x" * 400_000, content_type="text/plain"), ResponseFormatError),
        (Step(200, "<html><title>Sign in</title></html>", content_type=""), APIError),
        (Step(200, b"", content_type="audio/mpeg"), ResponseFormatError),
        (Step(529, {"error": {"message": "busy"}}), OverloadedError),
        (Step(200, WAV.read_bytes()[:200], content_type="audio/wav", fault="close"), TransportError),
        (Step(200, WAV.read_bytes()[:200], content_type="audio/wav", fault="reset"), TransportError),
    ],
)
async def test_what_is_no_whole_sound_is_never_saved(
    serve: Any, connect: Any, tmp_path: Path, step: Step, error: type[Exception]
) -> None:
    server = await serve(step)
    target = tmp_path / "out.mp3"
    target.write_bytes(b"old")
    client = connect(server)
    with pytest.raises(error) as caught:
        await client.create_speech(**SPEECH).save(target)
    assert "POST /v1/audio/speech" in str(caught.value)
    assert target.read_bytes() == b"old"
    assert names_in(tmp_path) == [target.name]
    await client.aclose()
    await server.until_idle()


async def test_a_long_speech_and_a_long_transcript(serve: Any, connect: Any) -> None:
    sound = WAV.read_bytes() * 300
    server = await serve(Step(body=sound, content_type="audio/wav"))
    assert await connect(server).create_speech(**SPEECH).read() == sound
    long = {"text": "word " * 20_000, "segments": [{"text": "word", "start": 0, "end": 1}]}
    server = await serve(Step(body=long))
    assert len((await connect(server).create_transcription(file=WAV, model="m")).text) == 100_000


async def test_speech_can_be_heard_as_it_comes(serve: Any, connect: Any) -> None:
    server = await serve(Step(body=WAV.read_bytes(), content_type="audio/wav"))
    async with connect(server).create_speech(**SPEECH) as sound:
        assert sound.content_type == "audio/wav"
        assert sound.size == WAV.stat().st_size
        assert b"".join([piece async for piece in sound]) == WAV.read_bytes()
