"""The lines of the frame list: a frame, a stall, frames that are not kept, the end."""

from __future__ import annotations

import json
from typing import Final

from textual.content import Content

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.screens.chat.answers.endings import EndingLabel
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.wire.frames import Frame, OmittedFrames, Stall, StreamEnd, WireEntry
from zaguan_tui.state.chat.wire.record import WireRecord
from zaguan_tui.text.cells import fit_start, left, right
from zaguan_tui.text.format import count, latency, size
from zaguan_tui.text.sanitize import clean_line

NUMBER_CELLS: Final = 6
AT_CELLS: Final = 8
GAP_CELLS: Final = 8
SHORT_LABEL, MIDDLE_LABEL, LONG_LABEL = 11, 14, 20
ROOMY, VERY_ROOMY = 58, 78
RAW_CHARACTERS: Final = 1_000

_LINE_WORDS: Final = {
    "reset": "the connection was reset",
    "closed": "the connection was closed",
    "stalled": "nothing came any more",
    "timeout": "the time was up",
    "end": "the connection ended",
}


def row_line(
    record: WireRecord, row: WireEntry, width: int, message: Message | None, *, raw: bool
) -> Content:
    """One row in at most ``width`` cells."""
    match row:
        case Frame():
            line = _frame_line(record, row, width, raw=raw)
        case Stall():
            line = _event_line(row.at_s, Content.styled(describe_stall(row), "bold $warning"))
        case OmittedFrames():
            until = format_seconds(row.until_s)
            left_out = f"⋯ {count(row.frames)} frames ({size(row.size)}) until {until} s not kept"
            line = _event_line(row.at_s, Content.styled(left_out, "$ink-soft"))
        case StreamEnd():
            words = describe_stream_end(row, message)
            line = _event_line(row.at_s, Content.styled(f"{words.shape} {words.word}", f"${words.color}"))
    return line.truncate(max(0, width), ellipsis=True)


def describe_stall(silence: Stall) -> str:
    """``▲ 4.2 s of silence``."""
    return f"▲ {latency(silence.length_s)} of silence"


def describe_stream_end(end: StreamEnd, message: Message | None) -> EndingLabel:
    """How the wire ended: the frame that announced it, or who broke it off."""
    ending = None if message is None else message.ending
    if end.mark == "error":
        return EndingLabel("✖", "error frame: the gateway broke the stream off", "error")
    if end.mark:
        return EndingLabel("■", f"{end.mark} ends the stream", "success")
    if ending is Ending.CANCELLED:
        return EndingLabel("■", "stopped by you", "ink-soft")
    words = _LINE_WORDS.get(end.reason, end.reason)
    if ending is None and end.reason == "closed":
        return EndingLabel("■", "closed from here", "ink-soft")
    if ending is Ending.ERROR_FRAME:
        return EndingLabel("✖", "the stream could not be read on", "error")
    if end.reason == "end" and ending is not Ending.TRUNCATED:
        return EndingLabel("▲", f"{words} without an end marker", "warning")
    return EndingLabel("✖", f"cut off: {words}, no end marker", "error")


def format_seconds(value: float) -> str:
    """Milliseconds while they fit: ``0.235``, ``1042.7``, ``86400``."""
    return f"{value:.3f}" if value < 1_000 else f"{value:.1f}" if value < 100_000 else f"{value:.0f}"


def _frame_line(record: WireRecord, frame: Frame, width: int, *, raw: bool) -> Content:
    digest = record.digest_of(frame)
    color = "$error" if digest.trouble else "$foreground" if digest.adds else "$ink-soft"
    label = record.event_of(frame) if raw else digest.label
    cells = LONG_LABEL if width >= VERY_ROOMY else MIDDLE_LABEL if width >= ROOMY else SHORT_LABEL
    if raw:
        cells = min(cells, len(label))
        piece = record.text_of(frame._replace(raw=frame.raw[: RAW_CHARACTERS * 2]))[:RAW_CHARACTERS]
    elif digest.adds:
        piece = json.dumps(digest.piece, ensure_ascii=False)
    else:
        piece = digest.piece
    kind = _label(label, cells, "✖ " if digest.trouble else "")
    return Content.assemble(
        (right(f"{frame.number + 1:.0f}", NUMBER_CELLS), "$ink-faint"),
        (right(format_seconds(frame.at_s), AT_CELLS), "$ink-soft"),
        (right(f"+{format_seconds(frame.gap_s)}", GAP_CELLS), "$ink-faint"),
        (f"  {kind}", "$error" if digest.trouble else "$ink-soft"),
        (clean_line(piece), color),
    )


def _label(label: str, cells: int, mark: str) -> str:
    """What kind of frame it is in so many cells; of a long name the end tells more."""
    return f"{left(mark + fit_start(clean_line(label), cells - len(mark)), cells)} " if cells else ""


def _event_line(at_s: float, words: Content) -> Content:
    """Words where frames have their label, with the moment before."""
    number = " " * NUMBER_CELLS
    return Content.assemble(number, (right(format_seconds(at_s), AT_CELLS), "$ink-faint"), "  ", words)
