"""A provider that is a real server: its words, its counts, its failures, through our breakers and ledger."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from served_gateway import Serve, Served
from upstream_server import LocalServer, local_server

from zaguan_tui.sandbox.data.loader import load_world
from zaguan_tui.sandbox.data.records import WorldError

SHEET = """
[provider]
id = "laptop"
name = "Laptop"
ttft_ms = 100
tokens_per_s = 50
jitter = 0.1
sigma = 0.1
baseline_error_rate = 0.5
traffic_weight = 5
base_url = "{base_url}"
api_key_env = "LAPTOP_KEY"
timeout_s = 0.3

[[family]]
name = "Local"
about = "On this desk"
context = 32_000
max_output = 4000
price = [1, 1]
can = "tools reasoning"
created = 2026-01-01
[family.models]
"words" = {{ }}
"tools" = {{ }}
"breaks" = {{ }}
"silent" = {{ }}
"401" = {{ }}
"404" = {{ }}
"429" = {{ }}
"500" = {{ }}

[[family]]
name = "Vectors"
about = "On this desk"
kind = "embedding"
context = 8000
price = [1, 0]
created = 2026-01-01
[family.models]
"near" = {{ }}

[[virtual_model]]
id = "either"
name = "Either"
about = "The broken one, then the good one"
strategy = "priority"
targets = [{{ model = "laptop/500" }}]
fallbacks = ["laptop/words"]
"""


@pytest.fixture
async def laptop() -> AsyncIterator[LocalServer]:
    async with local_server() as server:
        yield server


@pytest.fixture
async def front_gateway(
    laptop: LocalServer, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Served:
    """A gateway in front of the laptop's server."""
    monkeypatch.setenv("LAPTOP_KEY", "sk-laptop")
    (tmp_path / "laptop.toml").write_text(SHEET.format(base_url=laptop.base_url))
    return await serve(world=tmp_path, time_scale=4.0)


async def test_a_whole_answer_is_the_servers_and_costs_what_it_counted(
    front_gateway: Served, laptop: LocalServer
) -> None:
    answer = await front_gateway.chat("laptop/words", temperature=0.2)
    body = answer.json()
    message = body["choices"][0]["message"]
    assert (message["content"], message["reasoning_content"]) == ("Real words.", "Hm, well.")
    assert (body["model"], body["usage"]["total_tokens"]) == ("laptop/words", 16)
    assert answer.headers["x-zaguan-provider"] == "laptop"
    assert laptop.requests[0]["model"] == "words"
    assert laptop.requests[0]["temperature"] == 0.2
    assert laptop.keys == ["bearer sk-laptop"]
    columns = "status, prompt_tokens, completion_tokens, cached_tokens, credits"
    assert await front_gateway.rows(columns) == [("success", 11, 5, 3, 1)]
    board = front_gateway.gateway.dispatcher
    assert board.breakers["laptop"].consecutive_successes == 1
    assert board.in_flight["laptop"] == 0


