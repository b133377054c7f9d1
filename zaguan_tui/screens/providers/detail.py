"""The pane under the table: one provider in words, its breaker's lane, its series, its transitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from zaguan_tui.keys import bindings_for
from zaguan_tui.screens.providers.charts import Points, error_chart, latency_chart, span, window_for
from zaguan_tui.screens.providers.facts import LABEL_CELLS, condition, contradictions, figures, title
from zaguan_tui.screens.providers.lanes import lane, transition_lines
from zaguan_tui.state.breaker_history import Span, Transition
from zaguan_tui.state.provider_row import ProviderRow
from zaguan_tui.widgets.chart import Chart
from zaguan_tui.widgets.words import Words

LATENCY_TITLE = Content.assemble(("latency  ", "$ink-soft"), ("── p50  ", "$chart-1"), ("── p95", "$chart-2"))
ERROR_TITLE = Content.assemble(("errors  ", "$ink-soft"), ("── share of requests", "$error"))

LANE_HOLDS = timedelta(seconds=4)
"""A lane moves by a cell in seconds; drawing it at every tick would be most of an idle room's work."""


@dataclass(frozen=True, slots=True)
class ProviderDetail:
    """Everything the pane shows of one provider."""

    row: ProviderRow
    p50: Points
    p95: Points
    error_rate: Points
    spans: Sequence[Span]
    transitions: Sequence[Transition]


class DetailPane(Vertical):
    """Shows a :class:`ProviderDetail`; gets values, asks for nothing. Up and down want the next provider."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("providers.detail")]

    @dataclass
    class Step(Message):
        """The provider so many rows further down is wanted."""

        rows: int

    def __init__(self) -> None:
        super().__init__(id="detail")
        self._detail: ProviderDetail | None = None
        self._now: datetime | None = None
        self._entitled = Content("")
        self._lane_until: datetime | None = None

    def compose(self) -> ComposeResult:
        """Words above, pictures below."""
        with Horizontal(id="facts"):
            yield Words(id="condition")
            yield Words(id="figures")
        yield Words(id="contradictions")
        yield Words(id="lane")
        with Horizontal(id="plots"):
            with Vertical(classes="plot"):
                yield Static(LATENCY_TITLE, classes="chart-title")
                yield Chart(id="latency", empty="No latency was read in the last 15 minutes.")
            with Vertical(classes="plot", id="errors-plot"):
                yield Static(ERROR_TITLE, classes="chart-title")
                yield Chart(id="errors", empty="No error rate was read in the last 15 minutes.")
            with VerticalScroll(id="transitions", can_focus=False):
                yield Words(id="transition-list")

    def show(self, detail: ProviderDetail | None, now: datetime) -> None:
        """Show this provider as of ``now``; ``None`` empties the pane."""
        self._detail, self._lane_until = detail, None
        self.set_class(detail is None, "-empty")
        self.set_class(bool(detail and detail.transitions), "-changed")
        if detail is None:
            self._entitle(Content(""))
            self.query_one("#condition", Words).say(Content.styled("No provider is selected.", "$ink-soft"))
            return
        self._entitle(title(detail.row))
        self.query_one("#latency", Chart).show(latency_chart(detail.p50, detail.p95, now))
        self.query_one("#errors", Chart).show(error_chart(detail.error_rate, now))
        self.tick(now)

    def _entitle(self, name: Content) -> None:
        """Set the title only when it is another one: setting it repaints the whole pane."""
        if not name.is_same(self._entitled):
            self._entitled = name
            self.border_title = name

    def on_resize(self) -> None:
        """The lane is as long as the pane is wide."""
        self._lane_until = None
        if self._now is not None:
            self.call_after_refresh(self.tick, self._now)

    def action_step(self, rows: int) -> None:
        """Ask for the provider above or below."""
        self.post_message(self.Step(rows))

    def tick(self, now: datetime) -> None:
        """A second has passed: ages and countdowns move."""
        detail, self._now = self._detail, now
        if detail is None:
            return
        self.query_one("#condition", Words).say(condition(detail.row, now))
        self.query_one("#figures", Words).say(figures(detail.row, now))
        doubts = self.query_one("#contradictions", Words)
        doubts.display = bool(detail.row.contradictions)
        doubts.say(contradictions(detail.row))
        self.query_one("#transition-list", Words).say(_transitions(detail.transitions, now))
        if self._lane_until is None or now >= self._lane_until:
            self._lane_until = now + LANE_HOLDS
            self._draw_lane(detail, now)

    def _draw_lane(self, detail: ProviderDetail, now: datetime) -> None:
        line = self.query_one("#lane", Words)
        window = window_for(detail.p50, now)
        label = f"last {span(window)}".ljust(LABEL_CELLS)
        drawn = lane(detail.spans, now, line.size.width - LABEL_CELLS, window)
        line.say(Content.assemble((label, "$ink-soft"), drawn))


def _transitions(changes: Sequence[Transition], now: datetime) -> Content:
    head = Content.styled("breaker transitions", "$ink-soft")
    if not changes:
        return Content("\n").join([head, Content.styled("none since we watch", "$ink-faint")])
    return Content("\n").join([head, *(transition_lines(change, now) for change in changes)])
