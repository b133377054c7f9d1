"""Chat streams: cancelled, stalled, refused, left early."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from stream_fakes import (
    DONE,
    FINISH,
    RESET,
    ScriptedResponse,
    chunk,
    frame,
    read_all,
    says,
    stream_of,
)

from zaguan_tui.client.errors.exceptions import (
    APIError,
    ErrorKind,
    TransportError,
    TransportReason,
)
from zaguan_tui.client.streaming.chat import (
    ChatStream,
    Ending,
    StallLimits,
    StreamEnded,
    TextDelta,
)


async def test_leaving_early_is_cancelled_and_closes() -> None:
    response = ScriptedResponse([says("<th"), 60.0])
    async with ChatStream(response.opened, model="m") as stream:
        task = asyncio.create_task(anext(aiter(stream)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert response.closed == 1
    assert (stream.result().ending, stream.result().text) == (Ending.CANCELLED, "<th")


async def test_break_is_cancelled_and_closes() -> None:
    response = ScriptedResponse([says("a"), says("b"), FINISH, DONE])
    async with ChatStream(response.opened, model="m") as stream:
        async for _ in stream:
            break
    assert (response.closed, response.sent) == (1, 1)
    assert (stream.result().ending, stream.result().text) == (Ending.CANCELLED, "a")
    assert stream.result().choices[0].ending is Ending.CANCELLED


async def test_an_exception_in_the_block_is_cancelled_and_passes() -> None:
    response = ScriptedResponse([says("a"), DONE])
    stream = ChatStream(response.opened, model="m")
    with pytest.raises(KeyError):
        async with stream:
            raise KeyError
    assert (response.closed, stream.result().ending) == (1, Ending.CANCELLED)


async def test_a_cancelled_task_is_cancelled_and_closes_at_once() -> None:
    response = ScriptedResponse([says("a"), 60.0])
    stream = ChatStream(response.opened, model="m")

    async def consume() -> None:
        async with stream:
            async for _ in stream:
                pass

    task = asyncio.create_task(consume())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 0.1)
    assert (response.closed, stream.ending, stream.result().text) == (1, Ending.CANCELLED, "a")


async def test_cancel_from_another_task_ends_the_iteration() -> None:
    async with stream_of(says("a"), 60.0) as stream:
        asyncio.get_running_loop().call_later(0.01, stream.cancel)
        events = [event async for event in stream]
    assert events == [TextDelta("a"), StreamEnded(Ending.CANCELLED)]
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_cancel_between_reads_ends_the_next_one() -> None:
    async with stream_of(says("a"), says("b"), DONE) as stream:
        stream.cancel()
        assert [event async for event in stream] == [StreamEnded(Ending.CANCELLED)]


async def test_a_timeout_round_the_stream_stays_a_timeout() -> None:
    async with stream_of(says("a"), 60.0) as stream:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                async for _ in stream:
                    pass
    assert stream.result().ending is Ending.CANCELLED


async def test_silence_is_truncated_and_says_so() -> None:
    events, result = await read_all(says("a"), 60.0, limits=StallLimits(byte_s=0.03))
    assert (result.ending, result.text) == (Ending.TRUNCATED, "a")
    assert result.notes == ("stalled: no byte for 0.03 s",)
    assert isinstance(result.error, TransportError)
    assert result.error.reason is TransportReason.STALLED
    assert events[-1] == StreamEnded(Ending.TRUNCATED)


async def test_signs_of_life_are_bytes_but_no_events() -> None:
    pings: list[bytes | float] = [b": ping\n\n", 0.01] * 20
    _, result = await read_all(*pings, says("a"), FINISH, DONE, limits=StallLimits(byte_s=0.1))
    assert result.ending is Ending.FINISHED
    _, result = await read_all(*pings, says("a"), limits=StallLimits(event_s=0.05))
    assert result.notes == ("stalled: no event for 0.05 s",)


async def test_frames_without_anything_to_show_are_events() -> None:
    quiet: list[bytes | float] = [frame(chunk({})), 0.01] * 20
    _, result = await read_all(*quiet, FINISH, DONE, limits=StallLimits(event_s=0.1))
    assert result.ending is Ending.FINISHED


async def test_a_slow_consumer_is_no_stall() -> None:
    async with stream_of(says("a"), says("b"), FINISH, DONE, limits=StallLimits(0.02, 0.02)) as stream:
        async for _ in stream:
            await asyncio.sleep(0.05)
    assert stream.result().ending is Ending.FINISHED


async def test_quiet_time_is_told_while_it_lasts() -> None:
    async with stream_of(says("a"), 0.05, FINISH, DONE) as stream:
        assert stream.quiet_s == 0
        await anext(stream)
        task = asyncio.ensure_future(anext(stream))
        await asyncio.sleep(0.02)
        assert 0.01 < stream.quiet_s < 5
        await task


async def test_errors_before_the_stream_are_raised_and_kept() -> None:
    refused = APIError("no", kind=ErrorKind.SERVER, status=500, request_id="req_9")
    for error, ending in ((refused, Ending.ERROR_FRAME), (RESET, Ending.TRUNCATED)):
        stream = ChatStream(lambda error=error: _Refusing(error), model="m")
        with pytest.raises(APIError):
            await stream.__aenter__()
        result = stream.result()
        assert (result.ending, result.error, result.request_id) == (ending, error, error.request_id)


class _Refusing:
    def __init__(self, error: Exception) -> None:
        self._error = error

    async def __aenter__(self) -> Any:
        raise self._error

    async def __aexit__(self, *_: object) -> None: ...


async def test_iterating_without_opening_is_told() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await anext(stream_of(DONE))


async def test_a_body_that_goes_on_after_the_marker_is_drained_briefly() -> None:
    response = ScriptedResponse([says("a"), FINISH + DONE, says("late"), says("later"), 60.0])
    async with asyncio.timeout(1), ChatStream(response.opened, model="m") as stream:
        async for _ in stream:
            pass
    assert (stream.result().text, response.sent, response.closed) == ("a", 4, 1)


def large_event() -> list[Any]:
    """The pieces of a stream with one event of two megabytes between two small ones."""
    event = says("x" * 2_000_000)
    return [
        says("a"),
        *(event[at : at + 64_000] for at in range(0, len(event), 64_000)),
        says("b"),
        FINISH,
        DONE,
    ]


async def test_a_large_event_is_read_in_a_thread_and_keeps_its_place() -> None:
    stream = ChatStream(ScriptedResponse(large_event()).opened, model="m")
    async with stream:
        events = [event async for event in stream]
    texts = [event.text for event in events if isinstance(event, TextDelta)]
    assert list(map(len, texts)) == [1, 2_000_000, 1]
    assert stream.result().ending is Ending.FINISHED


@pytest.mark.parametrize("delay_s", [0.0, 0.001, 0.01])
async def test_cancelled_while_a_large_event_is_read(delay_s: float) -> None:
    response = ScriptedResponse([*large_event(), 60.0])
    stream = ChatStream(response.opened, model="m")

    async def read() -> None:
        async with stream:
            async for _ in stream:
                pass
            await asyncio.sleep(60)

    task = asyncio.create_task(read())
    await asyncio.sleep(delay_s)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stream.result().text in ("", "a", "a" + "x" * 2_000_000, "a" + "x" * 2_000_000 + "b")