async def test_a_stream_comes_piece_by_piece(front_gateway: Served) -> None:
    answer = await front_gateway.chat("laptop/words", stream=True, stream_options={"include_usage": True})
    assert answer.text.endswith("data: [DONE]\n\n")
    frames = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: {")]
    deltas = [frame["choices"][0]["delta"] for frame in frames if frame["choices"]]
    assert "".join(delta.get("content") or "" for delta in deltas) == "Real words."
    assert frames[-1]["usage"]["prompt_tokens_details"]["cached_tokens"] == 3
    assert len(await front_gateway.rows()) == 1


async def test_tools_in_both_dialects(front_gateway: Served, laptop: LocalServer) -> None:
    body = (await front_gateway.chat("laptop/tools")).json()
    call = body["choices"][0]["message"]["tool_calls"][0]
    assert (call["id"], call["function"]["name"]) == ("call_7", "weather")
    assert json.loads(call["function"]["arguments"]) == {"city": "Oslo"}
    assert body["choices"][0]["finish_reason"] == "tool_calls"
    question = {"model": "laptop/tools", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
    message = (await front_gateway.http.post("/v1/messages", json=question)).json()
    assert (message["stop_reason"], message["content"][0]["input"]) == ("tool_use", {"city": "Oslo"})
    assert laptop.requests[-1]["messages"] == [{"role": "user", "content": "hi"}]
    thinking = await front_gateway.http.post(
        "/v1/messages", json={**question, "model": "laptop/words", "stream": True}
    )
    assert '"signature_delta"' in thinking.text
    assert "message_stop" in thinking.text


@pytest.mark.parametrize(
    ("model", "status", "code"),
    [
        ("500", 502, "upstream_error"),
        ("429", 429, "rate_limit_exceeded"),
        ("401", 502, "upstream_unauthorised"),
        ("404", 400, "upstream_refused"),
        ("silent", 504, "upstream_timeout"),
        ("breaks", 502, "connection_reset"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_failures_are_outcomes(
    front_gateway: Served, model: str, status: int, code: str, stream: bool
) -> None:
    answer = await front_gateway.chat(f"laptop/{model}", stream=stream)
    if stream and model == "breaks":
        assert '"connection_reset"' in answer.text
        assert "[DONE]" not in answer.text
    else:
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert answer.headers.get("retry-after") == ("3" if model == "429" else None)
    rows = await front_gateway.rows("status")
    assert rows == [("rate_limited" if model == "429" else "error",)]
    board = front_gateway.gateway.dispatcher
    assert board.in_flight["laptop"] == 0
    assert board.breakers["laptop"].consecutive_failures == (0 if model in ("404", "429") else 1)


async def test_the_breaker_opens_and_a_virtual_model_goes_on(
    front_gateway: Served, laptop: LocalServer
) -> None:
    answer = await front_gateway.chat("either")
    assert answer.json()["model"] == "laptop/words"
    assert len(await front_gateway.rows()) == 1
    for _ in range(5):
        await front_gateway.chat("laptop/500")
    requests = len(laptop.requests)
    refused = await front_gateway.chat("laptop/words")
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "circuit_open")
    assert len(laptop.requests) == requests


async def test_a_server_that_is_not_there(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "laptop.toml").write_text(SHEET.format(base_url="http://127.0.0.1:9/v1"))
    front_gateway = await serve(world=tmp_path)
    refused = await front_gateway.chat("laptop/words")
    assert (refused.status_code, refused.json()["error"]["code"]) == (502, "connection_refused")
    assert refused.json()["error"]["provider"] == "laptop"


async def test_a_disconnect_while_the_server_thinks_ends_the_call(
    laptop: LocalServer, serve: Serve, tmp_path: Path
) -> None:
    sheet = SHEET.format(base_url=laptop.base_url).replace("timeout_s = 0.3", "timeout_s = 30")
    (tmp_path / "laptop.toml").write_text(sheet)
    front_gateway = await serve(world=tmp_path)
    body = {"model": "laptop/silent", "messages": [{"role": "user", "content": "hi"}]}
    with pytest.raises(httpx.ReadTimeout):
        await front_gateway.http.post("/v1/chat/completions", json=body, timeout=0.2)
    for _ in range(50):
        if not front_gateway.gateway.dispatcher.in_flight["laptop"]:
            break
        await asyncio.sleep(0.02)
    assert front_gateway.gateway.dispatcher.in_flight["laptop"] == 0
    assert await front_gateway.rows("status, credits") == [("error", 0)]


async def test_embeddings(front_gateway: Served, laptop: LocalServer) -> None:
    body = {"model": "laptop/near", "input": "hi"}
    answer = (await front_gateway.http.post("/v1/embeddings", json=body)).json()
    assert answer["data"][0]["embedding"] == [0.6, 0.8]
    assert (answer["model"], answer["usage"]["completion_tokens"]) == ("laptop/near", 0)
    assert laptop.requests == [{"path": "/v1/embeddings", "model": "near", "input": "hi"}]
    assert await front_gateway.rows("prompt_tokens, status") == [(11, "success")]


def test_an_address_must_be_one(tmp_path: Path) -> None:
    (tmp_path / "laptop.toml").write_text(SHEET.format(base_url="localhost:11434"))
    with pytest.raises(WorldError, match=r"laptop\.toml: provider\.base_url: .*http"):
        load_world(tmp_path)
