from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.state.core.series import Point, Series

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def values(points: tuple[Point, ...]) -> list[float | None]:
    return [point.mean for point in points]


def test_a_quarter_of_an_hour_fine_then_a_day_in_minutes() -> None:
    series = Series()
    for second in range(0, 26 * 3600, 5):
        series.add(at(second), float(second))
    now = at(26 * 3600 - 5)
    fine, coarse = series.window(900, now), series.window(86_400, now)
    assert len(fine) == 180
    assert len(coarse) == 1440
    assert fine[-1].readings == 1
    assert coarse[-1].readings == 12
    assert coarse[-1].low is not None
    assert coarse[-1].high is not None
    assert coarse[-1].high - coarse[-1].low == 55
    assert len(series) == 180 + 1440


def test_readings_of_one_step_keep_low_mean_and_high() -> None:
    series = Series()
    for value in (10.0, 20.0, 60.0):
        series.add(at(1), value)
    (point,) = series.window(60, at(2))
    assert point[1:] == (10.0, 30.0, 60.0, 3)
    spread = series.spread(60, at(2))
    assert spread == (10.0, 30.0, 60.0, 3)


def test_a_failed_poll_is_a_gap_and_gaps_in_a_row_are_one() -> None:
    series = Series()
    series.add(at(0), 1.0)
    series.gap(at(5))
    series.gap(at(10))
    assert series.last is None
    series.add(at(15), 2.0)
    assert values(series.window(60, at(20))) == [1.0, None, 2.0]
    assert series.tail(2) == (None, 2.0)


def test_remembered_readings_come_before_the_ones_held_with_a_gap_between() -> None:
    series = Series()
    series.add(at(3600), 5.0)
    series.add(at(3605), 7.0)
    remembered = [(at(0).timestamp(), 1.0), (at(60).timestamp(), 2.0), (at(3599).timestamp(), None)]
    series.precede([*remembered, (at(3600).timestamp(), 9.0)], at(3605))
    assert values(series.window(86_400, at(3610))) == [1.0, 2.0, None, 6.0]
    assert values(series.window(900, at(3610))) == [5.0, 7.0]
    assert series.last == 7.0
    series.precede([(at(0).timestamp(), 1.0), (at(60).timestamp(), 2.0)], at(3605))
    assert values(series.window(86_400, at(3610))) == [1.0, 2.0, None, 6.0], "twice is once"


def test_readings_go_on_after_remembered_ones_within_the_same_minute() -> None:
    series = Series()
    series.precede([(at(0).timestamp(), 1.0)], at(31))
    assert series.last is None
    series.add(at(32), 3.0)
    assert values(series.window(86_400, at(40))) == [2.0]
    assert values(series.window(900, at(40))) == [1.0, None, 3.0]
    series.precede([], at(50))
    assert values(series.window(900, at(50))) == [1.0, None, 3.0]


def test_what_grew_since_a_moment_is_told_by_minutes() -> None:
    series = Series()
    for second in range(0, 300, 30):
        series.add(at(second), float(second))
    assert [point.at - NOON.timestamp() for point in series.coarse_since(at(185))] == [180, 240]
    assert len(series.coarse_since(at(-500))) == 5
    assert series.coarse_since(at(500)) == ()


@given(
    st.lists(st.tuples(st.integers(0, 5_000), st.none() | st.floats(0, 9)), max_size=60),
    st.lists(st.integers(0, 3_000), max_size=20),
)
def test_steps_stay_in_order_whatever_is_remembered(
    remembered: list[tuple[int, float | None]], seen: list[int]
) -> None:
    series = Series()
    for second in sorted(seen):
        series.add(at(4_000 + second), 1.0)
    before = series.window(900, at(7_000))
    readings = [(at(second).timestamp(), value) for second, value in sorted(remembered, key=lambda r: r[0])]
    series.precede(readings, at(7_000))
    for window in (900, 86_400):
        moments = [point.at for point in series.window(window, at(7_000))]
        assert moments == sorted(set(moments))
    after = series.window(900, at(7_000))
    assert not before or after[-len(before) :] == before


def test_a_long_silence_is_a_gap() -> None:
    series = Series()
    series.add(at(0), 1.0)
    series.add(at(70), 2.0)
    series.add(at(400), 3.0)
    assert values(series.window(900, at(400))) == [1.0, 2.0, None, 3.0]


def test_an_empty_or_old_series_has_nothing_to_show() -> None:
    series = Series()
    series.gap(at(0))
    assert series.window(900, at(0)) == ()
    assert series.spread(900, at(0)) is None
    series.add(at(0), 1.0)
    assert series.window(60, at(3600)) == ()


def test_a_clock_set_back_does_no_harm() -> None:
    series = Series()
    series.add(at(100), 1.0)
    series.add(at(40), 2.0)
    series.gap(at(30))
    assert values(series.window(900, at(100))) == [1.0]


@given(st.lists(st.tuples(st.integers(1, 5000), st.none() | st.floats(0, 1e6, width=32)), max_size=400))
def test_steps_are_in_order_bounded_and_hold_what_was_read(steps: list[tuple[int, float | None]]) -> None:
    series, moment = Series(), 0
    for wait, value in steps:
        moment += wait
        series.add(at(moment), value)
    for span in (900, 86_400):
        points = series.window(span, at(moment))
        assert [point.at for point in points] == sorted({point.at for point in points})
        for point in points:
            if point.mean is not None and point.low is not None and point.high is not None:
                assert point.low <= point.mean * 1.000001 + 1e-6
                assert point.mean <= point.high * 1.000001 + 1e-6
    assert len(series) <= 180 + 1440
