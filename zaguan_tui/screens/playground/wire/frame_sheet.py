"""One frame in full, as JSON; the next and the one before are a key away."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from zaguan_tui.keys import bindings_for
from zaguan_tui.screens.playground.wire.json_paint import painted, pretty
from zaguan_tui.screens.playground.wire.lines import seconds
from zaguan_tui.state.wire.frames import Frame
from zaguan_tui.state.wire.record import WireRecord
from zaguan_tui.text.format import size
from zaguan_tui.text.sanitize import clean, clean_line


class FrameSheet(ModalScreen[None]):
    """``step`` moves in the list below and gives the frame there."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("event")]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, record: WireRecord, frame: Frame, step: Callable[[int], Frame | None]) -> None:
        super().__init__()
        self._record = record
        self._frame = frame
        self._step = step
        self._text = ""

    def compose(self) -> ComposeResult:
        """A framed page."""
        with Vertical(classes="sheet frame-sheet") as sheet:
            sheet.border_subtitle = "n next · p before · y copies · esc closes"
            with VerticalScroll():
                yield Static("")

    def on_mount(self) -> None:
        """Show the frame."""
        self._show()

    def action_step(self, step: int) -> None:
        """Go to another frame."""
        if (frame := self._step(step)) is not None:
            self._frame = frame
            self._show()

    def action_scroll(self, step: int) -> None:
        """Scroll a line."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)

    def action_copy(self) -> None:
        """Copy the whole data, laid out."""
        self.app.copy_to_clipboard(clean(self._text))
        self.notify(f"Sent {len(self._text):,} characters to the terminal's clipboard.", markup=False)

    @work(group="frame", exclusive=True, exit_on_error=False, thread=True)
    def _show(self) -> None:
        """Lay the JSON out in a thread: it may be long."""
        frame = self._frame
        text = self._record.text_of(frame)
        self.app.call_from_thread(self._put, frame, pretty(text), painted(text))

    def _put(self, frame: Frame, text: str, content: Content) -> None:
        if frame is not self._frame or not self.is_attached:
            return
        self._text = text
        sheet = self.query_one(".frame-sheet", Vertical)
        event = self._record.event_of(frame)
        title = f"Frame {frame.number + 1:.0f} · {event + ' · ' if event else ''}{seconds(frame.at_s)} s"
        sheet.border_title = clean_line(f"{title}, +{seconds(frame.gap_s)} s · {size(len(frame.raw))}", 70)
        self.query_one(Static).update(content)
        self.query_one(VerticalScroll).scroll_home(animate=False)
