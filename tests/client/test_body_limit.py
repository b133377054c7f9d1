"""Answers too large to hold, in every wrapping: what is read of them, what is said, and what stays behind."""

from __future__ import annotations

import gc
import gzip
import json
import tracemalloc
import zlib

import pytest
from client_doubles import KEY, until
from scripted import Step

from zaguan_tui.client import (
    APIError,
    ArgumentError,
    ClientOptions,
    RequestOptions,
    ResponseFormatError,
    ZaguanClient,
)
from zaguan_tui.client.dispatch.reply import SLICED_FROM
from zaguan_tui.client.transport.body_limit import AnswerTooLargeError
from zaguan_tui.client.transport.content_coding import PIECE_BYTES, ContentCodingError, ContentDecoder
from zaguan_tui.state.core.clock import SystemClock
from zaguan_tui.state.core.governor import PollGovernor
from zaguan_tui.state.core.poller import Poller
from zaguan_tui.state.core.store import Store

MB = 1_000_000
BOMB = gzip.compress(bytes(20 * MB), 9)
TEXT = json.dumps(
    [{"id": f"p/m{number}", "text": "déjà vu " * (number % 50)} for number in range(3_000)]
).encode()


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


CODED = {
    "": TEXT,
    "identity": TEXT,
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT),
    " GZIP ,identity": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "deflate, gzip": gzip.compress(zlib.compress(TEXT)),
    "gzip, gzip": gzip.compress(gzip.compress(TEXT)),
}


@pytest.mark.parametrize("size", [1, 7, 1000, 10_000_000])
@pytest.mark.parametrize("coding", CODED)
def test_a_body_is_the_same_in_every_coding_and_split(coding: str, size: int) -> None:
    decoder, data = ContentDecoder(coding), CODED[coding]
    pieces = [piece for at in range(0, len(data), size) for piece in decoder.feed(data[at : at + size])]
    assert b"".join(pieces) == TEXT


def test_deflate_without_its_header_and_gzip_of_two_members_are_read() -> None:
    assert b"".join(ContentDecoder("deflate").feed(_raw_deflate(TEXT))) == TEXT
    two = gzip.compress(TEXT) + gzip.compress(b"more") + b"\0\0"
    assert b"".join(ContentDecoder("gzip").feed(two)) == TEXT + b"more"


def test_no_piece_of_a_bomb_is_large() -> None:
    for coding, body in (("gzip", BOMB), ("gzip, gzip", gzip.compress(BOMB))):
        sizes = [len(piece) for piece in ContentDecoder(coding).feed(body)]
        assert (max(sizes), sum(sizes)) == (PIECE_BYTES, 20 * MB)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_damaged_data_is_an_error(coding: str) -> None:
    with pytest.raises(ContentCodingError):
        b"".join(ContentDecoder(coding).feed(b"\x1f\x8bno"))


def test_a_body_wrapped_again_and_again_is_refused() -> None:
    with pytest.raises(ContentCodingError):
        ContentDecoder(", ".join(["gzip"] * 2_000))


def _gzipped(body: bytes) -> Step:
    return Step(body=body, headers={"content-encoding": "gzip"})


TOO_LARGE = {
    "plain": Step(body=b"x" * 3 * MB),
    "chunked": Step(body=b"x" * 3 * MB, chunk=50_000),
    "gzip bomb": _gzipped(BOMB),
    "gzip bomb in a gzip": Step(body=gzip.compress(BOMB), headers={"content-encoding": "gzip, gzip"}),
    "valid JSON": Step(body={"data": ["x" * 3 * MB]}),
}


