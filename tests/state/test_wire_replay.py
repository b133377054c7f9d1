"""Frames played again: at their rhythm, four times as fast, at once, paused, step by step."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from zaguan_tui.client.dispatch.credentials import Redactor
from zaguan_tui.client.streaming.sse import SSEEvent
from zaguan_tui.state.chat.wire.log import WireLog
from zaguan_tui.state.chat.wire.record import WireRecord
from zaguan_tui.state.chat.wire.recording import SHOWN, Recording
from zaguan_tui.state.chat.wire.replay import Replay
from zaguan_tui.state.core.clock import FakeClock

WORDS = [(0.5, "one "), (0.7, "two "), (3.2, "three "), (3.3, "four")]
KEY = "zk-live-0123456789abcdef"


def record_of(words: list[tuple[float, str]], limit: int | None = None) -> WireRecord:
    log = WireLog(FakeClock(), Redactor([KEY]).text)
    log.watch("msg")
    record = log.of("msg")
    assert record is not None
    if limit is not None:
        record.frames.limit = limit
    for at_s, word in words:
        record.add_frame(SSEEvent(json.dumps({"choices": [{"delta": {"content": word}}]})), at_s)
    record.frames.finish(words[-1][0] + 0.1, "[DONE]", "closed")
    return record


@asynccontextmanager
async def playing(record: WireRecord) -> AsyncIterator[tuple[Replay, FakeClock, list[str]]]:
    clock = FakeClock()
    recording = Recording.of(record)
    replay = Replay(recording, clock)
    seen: list[str] = []
    task = asyncio.create_task(replay.run(lambda: seen.append(recording.text_after(replay.played))))
    await clock.advance(0)
    yield replay, clock, seen
    task.cancel()


def text(replay: Replay) -> str:
    return replay.recording.text_after(replay.played)


async def test_at_the_original_rhythm() -> None:
    async with playing(record_of(WORDS)) as (replay, clock, seen):
        await clock.advance(0.45)
        assert text(replay) == ""
        await clock.advance(0.1)
        assert text(replay) == "one "
        await clock.advance(0.2)
        assert text(replay) == "one two "
        await clock.advance(1.0)
        assert text(replay) == "one two "
        silence = replay.recording.silence_at(replay.at_s)
        assert silence is not None
        assert silence.length_s == 2.5
        await clock.advance(2.0)
        assert text(replay) == "one two three four"
        assert replay.over
        assert len(seen) > 20  # the silence could be seen to grow


async def test_four_times_as_fast_and_at_once() -> None:
    async with playing(record_of(WORDS)) as (replay, clock, _):
        replay.change_speed()
        await clock.advance(0.4)
        assert text(replay) == "one two "
        replay.change_speed()
        await clock.advance(0.2)
        assert text(replay) == "one two three four"
        assert replay.over
        replay.change_speed()
        assert replay.speed == 1.0


async def test_paused_nothing_moves_and_then_it_goes_on() -> None:
    async with playing(record_of(WORDS)) as (replay, clock, _):
        await clock.advance(0.6)
        replay.pause()
        await clock.advance(60)
        assert text(replay) == "one "
        replay.pause()
        await clock.advance(0.2)
        assert text(replay) == "one two "


async def test_frame_by_frame_and_to_the_stall() -> None:
    async with playing(record_of(WORDS)) as (replay, clock, _):
        replay.step(1)
        assert replay.paused
        assert text(replay) == "one "
        replay.step(1)
        replay.step(1)
        assert text(replay) == "one two three "
        replay.step(-1)
        assert text(replay) == "one two "
        replay.step(-5)
        assert (text(replay), replay.at_s) == ("", 0.0)
        assert replay.to_next_stall()
        assert replay.at_s == 0.7
        assert not replay.to_next_stall()
        replay.step(9)
        assert replay.over
        replay.pause()
        await clock.advance(0.6)
        assert text(replay) == "one "


async def test_at_its_end_it_begins_again() -> None:
    async with playing(record_of(WORDS)) as (replay, clock, _):
        await clock.advance(5)
        assert replay.over
        replay.pause()
        await clock.advance(0.55)
        assert text(replay) == "one "


async def test_frames_that_were_let_go_are_jumped_over() -> None:
    record = record_of([(1.0 + place, f"{place} ") for place in range(100)], limit=4_000)
    left_out = record.frames.left_out
    assert left_out is not None
    async with playing(record) as (replay, clock, _):
        await clock.advance(left_out.at_s + 0.2)
        assert replay.at_s >= left_out.until_s


def test_of_a_long_text_the_end_is_given_out_without_keys() -> None:
    recording = Recording.of(record_of([(0.1, "a" * 10_000), (0.2, f" {KEY[:9]}"), (0.3, KEY[9:])]))
    assert len(recording.text_after(1)) == SHOWN
    assert recording.characters_after(1) == 10_000
    assert recording.text_after(3).endswith(" [redacted]")
