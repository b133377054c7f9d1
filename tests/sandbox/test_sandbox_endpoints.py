"""Keys, envelopes and the shapes of the reading endpoints, over a real socket."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
import pytest
from served_gateway import ADMIN_KEY, KEY, Serve, Served
from starlette.routing import Match

from zaguan_tui.sandbox.http.catalogue import CATALOGUE
from zaguan_tui.sandbox.routes import build_routes


def answers(method: str, path: str) -> bool:
    """Whether a route of ours answers this row of the catalogue."""
    scope: Any = {
        "type": "websocket" if method == "WS" else "http",
        "method": method,
        "path": path,
        "headers": [],
    }
    return any(route.matches(scope)[0] is Match.FULL for route in build_routes())


TO_COME = [row for row in CATALOGUE if not answers(*row)]


async def bare(sandbox: Served, method: str, path: str, **options: Any) -> httpx.Response:
    async with httpx.AsyncClient(base_url=sandbox.base_url, verify=False) as http:
        return await http.request(method, path, **options)


async def test_a_missing_or_wrong_key_is_refused(sandbox: Served) -> None:
    missing = await bare(sandbox, "GET", "/v1/models")
    assert missing.status_code == 401
    assert missing.json()["error"]["type"] == "authentication_error"
    assert missing.json()["error"]["code"] == "missing_api_key"
    wrong = await bare(
        sandbox, "GET", "/v1/models", headers={"Authorization": "Bearer sk-sandbox-wrong-0000"}
    )
    assert wrong.status_code == 401
    assert wrong.json()["error"]["code"] == "invalid_api_key"
    assert "sk-sandbox-wrong" not in wrong.text
    assert (await bare(sandbox, "GET", "/v1/models", headers={"x-api-key": KEY})).status_code == 401
    admin = await bare(sandbox, "GET", "/v1/models", headers={"Authorization": f"Bearer {ADMIN_KEY}"})
    assert admin.status_code == 200
    assert (await bare(sandbox, "GET", "/health")).json()["status"] == "healthy"


async def test_anthropic_paths_take_their_key_and_answer_in_their_envelope(sandbox: Served) -> None:
    refused = await bare(sandbox, "POST", "/v1/messages", json={})
    assert refused.status_code == 401
    body = refused.json()
    assert (body["type"], body["error"]["type"]) == ("error", "authentication_error")
    assert body["request_id"] == refused.headers["request-id"]
    assert (await bare(sandbox, "POST", "/v1/messages", headers={"x-api-key": KEY})).status_code == 400


async def test_every_answer_has_a_request_id_and_keeps_the_callers(sandbox: Served) -> None:
    answer = await sandbox.http.get("/v1/models", headers={"X-Request-Id": "mine-1"})
    assert answer.headers["x-request-id"] == answer.headers["request-id"] == "mine-1"
    for path in ("/v1/models", "/nope", "/v1/files"):
        ids = [(await sandbox.http.get(path)).headers["x-request-id"] for _ in range(2)]
        assert ids[0] != ids[1]
    odd = await sandbox.http.get("/v1/models", headers={"X-Request-Id": "x" * 300})
    assert odd.headers["x-request-id"].startswith("req_")


def test_the_whole_catalogue_is_served() -> None:
    assert TO_COME == []


async def test_unknown_paths_and_methods(sandbox: Served) -> None:
    assert len(CATALOGUE) == 52
    unknown = await sandbox.http.get("/v1/nothing")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_url")
    slash = await sandbox.http.get("/v1/models/")
    assert slash.status_code == 404
    wrong = await sandbox.http.delete("/v1/models")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("path", "instead"),
    [
        ("responses", "/v1/chat/completions"),
        ("responses/resp_1", "/v1/chat/completions"),
        ("conversations", "/v1/chat/completions"),
        ("completions", "/v1/chat/completions"),
        ("uploads", "/v1/files"),
        ("vector_stores", "/v1/embeddings"),
        ("vector_stores/vs_1/files", "/v1/embeddings"),
        ("responsesx", None),
        ("videos", None),
    ],
)
async def test_openais_endpoints_outside_the_catalogue_say_what_to_ask(
    sandbox: Served, path: str, instead: str | None
) -> None:
    answer = await sandbox.http.post(f"/v1/{path}", json={"model": "openai/gpt-4o", "input": "hi"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (404, "unknown_url")
    assert f"POST /v1/{path}" in error["message"]
    assert error["message"].endswith("This gateway has no such endpoint.") is (instead is None)
    assert instead is None or instead in error["message"]


async def test_models(sandbox: Served) -> None:
    body = (await sandbox.http.get("/v1/models")).json()
    assert body["object"] == "list"
    assert len(body["data"]) >= 500
    ids = [model["id"] for model in body["data"]]
    assert len(set(ids)) == len(ids)
    for model in body["data"]:
        assert model["object"] == "model"
        assert model["owned_by"] == model["id"].partition("/")[0]
        assert isinstance(model["created"], int)
    one = await sandbox.http.get("/v1/models/openai/gpt-4o")
    assert one.json() == next(model for model in body["data"] if model["id"] == "openai/gpt-4o")
    assert (await sandbox.http.get("/v1/models/openai%2Fgpt-4o")).json() == one.json()
    assert (await sandbox.http.get("/v1/models/openai/none")).json()["error"]["code"] == "model_not_found"


@pytest.mark.parametrize("path", ["/v1/models", "/v1/capabilities"])
async def test_all_models_are_rendered_once_until_one_comes_or_goes(sandbox: Served, path: str) -> None:
    world = sandbox.gateway.world
    before = (await sandbox.http.get(path)).content
    rendered = dict(world.rendered)
    assert (await sandbox.http.get(path)).content == before
    assert rendered
    assert all(world.rendered[shape] is body for shape, body in rendered.items())
    more = replace(world.models["openai/gpt-4o"], id="openai/one-more")
    world.add(more)
    assert (await sandbox.http.get(path)).text.count('"openai/one-more"') == 1
    world.remove(more)
    assert (await sandbox.http.get(path)).content == before


async def test_capabilities(sandbox: Served) -> None:
    rows = (await sandbox.http.get("/v1/capabilities")).json()
    models = (await sandbox.http.get("/v1/models")).json()["data"]
    assert [row["model_id"] for row in rows] == [model["id"] for model in models]
    for row in rows:
        assert row["supports_audio_in"] is row["supports_audio_input"]
        assert row["band"] in "ABCD"
        assert row["input_cost_per_1m"] >= 0
    thinking = (await sandbox.http.get("/v1/capabilities?provider=openai&supports_reasoning=true")).json()
    assert thinking
    assert all(row["provider"] == "openai" and row["supports_reasoning"] for row in thinking)
    bad = await sandbox.http.get("/v1/capabilities?supports_vision=perhaps")
    assert (bad.status_code, bad.json()["error"]["param"]) == (400, "supports_vision")


async def test_balance_adds_up(sandbox: Served) -> None:
    body = (await sandbox.http.get("/v1/credits/balance")).json()
    assert body["credits_used"] + body["credits_remaining"] == body["credits_total"]
    assert body["credits_percent"] == pytest.approx(
        100 * body["credits_remaining"] / body["credits_total"], abs=0.01
    )
    assert 0 < body["credits_used"] < body["credits_total"]
    assert datetime.fromisoformat(body["reset_date"]) > sandbox.gateway.clock.now()
    assert body["bands"] == ["A", "B", "C", "D"]


async def test_provider_status_and_breakers_agree(sandbox: Served) -> None:
    status = (await sandbox.http.get("/v1/providers/status")).json()
    breakers = (await sandbox.http.get("/v1/circuit-breaker/status")).json()
    assert status["summary"]["total"] == len(status["data"]) >= 15
    assert sum(breakers["summary"].values()) == len(breakers["data"]) == len(status["data"])
    for row in status["data"]:
        counts = row["requests"]
        assert counts["total"] == counts["success"] + counts["error"] + counts["rate_limited"]
        assert 0 <= row["error_rate"] <= 1
        assert row["window_seconds"] == 300
    openai = next(row for row in status["data"] if row["id"] == "openai")
    latency = openai["latency_ms"]
    assert latency["p50"] <= latency["p95"] <= latency["p99"]
    assert openai["models_count"] > 20
    row = breakers["data"][0]
    assert row["state"] == "closed"
    assert row["window"]["requests"] == row["failure_count"] + row["success_count"]
    assert row["next_attempt_at"] is None


async def test_the_scenario_can_be_read_and_switched(serve: Serve) -> None:
    sandbox = await serve(time_scale=100.0)
    assert (await sandbox.http.get("/sandbox/scenario")).json()["name"] == "calm"
    switched = (await sandbox.http.post("/sandbox/scenario", json={"name": "outage"})).json()
    assert switched["name"] == "outage"
    assert switched["elapsed_seconds"] < 5
    assert "flapping" in switched["available"]
    for _ in range(60):
        breakers = (await sandbox.http.get("/v1/circuit-breaker/status")).json()["data"]
        groq = next(row for row in breakers if row["provider"] == "groq")
        if groq["state"] == "open":
            break
        await asyncio.sleep(0.02)
    assert groq["state"] == "open"
    assert 0 <= groq["retry_after"] <= 25
    assert "Groq" in groq["last_error"]["message"]
    assert datetime.fromisoformat(groq["next_attempt_at"]) > datetime.fromisoformat(groq["opened_at"])
    missing = await sandbox.http.post("/sandbox/scenario", json={"name": "../calm"})
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "scenario_not_found")
    for body in (b"", b"[]", b'{"name": 7}', b"{"):
        assert (await sandbox.http.post("/sandbox/scenario", content=body)).status_code == 400


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages", "/v1/models", "/v1/credits/stats"])
async def test_a_refusal_for_credits_names_the_day_of_the_balance(sandbox: Served, path: str) -> None:
    balance = (await sandbox.http.get("/v1/credits/balance")).json()
    method = "GET" if path in ("/v1/models", "/v1/credits/stats") else "POST"
    ask = {"model": "sandbox/echo", "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}]}
    answer = await sandbox.http.request(
        method, path, headers={"x-sandbox-fault": "402"}, json=ask if method == "POST" else None
    )
    assert answer.status_code == 402
    assert answer.json()["error"]["details"]["reset_date"] == balance["reset_date"]


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/messages", "/v1/nowhere"])
async def test_a_browser_may_ask_for_permission_without_a_key(sandbox: Served, path: str) -> None:
    origin = {"origin": "http://localhost:5173"}
    preflight = {"access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    permission = await bare(sandbox, "OPTIONS", path, headers={**origin, **preflight})
    assert permission.status_code == 200
    assert permission.headers["access-control-allow-origin"] == "*"
    assert "POST" in permission.headers["access-control-allow-methods"]
    assert permission.headers["access-control-allow-headers"] == "authorization"
    refused = await bare(sandbox, "POST", path, headers=origin, json={})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in (await bare(sandbox, "POST", path, json={})).headers


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("500", 500, "server_error"),
        ("429; after=3", 429, "rate_limit_exceeded"),
        ("402", 402, "insufficient_credits"),
        ("403-band", 403, "band_access_denied"),
        ("timeout", 504, "timeout_error"),
        ("what", 400, "invalid_request"),
        ("cut; after=soon", 400, "invalid_request"),
    ],
)
async def test_any_endpoint_can_be_asked_to_refuse(
    sandbox: Served, fault: str, status: int, code: str
) -> None:
    answer = await sandbox.http.get("/v1/models", headers={"x-sandbox-fault": fault})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    if status == 429:
        assert answer.headers["retry-after"] == "3"
        assert answer.json()["error"]["retry_after"] == answer.json()["error"]["details"]["retry_after"] == 3


async def test_any_endpoint_can_answer_html_or_break_off(sandbox: Served) -> None:
    page = await sandbox.http.get("/v1/models", headers={"x-sandbox-fault": "html"})
    assert (page.status_code, page.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert (await sandbox.http.get("/v1/models", headers={"x-sandbox-fault": "html-200"})).status_code == 200
    with pytest.raises(httpx.RemoteProtocolError):
        await sandbox.http.get("/v1/models", headers={"x-sandbox-fault": "cut"})
    with pytest.raises(httpx.ReadTimeout):
        await sandbox.http.get("/v1/models", headers={"x-sandbox-fault": "stall"}, timeout=0.2)
