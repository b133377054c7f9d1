"""Sessions are recorded without keys and played back without a socket, streams with their pieces."""

from __future__ import annotations

import asyncio
import base64
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from client_doubles import KEY, FastTime
from hypothesis import given
from hypothesis import strategies as st
from scripted import SILENT_CLOSE, Seen, Step
from stream_fakes import cut

from zaguan_tui.client import ArgumentError, InvalidRequestError, RequestOptions, TransportError, ZaguanClient
from zaguan_tui.client.dispatch.credentials import MASK, Redactor, Secret
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import TextDelta
from zaguan_tui.client.tape.format import read_tape
from zaguan_tui.client.tape.session import record, replay
from zaguan_tui.client.transport.chunk_redaction import ChunkRedactor

FIXTURES = Path(__file__).parent.parent / "fixtures"
ASK: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
SSE = (FIXTURES / "chat" / "stream_usage.sse").read_bytes()


def stream(body: bytes = SSE, **more: Any) -> Step:
    return Step(body=body, content_type="text/event-stream", **more)


async def chat(client: ZaguanClient) -> tuple[str, Ending | None]:
    async with client.chat_stream(**ASK) as opened:
        text = "".join([event.text async for event in opened if isinstance(event, TextDelta)])
    return text, opened.result().ending


