"""One SDK's shapes instead of the union, and our own client that reads the same out of each."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from served_gateway import KEY, Serve, Served
from test_sandbox_process import try_it

from zaguan_tui.client import ZaguanClient
from zaguan_tui.sandbox.config import DIALECTS, ConfigError, SandboxConfig

WORDS = ("go", "python", "py", "ts")
_MARKS = {"raw", "response", "dialect", "notes", "deduced", "request_id", "completion_id", "metadata"}
"""What says where an answer came from, and the ids that the SDKs understand differently."""


def plain_value(value: Any) -> Any:
    """Everything an object says, without what it leaves open."""
    if hasattr(type(value), "model_fields"):
        names: Any = type(value).model_fields
    elif is_dataclass(value):
        names = [one.name for one in fields(value)]
    else:
        return value
    values = {name: getattr(value, name) for name in names if name not in _MARKS}
    return {name: item for name, item in values.items() if item not in (None, (), "", {})}


LIVING = frozenset(("credits_remaining", "credits_used", "remaining_fraction"))
"""What the background traffic of each gateway moves while the other one is asked."""


def agree(some: dict[str, Any], union: dict[str, Any]) -> None:
    """What both say is the same."""
    shared = (some.keys() & union.keys()) - LIVING
    assert {name: some[name] for name in shared} == {name: union[name] for name in shared}
    for name in some.keys() & union.keys() & LIVING:
        assert some[name] == pytest.approx(union[name], rel=0.01)


async def test_each_sdk_gets_its_own_shape(sandbox: Served) -> None:
    async def get(path: str, word: str, **query: Any) -> Any:
        answer = await sandbox.http.get(path, params={"dialect": word, **query})
        assert answer.status_code == 200, answer.text
        return answer.json()

    for word in WORDS:
        rows = await get("/v1/capabilities", word)
        row = rows["models"][0] if word == "go" else rows[0]
        assert ("supports_audio_input" in row, "supports_audio_in" in row) == (word == "go", word == "ts")
        balance = await get("/v1/credits/balance", word)
        assert ("credits_total" in balance, "metadata" in balance) == (word == "go", word in ("python", "py"))
        page = await get("/v1/credits/history", word, limit=3)
        extra = {
            "go": {"total", "has_more", "next_cursor"},
            "python": {"total_entries", "next_cursor"},
            "ts": {"total", "page", "page_size"},
        }
        assert set(page) - {"entries"} == extra["python" if word == "py" else word]
        stats = await get("/v1/credits/stats", word, period="day")
        assert ("by_day" in stats, "model_breakdown" in stats, "summary" in stats) == (
            word == "go",
            word in ("python", "py"),
            word == "ts",
        )
        batches = await get("/v1/messages/batches", word)
        assert isinstance(batches, list) is (word == "ts")
    union = (await sandbox.http.get("/v1/credits/history?limit=1")).json()
    assert {"total", "total_entries", "next_cursor", "page"} <= set(union)


@pytest.mark.calendar
async def test_our_client_reads_the_same_from_each(serve: Serve) -> None:
    """Gateways of one seed and one start: one speaks the union, each of the others to a single SDK."""
    start_at = datetime.now(UTC)
    union = await read_account(await serve(time_scale=0.01, start_at=start_at), start_at)
    for dialect in DIALECTS:
        sandbox = await serve(dialect=dialect, time_scale=0.01, start_at=start_at)
        single = await read_account(sandbox, start_at)
        assert single["capabilities"].keys() == union["capabilities"].keys(), dialect
        for name, row in single["capabilities"].items():
            agree(row, union["capabilities"][name])
        agree(single["balance"], union["balance"])
        assert single["balance"]["credits_remaining"] == union["balance"]["credits_remaining"], dialect
        assert len(single["history"]) == len(union["history"]) > 0, dialect
        for one, expected in zip(single["history"], union["history"], strict=True):
            agree(one, expected)
        assert (single["stats"], single["credits"]) == (union["stats"], union["credits"]), dialect
        assert single["batches"] == union["batches"], dialect


async def read_account(sandbox: Served, start_at: datetime) -> dict[str, Any]:
    """What our client reads: models, balance, the failures and sums of the last seven days, batches."""
    async with ZaguanClient(sandbox.base_url, KEY) as client:
        capabilities = await client.get_capabilities()
        midnight = start_at.replace(hour=0, minute=0, second=0, microsecond=0)
        window: dict[str, Any] = {
            "end_date": midnight.isoformat(),
            "start_date": (midnight - timedelta(days=7)).isoformat(),
        }
        rows: list[Any] = []
        async for page in client.iter_credits_history(page_size=100, **window, status="error"):
            rows += page.data
        stats = await client.get_credits_stats(**window)
        return {
            "capabilities": {one.model_id: plain_value(one) for one in capabilities.data},
            "balance": plain_value(await client.get_credits_balance()),
            "history": [plain_value(row) for row in rows],
            "stats": {model.key: model.credits for model in stats.by_model},
            "credits": stats.totals.credits,
            "batches": (await client.list_messages_batches()).data,
        }


async def test_special_errors_have_their_fields_where_each_sdk_reads_them(sandbox: Served) -> None:
    faulty = {"x-sandbox-fault": "402"}
    for word in WORDS:
        body = {"model": "sandbox/echo", "messages": [{"role": "user", "content": "hi"}]}
        path = f"/v1/chat/completions?dialect={word}"
        answer = await sandbox.http.post(path, json=body, headers=faulty)
        error = answer.json()["error"]
        assert answer.status_code == 402
        assert ("credits_required" in error, "details" in error) == (word != "go", word == "go")


async def test_a_request_outweighs_the_flag_and_unknown_words_are_refused(serve: Serve) -> None:
    sandbox = await serve(dialect="go")
    assert "models" in (await sandbox.http.get("/v1/capabilities")).json()
    assert isinstance((await sandbox.http.get("/v1/capabilities?dialect=ts")).json(), list)
    odd = await sandbox.http.get("/v1/capabilities?dialect=rust")
    assert (odd.status_code, odd.json()["error"]["param"]) == (400, "dialect")
    body = {"model": "openai/text-embedding-3-small", "input": "hi"}
    assert "completion_tokens" not in (await sandbox.http.post("/v1/embeddings", json=body)).json()["usage"]
    streamed = await sandbox.chat(stream=True, max_tokens=3)
    assert streamed.text.endswith("data: [DONE]\n\n")


def test_the_flag_is_checked() -> None:
    with pytest.raises(ConfigError, match="go, python, ts"):
        SandboxConfig(dialect="rust")
    done = try_it("--dialect", "rust")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--dialect" in try_it("--help").stdout
