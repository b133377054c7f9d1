"""Realtime over a real WebSocket: text, speech, tools, cancelling, errors, the beta's names, refusals."""

from __future__ import annotations

import array
import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sdk_models import read_realtime_events
from served_gateway import KEY, Serve, Served
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus

REALTIME = "openai/gpt-realtime"
LOUD = base64.b64encode(array.array("h", [9000, -9000] * 4800).tobytes()).decode()
QUIET = base64.b64encode(bytes(2 * 24_000)).decode()
TOOL = {
    "type": "function",
    "name": "get_weather",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


class RealtimeTester:
    """A client of one session."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.events: list[dict[str, Any]] = []

    async def send(self, kind: str, **fields: Any) -> None:
        await self._socket.send(json.dumps({"type": kind, **fields}))

    async def raw(self, text: str) -> None:
        await self._socket.send(text)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            event: dict[str, Any] = json.loads(await self._socket.recv())
            self.events.append(event)
            return event

    async def until(self, kind: str) -> list[dict[str, Any]]:
        """Everything up to the first event of that type."""
        received = [await self.next()]
        while received[-1]["type"] != kind:
            received.append(await self.next())
        return received

    async def send_text(self, text: str) -> None:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        await self.send("conversation.item.create", item=item)


@asynccontextmanager
async def session(sandbox: Served, model: str = REALTIME, **headers: str) -> AsyncIterator[RealtimeTester]:
    url = f"{sandbox.base_url.replace('http', 'ws')}/v1/realtime?model={model}"
    request_headers = {"Authorization": f"Bearer {KEY}", **headers}
    async with connect(url, additional_headers=request_headers, proxy=None) as socket:
        tester = RealtimeTester(socket)
        yield tester
    if not headers:  # the beta's names are not the SDK's
        read_realtime_events(tester.events)


@pytest.fixture
async def quick(serve: Serve) -> Served:
    return await serve(time_scale=300.0)


async def test_a_text_turn(quick: Served) -> None:
    async with session(quick) as tester:
        hello = await tester.next()
        assert (hello["type"], hello["session"]["output_modalities"]) == ("session.created", ["audio"])
        await tester.send("session.update", session={"type": "realtime", "output_modalities": ["text"]})
        assert (await tester.next())["session"]["output_modalities"] == ["text"]
        await tester.send_text("say: hello world")
        await tester.send("response.create")
        received = await tester.until("response.done")
    kinds = [event["type"] for event in received if event["type"] != "response.output_text.delta"]
    assert kinds == [
        *("conversation.item.added", "conversation.item.done", "response.created", "rate_limits.updated"),
        *("response.output_item.added", "conversation.item.added", "response.content_part.added"),
        *("response.output_text.done", "response.content_part.done", "response.output_item.done"),
        *("conversation.item.done", "response.done"),
    ]
    deltas = "".join(event["delta"] for event in received if event["type"] == "response.output_text.delta")
    done = received[-1]["response"]
    assert done["output"][0]["content"][0]["text"] == deltas == "hello world"
    assert (done["status"], done["usage"]["output_tokens"]) == ("completed", 2)
    assert len({event["event_id"] for event in received}) == len(received)
    assert (await quick.rows("completion_tokens, status"))[-1] == (2, "success")


async def test_speech_in_and_out(quick: Served) -> None:
    async with session(quick) as tester:
        await tester.until("session.created")
        for audio in (LOUD, LOUD, QUIET):
            await tester.send("input_audio_buffer.append", audio=audio)
        received = await tester.until("response.done")
    kinds = [event["type"] for event in received]
    assert kinds[:3] == [
        f"input_audio_buffer.{word}" for word in ("speech_started", "speech_stopped", "committed")
    ]
    transcription = next(event for event in received if event["type"].endswith("transcription.completed"))
    assert transcription["transcript"]
    sound = b"".join(
        base64.b64decode(event["delta"])
        for event in received
        if event["type"] == "response.output_audio.delta"
    )
    spoken = received[-1]["response"]["output"][0]["content"][0]
    assert (spoken["type"], len(sound) % 2) == ("output_audio", 0)
    assert len(sound) / 48_000 > len(spoken["transcript"]) / 20


async def test_without_turn_detection_the_client_commits(quick: Served) -> None:
    async with session(quick) as tester:
        await tester.until("session.created")
        update = {"type": "realtime", "audio": {"input": {"turn_detection": None}}}
        await tester.send("session.update", session=update)
        await tester.until("session.updated")
        await tester.send("input_audio_buffer.commit")
        assert (await tester.next())["error"]["code"] == "input_audio_buffer_commit_empty"
        await tester.send("input_audio_buffer.append", audio=LOUD)
        await tester.send("input_audio_buffer.commit")
        item = (await tester.until("input_audio_buffer.committed"))[-1]["item_id"]
        await tester.until("conversation.item.input_audio_transcription.completed")
        await tester.send("conversation.item.retrieve", item_id=item)
        assert (await tester.next())["item"]["content"][0]["transcript"]
        await tester.send("conversation.item.delete", item_id=item)
        assert (await tester.next())["type"] == "conversation.item.deleted"
        await tester.send("input_audio_buffer.clear")
        assert (await tester.next())["type"] == "input_audio_buffer.cleared"


async def test_a_tool_call(quick: Served) -> None:
    async with session(quick) as tester:
        update = {"type": "realtime", "output_modalities": ["text"], "tools": [TOOL]}
        await tester.send("session.update", session=update)
        await tester.send_text("What is the weather in Oulu?")
        await tester.send("response.create")
        received = await tester.until("response.done")
        item = received[-1]["response"]["output"][0]
        deltas = [
            event["delta"] for event in received if event["type"] == "response.function_call_arguments.delta"
        ]
        assert json.loads("".join(deltas)) == json.loads(item["arguments"]) == {"city": "Oulu"}
        output = {"type": "function_call_output", "call_id": item["call_id"], "output": "sleet"}
        await tester.send("conversation.item.create", item=output)
        await tester.send("response.create")
        done = (await tester.until("response.done"))[-1]["response"]
    assert done["output"][0]["content"][0]["text"] == "`get_weather` says: sleet"


async def test_cancel_and_disconnect(serve: Serve) -> None:
    sandbox = await serve(time_scale=3.0)
    async with session(sandbox, "sandbox/long-list") as tester:
        await tester.send_text("go")
        await tester.send("response.create")
        await tester.until("response.output_text.delta")
        await tester.send("response.create")
        busy = (await tester.until("error"))[-1]["error"]
        assert busy["code"] == "conversation_already_has_active_response"
        await tester.send("response.cancel")
        done = (await tester.until("response.done"))[-1]["response"]
        assert (done["status"], done["status_details"]["reason"]) == ("cancelled", "client_cancelled")
        await tester.send("response.cancel")
        assert (await tester.next())["error"]["code"] == "response_cancel_not_active"
        await tester.send("response.create")
        await tester.until("response.output_text.delta")
    for _ in range(100):
        rows = await sandbox.rows("error_message")
        if len(rows) == 2:
            break
        await asyncio.sleep(0.02)
    assert rows[1] == ("cancelled by the caller",)


async def test_the_betas_names(quick: Served) -> None:
    async with session(quick, "sandbox/echo", **{"OpenAI-Beta": "realtime=v1"}) as tester:
        await tester.send("session.update", session={"modalities": ["text"], "max_response_output_tokens": 9})
        await tester.send_text("old")
        await tester.send("response.create")
        received = await tester.until("response.done")
    kinds = {event["type"] for event in received}
    assert {"conversation.item.created", "response.text.delta", "response.text.done"} <= kinds
    assert "conversation.item.added" not in kinds
    assert received[-1]["response"]["output"][0]["content"][0] == {"type": "text", "text": "old"}


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("junk", "invalid_json"),
        ("[]", "invalid_json"),
        ('{"type": "nonsense", "event_id": "mine"}', "invalid_value"),
        ('{"type": ["x"]}', "invalid_value"),
        ('{"type": "session.update"}', "invalid_value"),
        ('{"type": "session.update", "session": {"output_modalities": ["smell"]}}', "invalid_value"),
        ('{"type": "session.update", "session": {"tools": [{"type": "x"}]}}', "invalid_value"),
        ('{"type": "conversation.item.create"}', "invalid_value"),
        ('{"type": "conversation.item.create", "item": {"type": "message", "role": "x"}}', "invalid_value"),
        ('{"type": "conversation.item.delete", "item_id": "none"}', "item_not_found"),
        ('{"type": "input_audio_buffer.append", "audio": "%%%"}', "invalid_value"),
        ('{"type": "input_audio_buffer.append"}', "invalid_value"),
    ],
)
async def test_errors_leave_the_socket_open(quick: Served, event: str, code: str) -> None:
    async with session(quick) as tester:
        await tester.until("session.created")
        await tester.raw(event)
        error = (await tester.next())["error"]
        assert (error["type"], error["code"]) == ("invalid_request_error", code)
        assert error["event_id"] == ("mine" if "mine" in event else None)
        await tester.send("input_audio_buffer.clear")
        assert (await tester.next())["type"] == "input_audio_buffer.cleared"


async def test_a_response_that_fails_says_so(quick: Served) -> None:
    async with session(quick) as tester:
        await tester.until("session.created")
        quick.gateway.dispatcher.records["openai"].enabled = False
        await tester.send("response.create")
        done = (await tester.until("response.done"))[-1]["response"]
        assert (done["status"], done["status_details"]["error"]["code"]) == ("failed", "provider_disabled")


@pytest.mark.parametrize(
    ("path", "key", "status", "code"),
    [
        ("/v1/realtime?model=openai/none", KEY, 404, "model_not_found"),
        ("/v1/realtime?model=openai/gpt-4o", KEY, 400, "unsupported_model"),
        ("/v1/realtime", KEY, 400, "invalid_request"),
        (f"/v1/realtime?model={REALTIME}", "sk-wrong-key-0000", 401, "invalid_api_key"),
        ("/v1/elsewhere", KEY, 404, "unknown_url"),
    ],
)
async def test_a_refused_handshake_is_an_http_answer(
    quick: Served, path: str, key: str, status: int, code: str
) -> None:
    url = quick.base_url.replace("http", "ws") + path
    with pytest.raises(InvalidStatus) as caught:
        async with connect(url, additional_headers={"Authorization": f"Bearer {key}"}, proxy=None):
            pass
    answer = caught.value.response
    assert (answer.status_code, json.loads(answer.body or b"{}")["error"]["code"]) == (status, code)
    assert answer.headers["x-request-id"]
    plain = await quick.http.get("/v1/realtime")
    assert (plain.status_code, plain.headers["upgrade"]) == (426, "websocket")
