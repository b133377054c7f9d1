"""What a database keeps over a restart, after a clean end and after ``kill -9`` of the real process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from served_gateway import ADMIN_KEY, WORLD, served

from zaguan_tui.sandbox.config import SandboxConfig
from zaguan_tui.sandbox.embedded import EmbeddedSandbox
from zaguan_tui.sandbox.engine.clock import WorldClock
from zaguan_tui.sandbox.engine.ledger.ledger import Entry, Ledger, LedgerError
from zaguan_tui.sandbox.engine.providers.world_state import TimeMark
from zaguan_tui.sandbox.gateway import Gateway

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
EXAMPLE = {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]}


@asynccontextmanager
async def killed_at_end(db: Path, time_scale: float) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a real sandbox process on ``db`` that is killed without warning when the block ends."""
    sandbox = EmbeddedSandbox(db=db, time_scale=time_scale, start_at=START.isoformat())
    sandbox.spawn()
    try:
        address = await sandbox.ready()
        headers = {"Authorization": f"Bearer {address.admin_key}"}
        async with httpx.AsyncClient(base_url=address.base_url, headers=headers, verify=False) as http:
            try:
                yield http
            finally:
                os.kill(address.pid, signal.SIGKILL)
    finally:
        await asyncio.to_thread(sandbox.stop)


async def upload(http: httpx.AsyncClient, rows: list[dict[str, Any]], purpose: str) -> str:
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()
    answer = await http.post("/v1/files", files={"file": ("in.jsonl", data)}, data={"purpose": purpose})
    return str(answer.raise_for_status().json()["id"])


async def get(http: httpx.AsyncClient, path: str, **query: Any) -> dict[str, Any]:
    body: dict[str, Any] = (await http.get(path, params=query)).raise_for_status().json()
    return body


async def until(http: httpx.AsyncClient, path: str, key: str, values: set[str]) -> dict[str, Any]:
    for _ in range(1000):
        body = await get(http, path)
        if body[key] in values:
            return body
        await asyncio.sleep(0.01)
    raise AssertionError(f"{path} never came to {values}: {body}")


async def own_rows(http: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    """All ledger rows of calls made with the key, newest first."""
    page = await get(http, "/v1/credits/history", limit=1000, start_date=START.isoformat(), **query)
    assert not page["has_more"]
    return [row for row in page["entries"] if row["metadata"]["tenant"] == "you"]


@pytest.mark.live
async def test_a_killed_world_goes_on_where_it_was(tmp_path: Path) -> None:
    db = tmp_path / "world.db"
    body = {"model": "sandbox/echo", "messages": [{"role": "user", "content": "hi"}]}
    async with killed_at_end(db, 2000.0) as http:
        file = await upload(http, [EXAMPLE] * 12, "fine-tune")
        made = await http.post(
            "/v1/fine_tuning/jobs", json={"model": "openai/gpt-4o-mini", "training_file": file}
        )
        job = f"/v1/fine_tuning/jobs/{made.json()['id']}"
        before = await until(http, job, "status", {"succeeded"})
        events = await get(http, f"{job}/events", limit=100)
        await http.post("/v1/admin/providers/groq/disable")
        await http.post("/v1/chat/completions", json=body, headers={"x-request-id": "before"})
        reached = (await get(http, "/health"))["timestamp"]
        thread = (await http.post("/v1/threads", json={})).json()["id"]
    async with killed_at_end(db, 2000.0) as http:
        assert (await get(http, "/health"))["timestamp"] > reached
        assert (await get(http, f"/v1/threads/{thread}"))["id"] == thread
        assert await get(http, job) == before
        assert await get(http, f"{job}/events", limit=100) == events
        providers = {row["id"]: row["status"] for row in (await get(http, "/v1/providers/status"))["data"]}
        assert [name for name, status in providers.items() if status == "disabled"] == ["groq"]
        await http.post("/v1/chat/completions", json=body, headers={"x-request-id": "after"})
        assert [row["request_id"] for row in await own_rows(http)] == ["after", "before"]
        page = await get(http, "/v1/credits/history", limit=1000, start_date=START.isoformat())
        names = [row["request_id"] for row in page["entries"]]
        assert len(names) == len(set(names))
        assert (await http.post("/v1/admin/providers/groq/enable")).json()["changed"] is True
    async with killed_at_end(db, 2000.0) as http:
        providers = {row["id"]: row["status"] for row in (await get(http, "/v1/providers/status"))["data"]}
        assert "disabled" not in providers.values()


@pytest.mark.live
async def test_a_batch_killed_in_the_middle_adds_up_with_the_ledger(tmp_path: Path) -> None:
    db = tmp_path / "world.db"
    rows = [
        {
            "custom_id": f"ask-{number}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": f"{number}?"}]},
        }
        for number in range(120)
    ]
    async with killed_at_end(db, 300.0) as http:
        file = await upload(http, rows, "batch")
        ask = {"endpoint": "/v1/chat/completions", "completion_window": "24h", "input_file_id": file}
        path = f"/v1/batches/{(await http.post('/v1/batches', json=ask)).json()['id']}"
        processed = 0
        while processed < 30:
            counts = (await get(http, path))["request_counts"]
            processed = counts["completed"] + counts["failed"]
            await asyncio.sleep(0.005)
    async with killed_at_end(db, 0.01) as http:  # the world all but stands still
        batch = await get(http, path)
        counts, paid = batch["request_counts"], await own_rows(http)
        assert batch["status"] == "in_progress"
        assert processed <= counts["completed"] + counts["failed"] < counts["total"] == 120
        assert len(paid) == counts["completed"] + counts["failed"]
        assert sum(row["total_tokens"] for row in paid) == batch["usage"]["total_tokens"] > 0
    async with killed_at_end(db, 3000.0) as http:
        batch = await until(http, path, "status", {"completed"})
        counts, paid = batch["request_counts"], await own_rows(http)
        assert counts["completed"] + counts["failed"] == len(paid) == 120
        assert sum(row["total_tokens"] for row in paid) == batch["usage"]["total_tokens"]
        output = (await http.get(f"/v1/files/{batch['output_file_id']}/content")).text.splitlines()
        assert len({json.loads(row)["custom_id"] for row in output}) == counts["completed"]
        assert len((await get(http, "/v1/files", purpose="batch_output"))["data"]) <= 2


