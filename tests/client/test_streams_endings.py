"""Chat streams: the seven endings and what leads to them."""

from __future__ import annotations

from typing import Any

import pytest
from stream_fakes import (
    DONE,
    FINISH,
    RESET,
    chunk,
    frame,
    read_all,
    says,
)

from zaguan_tui.client.errors.exceptions import (
    APIError,
    ErrorOrigin,
)
from zaguan_tui.client.streaming.chat import (
    Ending,
    StreamEnded,
    TextDelta,
)
from zaguan_tui.client.streaming.sse import EVENT_LIMIT, EventTooLargeError


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        ("stop", Ending.FINISHED),
        ("length", Ending.LENGTH),
        ("content_filter", Ending.CONTENT_FILTER),
        ("tool_calls", Ending.TOOL_CALLS),
        ("eccentric", Ending.FINISHED),
    ],
)
async def test_finish_reasons(reason: str, ending: Ending) -> None:
    events, result = await read_all(says("a"), frame(chunk(reason=reason)), DONE)
    assert (result.ending, result.finish_reason) == (ending, reason)
    assert events == [TextDelta("a"), StreamEnded(ending)]


@pytest.mark.parametrize(
    "data",
    [
        b'data: {"error":"boom"}\n\n',
        b'event: error\ndata: {"error":{"message":"boom"}}\n\n',
        b'event: error\ndata: {"message":"boom","code":500}\n\n',
        b"event: error\ndata: boom\n\n",
        b"event: error\ndata: boom",
        b'event: error\ndata: "boom"\n\n',
        b'data: {"object":"error","message":"boom"}\n\n',
        b'data: {"type":"error","error":{"type":"overloaded_error","message":"boom"}}\n\n',
        b'data: {"choices":[{"delta":{},"finish_reason":"error","error":{"message":"boom"}}]}\n\n',
        b'data: [{"error":{"message":"boom"}}]\n\n',
    ],
)
async def test_every_form_of_error_frame(data: bytes) -> None:
    events, result = await read_all(says("a"), data, says("never"), DONE)
    assert (result.ending, result.text) == (Ending.ERROR_FRAME, "a")
    assert isinstance(result.error, APIError)
    assert "boom" in result.error.message
    assert events[-1] == StreamEnded(Ending.ERROR_FRAME)


async def test_text_in_the_error_frame_itself_is_kept() -> None:
    _, result = await read_all(frame({**chunk({"content": "a"}), "error": {"message": "boom"}}))
    assert (result.text, result.ending) == ("a", Ending.ERROR_FRAME)


async def test_two_bad_frames_are_forgiven_three_in_a_row_are_not() -> None:
    bad = b"data: {oops\n\n"
    _, result = await read_all(bad, bad, says("a"), bad, bad, FINISH, DONE)
    assert (result.ending, result.text) == (Ending.FINISHED, "a")
    assert result.notes == ("a frame could not be read (and 3 more)",)
    _, result = await read_all(says("a"), bad, bad, bad, says("b"), FINISH, DONE)
    assert (result.ending, result.text) == (Ending.ERROR_FRAME, "a")
    assert result.error is not None
    assert result.error.message == "3 unreadable frames in a row"


@pytest.mark.parametrize(
    ("data", "content_type", "message"),
    [
        (b"<html><title>Sign in</title></html>", "text/html", "Sign in"),
        (b"upstream connect error\nreset", "text/plain", "upstream connect error"),
        (b'{"detail":"Not Found"}', "application/json", "Not Found"),
        (b'{\n"error": {"message": "boom"}\n}', "application/json", "boom"),
    ],
)
async def test_a_body_that_is_no_stream(data: bytes, content_type: str, message: str) -> None:
    _, result = await read_all(data, content_type=content_type)
    assert result.ending is Ending.ERROR_FRAME
    assert result.error is not None
    assert message in result.error.message
    assert (result.error.origin is ErrorOrigin.PROXY) is (content_type == "text/html")


async def test_a_reset_keeps_text_and_error() -> None:
    _, result = await read_all(says("a"), RESET)
    assert (result.ending, result.text, result.error) == (Ending.TRUNCATED, "a", RESET)


async def test_a_reset_after_the_finish_reason_loses_nothing() -> None:
    _, result = await read_all(says("a"), FINISH, RESET)
    assert (result.ending, result.error) == (Ending.FINISHED, RESET)
    assert result.notes == ("the line failed after the finish reason",)


async def test_one_of_two_choices_unfinished_is_truncated() -> None:
    _, result = await read_all(says("a"), says("b", index=1), FINISH)
    assert result.ending is Ending.TRUNCATED
    assert [choice.ending for choice in result.choices] == [Ending.FINISHED, Ending.TRUNCATED]


async def test_a_pending_frame_counts_only_if_it_is_whole() -> None:
    assert (await read_all(says("a"), FINISH.rstrip()))[1].ending is Ending.FINISHED
    assert (await read_all(says("a"), FINISH.rstrip()[:-1]))[1].ending is Ending.TRUNCATED


async def test_an_event_beyond_the_limit_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zaguan_tui.client.streaming.body.SSEDecoder", _small_decoder)
    _, result = await read_all(says("a"), b"data: " + b"x" * 2000, DONE)
    assert (result.ending, result.text) == (Ending.ERROR_FRAME, "a")
    assert result.error is not None
    assert "larger than 1,000 bytes" in result.error.message
    assert result.error.origin is ErrorOrigin.CLIENT


def test_a_limit_in_whole_mebibytes_is_told_so() -> None:
    assert str(EventTooLargeError(EVENT_LIMIT)) == "one event of the stream is larger than 16 MiB"


def _small_decoder(_: int) -> Any:
    from zaguan_tui.client.streaming.sse import SSEDecoder

    return SSEDecoder(1000)
