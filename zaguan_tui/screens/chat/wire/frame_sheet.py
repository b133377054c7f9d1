"""One frame in full, as JSON; the next and the one before are a key away."""

from __future__ import annotations

from collections.abc import Callable

from zaguan_tui.screens.chat.stepping_sheet import SheetPage, SteppingSheet
from zaguan_tui.screens.chat.wire.json_highlight import highlight_json, indent_json
from zaguan_tui.screens.chat.wire.lines import format_seconds
from zaguan_tui.state.chat.wire.frames import Frame
from zaguan_tui.state.chat.wire.record import WireRecord
from zaguan_tui.text.format import size


class FrameSheet(SteppingSheet[Frame]):
    """One frame of an answer."""

    def __init__(self, record: WireRecord, frame: Frame, step: Callable[[int], Frame | None]) -> None:
        super().__init__(frame, step)
        self._record = record

    def laid_out(self, entry: Frame) -> SheetPage:
        """Number, event and moment above the JSON."""
        text = self._record.text_of(entry)
        event = self._record.event_of(entry)
        title = (
            f"Frame {entry.number + 1:.0f} · {event + ' · ' if event else ''}{format_seconds(entry.at_s)} s"
        )
        heading = f"{title}, +{format_seconds(entry.gap_s)} s · {size(len(entry.raw))}"
        return SheetPage(heading, highlight_json(text), indent_json(text))
