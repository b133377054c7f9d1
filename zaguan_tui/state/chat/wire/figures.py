"""Timing figures of a stream, and its rhythm in slices of time."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan_tui.state.chat.wire.frames import FrameLog, Stall
from zaguan_tui.state.chat.wire.record import WireRecord


@dataclass(frozen=True, slots=True)
class WireFigures:
    """Seconds since the first request, waits and retries included, unless said otherwise; ``None`` is *not
    yet* or *never*.

    ``headers_s`` is within the last attempt. ``octets`` are the bytes of the stream, while it comes those of
    the frames' data. ``duration_s`` runs to the end, or to the last frame.
    """

    attempts: int = 0
    headers_s: float | None = None
    first_frame_s: float | None = None
    first_piece_s: float | None = None
    duration_s: float | None = None
    frames: int = 0
    octets: int = 0
    frames_per_s: float | None = None
    median_gap_s: float | None = None
    longest: Stall | None = None
    stalls: int = 0
    stall_from_s: float = 1.0


def compute_figures(record: WireRecord) -> WireFigures:
    """The figures as they stand."""
    log, newest = record.frames, record.attempt
    first, last = log.first_s, log.last_s
    window = 0.0 if first is None else last - first
    end_s = log.end.at_s if log.end is not None else last if log.frames else None
    return WireFigures(
        attempts=len(record.attempts),
        headers_s=newest.elapsed_s if newest is not None and newest.status is not None else None,
        first_frame_s=first,
        first_piece_s=record.first_piece_s,
        duration_s=end_s,
        frames=log.frames,
        octets=log.size if record.received is None else record.received,
        frames_per_s=(log.frames - 1) / window if window > 0 else None,
        median_gap_s=log.median_gap_s,
        longest=log.longest,
        stalls=log.stall_count,
        stall_from_s=log.stall_from_s,
    )


def count_frames_by_slice(log: FrameLog, width: int) -> list[int]:
    """How many frames came in each of ``width`` equal slices of the time from the request to the end."""
    length = log.end.at_s if log.end is not None else log.last_s
    if width <= 0 or length <= 0:
        return [0] * max(0, width)
    slices = [0] * width
    for slot, frames in enumerate(log.slots):
        if frames:
            slices[min(width - 1, int((slot + 0.5) * log.slot_s / length * width))] += frames
    return slices
