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

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.providers.charts import (
    P95_MARK,
    Points,
    error_chart,
    explain_few,
    latency_chart,
    span,
    window_for,
)
from zaguan_tui.screens.providers.detail_text import (
    LABEL_CELLS,
    format_condition,
    format_conflicts,
    format_figures,
    format_title,
)
from zaguan_tui.screens.providers.lanes import format_transition, render_lane
from zaguan_tui.state.providers.breaker_history import Span, Transition
from zaguan_tui.state.providers.row import ProviderRow
from zaguan_tui.widgets.chart import Chart
from zaguan_tui.widgets.live_text import LiveText

LATENCY_TITLE = Content.assemble(
    ("latency  ", "$ink-soft"), ("── p50", "$chart-1"), "  ", (f"{P95_MARK * 2} p95", "$chart-2")
)
ERROR_TITLE = Content.assemble(("errors  ", "$ink-soft"), ("── share of requests", "$error"))
NO_LATENCY = "No latency was read in the last 15 minutes."
NO_ERROR_RATE = "No error rate was read in the last 15 minutes."

LANE_HOLDS = timedelta(seconds=4)
"""A lane moves by a cell in seconds; drawing it at every tick would be most of an idle screen's work."""


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
        """Show the provider so many rows further down."""

        rows: int

    def __init__(self) -> None:
        super().__init__(id="detail")
        self._detail: ProviderDetail | None = None
        self._now: datetime | None = None
        self._shown_title = Content("")
        self._lane_until: datetime | None = None

    def compose(self) -> ComposeResult:
        """Words above, pictures below."""
        with Horizontal(id="facts"):
            yield LiveText(id="condition")
            yield LiveText(id="figures")
        yield LiveText(id="contradictions")
        yield LiveText(id="lane")
        with Horizontal(id="plots"):
            with Vertical(classes="plot"):
                yield Static(LATENCY_TITLE, classes="chart-title")
                yield Chart(id="latency")
            with Vertical(classes="plot", id="errors-plot"):
                yield Static(ERROR_TITLE, classes="chart-title")
                yield Chart(id="errors")
            with VerticalScroll(id="transitions", can_focus=False):
                yield LiveText(id="transition-list")

    def show(self, detail: ProviderDetail | None, now: datetime) -> None:
        """Show this provider as of ``now``; ``None`` empties the pane."""
        self._detail, self._lane_until = detail, None
        self.set_class(detail is None, "-empty")
        self.set_class(bool(detail and detail.transitions), "-changed")
        if detail is None:
            self._set_title(Content(""))
            self.query_one("#condition", LiveText).say(
                Content.styled("No provider is selected.", "$ink-soft")
            )
            return
        self._set_title(format_title(detail.row))
        for name, chart, points, nothing in (
            ("#latency", latency_chart(detail.p50, detail.p95, now), detail.p50, NO_LATENCY),
            ("#errors", error_chart(detail.error_rate, now), detail.error_rate, NO_ERROR_RATE),
        ):
            few = explain_few(points, nothing)
            self.query_one(name, Chart).show(None if few else chart, few)
        self.tick(now)

    def _set_title(self, name: Content) -> None:
        """Set the title only when it is another one: setting it repaints the whole pane."""
        if not name.is_same(self._shown_title):
            self._shown_title = name
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
        self.query_one("#condition", LiveText).say(format_condition(detail.row, now))
        self.query_one("#figures", LiveText).say(format_figures(detail.row, now))
        doubts = self.query_one("#contradictions", LiveText)
        doubts.display = bool(detail.row.contradictions)
        doubts.say(format_conflicts(detail.row))
        self.query_one("#transition-list", LiveText).say(_transitions(detail.transitions, now))
        if self._lane_until is None or now >= self._lane_until:
            self._lane_until = now + LANE_HOLDS
            self._draw_lane(detail, now)

    def _draw_lane(self, detail: ProviderDetail, now: datetime) -> None:
        line = self.query_one("#lane", LiveText)
        window = window_for(detail.p50, now)
        label = f"last {span(window)}".ljust(LABEL_CELLS)
        drawn = render_lane(detail.spans, now, line.size.width - LABEL_CELLS, window)
        line.say(Content.assemble((label, "$ink-soft"), drawn))


def _transitions(changes: Sequence[Transition], now: datetime) -> Content:
    head = Content.styled("breaker transitions", "$ink-soft")
    if not changes:
        return Content("\n").join([head, Content.styled("none since start", "$ink-faint")])
    return Content("\n").join([head, *(format_transition(change, now) for change in changes)])
