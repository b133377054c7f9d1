"""The sandbox on days that are easily got wrong: ends of months and years, leap days, daylight saving."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from served_gateway import Serve, Served

from zaguan_tui.client.types.account.stats_fields import bucket_start
from zaguan_tui.sandbox.engine.clock import WorldClock
from zaguan_tui.sandbox.engine.ledger.credit_stats import BUCKETS, label
from zaguan_tui.sandbox.engine.ledger.seeded_history import SPIKE_DAYS_AGO, make_past_days

STARTS = [
    pytest.param(datetime.fromisoformat(text), id=name)
    for name, text in (
        ("first of a month at midnight", "2026-12-01T00:00:00Z"),
        ("first of a month at half past", "2026-12-01T00:30:00Z"),
        ("leap day", "2028-02-29T12:00:00Z"),
        ("day after a leap day", "2028-03-01T00:00:01Z"),
        ("end of January", "2027-01-31T23:59:00Z"),
        ("new year's eve", "2026-12-31T23:59:00Z"),
        ("new year in a week of the old one", "2027-01-01T00:00:00Z"),
        ("Berlin, spring", "2027-03-28T01:00:00Z"),
        ("Berlin, autumn", "2026-10-25T01:00:00Z"),
        ("New York, spring", "2027-03-14T07:00:00Z"),
        ("New York, autumn", "2026-11-01T06:00:00Z"),
        ("written with an offset", "2026-12-01T00:30:00+01:00"),
    )
]
DAY = timedelta(days=1)


async def get(sandbox: Served, path: str, **query: Any) -> dict[str, Any]:
    answer = await sandbox.http.get(f"/v1/credits/{path}", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


class HeldTime:
    """The monotonic clock, which a test moves on or holds."""

    def __init__(self) -> None:
        self.offset = 0.0
        self._held: float | None = None

    def __call__(self) -> float:
        return time.monotonic() + self.offset if self._held is None else self._held

    def hold(self) -> None:
        self._held = self()


@pytest.mark.parametrize("start", STARTS)
async def test_the_account_adds_up_on_every_date(serve: Serve, start: datetime) -> None:
    source = HeldTime()
    sandbox = await serve(clock=WorldClock(start_at=start, source=source))
    today = midnight(start)
    balance = await get(sandbox, "balance")
    began, ends = (
        datetime.fromisoformat(text) for text in (balance["metadata"]["period_start"], balance["reset_date"])
    )
    assert began <= start < ends == began + 30 * DAY
    assert began.astimezone(UTC) == midnight(began)
    assert (await sandbox.chat(max_tokens=5)).status_code == 200
    source.hold()  # the background traffic goes on with the clock, and would come between two sums
    since = today - 2 * DAY
    rows = await get(sandbox, "history", start_date=since.isoformat(), limit=1)
    for bucket in BUCKETS:
        stats = await get(sandbox, "stats", start_date=since.isoformat(), group_by=bucket)
        assert stats["total_requests"] == rows["total"] > 1000
        assert sum(row["requests"] for row in stats["by_day"]) == rows["total"]
        assert sum(row["total_requests"] for row in stats["stats"]) == rows["total"]
        begins = [bucket_start(row["period"]) for row in stats["stats"]]
        assert begins == sorted(begins)
        assert {row["date"] for row in stats["by_day"]} == {
            f"{since + ago * DAY:%Y-%m-%d}" for ago in range(3)
        }
    now = await get(sandbox, "stats", period="day")
    assert [row["date"] for row in now["by_day"]] == [f"{today:%Y-%m-%d}"]
    assert datetime.fromisoformat(now["start_date"]) == today
    newest = rows["entries"][0]
    assert newest["metadata"]["tenant"] == "you"
    assert start <= datetime.fromisoformat(newest["timestamp"]) < start + timedelta(minutes=1)


async def test_midnight_at_new_year_begins_another_day_and_year(serve: Serve) -> None:
    source = HeldTime()
    start = datetime(2026, 12, 31, 23, 50, tzinfo=UTC)
    clock = WorldClock(scale=20.0, start_at=start, source=source)
    sandbox = await serve(clock=clock)
    assert (await sandbox.chat(max_tokens=5)).status_code == 200
    source.offset = clock.real(timedelta(minutes=10).total_seconds())
    assert (await sandbox.chat(max_tokens=5)).status_code == 200
    page = await get(sandbox, "history", limit=50, start_date="2026-12-31T23:49:00Z")
    own = [row["timestamp"][:10] for row in page["entries"] if row["metadata"]["tenant"] == "you"]
    assert own == ["2027-01-01", "2026-12-31"]
    today = await get(sandbox, "stats", period="day")
    assert [row["date"] for row in today["by_day"]] == ["2027-01-01"]
    both = await get(sandbox, "stats", start_date="2026-12-31T23:49:00Z", group_by="month")
    assert [row["period"] for row in both["stats"]] == ["2026-12", "2027-01"]
    weeks = await get(sandbox, "stats", start_date="2026-12-31T23:49:00Z", group_by="week")
    assert [row["period"] for row in weeks["stats"]] == ["2026-W53"]


@pytest.mark.parametrize("bucket", BUCKETS)
def test_every_day_of_twelve_years_lies_in_its_bucket(bucket: str) -> None:
    first = (datetime(2024, 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days
    for number in range(first, first + 12 * 366):
        day = datetime(1970, 1, 1, tzinfo=UTC) + number * DAY
        begins = bucket_start(label(number, bucket))
        assert begins is not None
        assert begins <= day < begins + {"day": 1, "week": 7, "month": 31}[bucket] * DAY


@pytest.mark.parametrize("start", STARTS)
def test_the_past_is_whole_days_up_to_this_moment(start: datetime) -> None:
    days = make_past_days(7, start)
    assert [day.starts_at for day in days] == [midnight(start) - ago * DAY for ago in range(90, -1, -1)]
    share = (start - midnight(start)) / DAY
    assert 0 <= days[-1].requests <= 1450 * 1.12 * 1.12 * share + 1
    assert all(day.requests > 0 and day.credits > 0 for day in days[:-1])
    assert max(days, key=lambda day: day.requests) is days[-1 - SPIKE_DAYS_AGO]
