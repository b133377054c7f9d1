"""Pictures and sound: real PNG and WAV files, edits and transcriptions derived from what was given."""

from __future__ import annotations

import base64
import io
import json
import struct
import wave
import zlib
from typing import Any

import httpx
import pytest
from served_gateway import KEY, Served

from zaguan_tui.sandbox.engine.media.image_generator import draw
from zaguan_tui.sandbox.engine.media.png import ImageFormatError, RgbImage, read_png, write_png

SPOKEN = "The gateway speaks and somebody writes it down, word by word, until the end."
PNG = write_png(draw("a red barn", 64, 48))


def filtered_png(picture: RgbImage, channels: int, kind: int) -> bytes:
    """The picture with every row filtered the same way, with an alpha channel if asked for."""
    above, raw = bytes(picture.width * channels), b""
    for rgb in picture.rows:
        row = b"".join(rgb[x : x + 3] + b"\xff" * (channels - 3) for x in range(0, len(rgb), 3))
        out = bytearray()
        for x, value in enumerate(row):
            left_byte = row[x - channels] if x >= channels else 0
            corner = above[x - channels] if x >= channels else 0
            guess = left_byte + above[x] - corner
            near = min((abs(guess - one), place) for place, one in enumerate((left_byte, above[x], corner)))[
                1
            ]
            paeth = (left_byte, above[x], corner)[near]
            out.append((value - (0, left_byte, above[x], (left_byte + above[x]) // 2, paeth)[kind]) & 255)
        raw, above = raw + bytes([kind]) + out, row
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 6 if channels == 4 else 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


@pytest.mark.parametrize("kind", range(5))
@pytest.mark.parametrize("channels", [3, 4])
def test_png_round_trip_with_every_filter(kind: int, channels: int) -> None:
    picture = draw("blue night", 23, 17)
    assert read_png(write_png(picture)) == picture
    assert read_png(filtered_png(picture, channels, kind)) == picture


@pytest.mark.parametrize("data", [b"", b"GIF89a", PNG[:40], PNG[:16] + b"\xff" * 8 + PNG[24:], PNG[:8]])
def test_broken_pictures_are_refused(data: bytes) -> None:
    with pytest.raises(ImageFormatError):
        read_png(data)


async def picture_of(sandbox: Served, answer: httpx.Response, index: int = 0) -> RgbImage:
    assert answer.status_code == 200, answer.text
    row = answer.json()["data"][index]
    if "url" in row:
        async with httpx.AsyncClient(verify=False) as anybody:
            return read_png((await anybody.get(row["url"])).content)
    return read_png(base64.b64decode(row["b64_json"]))


async def test_generated_pictures(sandbox: Served) -> None:
    body = {"prompt": "a green hill at night", "model": "openai/dall-e-2", "n": 2, "size": "256x256"}
    by_url = await sandbox.http.post("/v1/images/generations", json=body)
    first = await picture_of(sandbox, by_url)
    assert (first.width, first.height) == (256, 256)
    assert await picture_of(sandbox, by_url, 1) != first
    coded = await sandbox.http.post("/v1/images/generations", json={**body, "response_format": "b64_json"})
    assert await picture_of(sandbox, coded) == first
    assert coded.json()["usage"]["output_tokens"] > 0
    stream = {"prompt": "x", "stream": True, "partial_images": 2, "size": "64x64"}
    text = (await sandbox.http.post("/v1/images/generations", json=stream)).text
    kinds = [json.loads(line[6:])["type"] for line in text.splitlines() if line.startswith("data: ")]
    assert kinds == ["image_generation.partial_image"] * 2 + ["image_generation.completed"]
    missing = await sandbox.http.get("/sandbox/images/none.png")
    assert missing.status_code == 404


async def test_edits_and_variations_derive_from_what_was_given(sandbox: Served) -> None:
    original = read_png(PNG)
    form: Any = {"files": {"image": ("in.png", PNG)}, "data": {"prompt": "a moon", "size": "64x48"}}
    edited = await picture_of(sandbox, await sandbox.http.post("/v1/images/edits", **form))
    assert edited.rows[0] == original.rows[0]
    assert edited.rows[24] != original.rows[24]
    url = f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    as_json = {"prompt": "a moon", "size": "64x48", "images": [{"image_url": url}]}
    again = await picture_of(sandbox, await sandbox.http.post("/v1/images/edits", json=as_json))
    assert again == edited
    form = {"files": {"image": ("in.png", PNG)}, "data": {"n": "2", "size": "64x48"}}
    answer = await sandbox.http.post("/v1/images/variations", **form)
    varied = await picture_of(sandbox, answer)
    assert sorted(varied.rows[0]) == sorted(original.rows[0]) and varied.rows[0] != original.rows[0]


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("generations", {}, "prompt"),
        ("generations", {"prompt": "x", "n": 11}, "n"),
        ("generations", {"prompt": "x", "size": "huge"}, "size"),
        ("generations", {"prompt": "x", "size": "9999x9999"}, "size"),
        ("generations", {"prompt": "x", "quality": "best"}, "quality"),
        ("generations", {"prompt": "x", "response_format": "b64_json"}, "response_format"),
        ("generations", {"prompt": "x", "model": "openai/gpt-4o"}, "model"),
        ("generations", {"prompt": "x", "stream": "yes"}, "stream"),
        ("edits", {"prompt": "x"}, "images"),
        ("edits", {"prompt": "x", "images": [{"image_url": "data:image/png;base64,AAAA"}]}, "image"),
    ],
)
async def test_bad_image_requests_are_refused(
    sandbox: Served, path: str, body: dict[str, Any], param: str
) -> None:
    answer = await sandbox.http.post(f"/v1/images/{path}", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


async def create_speech(sandbox: Served, **body: Any) -> httpx.Response:
    body = {"model": "openai/tts-1", "input": SPOKEN, "voice": "alloy", **body}
    return await sandbox.http.post("/v1/audio/speech", json=body)


async def write_down(
    sandbox: Served, data: bytes, path: str = "transcriptions", **form: Any
) -> httpx.Response:
    files = {"file": (form.pop("name", "talk.wav"), data)}
    form = {"model": "openai/whisper-1", **form}
    return await sandbox.http.post(f"/v1/audio/{path}", files=files, data=form)


async def test_speech_is_as_long_as_its_text_and_can_be_written_down(sandbox: Served) -> None:
    spoken = await create_speech(sandbox, response_format="wav")
    assert spoken.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(spoken.content)) as file:
        seconds = file.getnframes() / file.getframerate()
        assert any(file.readframes(20_000))
    assert seconds == pytest.approx(len(SPOKEN) / 15, rel=0.01)
    faster = await create_speech(sandbox, response_format="pcm", speed=2)
    assert len(faster.content) / 48_000 == pytest.approx(seconds / 2, rel=0.01)
    silent = await create_speech(sandbox)
    assert (silent.headers["content-type"], silent.content[:2]) == ("audio/mpeg", b"\xff\xfb")
    transcript = await write_down(
        sandbox,
        spoken.content,
        response_format="verbose_json",
        **{"timestamp_granularities[]": ["word", "segment"]},
    )
    body = transcript.json()
    assert (body["text"], body["language"], body["task"]) == (SPOKEN, "english", "transcribe")
    assert len(body["words"]) == len(SPOKEN.split())
    ends = [segment["end"] for segment in body["segments"]]
    assert ends == sorted(ends) and ends[-1] <= body["duration"] + 0.01
    frames = (await create_speech(sandbox, response_format="wav", stream_format="sse")).text
    parts = [json.loads(line[6:]) for line in frames.splitlines() if line]
    assert b"".join(base64.b64decode(part.get("audio", "")) for part in parts) == spoken.content


async def test_every_form_of_a_transcript(sandbox: Served) -> None:
    data = (await create_speech(sandbox, response_format="wav")).content
    assert (await write_down(sandbox, data)).json()["text"] == SPOKEN
    assert (await write_down(sandbox, data, response_format="text")).text == f"{SPOKEN}\n"
    srt = (await write_down(sandbox, data, response_format="srt")).text
    assert srt.startswith("1\n00:00:00,000 --> 00:00:")
    assert (await write_down(sandbox, data, response_format="vtt")).text.startswith("WEBVTT\n\n00:00:00.000")
    diarized = (await write_down(sandbox, data, response_format="diarized_json")).json()
    assert diarized["segments"][0]["speaker"] == "A"
    stream = (await write_down(sandbox, data, stream="true")).text
    assert json.loads(stream.strip().splitlines()[-1][6:])["text"] == SPOKEN
    unknown = await write_down(sandbox, bytes(64_000), name="talk.mp3", path="translations")
    assert unknown.json()["text"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"input": ""}, "input"),
        ({"input": "x" * 4097}, "input"),
        ({"voice": None}, "voice"),
        ({"speed": 9}, "speed"),
        ({"response_format": "opus"}, "response_format"),
        ({"model": "openai/whisper-1"}, "model"),
        ({"stream_format": "x"}, "stream_format"),
    ],
)
async def test_bad_speech_requests_are_refused(sandbox: Served, body: dict[str, Any], param: str) -> None:
    answer = await create_speech(sandbox, **body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    ("data", "form", "param"),
    [
        (b"RIFFjunk", {}, "file"),
        (b"", {}, "file"),
        (b"x", {"name": "talk.txt"}, "file"),
        (b"x", {"name": "a.mp3", "model": "openai/tts-1"}, "model"),
        (b"x", {"name": "a.mp3", "response_format": "x"}, "response_format"),
        (b"x", {"name": "a.mp3", "temperature": "hot"}, "temperature"),
        (b"x", {"name": "a.mp3", "timestamp_granularities[]": "word"}, "timestamp_granularities[]"),
    ],
)
async def test_bad_recordings_are_refused(
    sandbox: Served, data: bytes, form: dict[str, Any], param: str
) -> None:
    answer = await write_down(sandbox, data, **form)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)


async def test_the_official_sdk(sandbox: Served) -> None:
    openai = pytest.importorskip("openai", reason="the official OpenAI SDK is not installed")
    async with openai.AsyncOpenAI(base_url=f"{sandbox.base_url}/v1", api_key=KEY) as sdk:
        made = await sdk.images.generate(model="gpt-image-1", prompt="a boat", size="256x256")
        assert read_png(base64.b64decode(made.data[0].b64_json)).width == 256
        changed = await sdk.images.edit(model="gpt-image-1", image=("a.png", PNG), prompt="a boat")
        assert changed.data[0].b64_json
        spoken = await sdk.audio.speech.create(
            model="tts-1", voice="alloy", input=SPOKEN, response_format="wav"
        )
        transcript = await sdk.audio.transcriptions.create(model="whisper-1", file=("a.wav", spoken.content))
        assert transcript.text == SPOKEN
