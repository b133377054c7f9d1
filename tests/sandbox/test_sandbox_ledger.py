"""Money: every call is debited once, and the balance is the ledger's sum."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from served_gateway import WORLD, Serve, Served

from zaguan_tui.sandbox.engine.clock import WorldClock
from zaguan_tui.sandbox.engine.ledger.ledger import Entry, Ledger, LedgerError
from zaguan_tui.sandbox.engine.ledger.schema import prepare
from zaguan_tui.sandbox.engine.ledger.seeded_history import CREDITS_A_PERIOD, make_past_days

MODELS = (
    "openai/gpt-4o",
    "openai/o3",
    "sandbox/echo",
    "groq/llama-3.3-70b-versatile",
    "mistral/mistral-large-latest",
)
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def entry(at: datetime, credits_used: int = 3) -> Entry:
    return Entry(
        "req_1", "", at.timestamp(), "you", "a/b", "a", "A", 1, 2, 0, 0, credits_used, 9, 1.5, "success"
    )


async def balance(sandbox: Served) -> int:
    body = (await sandbox.http.get("/v1/credits/balance")).json()
    return int(body["credits_used"])


async def test_two_hundred_calls_at_once_add_up(serve: Serve) -> None:
    # Background calls would go on being debited between the sum and the balance.
    idle = tuple(replace(provider, traffic_weight=0.0) for provider in WORLD.providers)
    sandbox = await serve(time_scale=200.0, data=replace(WORLD, providers=idle))
    before = await balance(sandbox)

    async def one(index: int) -> int:
        streamed, failing = index % 2 == 0, index % 10 == 9
        answer = await sandbox.chat(
            MODELS[index % len(MODELS)],
            stream=streamed,
            fault="429" if failing else None,
            max_tokens=40,
        )
        return answer.status_code

    codes = await asyncio.gather(*(one(index) for index in range(200)))
    assert set(codes) <= {200, 429, 502}
    rows = await sandbox.rows("status, credits, cost_nano, prompt_tokens + completion_tokens")
    assert len(rows) == 200
    assert sum(status == "success" for status, *_ in rows) == codes.count(200)
    assert sum(status == "rate_limited" for status, *_ in rows) == codes.count(429) == 20
    for status, credits_used, cost, tokens in rows:
        assert (credits_used > 0) == (tokens > 0) == (status == "success")
        assert credits_used * 1_000_000 >= cost
    used = await sandbox.gateway.ledger.read(
        lambda connection: connection.execute("SELECT SUM(credits) FROM entries").fetchone()[0]
    )
    assert await balance(sandbox) == before + used


async def test_the_debit_is_there_when_the_answer_is(sandbox: Served) -> None:
    answer = await sandbox.http.post(
        "/v1/chat/completions",
        json={"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "hi"}]},
        headers={"x-request-id": "mine-7"},
    )
    usage = answer.json()["usage"]
    rows = await sandbox.rows("request_id, completion_id, prompt_tokens, completion_tokens, provider, band")
    expected = ("mine-7", answer.json()["id"], usage["prompt_tokens"], usage["completion_tokens"], "openai")
    assert rows[0][:5] == expected


async def test_an_empty_account_is_told_what_is_missing(sandbox: Served) -> None:
    sandbox.gateway.ledger.note(entry(sandbox.gateway.clock.now(), CREDITS_A_PERIOD))
    answer = await sandbox.chat()
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (402, "insufficient_credits")
    assert error["credits_remaining"] == error["details"]["credits_remaining"] == 0
    body = (await sandbox.http.get("/v1/credits/balance")).json()
    assert (body["credits_remaining"], body["credits_percent"]) == (0, 0)
    assert body["warning"]


async def test_a_file_survives_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    ledger = Ledger(file, seed=7, clock=WorldClock(start_at=START))
    first = await ledger.balance(START)
    await ledger.record(entry(START))
    ledger.note(entry(START))
    ledger.close()
    later = START + timedelta(days=2)
    ledger = Ledger(file, seed=8, clock=WorldClock(start_at=later))
    second = await ledger.balance(later)
    ledger.close()
    assert second.used == first.used + 6
    assert second.reset_at == first.reset_at


async def test_a_file_whose_first_start_was_killed_is_seeded_again(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    with sqlite3.connect(file) as connection:
        prepare(connection)  # the tables are there, the past is not
    connection.close()
    whole, cut = (
        Ledger(None, seed=7, clock=WorldClock(start_at=START)),
        Ledger(file, seed=7, clock=WorldClock(start_at=START)),
    )
    assert await cut.balance(START) == await whole.balance(START)
    whole.close()
    cut.close()


async def test_a_new_period_starts_full(tmp_path: Path) -> None:
    ledger = Ledger(None, seed=7, clock=WorldClock(start_at=START))
    old = await ledger.balance(START)
    new = await ledger.balance(old.reset_at)
    ledger.close()
    assert new.used == 0
    assert new.reset_at == old.reset_at + timedelta(days=30)


async def test_one_bad_job_costs_the_others_nothing() -> None:
    ledger = Ledger(None, seed=7, clock=WorldClock(start_at=START))
    before = (await ledger.balance(START)).used
    ledger.note(entry(START))
    bad = ledger.read(lambda connection: connection.execute("SELECT nonsense").fetchone())
    good = ledger.record(entry(START))
    outcomes = await asyncio.gather(bad, good, return_exceptions=True)
    assert isinstance(outcomes[0], LedgerError)
    assert outcomes[1] is None
    assert (await ledger.balance(START)).used == before + 6
    ledger.close()


def test_files_that_are_no_ledger_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to be taken for one\n" * 50)
    for place in (text, tmp_path / "no" / "such" / "place.db"):
        with pytest.raises(LedgerError, match="cannot be used"):
            Ledger(place, seed=7, clock=WorldClock(start_at=START))


def test_the_past_is_the_seeds() -> None:
    days = make_past_days(7, START)
    assert days == make_past_days(7, START)
    assert days != make_past_days(8, START)
    assert len(days) == 91
    weekend = [day.requests for day in days[:-1] if day.starts_at.weekday() >= 5]
    weekdays = [day.requests for day in days[:-1] if day.starts_at.weekday() < 5]
    assert sum(weekend) / len(weekend) < 0.5 * sum(weekdays) / len(weekdays)
    spike = max(days, key=lambda day: day.credits)
    assert (START.date() - spike.starts_at.date()).days == 23
