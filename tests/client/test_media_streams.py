"""Transcripts, speech and pictures as they are made, over a real socket and at every cut."""

from __future__ import annotations

import json
from typing import Any

import pytest
from form_parser import read_form
from openai_calls import FIXTURES
from scripted import Step

from zaguan_tui.client import AuthenticationError, OverloadedError
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import StreamEnded, TextDelta
from zaguan_tui.client.streaming.frame_reader import FrameReader
from zaguan_tui.client.streaming.media.audio import AudioDelta, SegmentSpoken, SpeechMerge, TranscriptMerge
from zaguan_tui.client.streaming.media.images import ImageCompleted, ImageMerge, PartialImage
from zaguan_tui.client.types.core.base import Drift

WAV = FIXTURES / "audio/speech.wav"
SSE = "text/event-stream"
SPEECH: dict[str, Any] = {"model": "m", "input": "hi", "voice": "alloy"}
HEARD: dict[str, Any] = {"file": WAV, "model": "m"}
DRAWN: dict[str, Any] = {"prompt": "A lighthouse", "model": "gpt-image-1"}


def recorded(name: str) -> Step:
    return Step(body=(FIXTURES / name).read_bytes(), content_type=SSE)


def frames(*values: object) -> Step:
    return Step(body="".join(f"data: {json.dumps(value)}\n\n" for value in values), content_type=SSE)


async def drained(stream: Any) -> tuple[list[Any], Any]:
    async with stream:
        events = [event async for event in stream]
    return events, stream.result()


async def test_a_transcript_comes_in_pieces(serve: Any, connect: Any, notebook: Any) -> None:
    server = await serve(recorded("audio/transcription_stream.sse"))
    events, result = await drained(connect(server).create_transcription_stream(**HEARD, language="en"))
    assert [event.text for event in events if isinstance(event, TextDelta)] == [
        "The",
        " night",
        " batch",
        " finished",
        ".",
    ]
    assert (result.text, result.ending) == ("The night batch finished.", Ending.FINISHED)
    assert (result.usage.total_tokens, result.billed_s, result.notes) == (36, None, ())
    assert result.timings.ttft_s is not None
    assert events[-1] == StreamEnded(Ending.FINISHED)
    (seen,) = server.seen
    assert seen.headers["accept"] == SSE
    form = read_form(seen)
    assert form.fields == [("model", "m"), ("language", "en"), ("stream", "true")]
    assert form.files[0].content == WAV.read_bytes()
    assert notebook.names == ["AttemptStarted", "AttemptFinished", "StreamClosed"]


async def test_a_transcript_with_speakers(serve: Any, connect: Any) -> None:
    segment = {
        "type": "transcript.text.segment",
        "id": "s1",
        "start": 0,
        "end": 1.5,
        "text": "Hi",
        "speaker": "A",
    }
    usage = {"type": "duration", "seconds": 7}
    server = await serve(frames(segment, {"type": "transcript.text.done", "text": "Hi", "usage": usage}))
    events, result = await drained(connect(server).create_transcription_stream(**HEARD))
    assert isinstance(events[0], SegmentSpoken)
    assert (result.segments[0].speaker, result.segments[0].end, result.billed_s) == ("A", 1.5, 7.0)


async def test_a_server_that_does_not_stream_transcripts(serve: Any, connect: Any) -> None:
    server = await serve(Step(body=(FIXTURES / "audio/transcription.json").read_bytes()))
    events, result = await drained(connect(server).create_transcription_stream(**HEARD))
    assert result.text == "The night batch finished at four, two rows failed."
    assert [type(event) for event in events] == [TextDelta, StreamEnded]
    assert (result.ending, result.notes) == (Ending.FINISHED, ())


async def test_speech_comes_in_pieces(serve: Any, connect: Any) -> None:
    server = await serve(recorded("audio/speech_stream.sse"))
    events, result = await drained(connect(server).create_speech_stream(**SPEECH, speed=1.5))
    pieces = [event.data for event in events if isinstance(event, AudioDelta)]
    assert len(pieces) == 4
    assert result.size == sum(map(len, pieces)) > 1000
    assert (result.usage.total_tokens, result.ending, result.notes) == (46, Ending.FINISHED, ())
    assert server.seen[0].json == {**SPEECH, "speed": 1.5, "stream_format": "sse"}


async def test_pictures_grow_clearer(serve: Any, connect: Any) -> None:
    server = await serve(recorded("images/generation_stream.sse"))
    events, result = await drained(connect(server).create_image_stream(**DRAWN, partial_images=1))
    assert [type(event) for event in events] == [PartialImage, ImageCompleted, StreamEnded]
    assert events[0].step == 0
    assert result.data[0].content() == (FIXTURES / "images/pixel16.png").read_bytes()
    assert (result.draft, result.usage.total_tokens, result.ending, result.notes) == (
        None,
        284,
        Ending.FINISHED,
        (),
    )
    assert server.seen[0].json == {**DRAWN, "partial_images": 1, "stream": True}


