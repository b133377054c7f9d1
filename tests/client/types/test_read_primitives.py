"""`wire.md` 1.4: one JSON value in, one typed value out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from zaguan_tui.client.types.core import primitives as p
from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.core.times import instant, milliseconds, seconds


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, None),
        (3, 3),
        (3.0, 3),
        ("1,024", 1024),
        (" 7 ", 7),
        ("", None),
        ("12.0", 12),
        (0, 0),
        (10**30, 10**30),
    ],
)
def test_integer(value: Any, read: int | None) -> None:
    assert p.integer(value) == read


@pytest.mark.parametrize(
    "value", [True, 1.5, "1.5", "x", [], {}, float("nan"), float("inf"), "9" * 400, "1e999"]
)
def test_not_an_integer(value: Any) -> None:
    with pytest.raises(UnreadableValue):
        p.integer(value)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (None, None),
        (1, 1.0),
        (0.5, 0.5),
        ("10.5", 10.5),
        ("$1.20", 1.2),
        ("1,024.5", 1024.5),
        ("€ 3", 3.0),
        ("2 USD", 2.0),
        ("-4", -4.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("", None),
    ],
)
def test_amount(value: Any, read: float | None) -> None:
    assert p.amount(value) == read


@pytest.mark.parametrize(
    "value", [False, "much", "1,2", "--1", "$", [], {}, float("nan"), 10**400, "nan", "inf"]
)
def test_not_an_amount(value: Any) -> None:
    with pytest.raises(UnreadableValue):
        p.amount(value)


@pytest.mark.parametrize(
    ("value", "key", "read"),
    [
        (0.62, "error_rate", 0.62),
        (38.04, "successRate", 0.3804),
        (1, "error_rate", 1.0),
        ("62%", "error_rate", 0.62),
        (0.5, "credits_percent", 0.005),
        (0.5, "errorPct", 0.005),
        (0.5, "uptimePercent", 0.005),
        ("0.4", "rate", 0.4),
        (100.0, "success_rate", 1.0),
        (None, "x", None),
    ],
)
def test_fraction(value: Any, key: str, read: float | None) -> None:
    assert p.fraction(value, key) == read


@pytest.mark.parametrize("value", [-0.1, 101, "120%", True, "high"])
def test_not_a_fraction(value: Any) -> None:
    with pytest.raises(UnreadableValue):
        p.fraction(value, "error_rate")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (True, True),
        (0, False),
        (1.0, True),
        ("Yes", True),
        ("on", True),
        ("enabled", True),
        ("false", False),
        ("disabled", False),
        (None, None),
        ("", None),
    ],
)
def test_flag(value: Any, read: bool | None) -> None:
    assert p.flag(value) is read


@pytest.mark.parametrize("value", [2, "maybe", [], {}, float("nan")])
def test_not_a_flag(value: Any) -> None:
    with pytest.raises(UnreadableValue):
        p.flag(value)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (["A", "B"], ("A", "B")),
        (None, ()),
        ("A", ("A",)),
        ({"name": "A"}, ("A",)),
        ([{"id": "A"}, {"band": "B"}], ("A", "B")),
        ({"A": True, "B": False}, ("A",)),
        ({"1": "A", "2": {"name": "B"}}, ("A", "B")),
        ([None, ""], ()),
    ],
)
def test_texts(value: Any, read: tuple[str, ...]) -> None:
    assert p.texts(value) == read


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("HALF-OPEN", "half_open"),
        ("HalfOpen", "half_open"),
        ("half open", "half_open"),
        ("rateLimited", "rate_limited"),
        ("OPEN", "open"),
        ("HTTPError", "http_error"),
        (" x ", "x"),
        ("", ""),
    ],
)
def test_enum_words_fold_to_one_spelling(word: str, folded: str) -> None:
    assert p.fold(word) == folded


NOON = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        1795185000,
        1795185000.0,
        "1795185000",
        1795185000000,
        "1795185000000",
        1795185000000000,
        1795185000000000000,
        "2026-11-20T14:30:00Z",
        "2026-11-20T14:30:00+00:00",
        "2026-11-20 14:30:00",
        "2026-11-20T14:30:00.000000000Z",
        "2026-11-20T16:30:00+02:00",
        "2026-11-20t14:30:00z",
        "2026-11-20 14:30:00 UTC",
        "2026-11-20 14:30:00 +0000 UTC",
        "Fri, 20 Nov 2026 14:30:00 GMT",
        "2026-11-20T14:30:00.0Z",
    ],
)
def test_instants_become_aware_utc(written: Any) -> None:
    assert instant(written) == NOON
    assert instant(written).tzinfo is UTC  # type: ignore[union-attr]


def test_a_bare_date_is_midnight_utc() -> None:
    assert instant("2026-12-01") == datetime(2026, 12, 1, tzinfo=UTC)


def test_nanoseconds_are_cut_to_microseconds() -> None:
    assert instant("2026-11-20T14:30:00.123456789Z") == NOON.replace(microsecond=123456)


@pytest.mark.parametrize(
    "never", [None, 0, 0.0, "0", "", " ", "0001-01-01T00:00:00Z", -62135596800, "0001-01-01"]
)
def test_the_ways_to_say_never(never: Any) -> None:
    assert instant(never) is None


@pytest.mark.parametrize(
    "value", ["soon", True, [], {}, 1e40, "2026-13-01", float("nan"), "9999-12-31T23:59:59-23:59"]
)
def test_not_an_instant(value: Any) -> None:
    with pytest.raises(UnreadableValue):
        instant(value)


@pytest.mark.parametrize(
    ("value", "key", "read"),
    [
        (412, "latency_ms", 412.0),
        (412, "latency", 412.0),
        ("412ms", "latency", 412.0),
        ("1.2s", "latency_ms", 1200.0),
        (0.4, "latency_s", 400.0),
        (0.4, "latencySeconds", 400.0),
        ("1m30s", "x", 90000.0),
        ("PT30S", "x", 30000.0),
        ("PT1M30.5S", "x", 90500.0),
        ("P1D", "x", 86400000.0),
        ("250µs", "x", 0.25),
        ("377.2", "latency", 377.2),
        (3, "latency_min", 3.0),
        (None, "x", None),
        ("1h 2m", "x", 3720000.0),
    ],
)
def test_milliseconds(value: Any, key: str, read: float | None) -> None:
    assert milliseconds(value, key) == read


@pytest.mark.parametrize(
    ("value", "key", "read"),
    [
        (22, "retry_after", 22.0),
        ("30s", "timeout", 30.0),
        (500, "timeout_ms", 0.5),
        (500, "timeoutMs", 0.5),
        ("60", "x", 60.0),
    ],
)
def test_seconds(value: Any, key: str, read: float | None) -> None:
    assert seconds(value, key) == read


@pytest.mark.parametrize("value", [-1, "fast", "1 parsec", [], True, float("inf")])
def test_not_a_duration(value: Any) -> None:
    with pytest.raises(UnreadableValue):
        milliseconds(value)


def test_findings_are_short_whatever_was_there() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    for value in (
        deep,
        "x" * 10_000,
        {str(n): deep for n in range(50)},
        10**5000,
        -1.5,
        None,
        True,
        object(),
    ):
        assert len(p.describe(value)) < 300
    assert str(UnreadableValue("", "null").below("data[3]")) == "data[3]: found null"
    assert p.join_path("data", "[3]") == "data[3]"


def test_free_objects_are_kept_unless_nested_beyond_use() -> None:
    deep: Any = {}
    for _ in range(20):
        deep = {"in": [deep]}
    assert p.free_object({"a": 1, "b": [2, {"c": 3}]}) == {"a": 1, "b": [2, {"c": 3}]}
    with pytest.raises(UnreadableValue):
        p.free_object(deep)
    with pytest.raises(UnreadableValue):
        p.free_object([])
