"""A chart in a frame: shows the newest spec, drawn in a thread, kept until data or size change."""

from __future__ import annotations

import asyncio

from textual import events, work
from textual.content import Content
from textual.widget import Widget

from zaguan_tui.widgets.plot import ChartSpec, draw

MIN_SIZE = (24, 6)


class Chart(Widget):
    """Draws a :class:`ChartSpec`; says why when there is nothing to draw."""

    def __init__(self, *, id: str | None = None, empty: str = "No data yet.") -> None:  # noqa: A002  # Textual's name
        super().__init__(id=id, classes="chart")
        self._empty = empty
        self._spec: ChartSpec | None = None
        self._drawn: tuple[ChartSpec, tuple[int, int]] | None = None
        self._picture = Content("")

    def show(self, spec: ChartSpec | None, empty: str | None = None) -> None:
        """Draw this from now on; ``empty`` is the sentence for when it holds no point."""
        self._empty = empty or self._empty
        self._spec = spec
        self._redraw_if_needed()

    def on_resize(self, _event: events.Resize) -> None:
        """A new size wants a new picture."""
        self._redraw_if_needed()

    def render(self) -> Content:
        """The picture, or the sentence in its place."""
        if self._spec is None or not self._spec.drawable:
            return Content.styled(self._empty, "$ink-soft")
        if self.size.width < MIN_SIZE[0] or self.size.height < MIN_SIZE[1]:
            return Content.styled("Too small for a chart.", "$ink-faint")
        return self._picture

    def _redraw_if_needed(self) -> None:
        size = (self.size.width, self.size.height)
        spec = self._spec
        if spec is None or not spec.drawable or size[0] < MIN_SIZE[0] or size[1] < MIN_SIZE[1]:
            self.refresh()
        elif self._drawn != (spec, size):
            self._draw(spec, size)

    @work(group="draw", exclusive=True, exit_on_error=False)
    async def _draw(self, spec: ChartSpec, size: tuple[int, int]) -> None:
        self._picture = await asyncio.to_thread(draw, spec, *size)
        self._drawn = (spec, size)
        self.refresh()
