"""One contract per client method: how it is called, what answers, what must go out and come back.

A new row, or a new method of a row, needs an entry here, or the suite fails (``test_contract_rows``).
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openai_calls import CASES, CallCase
from scripted import Step

from zaguan_tui.client import ZaguanClient

FIXTURES = Path(__file__).parent.parent / "fixtures"
SSE = "text/event-stream"
CHAT: dict[str, Any] = {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "hi"}]}
MESSAGE: dict[str, Any] = {**CHAT, "model": "anthropic/claude-3-haiku-20240307", "max_tokens": 9}
WAV = FIXTURES / "audio" / "speech.wav"
PIXELS = FIXTURES / "images" / "pixel16.png"

Make = Callable[[ZaguanClient], Awaitable[Any]]


@dataclass(frozen=True)
class Contract:
    """``make`` calls the method, ``answer`` is the server's, ``gives`` is true of what comes back.

    ``sent`` is the request line, ``body`` the JSON that goes out; ``None``: nothing, ``...``: a form.
    """

    make: Make
    answer: Step
    sent: str
    gives: Callable[[Any], object]
    body: Any = None


def fixture(name: str, **more: Any) -> Step:
    kinds = {".sse": SSE, ".jsonl": "application/x-jsonl", ".wav": "audio/wav"}
    kind = kinds.get(Path(name).suffix, "application/json")
    return Step(body=(FIXTURES / name).read_bytes(), content_type=kind, **more)


def load(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text())


def plain(case: CallCase) -> Contract:
    """The contract of a JSON call, from the table of such calls."""

    def make(client: ZaguanClient) -> Awaitable[Any]:
        answer: Awaitable[Any] = getattr(client, case.method)(*case.arguments, **case.given)
        return answer

    sends_nothing = case.body is None or not isinstance(case.body, (dict, list))
    return Contract(make, fixture(case.answer), case.sent, case.gives, None if sends_nothing else case.body)


def calling(name: str, *ids: Any, **given: Any) -> Make:
    """An awaited method with these arguments."""

    def make(client: ZaguanClient) -> Awaitable[Any]:
        answer: Awaitable[Any] = getattr(client, name)(*ids, **given)
        return answer

    return make


def streaming(name: str, **given: Any) -> Make:
    """A streamed method, read to its end; gives its result."""

    async def make(client: ZaguanClient) -> Any:
        async with getattr(client, name)(**given) as stream:
            _ = [event async for event in stream]
        return stream.result()

    return make


async def batch_results(client: ZaguanClient) -> Any:
    async with client.get_messages_batch_results("b/1") as lines:
        return [line async for line in lines]


async def speech(client: ZaguanClient) -> bytes:
    async with client.create_speech(**load("audio/speech_request.json")) as sound:
        return b"".join([piece async for piece in sound])


async def file_content(client: ZaguanClient) -> bytes:
    return await client.get_file_content("file-1").read()


def gives_data(value: Any) -> bool:
    return bool(value.data) and value.response.status == 200


CONTRACTS: Mapping[str, Contract] = {
    **{case.method: plain(case) for case in CASES},
    "chat": Contract(
        calling("chat", **CHAT),
        fixture("chat/completion.json"),
        "POST /v1/chat/completions",
        lambda v: v.text and v.usage.total_tokens,
        CHAT,
    ),
    "chat_stream": Contract(
        streaming("chat_stream", **CHAT),
        fixture("chat/stream_usage.sse"),
        "POST /v1/chat/completions",
        lambda v: v.text and v.ending == "finished" and v.usage,
        {**CHAT, "stream": True, "stream_options": {"include_usage": True}},
    ),
    "list_models": Contract(
        calling("list_models"), fixture("models/list.json"), "GET /v1/models", lambda v: len(v.data) == 19
    ),
    "create_transcription": Contract(
        calling("create_transcription", file=WAV, model="m"),
        fixture("audio/transcription.json"),
        "POST /v1/audio/transcriptions",
        lambda v: v.text,
        ...,
    ),
    "create_translation": Contract(
        calling("create_translation", file=WAV, model="m"),
        fixture("audio/translation.json"),
        "POST /v1/audio/translations",
        lambda v: v.text,
        ...,
    ),
    "create_speech": Contract(
        speech,
        fixture("audio/speech.wav"),
        "POST /v1/audio/speech",
        lambda v: v == WAV.read_bytes(),
        load("audio/speech_request.json"),
    ),
    "edit_image": Contract(
        calling("edit_image", image=PIXELS, prompt="Add a moon"),
        fixture("images/edit.json"),
        "POST /v1/images/edits",
        gives_data,
        ...,
    ),
    "create_image_variation": Contract(
        calling("create_image_variation", image=PIXELS),
        fixture("images/variation.json"),
        "POST /v1/images/variations",
        lambda v: len(v.data) == 2,
        ...,
    ),
    "upload_file": Contract(
        calling("upload_file", file=FIXTURES / "batches" / "input.jsonl", purpose="batch"),
        fixture("files/upload.json"),
        "POST /v1/files",
        lambda v: v.id == "file-bT4nQz81input",
        ...,
    ),
    "get_file_content": Contract(
        file_content,
        fixture("batches/output.jsonl"),
        "GET /v1/files/file-1/content",
        lambda v: v == (FIXTURES / "batches" / "output.jsonl").read_bytes(),
    ),
    "create_thread_message": Contract(
        calling("create_thread_message", "t", content="hi", metadata={"a": "b"}),
        Step(body=load("threads/messages.json")["data"][1]),
        "POST /v1/threads/t/messages",
        lambda v: v.id == "msg_01",
        {"role": "user", "content": "hi", "metadata": {"a": "b"}},
    ),
    "list_runs": Contract(
        calling("list_runs", "t", limit=1, order="asc"),
        Step(body={"data": [load("runs/get_failed.json")], "has_more": True}),
        "GET /v1/threads/t/runs?limit=1&order=asc",
        lambda v: v.data[0].status == "failed" and v.next_cursor,
    ),
    "messages": Contract(
        calling("messages", **MESSAGE),
        fixture("messages/message_thinking.json"),
        "POST /v1/messages",
        lambda v: v.text and v.reasoning and v.blocks[0].signature,
        MESSAGE,
    ),
    "messages_stream": Contract(
        streaming("messages_stream", **MESSAGE),
        fixture("messages/stream_tool_use.sse"),
        "POST /v1/messages",
        lambda v: v.ending == "tool calls" and len(v.tool_calls) == 2,
        {**MESSAGE, "stream": True},
    ),
    "count_tokens": Contract(
        calling("count_tokens", **CHAT),
        fixture("messages/count_tokens.json"),
        "POST /v1/messages/count_tokens",
        lambda v: v.input_tokens == 14,
        CHAT,
    ),
    "create_messages_batch": Contract(
        calling("create_messages_batch", **load("messages_batches/create_request.json")),
        fixture("messages_batches/create.json"),
        "POST /v1/messages/batches",
        lambda v: v.counts.size == 5,
        load("messages_batches/create_request.json"),
    ),
    "get_messages_batch": Contract(
        calling("get_messages_batch", "b"),
        fixture("messages_batches/get_ended.json"),
        "GET /v1/messages/batches/b",
        lambda v: v.is_over and not v.counts.all_succeeded,
    ),
    "list_messages_batches": Contract(
        calling("list_messages_batches", limit=2),
        fixture("messages_batches/list_page1.json"),
        "GET /v1/messages/batches?limit=2",
        lambda v: v.has_more and v.last_id == "msgbatch_01Canceling",
    ),
    "cancel_messages_batch": Contract(
        calling("cancel_messages_batch", "b"),
        fixture("messages_batches/cancel.json"),
        "POST /v1/messages/batches/b/cancel",
        lambda v: v.status == "canceling",
    ),
    "get_messages_batch_results": Contract(
        batch_results,
        fixture("messages_batches/results.jsonl"),
        "GET /v1/messages/batches/b%2F1/results",
        lambda v: [line.outcome for line in v][2:] == ["errored", "canceled", "expired"],
    ),
    "delete_messages_batch": Contract(
        calling("delete_messages_batch", "b"),
        Step(body={"id": "b", "type": "message_batch_deleted"}),
        "DELETE /v1/messages/batches/b",
        lambda v: v.deleted,
    ),
    "get_capabilities": Contract(
        calling("get_capabilities"), fixture("capabilities/list.json"), "GET /v1/capabilities", gives_data
    ),
    "get_credits_balance": Contract(
        calling("get_credits_balance"),
        fixture("credits/balance.json"),
        "GET /v1/credits/balance",
        lambda v: v.credits_remaining,
    ),
    "get_credits_history": Contract(
        calling("get_credits_history", limit=5),
        fixture("credits/history.json"),
        "GET /v1/credits/history?limit=5",
        gives_data,
    ),
    "get_credits_stats": Contract(
        calling("get_credits_stats", period="week"),
        fixture("credits/stats.json"),
        "GET /v1/credits/stats?period=week&group_by=day",
        lambda v: v.totals.credits and v.series,
    ),
    "list_virtual_models": Contract(
        calling("list_virtual_models"),
        fixture("virtual_models/list.json"),
        "GET /v1/virtual-models",
        gives_data,
    ),
    "get_virtual_model": Contract(
        calling("get_virtual_model", "a/b"),
        fixture("virtual_models/get.json"),
        "GET /v1/virtual-models/a/b",
        lambda v: v.data.targets,
    ),
    "get_provider_status": Contract(
        calling("get_provider_status"),
        fixture("providers/status.json"),
        "GET /v1/providers/status",
        gives_data,
    ),
    "get_circuit_breaker_status": Contract(
        calling("get_circuit_breaker_status"),
        fixture("circuit_breaker/status.json"),
        "GET /v1/circuit-breaker/status",
        gives_data,
    ),
    "reload_config": Contract(
        calling("reload_config"),
        fixture("admin/reload.json"),
        "POST /v1/admin/reload",
        lambda v: v.accepted and v.config_version,
    ),
    "enable_provider": Contract(
        calling("enable_provider", "cohere"),
        fixture("admin/enable.json"),
        "POST /v1/admin/providers/cohere/enable",
        lambda v: v.enabled is True,
    ),
    "disable_provider": Contract(
        calling("disable_provider", "groq"),
        fixture("admin/disable.json"),
        "POST /v1/admin/providers/groq/disable",
        lambda v: v.enabled is False,
    ),
}
"""Client method to contract. ``realtime`` speaks WebSocket and has a contract of its own."""

OVER_WEBSOCKET = frozenset({"realtime"})
