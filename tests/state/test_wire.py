"""The wire of answers: frames are bounded and stalls marked, requests are known again, keys are nowhere."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from zaguan_tui.client.dispatch.credentials import Redactor
from zaguan_tui.client.dispatch.trace import AttemptFailed, AttemptFinished, AttemptStarted, StreamClosed
from zaguan_tui.client.streaming.sse import SSEEvent
from zaguan_tui.state.chat.wire.digest import digest_frame
from zaguan_tui.state.chat.wire.export import to_json_lines
from zaguan_tui.state.chat.wire.figures import compute_figures, count_frames_by_slice
from zaguan_tui.state.chat.wire.frames import Frame, FrameLog, OmittedFrames, Stall, StreamEnd
from zaguan_tui.state.chat.wire.log import MAX_ANSWERS, WireLog
from zaguan_tui.state.chat.wire.record import MAX_FRAME_LENGTH, WireRecord
from zaguan_tui.state.core.clock import FakeClock

KEY = "zk-live-0123456789abcdef"
URL = "http://127.0.0.1:8787/v1/chat/completions"
ADDRESS = {
    "endpoint": "POST /v1/chat/completions",
    "method": "POST",
    "path": "/v1/chat/completions",
    "url": URL,
    "at": 1_700_000_000.0,
}


def delta(text: str) -> str:
    return json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]})


def started(request_id: str, attempt: int = 1, body: dict[str, Any] | None = None) -> AttemptStarted:
    headers = {"authorization": "[redacted]", "content-type": "application/json"}
    return AttemptStarted(
        **ADDRESS,
        request_id=request_id,
        attempt=attempt,
        headers=headers,
        body=json.dumps(body or {"model": "m/one", "stream": True}).encode(),
    )


def finished(
    request_id: str,
    status: int = 200,
    attempt: int = 1,
    body: bytes | None = None,
    retry_in: float | None = None,
) -> AttemptFinished:
    return AttemptFinished(
        **ADDRESS,
        request_id=request_id,
        attempt=attempt,
        status=status,
        elapsed_s=0.4,
        retry_in=retry_in,
        streaming=body is None,
        headers={"x-request-id": "req_theirs"},
        body=body,
    )


def closed(request_id: str, reason: str = "closed", received: int = 1_000) -> StreamClosed:
    return StreamClosed(ADDRESS["endpoint"], request_id, 1, ADDRESS["at"], reason, 3.0, received)


def watched(log: WireLog, message_id: str = "msg_1") -> WireRecord:
    log.watch(message_id)
    record = log.of(message_id)
    assert record is not None
    return record


def kinds(log: FrameLog) -> list[str]:
    return [type(row).__name__ for row in log]


def test_a_silence_over_a_second_is_a_stall_whatever_the_rhythm() -> None:
    log = FrameLog()
    for at_s in (3.0, 3.1, 5.3, 5.4):
        log.take(at_s, "", "{}")
    assert kinds(log) == ["Frame", "Frame", "Stall", "Frame", "Frame"]
    silence = log.stalls[0]
    assert (silence.at_s, round(silence.length_s, 3)) == (3.1, 2.2)
    assert log.longest == silence


def test_in_a_steady_stream_ten_times_the_median_is_a_stall() -> None:
    log = FrameLog()
    for place in range(40):
        log.take(0.5 + place * 0.03, "", "{}")
    log.take(log.last_s + 0.25, "", "{}")  # below ten times 30 ms
    log.take(log.last_s + 0.45, "", "{}")
    assert log.stall_count == 1
    assert round(log.stalls[0].length_s, 2) == 0.45
    assert log.median_gap_s == pytest.approx(0.03, rel=0.1)


def test_frames_of_one_read_make_no_rhythm() -> None:
    log = FrameLog()
    for place in range(100):
        log.take(1.0 + place // 10 * 0.05, "", "{}")
    assert log.median_gap_s is None
    log.take(log.last_s + 0.3, "", "{}")
    assert log.stall_count == 0


def test_the_beginning_and_the_end_are_kept_and_the_middle_is_counted() -> None:
    log = FrameLog(limit=20_000)
    for place in range(1_000):
        log.take(place * 0.01, "", f"{place:040}")
    frames = log.stored_frames
    assert frames[0].number == 0
    assert frames[-1].number == 999
    assert isinstance(left_out := log.left_out, OmittedFrames)
    assert len(frames) + left_out.frames == log.frames == 1_000
    assert log.kept_size <= 20_000
    assert log.size == 40_000
    assert [row.number for row in log] == sorted(row.number for row in log)
    assert list(log) == [log[place] for place in range(len(log))] == log[:]
    assert log[-1] is frames[-1]


def test_one_huge_frame_is_kept() -> None:
    log = FrameLog(limit=1_000)
    log.take(0.1, "", "x" * 5_000)
    log.take(0.2, "", "y" * 5_000)
    assert log.stored_frames[-1].raw.startswith("y")


def test_the_rhythm_counts_every_frame_in_few_slices() -> None:
    log = FrameLog()
    for place in range(5_000):
        log.take(place * 0.1, "", "{}")
    assert len(log.slots) <= 1_024
    assert sum(count_frames_by_slice(log, 40)) == 5_000
    assert count_frames_by_slice(FrameLog(), 3) == [0, 0, 0]


@pytest.mark.parametrize(
    ("last", "mark"),
    [
        (("", "[DONE]"), "[DONE]"),
        (("message_stop", '{"type":"message_stop"}'), "message_stop"),
        (("error", '{"type":"error","error":{"message":"x"}}'), "error"),
        (("", '{"error":{"message":"overloaded"}}'), "error"),
        (("", delta("half")), ""),
    ],
)
def test_the_end_is_named_by_the_frame_that_announced_it(last: tuple[str, str], mark: str) -> None:
    log = WireLog(FakeClock())
    record = watched(log)
    log.observe(started(record.request_id))
    log.observe(finished(record.request_id))
    record.add_frame(SSEEvent(delta("Hello")), 0.5)
    record.add_frame(SSEEvent(last[1], last[0]), 0.6)
    assert record.live
    log.observe(closed(record.request_id, "reset"))
    end = record.frames.end
    assert isinstance(end, StreamEnd)
    assert (end.mark, end.reason) == (mark, "reset")
    assert not record.live
    assert record.received == 1_000


async def test_a_silence_before_the_line_broke_is_a_stall() -> None:
    clock = FakeClock()
    log = WireLog(clock)
    record = watched(log)
    log.observe(started(record.request_id))
    log.observe(finished(record.request_id))
    record.add_frame(SSEEvent(delta("Hello")), 0.5)
    await clock.advance(7.0)
    assert record.silent_s == 7.0
    log.observe(closed(record.request_id, "closed"))
    assert kinds(record.frames) == ["Frame", "Stall", "StreamEnd"]
    assert record.frames.end is not None
    assert record.frames.end.at_s == pytest.approx(7.5)
    assert record.silent_s is None


def test_attempts_are_those_of_our_request_id() -> None:
    log = WireLog(FakeClock())
    record = watched(log)
    log.observe(started("somebody-else"))
    log.observe(started(record.request_id))
    log.observe(finished(record.request_id, 503, body=b'{"error":"busy"}', retry_in=1.5))
    assert record.live
    log.observe(started(record.request_id, 2))
    log.observe(
        AttemptFailed(
            **ADDRESS, request_id=record.request_id, attempt=2, reason="refused", message="no", elapsed_s=0.1
        )
    )
    first, second = record.attempts
    assert (first.status, first.retry_in, first.answer) == (503, 1.5, b'{"error":"busy"}')
    assert first.body is second.body
    assert (second.status, second.reason, second.over, second.good) == (None, "refused", True, False)
    assert not record.live
    assert compute_figures(record).attempts == 2


def test_the_call_goes_out_under_the_id_that_is_watched() -> None:
    log = WireLog(FakeClock())
    extra = log.watch("msg_1")
    record = log.of("msg_1")
    assert record is not None
    assert extra["options"].request_id == record.request_id
    extra["on_frame"](SSEEvent(delta("Hi")), 0.3)
    assert record.first_piece_s == 0.3


def test_the_newest_answers_are_kept_and_large_ones_are_let_go_sooner() -> None:
    log = WireLog(FakeClock())
    for number in range(MAX_ANSWERS + 3):
        record = watched(log, f"msg_{number}")
        log.observe(started(record.request_id))
        log.observe(finished(record.request_id, 402, body=b"{}"))
    assert log.of("msg_2") is None
    assert log.of("msg_3") is not None
    log.observe(started("of one that was let go"))
    big = watched(log, "big")
    log.observe(started(big.request_id, body={"image": "x" * 25_000_000}))
    log.observe(finished(big.request_id, 402, body=b"{}"))
    watched(log, "next")
    assert list(log._records) == ["next"]


def test_an_answer_that_is_being_given_is_not_let_go() -> None:
    log = WireLog(FakeClock())
    first = watched(log, "first")
    log.observe(started(first.request_id))
    for number in range(MAX_ANSWERS + 3):
        watched(log, f"msg_{number}")
    assert log.of("first") is first


@pytest.mark.parametrize("language", ["curl", "httpx", "openai", "typescript"])
def test_the_key_is_in_no_snippet_no_frame_and_no_file(language: str) -> None:
    log = WireLog(FakeClock(), Redactor([KEY]).text)
    record = watched(log)
    log.observe(started(record.request_id, body={"model": "m/one", "messages": [], "user": KEY}))
    log.observe(finished(record.request_id))
    record.add_frame(SSEEvent(delta(f"your key is {KEY}"), KEY), 0.5)
    log.observe(closed(record.request_id))
    code = log.snippet("msg_1", language)
    assert "m/one" in code
    frame = record.frames.stored_frames[0]
    shown = record.digest_of(frame)
    told = [
        code,
        record.text_of(frame),
        record.event_of(frame),
        shown.label,
        shown.piece,
        to_json_lines(record),
    ]
    assert not [text for text in told if KEY in text]
    assert shown.piece == "your key is [redacted]"


def test_a_key_at_the_edge_of_a_long_frame_is_not_shown_in_part() -> None:
    log = WireLog(FakeClock(), Redactor([KEY]).text)
    record = watched(log)
    record.add_frame(SSEEvent(delta("x" * 990 + KEY)), 0.5)
    assert KEY[:8] not in record.digest_of(record.frames.stored_frames[0]).piece


@pytest.mark.parametrize("before", [*range(MAX_FRAME_LENGTH - 60, MAX_FRAME_LENGTH, 7), 100])
def test_of_a_large_frame_the_beginning_is_kept_without_a_part_of_a_key(before: int) -> None:
    log = WireLog(FakeClock(), Redactor([KEY]).text)
    record = watched(log)
    record.add_frame(SSEEvent("x" * before + KEY + "y" * MAX_FRAME_LENGTH), 0.5)
    (frame,) = record.frames.stored_frames
    text = record.text_of(frame)
    assert KEY[:8] not in text
    assert MAX_FRAME_LENGTH - 5_000 < len(frame.raw) < MAX_FRAME_LENGTH + 100
    assert text.endswith(f"(frame of {before + len(KEY) + MAX_FRAME_LENGTH:,} characters, cut here)")


def test_a_snippet_of_nothing_is_told() -> None:
    log = WireLog(FakeClock())
    watched(log)
    for message_id in ("msg_1", "gone"):
        with pytest.raises(KeyError):
            log.snippet(message_id, "curl")


def test_the_file_has_requests_frames_stalls_and_the_end() -> None:
    log = WireLog(FakeClock())
    record = watched(log)
    log.observe(started(record.request_id))
    log.observe(finished(record.request_id))
    record.add_frame(SSEEvent(delta("one")), 0.5)
    record.add_frame(SSEEvent("[DONE]"), 4.5)
    log.observe(closed(record.request_id))
    lines = [json.loads(line) for line in to_json_lines(record).splitlines()]
    assert [line["kind"] for line in lines] == ["request", "response", "frame", "stall", "frame", "end"]
    assert lines[0]["body"] == {"model": "m/one", "stream": True}
    assert lines[3]["length_s"] == 4.0


def test_watchers_hear_of_everything_until_they_stop() -> None:
    log = WireLog(FakeClock())
    heard: list[WireRecord] = []
    stop = log.follow(heard.append)
    record = watched(log)
    log.observe(started(record.request_id))
    record.add_frame(SSEEvent("{}"), 0.1)
    stop()
    record.add_frame(SSEEvent("{}"), 0.2)
    assert heard == [record, record]


def test_a_frame_costs_microseconds() -> None:
    """A thousand a second must not be felt; the bound is loose, for machines that are busy."""
    record = watched(WireLog(FakeClock()))
    event, moments = SSEEvent(delta(" hello")), [place * 0.001 for place in range(20_000)]
    began = time.process_time()
    for at_s in moments:
        record.add_frame(event, at_s)
    assert (time.process_time() - began) / len(moments) < 100e-6


CHAT = [
    ({"choices": [{"delta": {"role": "assistant"}}]}, "role", "assistant", False),
    ({"choices": [{"delta": {"content": " hi\n"}}]}, "content", " hi\n", True),
    ({"choices": [{"delta": {"reasoning_content": "hm"}}]}, "reasoning", "hm", True),
    (
        {"choices": [{"delta": {"tool_calls": [{"function": {"name": "f", "arguments": "{"}}]}}]},
        "tool call",
        "f {",
        True,
    ),
    ({"choices": [{"delta": {}, "finish_reason": "stop"}]}, "finish", "stop", False),
    ({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 5}}, "usage", "3 in 5 out", False),
    ({"error": {"type": "server_error", "message": "no"}}, "error", "server_error no", False),
    ({"type": "message_start", "message": {"model": "c"}}, "message_start", "c", False),
    (
        {"type": "content_block_delta", "delta": {"type": "thinking_delta", "thinking": "h"}},
        "thinking_delta",
        "h",
        True,
    ),
    ({"type": "content_block_delta", "delta": {"type": "text_delta", "text": "a"}}, "text_delta", "a", True),
    (
        {"type": "content_block_start", "content_block": {"type": "tool_use", "name": "f"}},
        "content_block_start",
        "tool_use f",
        False,
    ),
    (
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}},
        "message_delta",
        "end_turn 5 out",
        False,
    ),
    ({"type": "ping"}, "ping", "", False),
]


@pytest.mark.parametrize(("value", "label", "piece", "adds"), CHAT)
def test_what_a_frame_says(value: dict[str, Any], label: str, piece: str, adds: bool) -> None:
    found = digest_frame("", json.dumps(value))
    assert (found.label, found.piece, found.adds) == (label, piece, adds)


@pytest.mark.parametrize(
    "data",
    ["", "{", "null", "[]", '"x"', '{"choices": 3}', '{"choices": [null]}', '{"choices": [{"delta": 7}]}',
     '{"type": "content_block_delta", "delta": null}', '{"error": "words"}', "x" * 100_000],
)  # fmt: skip
def test_whatever_a_server_sends_has_a_line(data: str) -> None:
    assert digest_frame("", data).label
    assert digest_frame("named", data).label


def test_frames_are_plain_values() -> None:
    assert Frame(0, 0.1, 0.1, "", "{}") == (0, 0.1, 0.1, "", "{}")
    assert Stall(0.5, 0.1, 2.0).length_s == 2.0
