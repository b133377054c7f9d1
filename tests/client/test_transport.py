"""The line: what goes out, what comes back broken, and where keys never go."""

from __future__ import annotations

import asyncio
import gzip
import json

import pytest
from client_doubles import KEY, until
from scripted import SILENT_RESET, SILENT_STALL, Step

from zaguan_tui.client import (
    APIError,
    ArgumentError,
    AuthScheme,
    ClientOptions,
    RequestOptions,
    ResponseFormatError,
    Timeouts,
    TransportError,
    TransportReason,
    ZaguanClient,
    is_plaintext_remote,
    normalise_base_url,
)

MODELS = Step(body={"object": "list", "data": [{"id": "openai/gpt-4o-mini", "object": "model"}]})
ASK = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://localhost:8080", "http://localhost:8080"),
        (" https://API.Example.com/v1/ ", "https://api.example.com"),
        ("https://host/zaguan/v1", "https://host/zaguan"),
        ("HTTPS://host///", "https://host"),
        ("http://[::1]:9/", "http://[::1]:9"),
        ("https://bücher.example", "https://bücher.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
    ],
)
def test_addresses_are_taken_in_every_usual_spelling(text: str, expected: str) -> None:
    assert normalise_base_url(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "localhost:8080", "ftp://host", "file:///etc/passwd", "http:host", "http://", "http:///v1"),
        *(
            "http://h:99999",
            "http://h:0",
            "http://u:p@h",
            "http://h?x=1",
            "http://h#f",
            "http://[::1",
            "http://a b",
            "https://xn--a.example",
            "https://api.xn--.example",
            "https://münchen..example",
        ),
    ],
)
def test_other_addresses_are_refused(text: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        ZaguanClient(text)
    assert caught.value.field == "base_url"


def test_plain_http_to_another_machine_is_told_apart() -> None:
    assert is_plaintext_remote("http://example.com")
    assert is_plaintext_remote("http://10.0.0.1:80")
    for safe in (
        "https://example.com",
        "http://127.0.0.9",
        "http://localhost",
        "http://[::1]:1",
        "http://a.localhost",
    ):
        assert not is_plaintext_remote(safe)


async def test_what_goes_out_on_a_read(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(MODELS)
    await connect(f"{server.base_url}/v1/").list_models()
    seen = server.seen[0]
    assert (seen.method, seen.target) == ("GET", "/v1/models")
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.headers["accept"] == "application/json"
    assert seen.headers["user-agent"].startswith("zaguan-tui/")
    assert len(seen.headers["x-request-id"]) == 36
    assert "content-type" not in seen.headers
    assert "x-api-key" not in seen.headers
    assert "cookie" not in seen.headers


async def test_headers_and_request_id_of_the_caller_replace_ours(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(MODELS)
    options = ClientOptions(
        auth=AuthScheme.X_API_KEY, organization="org-1", headers={"X-Team": "a", "Accept": "x/y"}
    )
    client = connect(server, options=options)
    wish = RequestOptions(headers={"x-team": "b"}, request_id="mine-1")
    models = await client.with_options(headers={"X-More": "c"}).list_models(options=wish)
    headers = server.seen[0].headers
    assert headers["x-api-key"] == KEY
    assert "authorization" not in headers
    assert (headers["x-team"], headers["x-more"], headers["accept"]) == ("b", "c", "x/y")
    assert (headers["openai-organization"], headers["x-request-id"]) == ("org-1", "mine-1")
    assert models.response.request_id == "mine-1"
    assert models.response.request_id_is_ours


@pytest.mark.parametrize("bad", ["a\r\nx-evil: 1", "ü", "a\x00"])
async def test_a_header_that_would_break_the_request_is_refused(serve, connect, bad) -> None:  # type: ignore[no-untyped-def]
    server = await serve(MODELS)
    with pytest.raises(ArgumentError):
        await connect(server).list_models(options=RequestOptions(headers={"x-note": bad}))
    with pytest.raises(ArgumentError):
        connect(server, key=f"key{bad}key")
    assert not server.seen


async def test_no_key_sends_no_authorisation_and_admin_calls_take_the_admin_key(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body={}))
    await connect(server, key=None).raw.request("GET", "/v1/models")
    client = connect(server, admin_key="admin-key-0001")
    await client.raw.request("POST", "/v1/admin/reload")
    await client.raw.request("POST", "/v1/admin/own-thing")
    await client.raw.request("GET", "/health")
    sent = [seen.headers.get("authorization") for seen in server.seen]
    assert sent == [None, "Bearer admin-key-0001", "Bearer admin-key-0001", f"Bearer {KEY}"]


async def test_the_answers_meta_data_is_kept(serve, connect) -> None:  # type: ignore[no-untyped-def]
    headers = {"X-Request-Id": "srv-1", "x-ratelimit-remaining-requests": "41", "Retry-After": "3"}
    server = await serve(Step(body={"data": []}, headers=headers))
    meta = (await connect(server).list_models()).response
    assert (meta.status, meta.request_id, meta.request_id_is_ours, meta.attempts) == (200, "srv-1", False, 1)
    assert (meta.rate_limits[0].name, meta.rate_limits[0].remaining, meta.retry_after) == ("requests", 41, 3)
    assert meta.elapsed_s > 0


async def test_gzip_is_read_and_damaged_gzip_is_an_error(serve, connect) -> None:  # type: ignore[no-untyped-def]
    packed = {"content-encoding": "gzip"}
    server = await serve(
        Step(body=gzip.compress(MODELS.payload), headers=packed), Step(body=b"\x1f\x8bno", headers=packed)
    )
    client = connect(server)
    assert len((await client.list_models()).data) == 1
    with pytest.raises(TransportError) as caught:
        await client.list_models(options=RequestOptions(max_retries=0))
    assert caught.value.reason is TransportReason.PROTOCOL
    server.steps = [Step(400, b"\x1f\x8bno", packed)]
    with pytest.raises(APIError) as refused:
        await client.list_models()
    assert (refused.value.status, refused.value.message) == (400, "unreadable body")


async def test_json_under_a_wrong_content_type_is_still_read(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=MODELS.body, content_type="text/plain"))
    assert len((await connect(server).list_models()).data) == 1


@pytest.mark.parametrize("body", ["", "hello", '{"data": [', "[" * 100_000, b"\xff\xfe\x00", '"text"', "17"])
async def test_an_answer_nobody_can_read_names_endpoint_and_place(serve, connect, body) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body=body))
    with pytest.raises(ResponseFormatError) as caught:
        await connect(server).list_models()
    assert caught.value.endpoint == "GET /v1/models"
    assert caught.value.path.startswith("$")
    assert caught.value.request_id
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (Step(body="<html><title>Sign in</title></html>", content_type="text/html"), "Sign in"),
        (Step(body="<!doctype html><h1>Hi</h1>"), "Hi"),
        (Step(body={"error": {"message": "no such key", "type": "authentication_error"}}), "no such key"),
        (Step(body={"success": False, "message": "off"}), "off"),
    ],
)
async def test_a_good_status_with_an_error_in_it_is_an_error(serve, connect, step, message) -> None:  # type: ignore[no-untyped-def]
    server = await serve(step)
    with pytest.raises(APIError) as caught:
        await connect(server).list_models()
    assert caught.value.message == message
    assert caught.value.status == 200
    assert caught.value.endpoint == "GET /v1/models"
    assert len(server.seen) == 1


