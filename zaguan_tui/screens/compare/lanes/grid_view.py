"""The lanes beside and below each other. They are places: which model stands where is told to them."""

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
    """What one lane shows: its key, its head, and an answer or a note in its place."""

    key: str
    head: tuple[Figure, ...]
    message: Message | None = None
    note: Content = field(default_factory=Content)


class LaneGridView(VerticalScroll, can_focus=False):
    """A grid of lanes. One of them can be enlarged."""

    def __init__(self) -> None:
        super().__init__(id="board")
        self._lanes: list[LaneView] = []
        self._large: LaneView | None = None
        self._one_at_a_time = asyncio.Lock()  # lanes that are laid while an answer begins would lose it

    @property
    def lanes(self) -> Sequence[LaneView]:
        """The lanes in their places."""
        return tuple(self._lanes)

    @property
    def enlarged(self) -> bool:
        """Whether one lane is shown alone."""
        return self._large is not None

    async def lay(self, places: Sequence[LaneContent]) -> None:
        """Show these lanes."""
        async with self._one_at_a_time:
            with self.app.batch_update():
                for lane in self._lanes[len(places) :]:
                    if lane is self._large:
                        self.enlarge(None)
                    await lane.remove()
                del self._lanes[len(places) :]
                added = [LaneView() for _ in range(len(places) - len(self._lanes))]
                if added:
                    self._lanes += added
                    await self.mount_all(added)
                for lane, place in zip(self._lanes, places, strict=True):
                    await lane.show(place.message)
                    lane.call(place.key, place.head, place.note)
                self._arrange()

    def call(self, places: Sequence[LaneContent]) -> None:
        """Say anew whose lanes they are; the answers stay."""
        for lane, place in zip(self._lanes, places, strict=False):
            lane.call(place.key, place.head, place.note)

    def feed(self, message_id: str, text: str, reasoning: str) -> None:
        """More of an answer came."""
        if (lane := self._lane_with(message_id)) is not None:
            lane.feed(text, reasoning)

    async def text_became_reasoning(self, message_id: str) -> None:
        """What an answer said so far was reasoning."""
        async with self._one_at_a_time:
            if (lane := self._lane_with(message_id)) is not None:
                await lane.text_became_reasoning()

    def meter(self, message_id: str, meter: MeterReading) -> None:
        """The figures of an answer moved."""
        if (lane := self._lane_with(message_id)) is not None:
            lane.meter(meter)

    async def end(self, message: Message) -> None:
        """An answer is over."""
        async with self._one_at_a_time:
            if (lane := self._lane_with(message.id)) is not None:
                await lane.end(message)

    def pause_painting(self) -> None:
        """Somebody types: paint less often for a moment."""
        for lane in self._lanes:
            lane.pause_painting()

    def focused_lane(self, focused: Widget | None) -> LaneView | None:
        """The lane that has the focus, else the one shown alone."""
        return next((lane for lane in self._lanes if lane is focused), self._large)

    def step(self, focused: Widget | None, step: int) -> LaneView | None:
        """The lane so many places after the one with the focus."""
        if not self._lanes:
            return None
        here = self.focused_lane(focused)
        at = self._lanes.index(here) + step if here is not None else (0 if step > 0 else -1)
        return self._lanes[at % len(self._lanes)]

    def enlarge(self, lane: LaneView | None) -> None:
        """Show ``lane`` alone; ``None`` shows all."""
        self._large = lane
        self.set_class(lane is not None, "-one")
        for one in self._lanes:
            one.set_class(one is lane, "-large")
        self._arrange()

    def on_resize(self, _event: events.Resize) -> None:
        """Other columns for another width."""
        self._arrange()

    def _arrange(self) -> None:
        shown = 1 if self._large is not None else len(self._lanes)
        width, height = self.size
        if not shown or not width:
            return
        arrangement = arrange_lanes(shown, width)
        spans = iter(arrangement.spans)
        self.styles.grid_size_columns = arrangement.columns
        self.styles.grid_rows = " ".join(map(str, row_heights(len(arrangement.rows), height)))
        for lane in self._lanes:
            if self._large is None or lane is self._large:
                lane.styles.column_span = next(spans)

    def _lane_with(self, message_id: str) -> LaneView | None:
        for lane in self._lanes:
            if lane.message is not None and lane.message.id == message_id:
                return lane
        return None
