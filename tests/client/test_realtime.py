"""Realtime sessions over a real WebSocket: transcripts, refusals, endings, pings, and who has to wait."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from client_doubles import KEY, until
from hypothesis import given
from hypothesis import strategies as st
from realtime_server import RealtimeServer, follow, transcript

from zaguan_tui.client import (
    ArgumentError,
    AuthenticationError,
    ClientOptions,
    ErrorKind,
    InsufficientCreditsError,
    InvalidRequestError,
    RateLimitError,
    RequestOptions,
    TransportError,
    UnsupportedError,
)
from zaguan_tui.client.errors.exceptions import APIError
from zaguan_tui.client.realtime.beta_names import current_session
from zaguan_tui.client.realtime.events import (
    ContentPartEvent,
    ErrorEvent,
    InputAudioEvent,
    ItemEvent,
    OtherEvent,
    OutputEvent,
    RateLimitsEvent,
    ResponseEvent,
    ServerEvent,
    SessionEvent,
    TranscriptionEvent,
    UnreadableFrame,
    read_server_event,
)
from zaguan_tui.client.realtime.requests import (
    ClientEvent,
    answer_call,
    append_audio,
    cancel_response,
    clear_audio,
    commit_audio,
    create_item,
    create_response,
    delete_item,
    retrieve_item,
    say,
    truncate_item,
    update_session,
)
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.state.core.problems import explain_error
from zaguan_tui.state.realtime.session_close import closing_problem, describe_closing

TOKEN_KEY = "zk-realtime-key_0001"


def on_error(payload: Any) -> APIError:
    return APIError(str(payload), kind=ErrorKind.SERVER)


def read(event: Any) -> ServerEvent:
    return read_server_event(json.dumps(event), on_error)


@pytest.fixture
async def stage() -> AsyncIterator[Callable[..., Any]]:
    servers: list[RealtimeServer] = []

    async def start(*args: Any, **named: Any) -> RealtimeServer:
        servers.append(await RealtimeServer(*args, **named).start())
        return servers[-1]

    yield start
    for server in servers:
        await server.stop()


async def test_a_text_turn_from_hello_to_done(stage, connect, notebook) -> None:  # type: ignore[no-untyped-def]
    server = await stage(follow("text_turn"))
    said = [
        ClientEvent(e["type"], {k: v for k, v in e.items() if k != "type"})
        for d, e in transcript("text_turn")
        if d == "client"
    ]
    async with connect(server.base_url).realtime(model="openai/gpt-realtime") as session:
        for event in said:
            await session.send(event)
        events = [event async for event in session]
    assert [event.type for event in events] == [
        e["type"] for d, e in transcript("text_turn") if d == "server"
    ]
    assert isinstance(events[0], SessionEvent)
    text = "".join(e.text for e in events if isinstance(e, OutputEvent) and not e.whole)
    done = events[-1]
    assert isinstance(done, ResponseEvent)
    assert text == done.response.text == "Hello there."
    assert done.response.ending is Ending.FINISHED
    assert done.response.usage is not None
    assert (done.response.usage.prompt_tokens, done.response.usage.total_tokens) == (24, 31)
    assert server.told == [e for d, e in transcript("text_turn") if d == "client"]
    assert server.targets == ["/v1/realtime?model=openai%2Fgpt-realtime"]
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert "sec-websocket-protocol" not in server.headers[0]
    assert (session.response.status, session.closing.code, session.closing.by_us) == (101, 1000, False)
    assert notebook.names == ["AttemptStarted", "AttemptFinished", "StreamClosed"]
    assert KEY not in str(notebook.events[0].headers)


async def test_the_key_in_a_subprotocol(stage, connect, notebook) -> None:  # type: ignore[no-untyped-def]
    server = await stage(follow("beta_names"))
    client = connect(server.base_url, TOKEN_KEY)
    async with client.realtime(model="m", subprotocol=True, beta=True) as session:
        await session.send(say("Hi"))
        await session.send(create_response(modalities=["text"]))
        events = [event async for event in session]
    offered = server.headers[0]["sec-websocket-protocol"]
    assert offered == f"realtime, openai-insecure-api-key.{TOKEN_KEY}, openai-beta.realtime-v1"
    assert "authorization" not in server.headers[0]
    assert TOKEN_KEY not in str(notebook.events[0].headers)
    assert [e.type for e in events if isinstance(e, OutputEvent)] == [
        "response.output_text.delta",
        "response.output_text.delta",
        "response.output_text.done",
    ]
    first = events[0]
    assert isinstance(first, SessionEvent)
    assert first.session["output_modalities"] == ["text", "audio"]
    assert first.session["max_output_tokens"] == "inf"
    assert first.session["audio"]["input"]["format"] == {"type": "audio/pcm", "rate": 24000}
    assert first.session["audio"]["output"] == {
        "voice": "alloy",
        "format": {"type": "audio/pcm", "rate": 24000},
    }
    parts = [e.part["type"] for e in events if isinstance(e, ContentPartEvent)]
    assert parts == ["output_text", "output_text"]
    items = [e.item for e in events if isinstance(e, ItemEvent)]
    assert items[-1]["content"] == [{"type": "output_text", "text": "Hi!"}]
    with pytest.raises(ArgumentError):
        connect(server.base_url).realtime(model="m", subprotocol=True)


async def test_a_key_that_is_no_token_and_the_beta_header(stage, connect) -> None:  # type: ignore[no-untyped-def]
    server = await stage(follow("beta_names"))
    async with connect(server.base_url).realtime(model="m", beta=True):
        pass
    assert server.headers[0]["openai-beta"] == "realtime=v1"


async def test_errors_leave_the_session_open(stage, connect) -> None:  # type: ignore[no-untyped-def]
    server = await stage(follow("tool_call_and_errors"))
    async with connect(server.base_url).realtime(model="m") as session:
        for event in (
            ClientEvent("nonsense", event_id="event_bad"),
            create_response(),
            answer_call("call_rt1", '{"temp":4}'),
            create_response(),
            cancel_response(),
            create_response(),
        ):
            await session.send(event)
        events = [event async for event in session]
    error = next(event for event in events if isinstance(event, ErrorEvent))
    assert isinstance(error.error, InvalidRequestError)
    assert (error.caused_by, error.error.param) == ("event_bad", "type")
    assert error.error.endpoint == "WS /v1/realtime"
    done = [e.response for e in events if isinstance(e, ResponseEvent) and e.type == "response.done"]
    assert [r.ending for r in done] == [Ending.TOOL_CALLS, Ending.CANCELLED, Ending.ERROR_FRAME]
    assert [(call.id, call.parsed()) for call in done[0].tool_calls] == [("call_rt1", {"city": "Oslo"})]
    assert done[1].reason == "client_cancelled"
    assert isinstance(done[2].error, RateLimitError)
    assert server.told[2]["item"]["type"] == "function_call_output"


def test_an_audio_turn_is_typed() -> None:
    events = [read(event) for side, event in transcript("audio_turn") if side == "server"]
    assert not [event for event in events if isinstance(event, (OtherEvent, UnreadableFrame))]
    audio = [e for e in events if isinstance(e, OutputEvent) and e.kind == "audio"]
    assert all(len(e.audio) > 100 and not e.text for e in audio if not e.whole)
    heard = [e for e in events if isinstance(e, TranscriptionEvent)]
    assert [(e.text, e.whole) for e in heard] == [("What time", False), ("What time is it?", True)]
    assert [e.at_ms for e in events if isinstance(e, InputAudioEvent)] == [60, 820, None]
    spoken = [e for e in events if isinstance(e, OutputEvent) and e.kind == "transcript" and e.whole]
    assert spoken[0].text == "Half past two."
    limits = read({"type": "rate_limits.updated", "rate_limits": [{"name": "tokens", "reset_seconds": 1.5}]})
    assert isinstance(limits, RateLimitsEvent)
    assert (limits.limits[0].name, limits.limits[0].limit, limits.limits[0].reset_s) == ("tokens", None, 1.5)


@pytest.mark.parametrize(
    ("status", "details", "ending"),
    [
        ("incomplete", {"reason": "max_output_tokens"}, Ending.LENGTH),
        ("incomplete", {"reason": "content_filter"}, Ending.CONTENT_FILTER),
        ("in_progress", None, None),
        ("completed", None, Ending.FINISHED),
    ],
)
def test_how_responses_end(status: str, details: Any, ending: Ending | None) -> None:
    event = read({"type": "response.done", "response": {"status": status, "status_details": details}})
    assert isinstance(event, ResponseEvent)
    assert event.response.ending is ending


def test_current_sessions_stay_as_they_are() -> None:
    session = transcript("text_turn")[0][1]["session"]
    assert current_session(session) == session
    assert current_session(None) == {}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "response",
                    "item",
                    "content",
                    "part",
                    "error",
                    "session",
                    "audio",
                    "input",
                    "type",
                    "usage",
                    "delta",
                    "rate_limits",
                    "output",
                    "status_details",
                    "transcript",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(
    sorted({e["type"] for n in ("text_turn", "audio_turn", "beta_names") for d, e in transcript(n)})
)


@given(
    st.one_of(
        JSON,
        st.builds(lambda name, rest: {**(rest if isinstance(rest, dict) else {}), "type": name}, NAMES, JSON),
    )
)
def test_no_frame_gives_an_exception(frame: Any) -> None:
    assert isinstance(read(frame), ServerEvent)


def test_what_is_no_event_is_kept() -> None:
    assert read_server_event("nonsense", on_error) == UnreadableFrame(type="", raw="nonsense")
    other = read({"type": "session.telepathy", "event_id": "e"})
    assert (type(other), other.type, other.event_id) == (OtherEvent, "session.telepathy", "e")


def test_what_a_client_can_say() -> None:
    frames = [
        update_session({"instructions": ""}, event_id="e1").frame(),
        say("Hi", role="assistant").frame(),
        create_item({"type": "message"}, previous_item_id="root").frame(),
        retrieve_item("i").frame(),
        delete_item("i").frame(),
        truncate_item("i", 500).frame(),
        append_audio(b"\0\1").frame(),
        commit_audio().frame(),
        clear_audio().frame(),
        create_response({"instructions": "x"}).frame(),
        cancel_response("r").frame(),
    ]
    assert frames[0] == {"type": "session.update", "event_id": "e1", "session": {"instructions": ""}}
    assert frames[1]["item"]["content"] == [{"type": "output_text", "text": "Hi"}]
    assert frames[2]["previous_item_id"] == "root"
    assert frames[5] == {
        "type": "conversation.item.truncate",
        "item_id": "i",
        "content_index": 0,
        "audio_end_ms": 500,
    }
    assert frames[6]["audio"] == "AAE="
    assert frames[10] == {"type": "response.cancel", "response_id": "r"}
    for wrong in (
        lambda: say(" "),
        lambda: append_audio(b""),
        lambda: append_audio(bytes(15 * 2**20 + 1)),
        lambda: delete_item(""),
        lambda: ClientEvent(""),
    ):
        with pytest.raises(ArgumentError):
            wrong()


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind"),
    [
        (401, {}, {"error": {"message": f"bad key {KEY}", "code": "invalid_api_key"}}, AuthenticationError),
        (
            402,
            {},
            {"error": {"type": "insufficient_credits", "message": "no", "credits_required": 5}},
            InsufficientCreditsError,
        ),
        (404, {"content-type": "text/plain"}, b"404 page not found", UnsupportedError),
        (429, {"retry-after": "7"}, {"error": {"message": "slow"}}, RateLimitError),
        (426, {}, b"", InvalidRequestError),
    ],
)
async def test_a_refused_handshake_is_a_typed_error(
    stage, connect, notebook, status, headers, body, kind
) -> None:  # type: ignore[no-untyped-def]
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    server = await stage(
        refusal=(status, {"content-type": "application/json", "x-request-id": "r-9", **headers}, raw)
    )
    with pytest.raises(kind) as caught:
        async with connect(server.base_url).realtime(model="m"):
            pass
    error = caught.value
    assert (error.status, error.endpoint, error.request_id) == (status, "WS /v1/realtime", "r-9")
    assert KEY not in str(error)
    assert error.retry_after == (7 if status == 429 else None)
    assert notebook.names == ["AttemptStarted", "AttemptFinished"]
    assert len(server.targets) == 1


async def test_a_redirect_is_not_followed(stage, connect) -> None:  # type: ignore[no-untyped-def]
    other = await stage(follow("text_turn"))
    server = await stage(refusal=(307, {"location": f"{other.base_url}/v1/realtime"}, b""))
    with pytest.raises(TransportError) as caught:
        async with connect(server.base_url, TOKEN_KEY).realtime(model="m", subprotocol=True):
            pass
    assert caught.value.reason == "redirect"
    assert other.headers == []


async def test_no_connection_is_a_transport_error(serve, connect) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TransportError) as caught:
        async with connect("http://127.0.0.1:9").realtime(model="m"):
            pass
    assert (caught.value.reason, caught.value.sent) == ("refused", False)

    from scripted import SILENT_CLOSE, SILENT_STALL

    for step, reason in ((SILENT_STALL, "connect timeout"), (SILENT_CLOSE, "protocol")):
        server = await serve(step)
        with pytest.raises(TransportError) as caught:
            async with connect(server).realtime(model="m", options=RequestOptions(timeout=0.2)):
                pass
        assert caught.value.reason == reason


async def test_a_broken_session_says_how(stage, connect) -> None:  # type: ignore[no-untyped-def]
    async def play(connection: Any, server: RealtimeServer) -> None:
        await connection.send('{"type":"session.created","session":{}}')
        await connection.close(1011, f"upstream died {KEY}")

    server = await stage(play)
    async with connect(server.base_url).realtime(model="m") as session:
        await anext(session)
        with pytest.raises(TransportError) as caught:
            await anext(session)
        with pytest.raises(TransportError):
            await session.send(create_response())
        with pytest.raises(TransportError):
            await session.ping()
    assert "1011: upstream died [redacted]" in str(caught.value)
    assert session.closing.worth_reconnecting
    assert KEY not in repr(session.closing)


async def test_leaving_says_goodbye_and_cancelling_too(stage, connect) -> None:  # type: ignore[no-untyped-def]
    async def play(connection: Any, server: RealtimeServer) -> None:
        await connection.send('{"type":"session.created","session":{}}')

    server = await stage(play)
    client = connect(server.base_url)
    async with client.realtime(model="m") as session:
        await anext(session)
        assert await session.ping() < 2
        assert session.closing is None
    assert (session.closing.code, session.closing.by_us, session.closing.worth_reconnecting) == (
        1000,
        True,
        False,
    )
    await session.aclose()

    async def listen() -> None:
        async with client.realtime(model="m") as session:
            async for _ in session:
                pass

    task = asyncio.create_task(listen())
    await until(lambda: len(server.targets) == 2)
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: server.closed_with == [1000, 1000])


async def test_who_does_not_read_makes_the_server_wait(stage, connect) -> None:  # type: ignore[no-untyped-def]
    sent = 0

    async def play(connection: Any, server: RealtimeServer) -> None:
        nonlocal sent
        for number in range(500):
            await connection.send(
                json.dumps({"type": "response.text.delta", "delta": "x" * 65536, "n": number})
            )
            sent += 1
        await connection.close()

    server = await stage(play)
    async with asyncio.timeout(2):
        async with connect(server.base_url).realtime(model="m"):
            await asyncio.sleep(0.1)
    sent = 0
    async with connect(server.base_url).realtime(model="m") as session:
        await asyncio.sleep(0.3)
        held = sent
        assert held < 500
        events = [event async for event in session]
    assert [event.raw["n"] for event in events] == list(range(500))


async def test_nothing_of_the_key_is_logged(stage, connect, caplog) -> None:  # type: ignore[no-untyped-def]
    caplog.set_level(logging.DEBUG)
    server = await stage(follow("text_turn"))
    async with connect(server.base_url, TOKEN_KEY).realtime(model="m", subprotocol=True) as session:
        await anext(session)
    ours = [record for record in caplog.records if not record.name.startswith("websockets.server")]
    assert TOKEN_KEY not in "".join(record.getMessage() for record in ours)
    assert TOKEN_KEY not in repr(session) + repr(vars(session))


async def test_wrong_arguments_are_refused(connect) -> None:  # type: ignore[no-untyped-def]
    client = connect("https://127.0.0.1:9", options=ClientOptions(ca_file="/nowhere/at/all.pem"))
    for wrong in ({"model": ""}, {"model": "m"}):
        with pytest.raises(ArgumentError):
            client.realtime(**wrong)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/json", b'{"status":"ok"}'), ("text/html", b"<html><title>Hi</title></html>"), ("", b"")],
)
async def test_a_handshake_answered_with_200_says_that_no_websocket_is_spoken(
    stage, connect, content_type, body
) -> None:  # type: ignore[no-untyped-def]
    server = await stage(refusal=(200, {"content-type": content_type}, body))
    with pytest.raises(TransportError) as caught:
        async with connect(server.base_url).realtime(model="m"):
            pass
    assert caught.value.reason == "protocol"
    sentence = explain_error(caught.value).sentence
    assert "answered the WebSocket handshake with status 200: no WebSocket is spoken there" in sentence
    assert "key" not in sentence


async def test_a_handshake_answered_with_200_that_does_not_know_the_path_is_absent(stage, connect) -> None:  # type: ignore[no-untyped-def]
    body = b'{"error":"Unexpected endpoint or method. (GET /v1/realtime)"}'
    server = await stage(refusal=(200, {"content-type": "application/json"}, body))
    with pytest.raises(UnsupportedError) as caught:
        async with connect(server.base_url).realtime(model="m"):
            pass
    assert caught.value.endpoint_absent


async def test_a_message_beyond_the_limit_is_told_as_a_limit_from_here(stage, connect, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("zaguan_tui.client.realtime.session.MAX_FRAME", 1024 * 1024)

    async def play(socket: Any, _: Any) -> None:
        await socket.send("x" * (1024 * 1024 + 1))
        await socket.wait_closed()

    server = await stage(play)
    with pytest.raises(TransportError):
        async with connect(server.base_url).realtime(model="m") as session:
            async for _ in session:
                pass
    closing = session.closing
    assert closing is not None
    assert (closing.code, closing.limit) == (1009, True)
    told = "The session was closed from here: one message of the server is larger than 1 MiB"
    assert describe_closing(closing).startswith(told)
    assert closing_problem(closing) is not None


async def test_a_proxy_before_a_session_is_named(connect, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    for name in ("https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://me:geheim@127.0.0.1:9")
    with pytest.raises(TransportError) as caught:
        async with connect("https://gateway.example").realtime(model="m"):
            pass
    assert caught.value.reason == "proxy"
    assert "The proxy 127.0.0.1:9 (HTTPS_PROXY) does not answer" in caught.value.message
    assert "geheim" not in str(caught.value)
