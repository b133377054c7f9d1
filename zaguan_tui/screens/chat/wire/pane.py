"""The wire panel beside an answer: the request, the frames as they came, their timing, a replay."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.css.query import NoMatches
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.answers.status_line import StatusLine
from zaguan_tui.screens.chat.wire.frame_filter import FramesView
from zaguan_tui.screens.chat.wire.frame_list import FrameList
from zaguan_tui.screens.chat.wire.frame_sheet import FrameSheet
from zaguan_tui.screens.chat.wire.page import RequestView, TimingView
from zaguan_tui.screens.chat.wire.replay_view import ReplayView
from zaguan_tui.screens.chat.wire.section_tabs import SectionTabs
from zaguan_tui.screens.chat.wire.timing import format_headline
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.wire.record import WireRecord
from zaguan_tui.state.core.clock import Clock
from zaguan_tui.text.format import compact

if TYPE_CHECKING:
    from zaguan_tui.state.chat.wire.log import WireLog
    from zaguan_tui.state.core.subscribers import Unsubscribe

PAINT_EVERY_S: Final = 0.25
REQUEST, FRAMES, TIMING, REPLAY = "request", "frames", "timing", "replay"
TITLES: Final = {REQUEST: "Request", FRAMES: "Frames", TIMING: "Timing", REPLAY: "Replay"}
NO_ANSWER: Final = "Nothing has been asked yet. Ask something, and what goes over the wire is shown here."
NOT_KEPT: Final = (
    "The wire of this answer is not kept: only that of the newest answers of this run of the program is. "
    "Asking again shows it."
)
NOTHING_SENT: Final = "No request went out for this answer."
NO_STALL: Final = "Nothing stalled from here on."


class WirePane(Vertical):
    """Shows the wire of one answer, live. ``subject`` says which answer that is."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("playground.wire")]

    def __init__(self, wire: WireLog, clock: Clock, subject: Callable[[], Message | None]) -> None:
        super().__init__(id="wire")
        self._wire, self._subject = wire, subject
        self._chosen: str | None = None
        self._record: WireRecord | None = None
        self._message: Message | None = None
        self._due = False
        self._unsubscribe: Unsubscribe | None = None
        self.frames = FramesView()
        self.replay = ReplayView(clock)
        self._views: dict[str, RequestView | FramesView | TimingView | ReplayView] = {
            REQUEST: RequestView(),
            FRAMES: self.frames,
            TIMING: TimingView(),
            REPLAY: self.replay,
        }

    def compose(self) -> ComposeResult:
        """The sections in a row, the headline, the section."""
        yield SectionTabs(TITLES)
        yield StatusLine(id="wire-head")
        yield Static("", id="wire-nothing")
        yield from self._views.values()

    def on_mount(self) -> None:
        """Follow the wire log."""
        self._unsubscribe = self._wire.follow(self._on_record)

    def on_unmount(self) -> None:
        """Follow it no more."""
        if self._unsubscribe is not None:
            self._unsubscribe()

    @property
    def record(self) -> WireRecord | None:
        """The wire that is shown."""
        return self._record

    @property
    def message(self) -> Message | None:
        """The answer whose wire it is."""
        return self._message

    @property
    def section(self) -> str:
        """The section that is shown: the one chosen, else the one that says most."""
        if self._chosen is not None:
            return self._chosen
        newest = self._record.attempt if self._record is not None else None
        return REQUEST if newest is not None and newest.over and not newest.good else FRAMES

    @property
    def copy_text(self) -> str:
        """The text shown, for copying."""
        return "" if self._nothing() else self._views[self.section].copy_text

    def look(self) -> None:
        """See anew which answer is meant, and show its wire."""
        if self.is_mounted and self.display:
            self._message = self._subject()
            self._record = self._wire.of(self._message.id if self._message is not None else None)
            self._paint()

    def take_keys(self) -> bool:
        """Give the keys to what is shown; false where there is nothing that could take them."""
        if self._nothing():
            return False
        self._views[self.section].take_keys()
        return True

    def page(self, step: int) -> None:
        """Scroll a page of what is shown."""
        self._views[self.section].page(step)

    def choose(self, section: str) -> None:
        """Show this section, and give it the keys."""
        self._chosen = section
        if section != REPLAY:
            self.replay.stop()
        self._paint()
        self.take_keys()

    def leave_replay(self) -> bool:
        """Go from the replay to the frames; false when no replay is shown."""
        if self.section != REPLAY:
            return False
        self.choose(FRAMES)
        return True

    def action_section(self, step: int) -> None:
        """Go to the section beside this one."""
        names = list(TITLES)
        self.choose(names[(names.index(self.section) + step) % len(names)])

    def action_replay(self) -> None:
        """Play the frames again, from the beginning."""
        self.choose(REPLAY)
        self.replay.play()

    def action_filter(self) -> None:
        """Filter the frames."""
        self.choose(FRAMES)
        self.frames.open_filter()

    def action_toggle_raw(self) -> None:
        """Show the raw data of frames, or the decoded text."""
        self.choose(FRAMES)
        self.frames.lines.toggle_raw()

    def action_next_stall(self) -> None:
        """Go to the next stall, in the replay or in the frames."""
        if self.section != REPLAY:
            self.choose(FRAMES)
        view = self.replay if self.section == REPLAY else self.frames.lines
        if not view.to_next_stall():
            ScreenServices(self).inform(NO_STALL, timeout=3)

    @on(SectionTabs.Chosen)
    def _section_clicked(self, event: SectionTabs.Chosen) -> None:
        event.stop()
        self.choose(event.name)

    @on(FrameList.Opened)
    def _open_frame(self, event: FrameList.Opened) -> None:
        event.stop()
        if self._record is not None:
            self.app.push_screen(FrameSheet(self._record, event.frame, self.frames.lines.step))

    def _on_record(self, _record: WireRecord) -> None:
        """Something came: paint soon, and not once for each frame."""
        if self.display and not self._due and self.is_mounted:
            self._due = True
            self.set_timer(PAINT_EVERY_S, self._came)

    def _came(self) -> None:
        self._due = False
        if self.screen.is_current:
            self.look()

    def _paint(self) -> None:
        """Show what there is of the section."""
        try:
            sections, head = self.query_one(SectionTabs), self.query_one("#wire-head", StatusLine)
            line = self.query_one("#wire-nothing", Static)
        except NoMatches:
            return  # not composed yet, or gone already
        record, section, nothing = self._record, self.section, self._nothing()
        shown = None if nothing else record
        sections.show(section, {} if shown is None else {FRAMES: compact(shown.frames.frames)})
        head.show([] if shown is None else format_headline(shown, self._message))
        line.display = bool(nothing)
        if nothing:
            line.update(Content.styled(nothing, "$ink-soft"))
        for name, view in self._views.items():
            view.display = name == section and shown is not None
        if shown is not None:
            self._views[section].show_wire(shown, self._message)

    def _nothing(self) -> str:
        """Why there is nothing to show; empty when there is something."""
        if self._message is None:
            return NO_ANSWER
        if self._record is None:
            return NOT_KEPT
        if self._record.attempt is None and self._message.ending is not None:
            return NOTHING_SENT
        return ""
