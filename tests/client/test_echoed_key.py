"""A server that echoes the key in a good answer: no value that is read of it holds the key."""

from __future__ import annotations

import pytest
from client_doubles import FastTime
from scripted import ScriptedServer, Seen, Step

from zaguan_tui.client import ZaguanClient

KEY = "zk-live-9f8e7d6c5b4a3210"


def echo(seen: Seen) -> Step:
    """Good answers with the key as it came, in every place that is free text."""
    sent = seen.headers["authorization"].removeprefix("Bearer ")
    words = f"key {sent} in use"
    model = {"id": f"acme/{sent}", "object": "model", "owned_by": words, "metadata": {sent: words}}
    answers = {
        "/v1/models": {"object": "list", "data": [model]},
        "/v1/providers/status": {"providers": [{"name": "acme", "status": "down", "last_error": words}]},
        "/v1/circuit-breaker/status": {"circuit_breakers": [{"provider": words, "state": "open"}]},
        "/v1/chat/completions": {
            "id": words,
            "model": "m",
            "choices": [{"message": {"role": "assistant", "content": words}, "finish_reason": "stop"}],
        },
    }
    return Step(200, answers[seen.target])


@pytest.mark.parametrize("call", ["list_models", "get_provider_status", "get_circuit_breaker_status", "chat"])
async def test_no_value_of_a_good_answer_holds_the_key(call: str) -> None:
    server = ScriptedServer([echo])
    await server.start()
    async with ZaguanClient(server.base_url, KEY, clock=FastTime().clock()) as client:
        ask = {"model": "m", "messages": [{"role": "user", "content": "hi"}]} if call == "chat" else {}
        answer = await getattr(client, call)(**ask)
    await server.stop()
    everything = repr(answer) + repr(getattr(answer, "raw", "")) + repr(getattr(answer, "data", ""))
    assert KEY not in everything
    assert "[redacted]" in everything
