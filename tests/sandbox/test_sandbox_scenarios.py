"""Every scenario that ships does what it says, seen from the other end of a real socket."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from served_gateway import ADMIN_KEY, Serve, Served
from test_sandbox_process import try_it

from zaguan_tui.sandbox.config import scenario_names
from zaguan_tui.sandbox.engine.providers.scenario import ScenarioError, load_scenario

ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}
FAST = 2000.0


async def stream(
    sandbox: Served, model: str = "openai/gpt-4o-mini", timeout: float = 0.6
) -> tuple[str, bytes]:
    """How a stream ended, and what came of it."""
    body = {"model": model, "max_tokens": 60, "stream": True}
    body |= {"messages": [{"role": "user", "content": "Tell me about circuit breakers."}]}
    came = bytearray()
    try:
        call = sandbox.http.stream("POST", "/v1/chat/completions", json=body, timeout=timeout)
        async with call as answer:
            async for chunk in answer.aiter_raw():
                came += chunk
    except httpx.ReadTimeout:
        return "silence", bytes(came)
    except httpx.RemoteProtocolError:
        return "cut", bytes(came)
    if b'"error"' in came:
        return "error", bytes(came)
    return ("done" if came.endswith(b"data: [DONE]\n\n") else "no mark"), bytes(came)


async def streams(sandbox: Served, count: int = 12) -> list[tuple[str, bytes]]:
    return list(await asyncio.gather(*(stream(sandbox) for _ in range(count))))


async def admin(sandbox: Served, path: str) -> Any:
    answer = await sandbox.http.post(f"/v1/admin/{path}", headers=ADMIN)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def get(sandbox: Served, path: str, **query: Any) -> Any:
    answer = await sandbox.http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_scenario_is_readable_and_listed() -> None:
    shown = " ".join(try_it("--help").stdout.split())
    for name in scenario_names():
        scenario = load_scenario(name)
        assert scenario.title
        assert scenario.description.endswith(".")
        assert all(step.note for step in scenario.steps)
        assert name.replace("-", "") in shown.replace("- ", "-").replace("-", "")


async def test_the_list_is_served_too(sandbox: Served) -> None:
    report = await get(sandbox, "/sandbox/scenario")
    assert report["available"] == list(scenario_names())
    assert len(report["available"]) >= 17


@pytest.mark.parametrize(
    "step", ['gateway_fault = "naughty"', 'faults = ["flood"]', 'failure = "server gone"', "colour = 5"]
)
def test_a_bad_file_names_the_word(tmp_path: Path, step: str) -> None:
    (tmp_path / "bad.toml").write_text(f'title = "x"\ndescription = "x"\n[[step]]\n{step}\n')
    with pytest.raises(ScenarioError, match=r"bad\.toml: .*(naughty|flood|gone|colour)"):
        load_scenario("bad", tmp_path)


async def test_stalls(serve: Serve) -> None:
    ends = await streams(await serve(scenario="stalls", time_scale=FAST))
    assert {"silence", "done"} <= {end for end, _ in ends}
    assert all(b"chat.completion.chunk" in came for end, came in ends if end == "silence")


async def test_cuts_come_in_the_middle_of_an_event(serve: Serve) -> None:
    ends = await streams(await serve(scenario="cuts", time_scale=FAST))
    cut = [came for end, came in ends if end == "cut"]
    assert cut
    assert "done" in {end for end, _ in ends}
    assert not any(came.endswith(b"\n\n") for came in cut)


async def test_malformed_frames(serve: Serve) -> None:
    ends = await streams(await serve(scenario="malformed-frames", time_scale=FAST))
    assert {"done", "no mark"} == {end for end, _ in ends}
    for end, came in ends:
        frames = [line[6:] for line in came.decode().splitlines() if line.startswith("data: {")]
        bad = 0
        for frame in frames:
            try:
                json.loads(frame)
            except ValueError:
                bad += 1
        assert bad == (end == "done")


async def test_error_frames(serve: Serve) -> None:
    ends = await streams(await serve(scenario="error-frames", time_scale=FAST))
    assert {"error", "done"} == {end for end, _ in ends}


async def test_mixed_refusals(serve: Serve) -> None:
    sandbox = await serve(scenario="mixed-refusals", time_scale=FAST)
    answers = await asyncio.gather(*(sandbox.chat("openai/gpt-4o-mini", max_tokens=3) for _ in range(60)))
    statuses = Counter(answer.status_code for answer in answers)
    assert {200, 402, 403, 429, 502, 504} <= set(statuses) | {503}
    assert statuses[200] > 5
    assert all(answer.json()["error"]["message"] for answer in answers if answer.status_code != 200)
    assert {"type", "code"} <= set(next(one.json()["error"] for one in answers if one.status_code == 402))


async def test_the_same_seed_brings_the_same_faults(serve: Serve) -> None:
    runs = []
    for _ in range(2):
        sandbox = await serve(scenario="mixed-refusals", seed=5, time_scale=FAST)
        answers = [await sandbox.chat("sandbox/echo", max_tokens=3) for _ in range(12)]
        runs.append([answer.status_code for answer in answers])
    assert runs[0] == runs[1]


async def test_lying_health(serve: Serve) -> None:
    sandbox = await serve(scenario="lying-health", time_scale=FAST)
    calls = [await sandbox.chat("anthropic/claude-haiku-4-5", max_tokens=3) for _ in range(8)]
    assert {call.status_code for call in calls} <= {502, 503}
    status = await get(sandbox, "/v1/providers/status")
    row = next(row for row in status["data"] if row["id"] == "anthropic")
    assert (row["status"], row["error_rate"], row["requests"]["error"]) == ("healthy", 0.0, 0)
    assert status["summary"]["healthy"] == [one["status"] for one in status["data"]].count("healthy")
    breakers = (await get(sandbox, "/v1/circuit-breaker/status"))["data"]
    assert next(row for row in breakers if row["provider"] == "anthropic")["trips_total"] > 0


async def test_drifted_schema(serve: Serve) -> None:
    sandbox = await serve(scenario="drifted-schema")
    model = (await get(sandbox, "/v1/models"))["data"][0]
    assert isinstance(model["created"], str)
    assert "owned_by" not in model
    balance = await get(sandbox, "/v1/credits/balance")
    assert isinstance(balance["left"], str)
    status = (await get(sandbox, "/v1/providers/status"))["data"][0]
    assert "status" not in status
    assert status["x_revision"]
    assert (await sandbox.chat(max_tokens=2)).json()["choices"]


async def pages(sandbox: Served) -> tuple[list[str], list[str], list[str]]:
    """The rows that are there; those a reader gets by cursor; those it gets by number."""
    end = sandbox.gateway.clock.start_at.isoformat()
    await sandbox.http.post("/sandbox/scenario", json={"name": "calm"})
    whole = await get(sandbox, "/v1/credits/history", limit=40, end_date=end)
    await sandbox.http.post("/sandbox/scenario", json={"name": sandbox.gateway.config.scenario})
    by_cursor: list[str] = []
    query: dict[str, Any] = {"limit": 10, "end_date": end}
    by_number: list[str] = []
    for number in (1, 2, 3):
        page = await get(sandbox, "/v1/credits/history", **query)
        by_cursor += [row["id"] for row in page["entries"]]
        query["cursor"] = page["next_cursor"]
        page = await get(sandbox, "/v1/credits/history", page=number, page_size=10, end_date=end)
        by_number += [row["id"] for row in page["entries"]]
    return [row["id"] for row in whole["entries"]], by_cursor, by_number


async def test_lost_page(serve: Serve) -> None:
    rows, by_cursor, by_number = await pages(await serve(scenario="lost-page"))
    assert by_cursor == by_number == rows[:10] + rows[20:40]


async def test_double_page(serve: Serve) -> None:
    rows, by_cursor, by_number = await pages(await serve(scenario="double-page"))
    assert by_cursor == by_number == rows[:10] + rows[:10] + rows[10:20]


async def test_clock_skew(serve: Serve) -> None:
    sandbox = await serve(scenario="clock-skew", time_scale=1.0)
    for path in ("/v1/providers/status", "/v1/circuit-breaker/status"):
        generated_at = datetime.fromisoformat((await get(sandbox, path))["generated_at"])
        assert 415 < (generated_at - sandbox.gateway.clock.now()).total_seconds() < 421


async def test_ignored_admin(serve: Serve) -> None:
    sandbox = await serve(scenario="ignored-admin")
    assert (await admin(sandbox, "providers/groq/disable"))["enabled"] is False
    rows = (await get(sandbox, "/v1/providers/status"))["data"]
    assert next(row for row in rows if row["id"] == "groq")["enabled"] is True
    report = await admin(sandbox, "reload")
    assert (report["status"], report["config_version"]) == ("reloaded", 1)
    assert report["changes"]["models"] == {"added": 0, "removed": 0}


async def test_shrinking_reload(serve: Serve) -> None:
    sandbox = await serve(scenario="shrinking-reload")
    before = {row["id"] for row in (await get(sandbox, "/v1/models"))["data"]}
    report = await admin(sandbox, "reload")
    after = {row["id"] for row in (await get(sandbox, "/v1/models"))["data"]}
    assert report["changes"]["models"]["removed"] == len(before - after) > 100
    assert (await sandbox.chat(sorted(before - after)[0])).status_code == 404
    assert (await sandbox.http.get("/v1/virtual-models")).status_code == 200
    await sandbox.http.post("/sandbox/scenario", json={"name": "calm"})
    assert (await admin(sandbox, "reload"))["changes"]["models"]["added"] == len(before - after)