async def test_an_edit_is_streamed_from_a_form(serve: Any, connect: Any) -> None:
    partial = {"type": "image_edit.partial_image", "b64_json": "aGk=", "partial_image_index": 0}
    server = await serve(frames(partial))
    events, result = await drained(
        connect(server).edit_image_stream(image=FIXTURES / "images/pixel16.png", prompt="x", partial_images=2)
    )
    assert isinstance(events[0], PartialImage)
    assert result.draft.content() == b"hi"
    assert (result.data, result.ending) == ((), Ending.TRUNCATED)
    assert read_form(server.seen[0]).fields == [("prompt", "x"), ("partial_images", "2"), ("stream", "true")]


async def test_several_pictures_and_whole_answers(serve: Any, connect: Any) -> None:
    completed = {"type": "image_generation.completed", "b64_json": "aGk="}
    server = await serve(frames(completed, completed))
    _, result = await drained(connect(server).create_image_stream(**DRAWN, n=2))
    assert (len(result.data), result.ending, result.notes) == (2, Ending.FINISHED, ())
    server = await serve(Step(body=(FIXTURES / "images/generation_b64.json").read_bytes()))
    _, result = await drained(connect(server).create_image_stream(**DRAWN))
    assert (len(result.data), result.usage.total_tokens, result.ending) == (2, 284, Ending.FINISHED)


STREAMS = [
    ("create_transcription_stream", HEARD, "audio/transcription_stream.sse"),
    ("create_speech_stream", SPEECH, "audio/speech_stream.sse"),
    ("create_image_stream", DRAWN, "images/generation_stream.sse"),
]


@pytest.mark.parametrize(("method", "given", "name"), STREAMS)
async def test_an_error_frame_keeps_what_came(
    serve: Any, connect: Any, method: str, given: dict[str, Any], name: str
) -> None:
    first = (FIXTURES / name).read_text().split("\n\n")[0]
    error = json.dumps({"error": {"type": "overloaded_error", "message": "busy"}})
    server = await serve(Step(body=f"{first}\n\ndata: {error}\n\n", content_type=SSE))
    events, result = await drained(getattr(connect(server), method)(**given))
    assert len(events) == 2
    assert result.ending is Ending.ERROR_FRAME
    assert isinstance(result.error, OverloadedError)
    assert result.error.endpoint is not None


@pytest.mark.parametrize(("method", "given", "name"), STREAMS)
@pytest.mark.parametrize("fault", ["reset", "close"])
async def test_a_cut_stream_says_so(
    serve: Any, connect: Any, method: str, given: dict[str, Any], name: str, fault: str
) -> None:
    first = (FIXTURES / name).read_text().split("\n\n")[0]
    server = await serve(Step(body=f"{first}\n\n", content_type=SSE, fault=fault))
    events, result = await drained(getattr(connect(server), method)(**given))
    assert result.ending is Ending.TRUNCATED
    assert len(events) == 2
    assert len(server.seen) == 1
    await server.until_idle()


@pytest.mark.parametrize(("method", "given", "name"), STREAMS)
async def test_an_error_before_the_stream_is_raised(
    serve: Any, connect: Any, method: str, given: dict[str, Any], name: str
) -> None:
    server = await serve(Step(401, {"error": {"message": "no key"}}))
    with pytest.raises(AuthenticationError, match="no key"):
        await drained(getattr(connect(server), method)(**given))


@pytest.mark.parametrize(("method", "given", "name"), STREAMS)
async def test_leaving_early_closes_the_socket(
    serve: Any, connect: Any, method: str, given: dict[str, Any], name: str
) -> None:
    first = (FIXTURES / name).read_text().split("\n\n")[0]
    server = await serve(Step(body=f"{first}\n\n", content_type=SSE, fault="stall"))
    async with getattr(connect(server), method)(**given) as stream:
        await anext(stream)
    assert stream.result().ending is Ending.CANCELLED
    await server.until_idle(0.5)


MERGERS = [
    ("audio/transcription_stream.sse", TranscriptMerge),
    ("audio/speech_stream.sse", SpeechMerge),
    ("images/generation_stream.sse", lambda drift: ImageMerge(drift, 1)),
]


@pytest.mark.parametrize(("name", "merger"), MERGERS)
def test_the_cuts_of_the_network_do_not_matter(name: str, merger: Any) -> None:
    body = (FIXTURES / name).read_bytes()

    def events(*pieces: bytes) -> list[Any]:
        drift = Drift()
        reader: FrameReader[Any] = FrameReader(merger(drift), drift, SSE)
        out: list[Any] = []
        for piece in pieces:
            reader.feed(piece, out)
        reader.close(out)
        assert drift.notes == ()
        return out

    whole = events(body)
    for cut in range(0, len(body), 1 if len(body) < 1000 else 97):
        assert events(body[:cut], body[cut:]) == whole


@pytest.mark.parametrize(("name", "merger"), MERGERS)
def test_rubbish_in_events_is_a_note(name: str, merger: Any) -> None:
    wrong: list[Any] = [None, 5, "x", [], {}, {"value": 1}, "####", True]
    kinds = ["transcript.text.delta", "transcript.text.segment", "speech.audio.delta", "speech.audio.done"]
    kinds += ["image_generation.partial_image", "image_generation.completed", "x"]
    for kind in kinds:
        for value in wrong:
            drift = Drift()
            one = merger(drift)
            chunk = {
                "type": kind,
                **dict.fromkeys(("delta", "audio", "b64_json", "url", "usage", "data", "text"), value),
            }
            one.feed(chunk, "", [])
            one.feed({**chunk, "type": value}, kind, [])
            one.flush([])