async def test_a_session_plays_back_as_it_went(serve, connect, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server = await serve(
        Step(body={"object": "list", "data": [{"id": "a"}]}, headers={"x-request-id": "r-1"}),
        Step(body={"object": "list", "data": [{"id": "a"}, {"id": "b"}]}),
        stream(),
        Step(400, {"error": {"message": "wrong", "type": "invalid_request_error"}}),
        Step(503, {"error": {"message": "busy"}}),
        Step(body={"credits_remaining": 5}),
        Step(body=b"\xff\x00\xfe", content_type="application/octet-stream"),
    )
    tape = tmp_path / "session.jsonl"

    async def session(client: ZaguanClient) -> list[Any]:
        first, second = await client.list_models(), await client.list_models()
        streamed = await chat(client)
        with pytest.raises(InvalidRequestError) as caught:
            await client.chat(**ASK)
        balance = await client.get_credits_balance()
        raw = await client.raw.request("GET", "/v1/blob")
        return [
            first.data,
            first.response.request_id,
            second.data,
            streamed,
            caught.value.message,
            balance,
            balance.response.attempts,
            raw.body,
        ]

    recording = record(connect(server), tape)
    seen = await session(recording)
    await recording.aclose()
    assert stat.S_IMODE(tape.stat().st_mode) == 0o600
    assert KEY not in tape.read_text()
    assert len(server.seen) == 7
    player = replay(tape, clock=FastTime().clock())
    assert await session(player) == seen
    again = await player.list_models()
    assert [model.id for model in again.data] == ["a", "b"]
    with pytest.raises(TransportError, match="no answer to GET /v1/capabilities"):
        await player.get_capabilities()
    await player.aclose()
    with pytest.raises(TransportError, match="closed"):
        await player.list_models()


async def test_pieces_and_their_rhythm_are_kept(serve, connect, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server = await serve(stream())
    tape = tmp_path / "t.jsonl"
    recording = record(connect(server), tape)
    whole = await chat(recording)
    await recording.aclose()
    lines = [json.loads(line) for line in tape.read_text().splitlines()]
    assert "".join(line["piece"]["text"] for line in lines if "piece" in line).encode() == SSE
    for line, at in zip((line for line in lines if "at" in line), (0, 1, 3, 3, 3), strict=False):
        line["at"] = at
    tape.write_text("\n".join(json.dumps(line) for line in lines))
    fast = FastTime()
    assert await chat(replay(tape, pace=0.5, clock=fast.clock())) == whole
    assert fast.waits[0] == 1.0


@pytest.mark.parametrize("how", ["reset", "left", "cut file"])
async def test_an_early_end_is_replayed_as_one(serve, connect, tmp_path: Path, how: str) -> None:  # type: ignore[no-untyped-def]
    half = SSE[: len(SSE) // 2]
    server = await serve(stream(half, fault="stall" if how == "left" else "reset"))
    tape = tmp_path / "t.jsonl"
    recording = record(connect(server), tape)
    async with recording.chat_stream(**ASK) as opened:
        async for _ in opened:
            if how == "left":
                break
    await recording.aclose()
    if how == "cut file":
        tape.write_text(tape.read_text()[:-40])
    text, ending = await chat(replay(tape))
    assert ending is Ending.TRUNCATED
    assert text
    assert read_tape(tape).cut == (how == "cut file")


async def test_no_answer_is_replayed_as_none(serve, connect, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server = await serve(SILENT_CLOSE)
    recording = record(connect(server), tmp_path / "t.jsonl")
    once = RequestOptions(max_retries=0)
    with pytest.raises(TransportError) as first:
        await recording.list_models(options=once)
    await recording.aclose()
    with pytest.raises(TransportError) as second:
        await replay(tmp_path / "t.jsonl").list_models(options=once)
    assert (second.value.reason, second.value.message) == (first.value.reason, first.value.message)


async def test_answers_follow_their_questions(serve, connect, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    def echo(seen: Seen) -> Step:
        text = seen.json["messages"][0]["content"]
        return Step(body={"choices": [{"index": 0, "message": {"content": text.upper()}}]})

    server = await serve(echo)
    recording = record(connect(server), tmp_path / "t.jsonl")

    async def ask(client: ZaguanClient, text: str) -> str:
        return (await client.chat(model="m", messages=[{"role": "user", "content": text}])).text

    for text in ("one", "two", "three"):
        await ask(recording, text)
    await recording.aclose()
    player = replay(tmp_path / "t.jsonl")
    assert [await ask(player, text) for text in ("three", "one", "two")] == ["THREE", "ONE", "TWO"]
    with pytest.raises(TransportError):
        await ask(player, "one")


async def test_a_tape_is_on_disk_while_it_is_made(serve, connect, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server = await serve(stream(SSE.replace(b"data: [DONE]", b": more") * 400, fault="stall"))
    tape = tmp_path / "t.jsonl"
    async with record(connect(server), tape).chat_stream(**ASK) as opened:
        async with asyncio.timeout(2):
            async for _ in opened.batches():
                if "piece" in tape.read_text():
                    break


def test_what_is_no_tape_is_refused(tmp_path: Path) -> None:
    for text in ("", "{}\n", '{"tape": 2, "base_url": "http://h"}\n', "hello\n"):
        (tmp_path / "t").write_text(text)
        with pytest.raises(ArgumentError):
            replay(tmp_path / "t")
    with pytest.raises(OSError):
        replay(tmp_path / "nothing")


def test_playing_needs_no_http_library_and_no_socket(tmp_path: Path) -> None:
    tape = tmp_path / "t.jsonl"
    tape.write_text(
        '{"tape":1,"base_url":"http://h"}\n'
        '{"n":1,"at":0,"ask":{"method":"GET","target":"/v1/models","headers":{},"body":null}}\n'
        '{"n":1,"at":1,"answer":{"status":200,"headers":{"content-type":"application/json"}}}\n'
        '{"n":1,"at":1,"piece":{"text":"[{\\"id\\":\\"a\\"}]"}}\n{"n":1,"at":1,"end":"end"}\n'
    )
    code = (
        "import asyncio, sys\n"
        "def forbid(event, given):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.bind', 'socket.sendto'):\n"
        "        raise PermissionError(event)\n"
        "sys.addaudithook(forbid)\n"
        "from zaguan_tui.client.tape.session import replay\n"
        f"models = asyncio.run(replay({str(tape)!r}).list_models())\n"
        "assert [m.id for m in models.data] == ['a']\nassert 'httpx' not in sys.modules\n"
        "from zaguan_tui.client import TransportError, ZaguanClient\n"
        "try: asyncio.run(ZaguanClient('http://127.0.0.1:9', 'k').list_models())\n"
        "except (PermissionError, TransportError): pass\n"
        "else: raise AssertionError('sockets were not forbidden')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


SPELLINGS = [
    KEY,
    quote(KEY, safe=""),
    quote(quote(KEY, safe=""), safe=""),
    json.dumps(KEY).strip('"'),
    base64.b64encode(KEY.encode()).decode(),
    base64.b64encode(f"user:{KEY}".encode()).decode(),
]


@given(st.lists(st.sampled_from([*SPELLINGS, "data: ", "ü", "\n\n", "x" * 700]), max_size=8), st.data())
def test_a_key_is_masked_across_any_split(words: list[str], data: st.DataObject) -> None:
    redactor = Redactor([Secret(KEY)])
    body = "".join(words).encode()
    at = data.draw(st.lists(st.integers(0, len(body)), max_size=10))
    pieces = cut(body, at)
    mask = ChunkRedactor(redactor)
    out = [one for number, piece in enumerate(pieces) for one in mask.feed(number, piece)] + mask.flush()
    assert [moment for moment, _ in out] == list(range(len(pieces)))
    assert b"".join(piece for _, piece in out) == redactor.data(body)
    assert (MASK.encode() in redactor.data(body)) is any(word in SPELLINGS for word in words)
