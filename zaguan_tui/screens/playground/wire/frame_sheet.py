"""One frame in full, as JSON; the next and the one before are a key away."""

from __future__ import annotations

from collections.abc import Callable

from zaguan_tui.screens.playground.stepping_sheet import Page, SteppingSheet
from zaguan_tui.screens.playground.wire.json_paint import painted, pretty
from zaguan_tui.screens.playground.wire.lines import seconds
from zaguan_tui.state.wire.frames import Frame
from zaguan_tui.state.wire.record import WireRecord
from zaguan_tui.text.format import size


class FrameSheet(SteppingSheet[Frame]):
    """One frame of an answer."""

    def __init__(self, record: WireRecord, frame: Frame, step: Callable[[int], Frame | None]) -> None:
        super().__init__(frame, step)
        self._record = record

    def laid_out(self, entry: Frame) -> Page:
        """Number, event and moment above the JSON."""
        text = self._record.text_of(entry)
        event = self._record.event_of(entry)
        title = f"Frame {entry.number + 1:.0f} · {event + ' · ' if event else ''}{seconds(entry.at_s)} s"
        heading = f"{title}, +{seconds(entry.gap_s)} s · {size(len(entry.raw))}"
        return Page(heading, painted(text), pretty(text))