async def test_a_body_of_ten_megabytes_on_one_line_is_read(serve, connect) -> None:  # type: ignore[no-untyped-def]
    big = [{"id": f"p/m{number}", "description": "x" * 10_000} for number in range(1000)]
    server = await serve(Step(body={"data": big}))
    assert len((await connect(server).list_models()).data) == 1000


async def test_a_redirect_to_another_origin_is_refused_and_names_both(serve, connect) -> None:  # type: ignore[no-untyped-def]
    other = await serve(MODELS)
    server = await serve(Step(302, headers={"location": f"{other.base_url}/elsewhere"}), MODELS)
    client = connect(server)
    with pytest.raises(TransportError) as caught:
        await client.list_models()
    assert caught.value.reason is TransportReason.REDIRECT
    assert server.base_url in caught.value.message
    assert other.base_url in caught.value.message
    assert (len(server.seen), other.seen) == (1, [])
    assert len((await client.list_models()).data) == 1


async def test_a_redirect_within_the_origin_keeps_the_key(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(308, headers={"location": "/v1/models/"}), MODELS)
    await connect(server).list_models()
    assert [seen.headers["authorization"] for seen in server.seen] == [f"Bearer {KEY}"] * 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_generation_is_never_redirected_elsewhere(serve, connect, status) -> None:  # type: ignore[no-untyped-def]
    other = await serve(MODELS)
    server = await serve(Step(status, headers={"location": other.base_url}))
    with pytest.raises(TransportError) as caught:
        await connect(server).raw.request("POST", "/v1/chat/completions", json=ASK)
    assert caught.value.reason is TransportReason.REDIRECT
    assert (len(server.seen), len(other.seen)) == (1, 0)


@pytest.mark.parametrize(("location", "attempts"), [("/v1/models", 6), ("ftp://host/", 1), ("http://[", 1)])
async def test_redirects_without_end_or_sense_are_refused(serve, connect, location, attempts) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(302, headers={"location": location}))
    with pytest.raises(TransportError) as caught:
        await connect(server).list_models()
    assert caught.value.reason is TransportReason.REDIRECT
    assert len(server.seen) == attempts


@pytest.fixture
async def babbling():  # type: ignore[no-untyped-def]
    """The address of a server that says something that is no HTTP."""

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_a_line_that_speaks_something_else_is_said_so(connect, babbling) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TransportError) as caught:
        await connect(f"https://{babbling}").list_models()
    assert (caught.value.reason, caught.value.attempts, caught.value.sent) == (TransportReason.TLS, 1, False)
    with pytest.raises(TransportError) as caught:
        await connect(f"http://{babbling}").list_models(options=RequestOptions(max_retries=0))
    assert caught.value.reason is TransportReason.PROTOCOL


