"""Chat streams: first token, pace, gaps, and the tap on raw frames."""

from __future__ import annotations

from typing import Any

from stream_fakes import (
    DONE,
    FINISH,
    ScriptedResponse,
    chunk,
    frame,
    read_all,
    says,
)

from zaguan_tui.client.errors.exceptions import (
    APIError,
    ErrorKind,
)
from zaguan_tui.client.streaming.chat import (
    ChatStream,
)


class TickingClock:
    """Each step of the script moves the time by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def timed(script: list[tuple[float, bytes]]) -> Any:
    clock = TickingClock()

    class Response(ScriptedResponse):
        async def iter_bytes(self) -> Any:
            for pause, data in script:
                clock.now += pause
                yield data

    async with ChatStream(Response([]).opened, model="m", clock=clock) as stream:
        async for _ in stream:
            pass
    return stream.result().timings


async def test_timings() -> None:
    usage = frame({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 8}})
    script = [
        (0.5, frame(chunk({"role": "assistant"}))),
        (0.5, says("a")),
        (0.5, says("b")),
        (3.0, says("c")),
    ]
    timings = await timed([*script, (0.5, says("d")), (1.0, FINISH), (0.0, usage), (0.25, DONE)])
    assert (timings.ttft_s, timings.duration_s, timings.longest_gap_s) == (1.0, 6.25, 3.0)
    assert [(gap.at_s, gap.length_s) for gap in timings.gaps] == [(1.5, 3.0)]
    assert (timings.tokens_per_s, timings.tokens_estimated, timings.chunks) == (2.0, False, 7)


async def test_hidden_reasoning_does_not_count_as_streamed() -> None:
    usage = {"completion_tokens": 1008, "completion_tokens_details": {"reasoning_tokens": 1000}}
    last = frame({"choices": [], "usage": usage})
    timings = await timed([(9.0, says("a")), (4.0, says("b")), (0.0, FINISH), (0.0, last), (0.0, DONE)])
    assert timings.tokens_per_s == 2.0


async def test_without_counts_the_pace_is_estimated() -> None:
    timings = await timed([(1.0, says("x" * 40)), (1.0, says("y" * 40)), (0.0, FINISH), (0.0, DONE)])
    assert (timings.tokens_per_s, timings.tokens_estimated) == (20.0, True)


async def test_everything_at_once_has_no_pace() -> None:
    timings = await timed([(1.0, says("a") + says("b") + FINISH + DONE)])
    assert (timings.ttft_s, timings.tokens_per_s, timings.longest_gap_s) == (1.0, None, None)


async def test_many_gaps_are_capped() -> None:
    timings = await timed([(2.0, says("a"))] * 100)
    assert (len(timings.gaps), timings.longest_gap_s) == (64, 2.0)


async def test_frames_are_tapped_with_their_time() -> None:
    seen: list[tuple[str, float]] = []
    _, result = await read_all(
        says("a"), 0.01, b": life\n\n" + DONE, on_frame=lambda event, at: seen.append((event.data, at))
    )
    assert [data[:8] for data, _ in seen] == ['{"id": "', "[DONE]"]
    assert 0 <= seen[0][1] < seen[1][1] <= result.timings.duration_s


async def test_the_callers_error_reader_is_used() -> None:
    made = APIError("mine", kind=ErrorKind.SERVER)
    _, result = await read_all(frame({"error": {"message": "boom"}}), on_error=lambda payload, meta: made)
    assert result.error is made
