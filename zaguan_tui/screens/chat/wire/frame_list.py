"""The frames line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.message import Message as TextualMessage
from textual.strip import Strip

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.cursor_list import CursorList
from zaguan_tui.screens.chat.wire.lines import row_line
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.wire.frames import Frame, Stall, WireEntry
from zaguan_tui.state.chat.wire.record import WireRecord

CACHED_LINES = 512


class FrameList(CursorList[WireEntry]):
    """The frames of one answer, and the silences between them."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground.wire.frames")]
    LINE, CURSOR = "frames--line", "frames--cursor"
    COMPONENT_CLASSES: ClassVar[set[str]] = {LINE, CURSOR}

    @dataclass
    class Opened(TextualMessage):
        """This frame was opened."""

        frame: Frame

    def __init__(self) -> None:
        super().__init__(id="wire-lines")
        self._record: WireRecord | None = None
        self._message: Message | None = None
        self._raw = False
        self._lines: dict[tuple[float, bool], Strip] = {}

    @property
    def raw(self) -> bool:
        """Whether data is shown as it came."""
        return self._raw

    def show(self, record: WireRecord | None, rows: Sequence[WireEntry], message: Message | None) -> None:
        """Show these rows of an answer's wire; another answer begins at its newest."""
        other = record is not self._record
        if other:
            self._record, self.following = record, True
        if other or message is not self._message:
            self._message = message
            self._lines.clear()
        self.offer(rows, anew=other)

    def step(self, step: int) -> Frame | None:
        """Move the cursor to another frame and say which."""
        place = self._cursor + step
        while 0 <= place < len(self._rows):
            row = self._rows[place]
            if isinstance(row, Frame):
                self._go(place)
                return row
            place += step
        return None

    def to_next_stall(self) -> bool:
        """Go to the next stall, after the last to the first; whether there is one."""
        stalls = [place for place, row in enumerate(self._rows) if isinstance(row, Stall)]
        if stalls:
            self._go(next((place for place in stalls if place > self._cursor), stalls[0]))
            self.following = False
        return bool(stalls)

    def toggle_raw(self) -> None:
        """Show the raw data, or the decoded text."""
        self._raw = not self._raw
        self.refresh()

    def action_open_frame(self) -> None:
        """Open the frame under the cursor."""
        self.open_current()

    def open_current(self) -> None:
        """Open the frame under the cursor; a silence has nothing in it."""
        if isinstance(row := self.current, Frame):
            self.post_message(self.Opened(row))

    def on_resize(self) -> None:
        """Other widths are other lines."""
        self._lines.clear()

    def notify_style_update(self) -> None:
        """Drop cached lines: they hold the colours of the old theme."""
        self._lines.clear()
        super().notify_style_update()

    def row_strip(self, row: WireEntry, width: int, *, chosen: bool) -> Strip:
        """One row; a frame is drawn once, as it never changes."""
        if chosen or not isinstance(row, Frame):
            return super().row_strip(row, width, chosen=chosen)
        key = (row.number, self._raw)
        if (strip := self._lines.get(key)) is None:
            if len(self._lines) >= CACHED_LINES:
                self._lines.clear()
            strip = self._lines[key] = super().row_strip(row, width, chosen=False)
        return strip

    def row_line(self, row: WireEntry, width: int) -> Content:
        """A frame or a silence."""
        assert self._record is not None
        return row_line(self._record, row, width, self._message, raw=self._raw)