async def test_a_name_that_does_not_exist_is_said_so(connect) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(TransportError) as caught:
        await connect("http://no-such-host.invalid").list_models(options=RequestOptions(max_retries=0))
    assert caught.value.reason is TransportReason.DNS


async def test_cancelling_a_call_closes_its_socket_and_tells_the_observers(serve, connect, notebook) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(status=0, fault="stall"))
    task = asyncio.create_task(connect(server).list_models())
    await until(lambda: server.seen)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await server.until_idle()
    assert notebook.names == ["AttemptStarted", "AttemptFailed"]
    assert notebook.events[-1].reason == "cancelled"


async def test_cancelling_during_a_wait_stops_at_once(serve, notebook) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(429, headers={"retry-after": "100"}))
    async with ZaguanClient(server.base_url, KEY, observers=[notebook]) as client:
        task = asyncio.create_task(client.list_models())
        await until(lambda: "AttemptFinished" in notebook.names)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            async with asyncio.timeout(1):
                await task
    assert len(server.seen) == 1


async def test_cookies_are_not_kept(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body={"data": []}, headers={"set-cookie": "track=1"}))
    client = connect(server)
    await client.list_models()
    await client.list_models()
    assert "cookie" not in server.seen[1].headers


async def test_connections_are_reused_and_closed_with_the_client(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(MODELS)
    client = connect(server)
    for _ in range(3):
        await client.list_models()
    assert server.open_connections == 1
    await client.aclose()
    await server.until_idle()
    with pytest.raises(TransportError, match="closed"):
        await client.list_models()


async def test_a_loopback_gateway_is_not_asked_for_through_a_proxy(serve, connect, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server = await serve(MODELS)
    assert len((await connect(server).list_models()).data) == 1


async def test_a_key_never_shows_in_traces_errors_or_reprs(serve, connect, notebook) -> None:  # type: ignore[no-untyped-def]
    echo = json.dumps({"error": {"message": f"bad key {KEY}", "key": KEY, "url": KEY.replace("/", "%2F")}})
    server = await serve(Step(400, echo.replace("/", "\\/"), {"x-echo": KEY, "x-request-id": KEY}))
    client = connect(server)
    with pytest.raises(APIError) as caught:
        await client.raw.request("POST", "/v1/models", json={"note": KEY}, params={"key": KEY})
    error = caught.value
    texts = [
        repr(client),
        repr(client.options),
        repr(client._dispatcher.gateway),
        str(error),
        repr(error),
        repr(error.raw),
    ]
    texts += [repr(error.details), repr(error.request_id)]
    for event in notebook.events:
        texts += [repr(event), repr(event.headers), repr(event.body)]
    for text in texts:
        assert "test-key" not in text, text
    assert "[redacted]" in str(error)


async def test_an_observers_fault_does_not_fail_the_call(serve, fast) -> None:  # type: ignore[no-untyped-def]
    class Broken:
        def observe(self, event: object) -> None:
            raise ValueError("no")

    server = await serve(MODELS)
    async with ZaguanClient(server.base_url, KEY, observers=[Broken()], clock=fast.clock()) as client:
        assert len((await client.list_models()).data) == 1


def test_limits_are_checked_and_overridden() -> None:
    limits = Timeouts()
    short = limits.override(2.0)
    assert (short.connect, short.pool, short.write, short.read, short.generation, short.stall) == (
        2,
        2,
        30,
        2,
        2,
        2,
    )
    assert limits.override(900).connect == 5
    for wrong in (
        lambda: Timeouts(read=0),
        lambda: RequestOptions(timeout=-1),
        lambda: ClientOptions(max_retries=-1),
    ):
        with pytest.raises(ArgumentError):
            wrong()


async def test_a_broken_ca_file_and_missing_http2_are_arguments(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    pem = tmp_path / "ca.pem"
    pem.write_text("nothing")
    async with ZaguanClient("https://localhost:1", options=ClientOptions(ca_file=str(pem))) as client:
        with pytest.raises(ArgumentError, match="ca_file"):
            await client.list_models()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ArgumentError, match="http2"):
        ZaguanClient("http://h", options=ClientOptions(http2=True))


@pytest.mark.parametrize(("step", "begun"), [(SILENT_RESET, False), (Step(body={}, fault="reset"), True)])
async def test_whether_the_answer_had_begun_is_known(serve, connect, step, begun) -> None:  # type: ignore[no-untyped-def]
    server = await serve(step)
    with pytest.raises(TransportError) as caught:
        await connect(server).list_models(options=RequestOptions(max_retries=0))
    assert caught.value.begun is begun


async def test_a_stream_that_never_began_did_not_stall(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(SILENT_STALL)
    with pytest.raises(TransportError) as caught:
        async with connect(server).chat_stream(
            **ASK, options=RequestOptions(timeout=0.05, max_retries=0)
        ) as _:
            pass
    assert caught.value.reason is TransportReason.TIMEOUT
