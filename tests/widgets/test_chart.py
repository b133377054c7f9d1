"""Charts: exact in size, honest about gaps, drawn once for the same data, safe in threads."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from textual.content import Content

from widgets.alone import alone, styles_in
from zaguan_tui.widgets import chart as chart_module
from zaguan_tui.widgets.chart import Chart
from zaguan_tui.widgets.plot import ChartSpec, PlotLine, draw

TICKS = ((-60, "-60 s"), (-30, "-30 s"), (0, "now"))


def spec(*points: tuple[float, float | None], top: float = 10.0, color: str = "chart-1") -> ChartSpec:
    return ChartSpec(
        (PlotLine("a", color, points),), (-60, 0), (0, top), TICKS, ((0, "0"), (top, f"{top:g}"))
    )


def is_drawn(character: str) -> bool:
    return "\u2801" <= character <= "\u28ff"


def columns_drawn(picture: Content) -> list[bool]:
    lines = picture.plain.split("\n")
    return [any(is_drawn(line[x]) for line in lines) for x in range(len(lines[0]))]


@pytest.mark.parametrize("size", [(24, 6), (30, 7), (57, 9), (120, 40), (200, 12)])
def test_the_picture_has_exactly_the_size_asked_for(size: tuple[int, int]) -> None:
    dice = random.Random(size[0])
    for count in (1, 2, 50, 400):
        points = tuple((-60 + 60 * n / count, dice.uniform(0, 10)) for n in range(count))
        lines = draw(spec(*points), *size).split("\n")
        assert len(lines) == size[1]
        assert {line.cell_length for line in lines} == {size[0]}


def test_a_gap_is_never_bridged() -> None:
    whole = columns_drawn(draw(spec(*((x, 5.0) for x in range(-60, 1, 2))), 80, 10))
    first, last = whole.index(True), len(whole) - 1 - whole[::-1].index(True)
    assert all(whole[first : last + 1])
    holey = tuple((x, None if -40 <= x <= -20 else 5.0) for x in range(-60, 1, 2))
    drawn = columns_drawn(draw(spec(*holey), 80, 10))
    hole = [not here for here in drawn[first : last + 1]]
    assert sum(hole) >= (last - first) / 3 - 3
    assert drawn[first]
    assert drawn[last]


def test_one_reading_between_gaps_is_a_point() -> None:
    picture = draw(spec((-50, None), (-30, 5.0), (-10, None)), 60, 8)
    assert sum(columns_drawn(picture)) == 1


def test_a_picture_is_written_in_theme_colours_only() -> None:
    picture = draw(spec((-60, 1.0), (0, 9.0), color="chart-2"), 60, 8)
    assert styles_in(picture) == {"$chart-2", "$rule", "$ink-soft"}
    assert "\x1b" not in picture.plain
    assert "now" in picture.plain


def test_drawing_in_many_threads_gives_what_one_gives() -> None:
    specs = [spec(*((x, (x * seed) % 10 + 0.5) for x in range(-60, 1, 3)), top=11.0) for seed in range(1, 13)]
    alone_drawn = [draw(one, 60, 10) for one in specs]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda one: draw(one, 60, 10), specs * 3))
    assert [picture.plain for picture in together] == [picture.plain for picture in alone_drawn] * 3
    assert all(mine.is_same(theirs) for mine, theirs in zip(together, alone_drawn * 3, strict=True))


@pytest.mark.parametrize(
    "points",
    [(), ((0, None),), ((-5, 0.0),), ((-5, -3.0), (-1, 1e9)), ((-500, 5.0), (500, 5.0)), ((0, 1e-9),)],
)
def test_odd_data_is_no_fault(points: tuple[tuple[float, float | None], ...]) -> None:
    lines = draw(spec(*points), 40, 8).split("\n")
    assert (len(lines), {line.cell_length for line in lines}) == (8, {40})


FULL = "Chart { width: 100%; height: 100%; }"


async def settled(chart: Chart, pilot: object) -> None:
    await chart.workers.wait_for_complete()
    await pilot.pause()  # type: ignore[attr-defined]


async def test_the_chart_says_why_it_is_empty() -> None:
    chart = Chart(empty="Nothing was read.")
    async with alone(chart, size=(60, 10), css=FULL) as pilot:
        assert chart.render().plain == "Nothing was read."
        chart.show(spec((0, None)), empty="Only gaps.")
        await settled(chart, pilot)
        assert chart.render().plain == "Only gaps."
        chart.show(spec((-10, 4.0), (0, 5.0)))
        await settled(chart, pilot)
        assert any(map(is_drawn, chart.render().plain))
        chart.show(None)
        assert chart.render().plain == "Only gaps."


async def test_a_chart_too_small_says_so() -> None:
    chart = Chart()
    async with alone(chart, size=(20, 4), css=FULL) as pilot:
        chart.show(spec((-10, 4.0)))
        await settled(chart, pilot)
        assert chart.render().plain == "Too small for a chart."


async def test_the_same_data_is_drawn_once_and_a_new_size_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []

    def counted(one: ChartSpec, width: int, height: int) -> Content:
        drawn.append((width, height))
        return draw(one, width, height)

    monkeypatch.setattr(chart_module, "draw", counted)
    chart = Chart()
    async with alone(chart, size=(60, 10), css=FULL) as pilot:
        for _ in range(3):
            chart.show(spec((-10, 4.0)))
            await settled(chart, pilot)
        assert drawn == [(60, 10)]
        await pilot.resize_terminal(80, 12)
        await settled(chart, pilot)
        assert drawn == [(60, 10), (80, 12)]
        lines = chart.render().split("\n")
        assert (len(lines), {line.cell_length for line in lines}) == (12, {80})
