"""Virtual models and the administrator's switches: who answers, and what everybody sees."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from served_gateway import ADMIN_KEY, Serve, Served

from zaguan_tui.sandbox.data.loader import WORLD_DIRECTORY

ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}


async def admin(sandbox: Served, path: str, **options: Any) -> httpx.Response:
    return await sandbox.http.post(f"/v1/admin/{path}", headers=ADMIN, **options)


async def answered_by(sandbox: Served, model: str, **body: Any) -> str:
    answer = await sandbox.chat(model, max_tokens=3, **body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["model"])


async def test_virtual_models_are_listed_with_their_targets(sandbox: Served) -> None:
    rows = (await sandbox.http.get("/v1/virtual-models")).json()["data"]
    assert {"fast", "smart", "support-bot", "retired-router"} <= {row["id"] for row in rows}
    bot = next(row for row in rows if row["id"] == "support-bot")
    assert [target["weight"] for target in bot["targets"]] == [70, 25, 5]
    assert bot["default_params"] == {"max_tokens": 1024, "temperature": 0.3}
    await answered_by(sandbox, "echo")
    one = (await sandbox.http.get("/v1/virtual-models/echo")).json()
    assert one["stats"]["by_target"] == [{"model": "sandbox/echo", "requests": 1, "share": 1.0}]
    missing = await sandbox.http.get("/v1/virtual-models/a/b")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "virtual_model_not_found")


async def test_strategies(sandbox: Served) -> None:
    assert await answered_by(sandbox, "smart") == "anthropic/claude-opus-4-5"
    assert await answered_by(sandbox, "cheap") == "mistral/ministral-8b"
    turns = [await answered_by(sandbox, "round-table") for _ in range(3)]
    assert len(set(turns)) == 3
    shares = Counter([await answered_by(sandbox, "support-bot") for _ in range(40)])
    assert shares["openai/gpt-4o-mini"] > shares["anthropic/claude-haiku-4-5"] > 0
    by_field = await sandbox.chat("openai/gpt-4o", virtual_model_id="echo")
    assert by_field.json()["model"] == "sandbox/echo"
    assert by_field.headers["x-zaguan-virtual-model"] == "echo"
    off = await sandbox.chat("retired-router")
    assert (off.status_code, off.json()["error"]["code"]) == (404, "model_not_found")
    odd = await sandbox.chat("openai/gpt-4o", virtual_model_id="none")
    assert (odd.status_code, odd.json()["error"]["param"]) == (404, "virtual_model_id")
    body = {"model": "smart", "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}]}
    message = (await sandbox.http.post("/v1/messages", json=body)).json()
    assert message["model"] == "anthropic/claude-opus-4-5"


async def test_a_failing_target_is_passed_over_and_a_disabled_one_not_tried(serve: Serve) -> None:
    sandbox = await serve(seed=3)
    failed_over = await sandbox.chat("smart", fault="500", max_tokens=3)
    assert failed_over.json()["model"] == "openai/gpt-5"
    assert len(await sandbox.rows()) == 1
    await admin(sandbox, "providers/anthropic/disable")
    assert await answered_by(sandbox, "smart") == "openai/gpt-5"
    for name in ("openai", "google"):
        await admin(sandbox, f"providers/{name}/disable")
    nobody = await sandbox.chat("smart")
    assert (nobody.status_code, nobody.json()["error"]["code"]) == (503, "provider_disabled")
    await admin(sandbox, "providers/anthropic/enable")
    assert await answered_by(sandbox, "smart") == "anthropic/claude-opus-4-5"


async def test_switching_a_provider_shows_everywhere(sandbox: Served) -> None:
    first = await admin(sandbox, "providers/groq/disable", json={"reason": "drill"})
    body = first.json()
    assert (body["enabled"], body["previous_enabled"], body["changed"], body["status"]) == (
        False,
        True,
        True,
        "disabled",
    )
    assert body["reason"] == "drill"
    assert "fast" in body["affected"]["virtual_models"]
    assert (await admin(sandbox, "providers/groq/disable")).json()["changed"] is False
    status = (await sandbox.http.get("/v1/providers/status")).json()
    row = next(row for row in status["data"] if row["id"] == "groq")
    assert (row["enabled"], row["status"], status["summary"]["disabled"]) == (False, "disabled", 1)
    targets = (await sandbox.http.get("/v1/virtual-models/fast")).json()["targets"]
    assert [target["enabled"] for target in targets if target["provider"] == "groq"] == [False]
    back = (await admin(sandbox, "providers/groq/enable", content=b"{}")).json()
    assert (back["changed"], back["enabled"]) == (True, True)


@pytest.mark.parametrize("path", ["reload", "providers/groq/enable", "providers/groq/disable"])
async def test_only_the_admin_may(sandbox: Served, path: str) -> None:
    refused = await sandbox.http.post(f"/v1/admin/{path}")
    assert (refused.status_code, refused.json()["error"]["type"]) == (403, "permission_error")


async def test_odd_admin_calls_are_refused(sandbox: Served) -> None:
    unknown = await admin(sandbox, "providers/none/disable")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "provider_not_found")
    assert (await admin(sandbox, "providers/groq/disable", content=b"[")).status_code == 400
    assert (await admin(sandbox, "providers/groq/disable", json={"reason": 5})).status_code == 400
    assert (await admin(sandbox, "reload")).json()["status"] == "unchanged"


async def test_a_reload_takes_what_the_files_say(serve: Serve, tmp_path: Path) -> None:
    world = tmp_path / "world"
    shutil.copytree(WORLD_DIRECTORY, world)
    sandbox = await serve(world=world)
    (world / "novita.toml").unlink()
    text = (world / "sandbox.toml").read_text()
    (world / "sandbox.toml").write_text(text.replace('id = "cheap"', 'id = "thrifty"'))
    body = (await admin(sandbox, "reload")).json()
    assert (body["status"], body["config_version"], body["previous_version"]) == ("reloaded", 2, 1)
    assert body["changes"]["providers"]["removed"] == ["novita"]
    assert body["changes"]["virtual_models"] == {"added": ["thrifty"], "removed": ["cheap"], "changed": []}
    assert body["changes"]["models"]["removed"] > 5
    assert body["warnings"]
    for path in ("/v1/providers/status", "/v1/circuit-breaker/status", "/v1/models", "/v1/capabilities"):
        assert "novita" not in (await sandbox.http.get(path)).text
    assert (await sandbox.chat("novita/baai/bge-m3")).status_code == 404
    assert await answered_by(sandbox, "thrifty") == "mistral/ministral-8b"
    (world / "sandbox.toml").write_text("not toml")
    broken = await admin(sandbox, "reload")
    assert (broken.status_code, broken.json()["error"]["type"]) == (422, "config_invalid")
    assert broken.json()["error"]["details"]["errors"][0]["message"]
    assert (await sandbox.chat("echo")).status_code == 200


async def test_a_refused_request_uses_up_no_chances(serve: Serve) -> None:
    answers = []
    for refused in (0, 3):
        sandbox = await serve(seed=11, time_scale=0.01)
        for _ in range(refused):
            assert (await sandbox.chat("support-bot", n=0)).status_code == 400
        router = sandbox.gateway.router
        assert (await sandbox.chat("none")).status_code == 404
        body = {"model": "support-bot", "messages": [{"role": "user", "content": "hi"}]}
        with pytest.raises(httpx.ReadTimeout):
            await sandbox.http.post("/v1/chat/completions", json=body, timeout=0.2)
        answers.append((sandbox.gateway.calls_begun, dict(router.served)))
    assert answers[0] == answers[1] == (1, {})
