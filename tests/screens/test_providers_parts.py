"""The parts of the providers screen that decide something, without an app."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from state.fake_gateway import provider

from screens.stage import staged
from zaguan_tui.client.types.providers.latency import Latency
from zaguan_tui.screens.providers.arrangement import TableArrangement
from zaguan_tui.screens.providers.charts import error_chart, explain_few, latency_chart, span, window_for
from zaguan_tui.screens.providers.detail_text import format_condition, format_figures
from zaguan_tui.screens.providers.lanes import format_transition, render_lane
from zaguan_tui.screens.providers.table import FIELDS, PADDING, fields_for, sort_rows, table_rows
from zaguan_tui.state.providers.board import ProviderBoard
from zaguan_tui.state.providers.breaker_history import UNKNOWN, Span, Transition
from zaguan_tui.state.providers.row import ProviderRow, ProviderVerdict
from zaguan_tui.widgets.theme_styles import ThemeStyles

NOW = datetime(2025, 1, 6, 9, 0, tzinfo=UTC)


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def test_columns_fill_the_width_and_never_more() -> None:
    least = sum(field.column.width + PADDING for field in FIELDS if not field.rank)
    shown = 0
    for width in range(least, 260):
        fields = fields_for(width)
        taken = sum(field.column.width + PADDING for field in fields)
        assert taken <= width
        assert len(fields) >= shown, "more space never shows fewer columns"
        shown = len(fields)
        assert [
            FIELDS.index(one) for f in fields for one in FIELDS if one.column.key == f.column.key
        ] == sorted(FIELDS.index(one) for f in fields for one in FIELDS if one.column.key == f.column.key)
    assert shown == len(FIELDS)
    assert taken == width


@pytest.mark.parametrize(
    ("row", "width", "words"),
    [
        (ProviderRow("a", "a", breaker="open", probe_due_at=ago(-18)), 20, "╱ open  0:18"),
        (ProviderRow("a", "a", breaker="open", probe_due_at=ago(2)), 20, "╱ open  probe due"),
        (ProviderRow("a", "a", breaker="open", probe_due_at=ago(2)), 16, "╱ open probe due"),
        (ProviderRow("a", "a", breaker="half_open", breaker_since=ago(12)), 16, "╌ half-open 12 s"),
        (ProviderRow("a", "a", breaker="half_open", breaker_since=ago(125)), 15, "╌ half-open"),
        (ProviderRow("a", "a", breaker="closed", breaker_since=ago(125)), 16, "─ closed"),
        (ProviderRow("a", "a", breaker="forced_shut"), 16, "◌ forced_shut"),
        (ProviderRow("a", "a"), 16, "–"),
    ],
)
def test_the_breaker_cell_shows_whole_figures_or_none(row: ProviderRow, width: int, words: str) -> None:
    (field,) = (field for field in FIELDS if field.column.key == "breaker")
    from dataclasses import replace

    fitted = replace(field, column=replace(field.column, width=width))
    (shown,) = table_rows([row], (fitted,), ThemeStyles({}), NOW)
    assert shown.cells[0].plain == words


@pytest.mark.parametrize(
    ("row", "words", "color"),
    [
        (ProviderRow("a", "a"), "–", "faint"),
        (ProviderRow("a", "a", error_rate=0.0, requests_total=0), "idle", "faint"),
        (ProviderRow("a", "a", error_rate=0.5, requests_total=4), "50.0 % of 4", "faint"),
        (ProviderRow("a", "a", error_rate=0.0, requests_total=400), "0 % of 400", "soft"),
        (ProviderRow("a", "a", error_rate=0.01, requests_total=400), "1.0 % of 400", "plain"),
        (ProviderRow("a", "a", error_rate=0.05, requests_total=400), "5.0 % of 400", "red"),
    ],
)
def test_an_error_rate_has_its_denominator_and_small_samples_no_colour(
    row: ProviderRow, words: str, color: str
) -> None:
    (field,) = (field for field in FIELDS if field.column.key == "errors")
    colors = {"ink-faint": "#111111", "ink-soft": "#222222", "foreground": "#333333", "error": "#ff0000"}
    names = {"faint": "#111111", "soft": "#222222", "plain": "#333333", "red": "#ff0000"}
    (shown,) = table_rows([row], (field,), ThemeStyles(colors), NOW)
    assert shown.cells[0].plain == words
    assert getattr(shown.cells[0].style, "color", None).name == names[color]


def test_an_arrangement_sorts_and_turns() -> None:
    rows = (
        ProviderRow("b", "b", verdict=ProviderVerdict.HEALTHY, latency_p95=2.0),
        ProviderRow("a", "A", verdict=ProviderVerdict.OPEN, latency_p95=None),
        ProviderRow("c", "c", verdict=ProviderVerdict.HEALTHY, latency_p95=1.0),
        ProviderRow("d", "d", verdict=ProviderVerdict.UNKNOWN, requests_total=0),
    )
    arranged = TableArrangement()
    board = ProviderBoard(rows)
    assert [row.id for row in arranged.rows(board)] == ["a", "b", "c", "d"]
    arranged.sort_by("p95")
    assert [row.id for row in arranged.rows(board)] == ["c", "b", "a", "d"]
    arranged.sort_by("p95")
    assert [row.id for row in arranged.rows(board)] == ["b", "c", "a", "d"]
    assert arranged.reverse
    arranged.sort_by("trend")
    assert arranged.sort == "p95"
    arranged.sort_by("models")
    arranged.fit(77)
    arranged.sort_by_next()
    assert arranged.sort == "name", "a column out of sight starts over"
    arranged.filter("!c")
    assert [row.id for row in arranged.rows(board)] == ["a", "b", "d"]


@pytest.mark.parametrize(("oldest", "window"), [(5, 60), (60, 60), (61, 120), (200, 300), (5000, 900)])
def test_the_window_grows_with_what_there_is_to_see(oldest: int, window: int) -> None:
    assert window_for(((ago(oldest), 1.0),), NOW) == window
    assert window_for((), NOW) == 60


@pytest.mark.parametrize(("top", "limit"), [(0.0, 1.0), (1.0, 1.5), (0.9, 1.0), (2210.0, 2500.0)])
def test_the_latency_axis_ends_on_a_round_number(top: float, limit: float) -> None:
    chart = latency_chart(((ago(5), 0.0),), ((ago(5), top),), NOW)
    assert chart.y_limits == (0, pytest.approx(limit))
    assert chart.y_ticks[0] == (0, "0")


def test_the_error_axis_is_never_higher_than_everything() -> None:
    assert error_chart(((ago(5), 0.001),), NOW).y_limits == (0, 5.0)
    assert error_chart(((ago(5), 7.0),), NOW).y_limits == (0, 100.0)
    assert error_chart(((ago(5), None),), NOW).drawable is False


def test_spans_of_an_axis() -> None:
    assert [span(seconds) for seconds in (30, 60, 120, 150, 450)] == [
        "30 s",
        "1 min",
        "2 min",
        "2.5 min",
        "7.5 min",
    ]


def test_a_lane_shows_the_worst_of_each_cell_and_dots_where_nobody_watched() -> None:
    spans = (
        Span("closed", ago(80), ago(50)),
        Span("open", ago(50), ago(49)),
        Span(UNKNOWN, ago(49), ago(30)),
        Span("half_open", ago(30), ago(20)),
        Span("closed", ago(20), ago(4)),
    )
    assert render_lane(spans, NOW, 10, 100).plain == "··───━·╍──"
    late = render_lane(spans, NOW + timedelta(seconds=30), 10, 100).plain
    assert late.endswith("···"), late
    assert render_lane((), NOW, 10, 100).plain == "·" * 10
    assert render_lane(spans, NOW, 0, 100).plain == ""


def test_a_transition_says_when_why_and_what_nobody_saw() -> None:
    change = Transition(
        "groq", "closed", "open", ago(25), "5 of 9 failed", "llama", missed=2, unwatched_s=90.0
    )
    lines = format_transition(change, NOW).plain.split("\n")
    assert lines == [
        "╱ open  25 s ago  llama",
        "5 of 9 failed",
        "2 more in between, unseen",
        "nobody watched for 1 min 30",
    ]


def trend(*values: float | None) -> str:
    (field,) = (field for field in FIELDS if field.column.key == "trend")
    (shown,) = table_rows([ProviderRow("a", "a", sparkline=values)], (field,), ThemeStyles({}), NOW)
    return shown.cells[0].plain.strip()


def test_each_trend_is_scaled_to_itself_and_noise_is_flat() -> None:
    assert trend(250, 260, 245, 255) == "▁" * 4
    assert trend(250, 500) == trend(2500, 5000) == "▁▆"
    assert trend(3000, 3010, 300, None, 3000) == "▆▆▁ ▆"
    assert trend(0, 0) == "▁▁"
    assert trend() == trend(None) == trend(float("nan")) == ""


@pytest.mark.parametrize(("status", "color"), [("healthy", "success"), ("down", "error")])
def test_the_newest_bar_has_the_colour_of_the_state(status: str, color: str) -> None:
    (field,) = (field for field in FIELDS if field.column.key == "trend")
    styles = ThemeStyles({"success": "#00ff00", "error": "#ff0000", "ink-faint": "#888888"})
    row = ProviderRow("a", "a", status=status, sparkline=(1.0, 2.0, 3.0))
    (shown,) = table_rows([row], (field,), styles, NOW)
    text = shown.cells[0]
    assert text.spans[-1].style == styles.style(color)
    assert text.plain[text.spans[-1].start : text.spans[-1].end] == "▆"


@pytest.mark.parametrize("key", ["p50", "p95", "errors", "models", "breaker"])
@pytest.mark.parametrize("reverse", [False, True])
def test_what_is_missing_sorts_last_both_ways(key: str, reverse: bool) -> None:
    def row(name: str, value: int | None) -> ProviderRow:
        figures = dict.fromkeys(("latency_p50", "latency_p95", "error_rate", "models_count"), value)
        return ProviderRow(name, name, breaker=None if value is None else "closed", **figures)

    rows = sort_rows([row("a", None), row("b", 2), row("c", 0), row("d", None)], key, reverse=reverse)
    assert [row.id for row in rows][2:] == ["a", "d"]


def test_a_chart_waits_for_three_readings() -> None:
    readings = [(ago(15), 1.0), (ago(10), None), (ago(5), 2.0)]
    assert explain_few([(ago(5), None)], "None.") == "None."
    assert explain_few(readings, "None.") == "Collecting: 2 of 3 readings"
    assert explain_few([*readings, (ago(0), 3.0)], "None.") == ""


def test_p50_and_p95_differ_without_colour() -> None:
    chart = latency_chart(((ago(5), 1.0),), ((ago(5), 2.0),), NOW)
    assert len({line.mark for line in chart.lines}) == 2
    assert [label for _, label in chart.x_ticks] == ["−1 min", "−30 s", "now"]


def test_unknown_figures_are_dashes() -> None:
    row = ProviderRow("a", "a")
    assert format_condition(row, NOW).plain.split("\n")[2].split() == ["last", "success", "–"]
    assert format_figures(row, NOW).plain.split("\n")[0].split() == ["latency", "p50", "–", "p95", "–"]


async def test_absurd_figures_are_shown_and_harm_nobody() -> None:
    def prepare(gateway: object) -> None:
        gateway.providers = [  # type: ignore[attr-defined]
            provider("a", latency=Latency(p50=1e300, p95=-5.0), error_rate=1e9, models_count=10**30),
            provider("b", latency=Latency(p50=float("nan"), p95=float("inf")), error_rate=float("nan")),
        ]

    async with staged(prepare=prepare) as play:
        for _ in range(3):
            await play.advance(5)
            await play.press("down")
        assert "healthy" in play.text("LiveTable")