@pytest.mark.parametrize("name", TOO_LARGE)
async def test_a_body_over_the_limit_is_given_up_with_its_endpoint(serve, connect, notebook, name) -> None:  # type: ignore[no-untyped-def]
    server = await serve(TOO_LARGE[name])
    client = connect(server, options=ClientOptions(body_limit=2 * MB))
    tracemalloc.start()
    with pytest.raises(AnswerTooLargeError) as caught:
        await client.list_models()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert str(caught.value) == "GET /v1/models: answer larger than 2 MB"
    assert (caught.value.endpoint, len(server.seen)) == ("GET /v1/models", 1)
    assert caught.value.request_id
    assert notebook.names == ["AttemptStarted", "AttemptFailed"]
    assert (notebook.events[-1].reason, notebook.events[-1].message) == (
        "too large",
        "answer larger than 2 MB",
    )
    assert peak < 12 * MB


@pytest.mark.parametrize("one", ["{}", "[]", "0", '""', "null", "0.5"])
async def test_a_body_of_too_many_values_is_given_up(serve, connect, one) -> None:  # type: ignore[no-untyped-def]
    body = "[" + f"{one}," * 30_000 + one + "]"
    server = await serve(Step(body=body))
    with pytest.raises(AnswerTooLargeError, match=r"GET /v1/models: answer larger than 8,333 values"):
        await connect(server).list_models(options=RequestOptions(body_limit=200_000))
    with pytest.raises(ResponseFormatError) as caught:
        await connect(server).list_models()
    assert not isinstance(caught.value, AnswerTooLargeError)


async def test_the_limit_of_a_call_replaces_the_clients(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body={"data": [{"id": "p/m", "text": "x" * 10_000}]}))
    client = connect(server, options=ClientOptions(body_limit=1000))
    assert len((await client.list_models(options=RequestOptions(body_limit=20_000))).data) == 1
    with pytest.raises(AnswerTooLargeError, match="larger than 1,000 bytes"):
        await client.list_models()
    for wrong in (lambda: ClientOptions(body_limit=0), lambda: RequestOptions(body_limit=-1)):
        with pytest.raises(ArgumentError):
            wrong()


async def test_streams_and_files_have_no_limit(serve, connect, tmp_path) -> None:  # type: ignore[no-untyped-def]
    server = await serve(_gzipped(BOMB))
    client = connect(server, options=ClientOptions(body_limit=1000))
    assert await client.get_file_content("file-1").save(tmp_path / "file") == 20 * MB


async def test_an_errors_body_is_read_to_a_megabyte(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(400, BOMB, {"content-encoding": "gzip"}), Step(400, b"x" * 3 * MB, chunk=9999))
    for _ in range(2):
        tracemalloc.start()
        with pytest.raises(APIError) as caught:
            await connect(server).list_models()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert caught.value.status == 400
        assert peak < 12 * MB


async def test_numbers_and_records_of_a_large_body_are_as_in_a_small_one(serve, connect) -> None:  # type: ignore[no-untyped-def]
    value = {"a": 1, "b": -2.5e3, "c": [1, {"d": True}], "huge": 10**30, "pad": "x" * SLICED_FROM}
    server = await serve(Step(body=value))
    assert (await connect(server).raw.request("GET", "/v1/models")).json() == value


@pytest.mark.parametrize("body", [b"%s", b'"%s"', b'{"data": "%s"}'])
async def test_nothing_of_an_unreadable_answer_stays_behind(serve, fast, body) -> None:  # type: ignore[no-untyped-def]
    """Freed at once, not when the collector comes: no exception may hold its own frames."""
    server = await serve(Step(body=body % (b"x" * 4 * MB)))
    async with ZaguanClient(server.base_url, KEY, clock=fast.clock()) as client:
        store: Store[object] = Store("models")
        clock = SystemClock()
        poller = Poller(
            store,
            client.list_models,
            interval=1,
            hidden_interval=None,
            timeout=10,
            clock=clock,
            governor=PollGovernor(clock),
        )
        await poller.refresh()
        gc.collect()
        gc.disable()
        tracemalloc.start()
        try:
            await poller.refresh()
            assert tracemalloc.get_traced_memory()[1] > 4 * MB
            await until(lambda: tracemalloc.get_traced_memory()[0] < 2 * MB)
        finally:
            tracemalloc.stop()
            gc.enable()
    assert store.snapshot.problem is not None
