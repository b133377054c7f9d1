"""History and stats: every dialect's paging, and sums that are the same from every side."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from served_gateway import WORLD, Serve, Served, served

from zaguan_tui.sandbox.engine.ledger.expansion import NIGHTLY, expand_day
from zaguan_tui.sandbox.engine.ledger.seeded_history import SPIKE_DAYS_AGO, make_past_days

START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MODELS = {model.id: model for model in WORLD.models}


async def history(sandbox: Served, **query: Any) -> dict[str, Any]:
    answer = await sandbox.http.get("/v1/credits/history", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def stats(sandbox: Served, **query: Any) -> dict[str, Any]:
    answer = await sandbox.http.get("/v1/credits/stats", params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def everything(sandbox: Served, **query: Any) -> list[dict[str, Any]]:
    """All rows of a selection, by cursor."""
    rows: list[dict[str, Any]] = []
    body = await history(sandbox, limit=1000, **query)
    while True:
        rows += body["entries"]
        assert len(rows) <= body["total"] + 50
        if not body["has_more"]:
            return rows
        body = await history(sandbox, limit=1000, cursor=body["next_cursor"], **query)


@pytest.mark.parametrize("ago", [0, 1, 5, SPIKE_DAYS_AGO])
def test_a_day_becomes_rows_without_moving_its_sums(ago: int) -> None:
    day = make_past_days(7, START)[-1 - ago]
    begins = day.starts_at.timestamp()
    until = min(begins + 86_400, START.timestamp())
    rows = expand_day(7, "d", begins, until, day.requests, day.credits, ago, MODELS)
    assert rows == expand_day(7, "d", begins, until, day.requests, day.credits, ago, MODELS)
    assert (len(rows), sum(row[11] for row in rows)) == (day.requests, day.credits)
    assert all(begins <= row[2] < until for row in rows)
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)
    for row in rows:
        assert (row[11] > 0) == (row[14] == "success") == (row[7] + row[8] > 0)
        assert row[11] * 1_000_000 >= row[12] >= 0
        assert row[8] >= row[9]
    tenants = Counter(row[3] for row in rows)
    assert (tenants[NIGHTLY] > len(rows) / 2) == (ago == SPIKE_DAYS_AGO)


def test_a_tiny_day_and_an_empty_one() -> None:
    assert expand_day(7, "d", 0.0, 86_400.0, 0, 0, 1, MODELS) == []
    few = expand_day(7, "d", 0.0, 86_400.0, 5, 2, 1, MODELS)
    assert sum(row[11] for row in few) == 2


async def test_history_stats_and_balance_agree(serve: Serve) -> None:
    sandbox = await serve(start_at=START, time_scale=5.0)
    await asyncio.gather(*(sandbox.chat("openai/gpt-4o", max_tokens=30) for _ in range(20)))
    balance = (await sandbox.http.get("/v1/credits/balance")).json()
    before = await stats(sandbox, start_date=balance["metadata"]["period_start"])
    again = (await sandbox.http.get("/v1/credits/balance")).json()
    assert balance["credits_used"] <= before["total_credits_used"] <= again["credits_used"]
    since, until = "2026-11-17", "2026-11-19"
    rows = await everything(sandbox, start_date=since, end_date=until)
    sums = await stats(sandbox, start_date=since, end_date=until)
    assert len(rows) == sums["total_requests"] == len({row["id"] for row in rows})
    assert sum(row["credits_debited"] for row in rows) == sums["total_credits_used"]
    assert sum(row["total_tokens"] for row in rows) == sums["total_tokens"]
    assert math.fsum(row["cost"] for row in rows) == pytest.approx(sums["total_cost"], abs=1e-9)
    assert [row["timestamp"] for row in rows] == sorted((row["timestamp"] for row in rows), reverse=True)
    own_rows = await history(sandbox, start_date="2026-11-20", status="completed", model="gpt-4o", limit=1000)
    assert sum(row["metadata"]["tenant"] == "you" for row in own_rows["entries"]) == 20


@pytest.mark.calendar
@pytest.mark.parametrize("days", [0, 31])
async def test_the_last_days_are_the_same_in_rows_and_sums(serve: Serve, days: int) -> None:
    sandbox = await serve(start_at=None, time_scale=0.01)
    now = sandbox.gateway.clock.start_at
    window = {"start_date": (now - timedelta(days=days)).date().isoformat(), "end_date": now.isoformat()}
    sums = await stats(sandbox, **window)
    page = await history(sandbox, limit=1, **window)
    assert page["total"] == sums["total_requests"]
    assert len(sums["by_day"]) in (days, days + 1), "a day that has only begun may be without a row"
    assert sum(row["credits_used"] for row in sums["by_day"]) == sums["total_credits_used"]


async def test_every_shape_of_stats_adds_up(serve: Serve) -> None:
    sandbox = await serve(start_at=START)
    body = await stats(sandbox, period="week", group_by="week")
    total = body["total_credits_used"]
    for name in ("by_provider", "by_model", "by_band"):
        assert sum(row["credits_used"] for row in body[name].values()) == total
    assert sum(row["credits_used"] for row in body["by_day"]) == total
    assert sum(row["credits_used"] for row in body["model_breakdown"]) == total
    assert sum(row["total_credits"] for row in body["stats"]) == total == body["summary"]["total_credits"]
    assert len(body["by_day"]) == 7
    assert [row["period"] for row in body["stats"]] == ["2026-W46", "2026-W47"]
    one = await stats(sandbox, period="week", provider="openai")
    assert one["total_credits_used"] == body["by_provider"]["openai"]["credits_used"]
    assert set(one["by_provider"]) == {"openai"}


async def test_pages_of_both_dialects(serve: Serve) -> None:
    sandbox = await serve(start_at=START, time_scale=0.01)
    one = await history(sandbox, page=1, page_size=50, end_date="2026-11-19")
    two = await history(sandbox, page=2, page_size=50, end_date="2026-11-19")
    both = await history(sandbox, limit=100, end_date="2026-11-19")
    assert one["entries"] + two["entries"] == both["entries"]
    assert (two["page"], two["page_size"], both["has_more"]) == (2, 50, True)
    assert one["total"] == one["total_entries"] == both["total"]
    days = {day.starts_at.date(): day for day in make_past_days(7, START)}
    assert both["total"] == sum(day.requests for date, day in days.items() if date < START.date())
    beyond = await history(sandbox, page=9_999_999, page_size=100, start_date="2026-11-19")
    assert (beyond["entries"], beyond["has_more"]) == ([], False)
    failed = await history(sandbox, status="error", start_date="2026-11-18", end_date="2026-11-18")
    assert {row["status"] for row in failed["entries"]} == {"error"}
    assert all(row["error_message"] and not row["credits_debited"] for row in failed["entries"])
    afternoon = await everything(
        sandbox, start_date="2026-11-18T13:00:00Z", end_date="2026-11-18T14:00:00+00:00"
    )
    assert {row["timestamp"][:13] for row in afternoon} == {"2026-11-18T13"}
    none = await history(sandbox, band="Z")
    assert (none["entries"], none["total"]) == ([], 0)


async def test_the_past_stays_what_it_was_over_a_restart(serve: Serve, tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    async with served(start_at=START, db=file, time_scale=0.01) as first:
        before = await stats(first, start_date="2026-11-14", end_date="2026-11-19")
    second = await serve(start_at=START + timedelta(days=3), db=file, seed=99, time_scale=0.01)
    after = await stats(second, start_date="2026-11-14", end_date="2026-11-19")
    assert before == after
    assert (await stats(second, start_date="2026-11-20"))["total_requests"] > 0


@pytest.mark.parametrize(
    ("path", "query", "param"),
    [
        ("history", {"limit": "x"}, "limit"),
        ("history", {"limit": "0"}, "limit"),
        ("history", {"page_size": "1001"}, "page_size"),
        ("history", {"page": "-1"}, "page"),
        ("history", {"cursor": "nonsense"}, "cursor"),
        ("history", {"cursor": "bmFuOjE"}, "cursor"),
        ("history", {"cursor": "x", "page": "1"}, "cursor"),
        ("history", {"status": "odd"}, "status"),
        ("history", {"start_date": "yesterday"}, "start_date"),
        ("history", {"start_date": "2026-11-20", "end_date": "2026-11-10"}, "end_date"),
        ("stats", {"period": "decade"}, "period"),
        ("stats", {"group_by": "colour"}, "group_by"),
        ("stats", {"end_date": "9999-12-31"}, "end_date"),
    ],
)
async def test_bad_queries_are_refused(sandbox: Served, path: str, query: dict[str, str], param: str) -> None:
    answer = await sandbox.http.get(f"/v1/credits/{path}", params=query)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
