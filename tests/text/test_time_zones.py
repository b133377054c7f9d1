"""Moments in this machine's zone: over both changes of the clocks, and at the ends of the calendar.

The zones are written out as rules, so that no time zone database is needed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest

from zaguan_tui.text import format as f

BERLIN = "CET-1CEST,M3.5.0,M10.5.0/3"
NEW_YORK = "EST5EDT,M3.2.0,M11.1.0"
UseZone = Callable[[str], None]


@pytest.fixture
def use_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[UseZone]:
    """A function that moves this process to a zone until the test ends."""

    def use(rules: str) -> None:
        monkeypatch.setenv("TZ", rules)
        time.tzset()

    yield use
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("rules", "change", "before", "after"),
    [
        (BERLIN, datetime(2027, 3, 28, 1, tzinfo=UTC), "01:59:59 CET", "03:00:00 CEST"),
        (BERLIN, datetime(2026, 10, 25, 1, tzinfo=UTC), "02:59:59 CEST", "02:00:00 CET"),
        (NEW_YORK, datetime(2027, 3, 14, 7, tzinfo=UTC), "01:59:59 EST", "03:00:00 EDT"),
        (NEW_YORK, datetime(2026, 11, 1, 6, tzinfo=UTC), "01:59:59 EDT", "01:00:00 EST"),
    ],
    ids=["Berlin, spring", "Berlin, autumn", "New York, spring", "New York, autumn"],
)
def test_both_sides_of_a_change_of_the_clocks(
    use_zone: UseZone, rules: str, change: datetime, before: str, after: str
) -> None:
    use_zone(rules)
    last = change - timedelta(seconds=1)
    assert (f.clock(last), f.clock(change)) == (before, after)
    assert f.moment(change) == f"{change:%Y-%m-%d} {after[:5]} {after[9:]}"
    assert f.age((change - last).total_seconds()) == "1 s ago"


@pytest.mark.parametrize(
    ("at", "berlin", "new_york"),
    [
        (datetime(2027, 1, 1, tzinfo=UTC), "2027-01-01 01:00 CET", "2026-12-31 19:00 EST"),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), "2027-01-01 00:59 CET", "2026-12-31 18:59 EST"),
        (datetime(2028, 2, 29, 23, 30, tzinfo=UTC), "2028-03-01 00:30 CET", "2028-02-29 18:30 EST"),
        (datetime(2027, 1, 31, 23, 30, tzinfo=UTC), "2027-02-01 00:30 CET", "2027-01-31 18:30 EST"),
        (datetime(2026, 12, 1, 0, 30, tzinfo=UTC), "2026-12-01 01:30 CET", "2026-11-30 19:30 EST"),
    ],
)
def test_days_end_where_the_zone_ends_them(
    use_zone: UseZone, at: datetime, berlin: str, new_york: str
) -> None:
    use_zone(BERLIN)
    assert f.moment(at) == berlin
    use_zone(NEW_YORK)
    assert f.moment(at) == new_york


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])
@pytest.mark.parametrize("rules", ["UTC0", BERLIN, NEW_YORK])
@pytest.mark.parametrize("at", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_never_is_shown_in_every_zone(
    use_zone: UseZone, at: datetime, rules: str, zone: tzinfo | None
) -> None:
    use_zone(rules)
    shown = f.moment(at, zone)
    assert shown.split("-")[0] in ("1", "0001", "9999")
    assert f.clock(at, zone).count(":") >= 2
