"""Points in time as arguments, on days on which they are easily got wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from zaguan_tui.client import ArgumentError
from zaguan_tui.client.requests.timestamps import Timestamp, format_timestamp, range_end, range_start


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z"),
        ("2027-01-01T00:30:00+01:00", "2026-12-31T23:30:00Z"),
        ("2026-11-30T19:30:00-05:00", "2026-12-01T00:30:00Z"),
        (datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC), "2028-02-29T23:59:59Z"),
        (date(2028, 2, 29), "2028-02-29"),
        ("2027-01-31", "2027-01-31"),
        (None, None),
    ],
)
def test_a_moment_is_written_in_utc_and_a_day_stays_a_day(
    value: Timestamp | None, written: str | None
) -> None:
    assert format_timestamp("start_date", value) == written


@pytest.mark.parametrize(
    "value", ["2026-10-25T02:30:00", "2027-02-29", "0001-01-01T00:00:00+01:00", "9999-12-31T23:30:00-01:00"]
)
def test_a_moment_that_no_server_could_read_is_refused(value: str) -> None:
    with pytest.raises(ArgumentError, match="start_date"):
        format_timestamp("start_date", value)


@pytest.mark.parametrize(
    "day", [date(2026, 12, 1), date(2028, 2, 29), date(2026, 12, 31), date(9999, 12, 31)]
)
def test_a_day_reaches_from_its_first_to_its_last_instant(day: date) -> None:
    first, last = range_start("start_date", day), range_end("end_date", day)
    assert first is not None and last is not None
    assert (first.date(), last.date(), first.hour, last.hour) == (day, day, 0, 23)
