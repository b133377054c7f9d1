"""The frames of an answer with their filter."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical

from zaguan_tui.screens.chat.wire.filter import HINT, FrameFilter
from zaguan_tui.screens.chat.wire.frame_list import FrameList
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.wire.frames import Frame, WireEntry
from zaguan_tui.state.chat.wire.record import WireRecord
from zaguan_tui.widgets.filterbar import FilterBar


class FramesView(Vertical):
    """A section of the wire panel."""

    def __init__(self) -> None:
        super().__init__(id="wire-frames")
        self._record: WireRecord | None = None
        self._message: Message | None = None
        self._sieve = FrameFilter()

    def compose(self) -> ComposeResult:
        """The filter, the lines."""
        yield FilterBar(HINT)
        yield FrameList()

    @property
    def lines(self) -> FrameList:
        """The lines themselves."""
        return self.query_one(FrameList)

    @property
    def copy_text(self) -> str:
        """The data of the frame under the cursor."""
        row = self.lines.current
        return self._record.text_of(row) if self._record is not None and isinstance(row, Frame) else ""

    def show_wire(self, record: WireRecord, message: Message | None) -> None:
        """Show the frames that pass the filter."""
        if record is not self._record:
            self._record = record
            self._sieve.forget()
        self._message = message
        rows: Sequence[WireEntry] = record.frames
        if not self._sieve.open:
            rows = self._sieve.judge(record.frames)
        bar = self.query_one(FilterBar)
        bar.show_counts(len(rows), len(record.frames), self._sieve.note)
        self.lines.show(record, rows, message)

    def take_keys(self) -> None:
        """Give the keys to the lines."""
        self.lines.focus()

    def page(self, step: int) -> None:
        """Move a page."""
        self.lines.page(step)

    def open_filter(self) -> None:
        """Put the cursor into the filter."""
        self.query_one(FilterBar).open()

    @on(FilterBar.Changed)
    def _filtered(self, event: FilterBar.Changed) -> None:
        event.stop()
        self._sift(event.text)

    @on(FilterBar.Left)
    def _left(self, event: FilterBar.Left) -> None:
        event.stop()
        self.lines.focus()

    @work(group="sift", exclusive=True, exit_on_error=False)
    async def _sift(self, text: str) -> None:
        """Judge all frames in a thread; those that come later are judged as they come."""
        sieve, record = FrameFilter(text), self._record
        if record is not None and not sieve.open:
            await asyncio.to_thread(sieve.judge, record.frames[:])
        self._sieve = sieve
        if record is not None and record is self._record:
            self.show_wire(record, self._message)
