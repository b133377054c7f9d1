"""Grid of lanes: positions that show whichever target is assigned to them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget

from zaguan_tui.screens.chat.answers.status_line import Figure
from zaguan_tui.screens.compare.lanes.grid_layout import arrange_lanes, row_heights
from zaguan_tui.screens.compare.lanes.lane_view import LaneView
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.chat.stream_meter import MeterReading


@dataclass(frozen=True, slots=True)
class LaneContent:
    """Content of one lane: key of the target, heading, and an answer or else a note."""

    key: str
    head: tuple[Figure, ...]
    message: Message | None = None
    note: Content = field(default_factory=Content)


class LaneGridView(VerticalScroll, can_focus=False):
    """Shows up to six lanes, or one of them alone."""

    def __init__(self) -> None:
        super().__init__(id="board")
        self._lanes: list[LaneView] = []
        self._enlarged_lane: LaneView | None = None
        self._mount_lock = asyncio.Lock()  # an answer that begins while lanes are mounted would be lost

    @property
    def lanes(self) -> Sequence[LaneView]:
        """The lanes in their order."""
        return tuple(self._lanes)

    @property
    def enlarged(self) -> bool:
        """Whether one lane is shown alone."""
        return self._enlarged_lane is not None

    async def show(self, contents: Sequence[LaneContent]) -> None:
        """Show these lanes."""
        async with self._mount_lock:
            with self.app.batch_update():
                for lane in self._lanes[len(contents) :]:
                    if lane is self._enlarged_lane:
                        self.enlarge(None)
                    await lane.remove()
                del self._lanes[len(contents) :]
                added = [LaneView() for _ in range(len(contents) - len(self._lanes))]
                if added:
                    self._lanes += added
                    await self.mount_all(added)
                for lane, content in zip(self._lanes, contents, strict=True):
                    await lane.show(content.message)
                    lane.set_heading(content.key, content.head, content.note)
                self._arrange()

    def set_headings(self, contents: Sequence[LaneContent]) -> None:
        """Update targets and headings; the answers stay."""
        for lane, content in zip(self._lanes, contents, strict=False):
            lane.set_heading(content.key, content.head, content.note)

    def feed(self, message_id: str, text: str, reasoning: str) -> None:
        """Append text and reasoning to an answer."""
        if (lane := self._lane_with(message_id)) is not None:
            lane.feed(text, reasoning)

    async def text_became_reasoning(self, message_id: str) -> None:
        """The text of an answer so far was reasoning."""
        async with self._mount_lock:
            if (lane := self._lane_with(message_id)) is not None:
                await lane.text_became_reasoning()

    def meter(self, message_id: str, meter: MeterReading) -> None:
        """Show new figures of an answer."""
        if (lane := self._lane_with(message_id)) is not None:
            lane.meter(meter)

    async def end(self, message: Message) -> None:
        """Show an ended answer."""
        async with self._mount_lock:
            if (lane := self._lane_with(message.id)) is not None:
                await lane.end(message)

    def pause_painting(self) -> None:
        """Paint less often for a moment, while a person types."""
        for lane in self._lanes:
            lane.pause_painting()

    def focused_lane(self, focused: Widget | None) -> LaneView | None:
        """The lane that has the focus, else the one shown alone."""
        return next((lane for lane in self._lanes if lane is focused), self._enlarged_lane)

    def step(self, focused: Widget | None, step: int) -> LaneView | None:
        """The lane so many positions after the focused one; from the first or last one on without any."""
        if not self._lanes:
            return None
        lane = self.focused_lane(focused)
        position = self._lanes.index(lane) + step if lane is not None else (0 if step > 0 else -1)
        return self._lanes[position % len(self._lanes)]

    def enlarge(self, lane: LaneView | None) -> None:
        """Show ``lane`` alone; ``None`` shows all."""
        self._enlarged_lane = lane
        self.set_class(lane is not None, "-one")
        for one in self._lanes:
            one.set_class(one is lane, "-large")
        self._arrange()

    def on_resize(self, _event: events.Resize) -> None:
        """Arrange the lanes for another size."""
        self._arrange()

    def _arrange(self) -> None:
        shown = 1 if self._enlarged_lane is not None else len(self._lanes)
        width, height = self.size
        if not shown or not width:
            return
        arrangement = arrange_lanes(shown, width)
        spans = iter(arrangement.spans)
        self.styles.grid_size_columns = arrangement.columns
        self.styles.grid_rows = " ".join(map(str, row_heights(len(arrangement.rows), height)))
        for lane in self._lanes:
            if self._enlarged_lane is None or lane is self._enlarged_lane:
                lane.styles.column_span = next(spans)

    def _lane_with(self, message_id: str) -> LaneView | None:
        for lane in self._lanes:
            if lane.message is not None and lane.message.id == message_id:
                return lane
        return None