@pytest.mark.parametrize("scale", [0.01, 1.0, 10_000.0])
@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=-400), timedelta(days=400)])
def test_time_never_runs_backwards_over_a_clean_restart(
    tmp_path: Path, scale: float, later: timedelta
) -> None:
    settings: dict[str, Any] = {"db": tmp_path / "world.db", "time_scale": scale}
    first = Gateway(SandboxConfig(start_at=START, **settings), data=WORLD)
    reached = first.clock.now()
    first.close()
    second = Gateway(SandboxConfig(start_at=START + later, **settings), data=WORLD)
    second.close()
    if later > timedelta(0):
        assert second.clock.start_at == START + later
        assert not second.ledger.resumed
    else:
        assert reached <= second.clock.start_at <= reached + timedelta(seconds=3) * scale
        assert second.ledger.resumed == (later < timedelta(0) or scale > 1)


def test_a_long_pause_is_no_world_time() -> None:
    mark = TimeMark(world=5000.0, real=100.0)
    times = [mark.world_time_at(real, 500.0, 1.0) for real in (99.0, 100.0, 100.5, 101.0, 9e9)]
    assert times == [5000.0, 5000.0, 5250.0, 5500.0, 5500.0]


async def test_a_transaction_is_written_whole_or_not_at_all() -> None:
    ledger = Ledger(None, seed=7, clock=WorldClock(start_at=START))
    entry = Entry("r", "", START.timestamp(), "you", "a/b", "a", "A", 1, 2, 0, 0, 3, 9, 1.5, "success")

    async def count() -> int:
        query = "SELECT COUNT(*) FROM entries"
        return await ledger.read(lambda connection: int(connection.execute(query).fetchone()[0]))

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("SELECT nonsense")

    async with ledger.transaction():
        await ledger.record(entry)
        ledger.note(entry)
        assert await count() == 0
    assert await count() == 2
    with pytest.raises(LedgerError):
        async with ledger.transaction():
            await ledger.record(entry)
            ledger.later(fail)
    with pytest.raises(KeyError):
        async with ledger.transaction():
            await ledger.record(entry)
            raise KeyError
    assert await count() == 2

    async def write_after_its_end() -> None:
        await gate.wait()
        await ledger.record(entry)

    gate = asyncio.Event()
    async with ledger.transaction():
        task = asyncio.create_task(write_after_its_end())
    gate.set()
    await task
    assert await count() == 3
    ledger.close()


async def test_a_switch_that_did_nothing_is_not_kept(tmp_path: Path) -> None:
    headers = {"Authorization": f"Bearer {ADMIN_KEY}"}
    async with served(db=tmp_path / "w.db", scenario="ignored-admin", start_at=START) as first:
        answer = await first.http.post("/v1/admin/providers/openai/disable", headers=headers)
        assert answer.json()["changed"] is True
    async with served(db=tmp_path / "w.db", start_at=START) as second:
        assert (await second.http.get("/health")).status_code == 200
        assert second.gateway.dispatcher.records["openai"].enabled


@pytest.mark.live
async def test_a_message_batch_killed_in_the_middle_pays_each_request_once(tmp_path: Path) -> None:
    db, model = tmp_path / "world.db", "anthropic/claude-haiku-4-5"
    params = {"model": model, "max_tokens": 30, "messages": [{"role": "user", "content": "hi"}]}
    requests = [{"custom_id": f"ask-{number}", "params": params} for number in range(80)]
    async with killed_at_end(db, 100.0) as http:
        made = (await http.post("/v1/messages/batches", json={"requests": requests})).json()
        path = f"/v1/messages/batches/{made['id']}"
        for _ in range(1000):
            if len(await own_rows(http, model=model)) >= 20:
                break
            await asyncio.sleep(0.005)
        assert (await get(http, path))["processing_status"] == "in_progress"
    async with killed_at_end(db, 3000.0) as http:
        batch = await until(http, path, "processing_status", {"ended"})
        results = (await http.get(f"{path}/results")).text.splitlines()
        assert sorted(json.loads(row)["custom_id"] for row in results) == sorted(
            request["custom_id"] for request in requests
        )
        assert sum(batch["request_counts"].values()) == 80
        paid = await own_rows(http, model=model)
        used = [
            usage["input_tokens"] + usage["output_tokens"]
            for row in map(json.loads, results)
            if row["result"]["type"] == "succeeded"
            for usage in [row["result"]["message"]["usage"]]
        ]
        assert len(paid) == 80
        assert sum(row["total_tokens"] for row in paid) == sum(used)
