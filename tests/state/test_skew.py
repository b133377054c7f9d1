"""Moments moved from a server's clock to this one, also where the calendar ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from zaguan_tui.state.core.skew import ClockSkew, shift_instant
from zaguan_tui.state.providers.breaker_history import BreakerHistory
from zaguan_tui.state.providers.join import JoinInput, join_rows

from .fake_gateway import breaker

FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
MOMENTS = [
    datetime(2026, 12, 1, tzinfo=UTC),
    datetime(2026, 12, 1, 0, 30, tzinfo=UTC),
    datetime(2028, 2, 29, 12, tzinfo=UTC),
    datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 14, 7, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_shift_is_so_many_seconds_on_every_date(moment: datetime) -> None:
    for seconds in (-86_400.0, -0.5, 0.0, 1.0, 3600.0):
        assert (shift_instant(moment, seconds) - moment).total_seconds() == seconds


@pytest.mark.parametrize(
    ("moment", "seconds", "expected"),
    [(LAST, 1.0, LAST), (FIRST, -1.0, FIRST), (MOMENTS[0], 1e300, LAST), (MOMENTS[0], -1e12, FIRST)],
)
def test_a_shift_ends_with_the_calendar(moment: datetime, seconds: float, expected: datetime) -> None:
    assert shift_instant(moment, seconds) == expected


@pytest.mark.parametrize("now", MOMENTS, ids=str)
@pytest.mark.parametrize("theirs", [FIRST, datetime(1970, 1, 1, tzinfo=UTC), LAST])
def test_a_breaker_of_a_server_that_lives_in_another_year(now: datetime, theirs: datetime) -> None:
    skew = ClockSkew().measure(theirs, now)
    breakers = [
        breaker("a", "open", next_attempt_at=LAST, last_state_change_at=FIRST),
        breaker("b", "open", retry_after=1e15),
        breaker("c", "open", next_attempt_at=theirs, last_state_change_at=theirs),
    ]
    rows = {
        row.id: row for row in join_rows(JoinInput((), breakers, now, skew), lambda _: (), lambda *_: True)
    }
    assert rows["b"].probe_due_at == LAST
    for moment in (rows["c"].probe_due_at, rows["c"].breaker_since):
        assert moment is not None
        assert abs(moment - now) < timedelta(milliseconds=1)
    assert all(row.probe_in(now) is not None for row in rows.values())
    history = BreakerHistory()
    history.observe([breaker(each.provider) for each in breakers], now, skew_s=skew)
    later = now + timedelta(seconds=5)
    changes = history.observe(breakers, later, skew_s=skew)
    assert [now <= change.at <= later for change in changes] == [True, True, True]
