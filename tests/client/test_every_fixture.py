"""Every sample payload, damaged anyhow, through the client: a value or one of our errors, nothing else.

A payload that no call here reads or sends fails the suite.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from client_doubles import KEY, FastTime
from hypothesis import given, settings
from hypothesis import strategies as st
from rows import CONTRACTS, WAV, streaming
from still_line import StillLine
from wire_fixtures import mutate

from zaguan_tui.client import APIError, ZaguanClient, ZaguanError
from zaguan_tui.client.errors.exceptions import ErrorKind
from zaguan_tui.client.realtime.events import ServerEvent, read_server_event
from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.jobs.batch_lines import read_batch_line

FIXTURES = Path(__file__).parent.parent / "fixtures"
STATUS = {
    case["file"]: case for case in json.loads((FIXTURES / "errors" / "cases.json").read_text())["cases"]
}
KINDS = {
    ".sse": "text/event-stream", ".jsonl": "application/x-jsonl", ".wav": "audio/wav",
    ".txt": "text/plain", ".srt": "application/x-subrip", ".vtt": "text/vtt", ".html": "text/html",
}  # fmt: skip
Make = Callable[[ZaguanClient], Awaitable[Any]]
STREAMED: dict[str, Make] = {
    "create_transcription_stream": streaming("create_transcription_stream", file=WAV, model="m"),
    "create_speech_stream": streaming("create_speech_stream", model="m", input="hi", voice="alloy"),
    "create_image_stream": streaming("create_image_stream", prompt="a moon", model="m"),
}


async def run_stream(client: ZaguanClient) -> Any:
    async with client.create_run_stream("t", assistant_id="a") as stream:
        _ = [event async for event in stream]
    return stream.result()


MAKES: dict[str, Make] = {
    **{name: contract.make for name, contract in CONTRACTS.items()},
    **STREAMED,
    "create_run_stream": run_stream,
}
ANSWERS = {
    "admin/disable*": "disable_provider", "admin/enable.json": "enable_provider",
    "admin/reload*": "reload_config", "admin/variants.json": "reload_config",
    "admin/forbidden.json": "reload_config", "admin/unknown_provider.json": "enable_provider",
    "assistants/create.json": "create_assistant", "assistants/get.json": "get_assistant",
    "assistants/list.json": "list_assistants", "assistants/update.json": "update_assistant",
    "assistants/delete.json": "delete_assistant",
    "audio/transcription_stream.sse": "create_transcription_stream",
    "audio/speech_stream.sse": "create_speech_stream", "audio/speech.wav": "create_speech",
    "audio/transcription*": "create_transcription", "audio/translation*": "create_translation",
    "batches/create.json": "create_batch", "batches/get_*": "get_batch",
    "batches/cancel.json": "cancel_batch", "batches/list.json": "list_batches",
    "capabilities/*": "get_capabilities", "circuit_breaker/*": "get_circuit_breaker_status",
    "chat/completion*": "chat", "chat/stream_*": "chat_stream", "sse/*.sse": "chat_stream",
    "credits/balance*": "get_credits_balance", "credits/history*": "get_credits_history",
    "credits/stats*": "get_credits_stats",
    "embeddings/float.json": "create_embeddings", "embeddings/base64.json": "create_embeddings",
    "errors/*": "list_models",
    "files/upload.json": "upload_file", "files/get.json": "get_file", "files/list*": "list_files",
    "files/delete.json": "delete_file",
    "fine_tuning/create.json": "create_fine_tuning_job", "fine_tuning/get_*": "get_fine_tuning_job",
    "fine_tuning/list.json": "list_fine_tuning_jobs", "fine_tuning/cancel.json": "cancel_fine_tuning_job",
    "fine_tuning/events*": "list_fine_tuning_events",
    "fine_tuning/checkpoints.json": "list_fine_tuning_checkpoints",
    "images/generation_stream.sse": "create_image_stream",
    "images/generation_url.json": "create_image", "images/generation_b64.json": "create_image",
    "images/edit.json": "edit_image", "images/variation.json": "create_image_variation",
    "messages/message*": "messages", "messages/stream_*": "messages_stream",
    "messages/count_tokens.json": "count_tokens",
    "messages_batches/create.json": "create_messages_batch",
    "messages_batches/get_*": "get_messages_batch", "messages_batches/list*": "list_messages_batches",
    "messages_batches/cancel.json": "cancel_messages_batch",
    "messages_batches/results.jsonl": "get_messages_batch_results",
    "models/list*": "list_models", "models/get.json": "get_model", "models/delete.json": "delete_model",
    "moderations/*": "create_moderation", "providers/*": "get_provider_status",
    "runs/create.json": "create_run", "runs/get_*": "get_run", "runs/cancel.json": "cancel_run",
    "runs/steps.json": "list_run_steps", "runs/stream*": "create_run_stream",
    "threads/create.json": "create_thread", "threads/get.json": "get_thread",
    "threads/update.json": "update_thread", "threads/delete.json": "delete_thread",
    "threads/messages.json": "list_thread_messages",
    "virtual_models/list*": "list_virtual_models", "virtual_models/get*": "get_virtual_model",
    "field/block_number_used_twice.sse": "messages_stream", "field/tool_input_as_text.json": "messages",
    "field/calls_same_index_empty_ids.sse": "chat_stream", "field/image_in_delta.sse": "chat_stream",
    "field/reasoning_beside_completion.sse": "chat_stream", "field/citations_in_deltas.sse": "chat_stream",
    "field/models_*": "list_models", "field/batch_all_failed.json": "get_batch",
    "field/tuning_events_without_ids.json": "list_fine_tuning_events",
    "field/pause_turn.sse": "messages_stream",
}  # fmt: skip
"""Payload to the call it answers; the first pattern that fits."""
REQUESTS = {
    "audio/speech_request.json": "create_speech", "batches/create_request.json": "create_batch",
    "chat/request_full.json": "chat", "embeddings/request.json": "create_embeddings",
    "fine_tuning/create_request.json": "create_fine_tuning_job",
    "images/generation_request.json": "create_image",
    "messages/count_tokens_request.json": "count_tokens", "messages/request_thinking.json": "messages",
    "messages_batches/create_request.json": "create_messages_batch",
}  # fmt: skip
"""Bodies that we send, and the call whose arguments they are."""
LINES = {"batches/output.jsonl", "batches/errors.jsonl"}
NO_PAYLOADS = {"tls/*", "*/expected.json", "*/cases.json", "images/pixel16.png", "batches/input.jsonl"}
_OTHERS = "*.bin *.env *.txt custom_call.json finish_words.json choice_* error_* groq_* status_* unknown_*"
NO_PAYLOADS |= {f"field/{name}" for name in _OTHERS.split()}


def call_for(name: str) -> str | None:
    return next((call for pattern, call in ANSWERS.items() if fnmatch(name, pattern)), None)


FILES = [str(path.relative_to(FIXTURES)) for path in sorted(FIXTURES.rglob("*")) if path.is_file()]
PAYLOADS = [name for name in FILES if not any(fnmatch(name, pattern) for pattern in NO_PAYLOADS)]
ANSWERED = [name for name in PAYLOADS if name not in REQUESTS and call_for(name)]
REALTIME = [name for name in PAYLOADS if name.startswith("realtime/")]


def test_no_payload_is_left_out() -> None:
    assert set(PAYLOADS) == {*ANSWERED, *REQUESTS, *REALTIME, *LINES}
    assert {name.partition("/")[0] for name in PAYLOADS} | {"tls", "field"} == {
        path.name for path in FIXTURES.iterdir() if path.is_dir()
    }


def damaged(name: str, chance: random.Random) -> bytes:
    """The payload with JSON members damaged, in one frame or line if it has many; at times its bytes."""
    body = (FIXTURES / name).read_bytes()
    try:
        if chance.random() < 0.8:
            return _json_damage(body, chance)
    except (ValueError, RecursionError):
        pass
    start = chance.randint(0, len(body))
    return body[:start] + chance.randbytes(chance.randint(0, 3)) + body[start + chance.randint(0, 40) :]


def _json_damage(body: bytes, chance: random.Random) -> bytes:
    try:
        return json.dumps(mutate(json.loads(body), chance)).encode()
    except ValueError:
        lines = body.split(b"\n")
    places = [place for place, line in enumerate(lines) if b"{" in line]
    if not places:
        raise ValueError("no JSON in it")
    place = chance.choice(places)
    head, brace, rest = lines[place].partition(b"{")
    lines[place] = head + json.dumps(mutate(json.loads(brace + rest), chance)).encode()
    return b"\n".join(lines)


def ask(name: str, body: bytes, make: Make) -> Any:
    """The value that comes of the call, or the error of ours."""
    case = STATUS.get(Path(name).name, {}) if name.startswith("errors/") else {}
    headers = case.get("headers") or {"content-type": KINDS.get(Path(name).suffix, "application/json")}

    async def calling() -> Any:
        line = StillLine([body[:7], body[7:]], headers, case.get("status", 200))
        client = ZaguanClient("http://127.0.0.1:9", KEY, clock=FastTime().clock()).over(line)
        return await make(client)

    try:
        return asyncio.run(calling())
    except ZaguanError as error:
        return error


@pytest.mark.parametrize("name", ANSWERED)
@settings(max_examples=8, deadline=None, database=None)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_answer_is_a_value_or_a_typed_error(name: str, seed: int) -> None:
    body = damaged(name, random.Random(seed))
    value = ask(name, body, MAKES[call_for(name) or ""])
    assert repr(value)
    if isinstance(value, APIError):
        assert value.kind in ErrorKind
        assert value.endpoint
        assert value.message


@pytest.mark.parametrize("name", REQUESTS)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_damaged_arguments_are_sent_or_refused(name: str, seed: int) -> None:
    whole = json.loads((FIXTURES / name).read_text())
    changed = mutate(whole, random.Random(seed))
    if not isinstance(changed, dict):
        return
    given_ = {key: changed.get(key, value) for key, value in whole.items() if key != "stream"}

    async def make(client: ZaguanClient) -> Any:
        made = getattr(client, REQUESTS[name])(**given_)
        return await (made.read() if REQUESTS[name] == "create_speech" else made)

    assert repr(ask(name, b"{}", make))


@pytest.mark.parametrize("name", REALTIME)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_realtime_event_is_an_event(name: str, seed: int) -> None:
    chance = random.Random(seed)
    lines = (FIXTURES / name).read_text().splitlines()
    event = mutate(json.loads(chance.choice(lines))["event"], chance)
    try:
        frame = json.dumps(event)
    except (ValueError, RecursionError):
        return

    def on_error(payload: Any) -> APIError:
        return APIError(str(payload), kind=ErrorKind.SERVER)

    assert isinstance(read_server_event(frame, on_error), ServerEvent)


@pytest.mark.parametrize("name", sorted(LINES))
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_damaged_batch_line_is_a_line_or_unreadable(name: str, seed: int) -> None:
    chance = random.Random(seed)
    line = json.loads(chance.choice((FIXTURES / name).read_text().splitlines()))
    try:
        assert repr(read_batch_line(mutate(line, chance)))
    except UnreadableValue as error:
        assert len(str(error)) < 2000
