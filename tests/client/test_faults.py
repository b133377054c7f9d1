"""Every fault by name, over a real socket: how often each kind of call is tried, and what comes of it.

No connection is left behind: a stream that did not end well gives its own back at once, the rest go with
the client.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from client_doubles import FastTime, until
from scripted import ScriptedServer, Seen, Step

from zaguan_tui.client import (
    APIError,
    OverloadedError,
    RateLimitError,
    RequestOptions,
    ServerError,
    TransportError,
    ZaguanClient,
)
from zaguan_tui.client.streaming.endings import Ending

FIXTURES = Path(__file__).parent.parent / "fixtures"
JSON, SSE = "application/json", "text/event-stream"
ASK: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
TEN_MB = b"x" * 10_000_000
Outcome = type[APIError] | Ending | None
"""The error that is raised, the ending of the stream, or ``None``: the value as if nothing had been."""


@dataclass(frozen=True)
class Way:
    """One kind of call: how it is made and the good answer to it."""

    call: str
    answer: str

    @property
    def streamed(self) -> bool:
        return self.call.endswith("_stream")

    @property
    def body(self) -> bytes:
        data = (FIXTURES / self.answer).read_bytes()
        return data if self.streamed else json.dumps(json.loads(data)).encode()

    async def make(self, client: ZaguanClient) -> Ending | None:
        """Make the call and read its answer to the end."""
        patience = RequestOptions(timeout=0.2)
        if self.call == "list_models":
            return None if (await client.list_models(options=patience)).data else Ending.TRUNCATED
        more = {"max_tokens": 9} if self.call.startswith("messages") else {}
        if not self.streamed:
            answer = await getattr(client, self.call)(**ASK, **more, options=patience)
            return None if answer.text else Ending.TRUNCATED
        async with getattr(client, self.call)(**ASK, **more, options=patience) as stream:
            _ = [event async for event in stream]
        result = stream.result()
        assert result.text
        assert (result.error is None) or result.error.endpoint.startswith("POST /v1/")
        return None if result.ending is Ending.FINISHED else result.ending


READ = Way("list_models", "models/list.json")
WHOLE = (Way("chat", "chat/completion.json"), Way("messages", "messages/message.json"))
STREAMS = (
    Way("chat_stream", "chat/stream_usage.sse"),
    Way("messages_stream", "messages/stream_text.sse"),
)


@dataclass(frozen=True)
class Fault:
    """``step`` makes the answer of a good body and its content type. Attempts and outcomes: of a read, of a
    generation, of a stream; ``None`` in place of them: it cannot befall this kind of call.
    """

    name: str
    step: Callable[[bytes, str], Step]
    read: tuple[int, Outcome] | None
    whole: tuple[int, Outcome] | None
    stream: tuple[int, Outcome] | None


def half(body: bytes) -> bytes:
    """The first half, of a stream up to the end of a frame, with some text in it."""
    if b"data:" not in body:
        return body[: len(body) // 2]
    frames = body.split(b"\n\n")
    return b"\n\n".join(frames[: len(frames) // 2 + 1]) + b"\n\n"


def interrupted(fault: str) -> Callable[[bytes, str], Step]:
    return lambda body, kind: Step(body=half(body), content_type=kind, fault=fault)


def status(code: int, **headers: str) -> Callable[[bytes, str], Step]:
    return lambda body, kind: Step(
        code, {"error": {"message": "no"}}, {k.replace("_", "-"): v for k, v in headers.items()}
    )


def with_frame(frame: bytes, *, ends: bool) -> Callable[[bytes, str], Step]:
    def step(body: bytes, kind: str) -> Step:
        begun = half(body)
        return Step(body=begun + frame + (b"" if ends else body[len(begun) :]), content_type=kind)

    return step


def endless_line(body: bytes, kind: str) -> Step:
    if kind == JSON:
        return Step(body=b'{"padding": "' + TEN_MB + b'", ' + body[1:])
    if b"chat.completion" in body:
        frame = b'{"choices": [{"index": 0, "delta": {"content": "' + TEN_MB + b'"}}]}'
    else:
        frame = b'{"type": "content_block_delta", "index": 0, "delta": {"text": "' + TEN_MB + b'"}}'
    return with_frame(b"data: " + frame + b"\n\n", ends=False)(body, kind)


PAGE = Step(body="<html><title>Sign in</title></html>", content_type="text/html")
ERROR_FRAME = (
    b'event: error\ndata: {"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}\n\n'
)
DATE = "Fri, 20 Nov 2026 14:30:12 GMT"
BROKEN_OFF = ((3, TransportError), (1, TransportError), (1, Ending.TRUNCATED))
FAULTS = [
    Fault(
        "reset mid-body",
        interrupted("reset"),
        (3, TransportError),
        (1, TransportError),
        (1, Ending.TRUNCATED),
    ),
    Fault(
        "closed mid-body",
        interrupted("close"),
        (3, TransportError),
        (1, TransportError),
        (1, Ending.TRUNCATED),
    ),
    Fault("stall", interrupted("stall"), (3, TransportError), (1, TransportError), (1, Ending.TRUNCATED)),
    Fault(
        "truncated SSE", lambda b, k: Step(body=half(b), content_type=k), None, None, (1, Ending.TRUNCATED)
    ),
    Fault("malformed frame", with_frame(b"data: {oops\n\n", ends=False), None, None, (1, None)),
    Fault("error frame", with_frame(ERROR_FRAME, ends=True), None, None, (1, Ending.ERROR_FRAME)),
    Fault("429, seconds", status(429, retry_after="7"), *[(3, RateLimitError)] * 3),
    Fault("429, a date", status(429, retry_after=DATE), *[(3, RateLimitError)] * 3),
    Fault("429, milliseconds", status(429, retry_after_ms="250"), *[(3, RateLimitError)] * 3),
    Fault("500", status(500), (3, ServerError), (1, ServerError), (1, ServerError)),
    Fault("502", status(502), (3, ServerError), (1, ServerError), (1, ServerError)),
    Fault("503", status(503), *[(3, OverloadedError)] * 3),
    Fault("529", status(529), *[(3, OverloadedError)] * 3),
    Fault("a page", lambda b, k: PAGE, *[(1, APIError)] * 3),
    Fault("wrong content type", lambda b, k: Step(body=b, content_type="text/plain"), *[(1, None)] * 3),
    Fault(
        "gzip",
        lambda b, k: Step(body=gzip.compress(b), content_type=k, headers={"content-encoding": "gzip"}),
        *[(1, None)] * 3,
    ),
    Fault("10 MB on one line", endless_line, *[(1, None)] * 3),
]
CASES = [
    pytest.param(fault, way, *expected, id=f"{fault.name}-{way.call}")
    for fault in FAULTS
    for ways, expected in (((READ,), fault.read), (WHOLE, fault.whole), (STREAMS, fault.stream))
    if expected is not None
    for way in ways
]


def answering(fault: Fault, way: Way) -> Callable[[Seen], Step]:
    return lambda seen: fault.step(way.body, SSE if way.streamed else JSON)


@pytest.mark.parametrize(("fault", "way", "attempts", "outcome"), CASES)
async def test_a_fault_is_met_so_often(
    serve: Any, connect: Any, fault: Fault, way: Way, attempts: int, outcome: Outcome
) -> None:
    server = await serve(answering(fault, way))
    client = connect(server)
    if isinstance(outcome, type):
        with pytest.raises(outcome) as caught:
            await way.make(client)
        assert caught.value.attempts == attempts
    else:
        assert await way.make(client) is outcome
    assert len(server.seen) == attempts
    if fault.step(b"{}", JSON).fault:
        await server.until_idle()
    assert server.open_connections <= 1
    await client.aclose()
    await server.until_idle()


@pytest.mark.parametrize("way", [READ, *WHOLE, *STREAMS], ids=lambda way: way.call)
async def test_refused(serve: Any, connect: Any, fast: FastTime, way: Way) -> None:
    server: ScriptedServer = await serve(PAGE)
    await server.stop()
    with pytest.raises(TransportError) as caught:
        await way.make(connect(server))
    waits = [0.5, 1.0, 2.0, 2.0] if way is READ else [0.5, 1.0]
    found = caught.value
    assert (found.reason, found.attempts, found.sent) == ("refused", len(waits) + 1, False)
    assert fast.waits == waits


@pytest.mark.parametrize("way", [READ, *WHOLE, *STREAMS], ids=lambda way: way.call)
async def test_a_redirect_to_another_origin(serve: Any, connect: Any, way: Way) -> None:
    other: ScriptedServer = await serve(Step(body=way.body))
    server: ScriptedServer = await serve(Step(307, headers={"location": f"{other.base_url}/elsewhere"}))
    client = connect(server)
    with pytest.raises(TransportError) as caught:
        await way.make(client)
    assert (caught.value.reason, caught.value.attempts) == ("redirect", 1)
    assert (len(server.seen), len(other.seen)) == (1, 0)
    await client.aclose()
    await server.until_idle()
    await other.until_idle()


@pytest.mark.parametrize("way", STREAMS, ids=lambda way: way.call)
@pytest.mark.parametrize("how", ["break", "cancelled task", "cancel()", "exception", "timeout"])
async def test_cancel_in_mid_stream(serve: Any, connect: Any, way: Way, how: str) -> None:
    server: ScriptedServer = await serve(Step(body=half(way.body), content_type=SSE, fault="stall"))
    client = connect(server)
    more = {"max_tokens": 9} if way.call.startswith("messages") else {}
    stream = getattr(client, way.call)(**ASK, **more)
    task = asyncio.create_task(leave(stream, how))
    if how == "cancelled task":
        await until(lambda: stream.result().text)
        task.cancel()
    expected: Sequence[type[BaseException]] = {
        "cancelled task": (asyncio.CancelledError,),
        "exception": (KeyError,),
        "timeout": (TimeoutError,),
    }.get(how, ())
    if expected:
        with pytest.raises(tuple(expected)):
            await task
    else:
        await task
    await server.until_idle(0.5)
    assert (stream.result().ending, len(server.seen)) == (Ending.CANCELLED, 1)
    assert stream.result().text


async def leave(stream: Any, how: str) -> None:
    """Read what has come, then leave in this way; a time limit begins to run with the first text."""
    async with asyncio.timeout(None) as limit, stream:
        async for _ in stream:
            if how == "timeout" and stream.result().text and limit.when() is None:
                limit.reschedule(asyncio.get_running_loop().time() + 0.1)
            if how == "break" and stream.result().text:
                break
            if how == "cancel()":
                stream.cancel()
            if how == "exception" and stream.result().text:
                raise KeyError("out of here")
