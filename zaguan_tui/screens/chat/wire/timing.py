"""The timing of a stream: its headline, its figures, its rhythm with the stalls under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from zaguan_tui.screens.chat.answers.status_line import Figure
from zaguan_tui.screens.chat.wire.lines import describe_stall, describe_stream_end, format_seconds
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.wire.figures import WireFigures, compute_figures, count_frames_by_slice
from zaguan_tui.state.chat.wire.record import WireRecord
from zaguan_tui.text.cells import left, right
from zaguan_tui.text.format import count, latency, rate, size

LABEL_CELLS: Final = 14
VALUE_CELLS: Final = 9
SHOWN_STALLS: Final = 50
BARS: Final = " ▁▂▃▄▅▆▇█"

STATE, STALLS, TTFT, MAX_LENGTH, FIRST, FRAMES, BYTES = range(7)


def format_headline(record: WireRecord, message: Message | None) -> list[Figure]:
    """What matters of it on one line."""
    figures = compute_figures(record)
    line = [Figure(_state(record, message), STATE)]
    if figures.first_frame_s is not None:
        line.append(Figure(_named("first byte ", latency(figures.headers_s)), FIRST))
        line.append(Figure(_named("TTFT ", latency(figures.first_piece_s)), TTFT))
        line.append(Figure(_worded(count(figures.frames), " frames"), FRAMES))
        line.append(Figure(Content.styled(size(figures.octets), "$ink-soft"), BYTES))
    if figures.longest is not None:
        line.append(Figure(_named("longest gap ", latency(figures.longest.length_s)), MAX_LENGTH))
    if figures.stalls:
        noun = "stall" if figures.stalls == 1 else "stalls"
        line.append(Figure(Content.styled(f"▲ {count(figures.stalls)} {noun}", "$warning"), STALLS))
    return line


def format_timing(record: WireRecord, message: Message | None, width: int) -> Content:
    """The figures one below the other, then the rhythm."""
    figures = compute_figures(record)
    lines = [_line(*line).truncate(width, ellipsis=True) for line in _table(figures)]
    if figures.frames:
        lines += [Content(""), *_render_rhythm(record, width)]
    if figures.stalls:
        lines += [Content(""), *_stalls(record, figures)]
    if record.frames.end is not None:
        words = describe_stream_end(record.frames.end, message)
        at = format_seconds(record.frames.end.at_s)
        lines += [
            Content(""),
            Content.assemble(
                (f"{words.shape} {words.word}", f"${words.color}"), (f" at {at} s", "$ink-soft")
            ),
        ]
    return Content("\n").join(lines)


def _table(figures: WireFigures) -> list[tuple[str, str, str]]:
    longest = figures.longest
    gap = "" if longest is None else f"from {format_seconds(longest.at_s)} s on"
    again = f"of request {figures.attempts}" if figures.attempts > 1 else "until status and headers"
    return [
        ("first byte", latency(figures.headers_s), again),
        ("first frame", latency(figures.first_frame_s), "since the first request went out"),
        ("TTFT", latency(figures.first_piece_s), "first text, reasoning or call"),
        ("to the end", latency(figures.duration_s), ""),
        ("frames", count(figures.frames), rate(figures.frames_per_s)),
        ("bytes", size(figures.octets), ""),
        ("usual gap", latency(figures.median_gap_s), "the median between two reads"),
        ("longest gap", latency(None if longest is None else longest.length_s), gap),
        ("stalls", count(figures.stalls), f"silences over {latency(figures.stall_from_s)}"),
    ]


def _line(label: str, value: str, remark: str) -> Content:
    return Content.assemble(
        (left(label, LABEL_CELLS), "$ink-soft"),
        (right(value, VALUE_CELLS), "$foreground"),
        (f"  {remark}", "$ink-faint"),
    )


def _render_rhythm(record: WireRecord, width: int) -> list[Content]:
    """Bars for frames in equal slices of time, marks under the slices in which nothing came for too long."""
    log = record.frames
    length = log.end.at_s if log.end is not None else log.last_s
    slices = count_frames_by_slice(log, width)
    highest = max(slices, default=0)
    bars = "".join(_bar(frames, highest) for frames in slices)
    marks = [" "] * width
    for silence in log.stalls:
        if length > 0:
            marks[min(width - 1, int((silence.at_s + silence.length_s / 2) / length * width))] = "▲"
    axis = left(f"0 s, a bar is {latency(length / max(1, width))}", max(0, width - 12))
    axis += right(f"{format_seconds(length)} s", min(12, width))
    lines = [Content.styled(bars, "$primary")]
    if log.stalls:
        lines.append(Content.styled("".join(marks), "$warning"))
    return [*lines, Content.styled(axis, "$ink-faint")]


def _bar(frames: int, highest: int) -> str:
    if not frames:
        return BARS[0]
    return BARS[max(1, round(frames / highest * (len(BARS) - 1)))]


def _stalls(record: WireRecord, figures: WireFigures) -> Sequence[Content]:
    shown = record.frames.stalls[:SHOWN_STALLS]
    lines = [
        Content.assemble(
            (describe_stall(silence), "$warning"), (f" at {format_seconds(silence.at_s)} s", "$ink-soft")
        )
        for silence in shown
    ]
    if (more := figures.stalls - len(shown)) > 0:
        lines.append(Content.styled(f"… and {count(more)} more", "$ink-faint"))
    return lines


def _state(record: WireRecord, message: Message | None) -> Content:
    newest = record.attempt
    if newest is None:
        return Content.styled("◌ nothing sent yet", "$ink-soft")
    silent = record.silent_s
    if record.frames.end is not None:
        words = describe_stream_end(record.frames.end, message)
        color = "success" if record.frames.end.mark and record.frames.end.mark != "error" else words.color
        return Content.styled(f"{words.shape} {newest.status}", f"${color}")
    if newest.reason or (newest.status is not None and not newest.good):
        return Content.styled(f"✖ {newest.status or newest.reason}", "$error")
    if silent is not None and silent > max(1.0, record.frames.stall_from_s) and record.frames.frames:
        return Content.styled(f"▲ silent for {latency(silent)}", "$warning")
    return Content.styled("◌ waiting" if not record.frames.frames else "◌ streaming", "$primary")


def _named(label: str, value: str) -> Content:
    return Content.assemble((label, "$ink-faint"), (value, "$foreground"))


def _worded(value: str, word: str) -> Content:
    return Content.assemble((value, "$foreground"), (word, "$ink-faint"))
