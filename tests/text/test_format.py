"""Figures as people read them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaguan_tui.text import format as f

FINITE = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15)


@pytest.mark.parametrize(
    "show",
    [
        f.compact,
        f.tokens,
        f.count,
        f.credits,
        f.usd,
        f.percent,
        f.rate,
        f.tokens_per_second,
        f.milliseconds,
        f.latency,
        f.duration,
        f.age,
        f.countdown,
        f.size,
    ],
)
def test_what_is_not_known_is_a_dash_and_never_nought(show) -> None:
    assert show(None) == "–"
    assert show(math.nan) == "–"
    assert show(math.inf) == "–"
    assert show(0) != "–"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (812, "812"),
        (999, "999"),
        (1000, "1k"),
        (1234, "1.2k"),
        (99_940, "99.9k"),
        (99_960, "100k"),
        (200_000, "200k"),
        (999_999, "1M"),
        (1_048_576, "1M"),
        (12_345_678, "12.3M"),
        (-1234, "-1.2k"),
        (2.5e9, "2.5G"),
        (0.5, "0.5"),
        (3.14159, "3.14"),
    ],
)
def test_compact(value: float, shown: str) -> None:
    assert f.compact(value) == shown


@given(st.integers(0, 10**14))
def test_compact_stays_short_and_close(value: int) -> None:
    shown = f.compact(value)
    assert len(shown) <= 5
    scale = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}.get(shown[-1], 1.0)
    read = float(shown.rstrip("kMGT")) * scale
    assert read == pytest.approx(value, rel=0.05)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12345, "12,345"),
        (1234.5, "1,234.5"),
        (0.0042, "0.0042"),
        (0, "0"),
        (1.006, "1.01"),
        (123456.7, "123,457"),
    ],
)
def test_credits(value: float, shown: str) -> None:
    assert f.credits(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.15, "$0.15"),
        (1234.5, "$1,234.50"),
        (0.00042, "$0.00042"),
        (0, "$0.00"),
        (-2, "-$2.00"),
        (0.075, "$0.075"),
    ],
)
def test_usd(value: float, shown: str) -> None:
    assert f.usd(value) == shown


@given(FINITE.filter(bool))
def test_money_that_is_not_nought_never_reads_as_nought(value: float) -> None:
    assert any(digit in "123456789" for digit in f.usd(value))
    assert any(digit in "123456789" for digit in f.credits(value))


@pytest.mark.parametrize(
    ("fraction", "of", "shown"),
    [
        (0.012, 812, "1.2 % of 812"),
        (0.0, 10, "0 % of 10"),
        (1.0, None, "100 %"),
        (0.0004, 5000, "<0.1 % of 5,000"),
        (0.9999, None, ">99.9 %"),
        (0.5, 0, "–"),
        (0.331, None, "33.1 %"),
    ],
)
def test_percent_has_its_denominator(fraction: float, of: float | None, shown: str) -> None:
    assert f.percent(fraction, of) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.4, "0.4 tok/s"), (87.34, "87.3 tok/s"), (312.2, "312 tok/s"), (1234, "1.2k tok/s")],
)
def test_pace(value: float, shown: str) -> None:
    assert f.tokens_per_second(value) == shown


@pytest.mark.parametrize(
    ("ms", "shown"),
    [
        (0.84, "0.8 ms"),
        (5, "5 ms"),
        (412, "412 ms"),
        (999.7, "1.00 s"),
        (1243, "1.24 s"),
        (12_400, "12.4 s"),
        (125_000, "2 min 05"),
    ],
)
def test_milliseconds(ms: float, shown: str) -> None:
    assert f.milliseconds(ms) == shown
    assert f.latency(ms / 1000) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (0.02, "0.1 s"),
        (0.4, "0.4 s"),
        (4, "4 s"),
        (59.6, "1 min"),
        (125, "2 min 05"),
        (3840, "1 h 04"),
        (273_600, "3 d 04 h"),
        (-4, "-4 s"),
    ],
)
def test_duration(seconds: float, shown: str) -> None:
    assert f.duration(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.4, "now"),
        (-3, "now"),
        (4.9, "4 s ago"),
        (130, "2 min ago"),
        (3840, "1 h 04 ago"),
        (90_000, "1 d 01 h ago"),
    ],
)
def test_age(seconds: float, shown: str) -> None:
    assert f.age(seconds) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(18, "0:18"), (17.2, "0:18"), (0, "0:00"), (-5, "0:00"), (725, "12:05"), (3723, "1:02:03")],
)
def test_countdown(seconds: float, shown: str) -> None:
    assert f.countdown(seconds) == shown


@pytest.mark.parametrize(
    ("octets", "shown"), [(0, "0 B"), (812, "812 B"), (1200, "1.2 kB"), (3.4e6, "3.4 MB")]
)
def test_size(octets: float, shown: str) -> None:
    assert f.size(octets) == shown


def test_moments_carry_their_zone() -> None:
    at = datetime(2026, 3, 1, 13, 3, 22, tzinfo=UTC)
    assert f.clock(at, UTC) == "13:03:22 UTC"
    assert f.moment(at, timezone(timedelta(hours=3))) == "2026-03-01 16:03 UTC+03:00"
    assert f.moment(at, timezone(timedelta(hours=1), "CET")) == "2026-03-01 14:03 CET"
    assert f.clock(None) == "–"
    assert f.moment(None) == "–"
    assert f.clock(at).startswith(at.astimezone().strftime("%H:%M:%S "))
