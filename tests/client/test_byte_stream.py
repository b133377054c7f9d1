"""File contents as they come: pieces, lines, saved files, and lines that break."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_calls import FIXTURES
from scripted import Step

from zaguan_tui.client import APIError, NotFoundError, RequestOptions, ResponseFormatError, TransportError
from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.streaming import byte_stream as byte_stream_module
from zaguan_tui.client.streaming.byte_stream import ByteStream
from zaguan_tui.client.types.jobs.batch_lines import read_batch_line

OUTPUT = FIXTURES / "batches/output.jsonl"
OLD = b"old"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Pieces:
    """An answer out of thin air."""

    status = 200
    headers: dict[str, str] = {}
    content_type = ""
    meta = ResponseMeta(200)

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece

    async def aclose(self) -> None: ...


def stream_of(pieces: list[bytes]) -> ByteStream:
    @asynccontextmanager
    async def opening() -> AsyncIterator[Pieces]:
        yield Pieces(pieces)

    return ByteStream(opening, endpoint="GET /v1/files/{file_id}/content")


async def test_a_file_is_read_line_by_line(serve: Any, connect: Any) -> None:
    server = await serve(Step(body=OUTPUT.read_bytes(), content_type="application/jsonl"))
    async with connect(server).get_file_content("file-Rr71output") as content:
        lines = [read_batch_line(json.loads(line)) async for line in content.lines()]
        assert content.meta is not None
        assert content.meta.status == 200
    assert [line.custom_id for line in lines][:3] == ["eval-3", "eval-0", "eval-5"]
    assert all(line.is_good and line.body for line in lines)
    assert len(lines) == 6
    assert server.seen[0].target == "/v1/files/file-Rr71output/content"
    assert server.seen[0].headers["accept"] == "*/*"


async def test_a_file_is_saved(serve: Any, connect: Any, tmp_path: Path) -> None:
    body = OUTPUT.read_bytes()
    server = await serve(Step(body=gzip.compress(body), headers={"content-encoding": "gzip"}))
    target = tmp_path / "out.jsonl"
    told: list[tuple[int, int | None]] = []
    content = connect(server).get_file_content("f")
    assert server.seen == []
    assert await content.save(str(target), progress=lambda got, total: told.append((got, total))) == len(body)
    assert target.read_bytes() == body
    assert told[-1] == (len(body), None)
    assert names_in(tmp_path) == ["out.jsonl"]
    assert await connect(server).get_file_content("f").read() == body


async def test_html_and_json_are_contents_like_any_other(serve: Any, connect: Any) -> None:
    for body in (b"<html></html>", b'{"error": "x"}', b""):
        server = await serve(Step(body=body, content_type="text/html"))
        assert await connect(server).get_file_content("f").read() == body


async def test_a_missing_file_is_an_error_on_entering(serve: Any, connect: Any, tmp_path: Path) -> None:
    server = await serve(Step(404, {"error": {"message": "No such file: f", "code": "not_found"}}))
    with pytest.raises(NotFoundError):
        async with connect(server).get_file_content("f"):
            pass
    with pytest.raises(NotFoundError):
        await connect(server).get_file_content("f").save(tmp_path / "out")
    assert names_in(tmp_path) == []


@pytest.mark.parametrize(("fault", "reason"), [("reset", "reset"), ("close", "closed"), ("stall", "stalled")])
async def test_a_broken_download_leaves_the_old_file(
    serve: Any, connect: Any, tmp_path: Path, fault: str, reason: str
) -> None:
    server = await serve(Step(body=b"abc\ndef", fault=fault))
    target = tmp_path / "out"
    target.write_bytes(OLD)
    client = connect(server)
    with pytest.raises(TransportError) as caught:
        await client.get_file_content("f", options=RequestOptions(timeout=0.2)).save(target)
    assert str(caught.value.reason) == reason
    assert target.read_bytes() == OLD
    assert names_in(tmp_path) == ["out"]
    assert len(server.seen) == 1
    await server.until_idle()


async def test_a_cancelled_download_leaves_nothing_and_closes_the_socket(
    serve: Any, connect: Any, tmp_path: Path
) -> None:
    server = await serve(Step(body=b"abc", fault="stall"))
    started = asyncio.Event()
    task = asyncio.create_task(
        connect(server).get_file_content("f").save(tmp_path / "out", progress=lambda *_: started.set())
    )
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert names_in(tmp_path) == []
    await server.until_idle(0.5)


async def test_a_directory_that_is_not_there(serve: Any, connect: Any, tmp_path: Path) -> None:
    server = await serve(Step(body=b"abc"))
    client = connect(server)
    with pytest.raises(FileNotFoundError):
        await client.get_file_content("f").save(tmp_path / "no" / "out")
    await client.aclose()
    await server.until_idle()


async def test_it_must_be_open_to_be_read() -> None:
    stream = stream_of([b"a"])
    with pytest.raises(RuntimeError, match="not open"):
        aiter(stream)
    async with stream:
        assert [piece async for piece in stream] == [b"a"]
    with pytest.raises(RuntimeError, match="not open"):
        aiter(stream)


async def test_a_line_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(byte_stream_module, "MAX_LINE_LENGTH", 10)
    async with stream_of([b"ok\n", b"x" * 6, b"x" * 6]) as stream:
        with pytest.raises(ResponseFormatError, match="a line of more than"):
            _ = [line async for line in stream.lines()]


@settings(max_examples=150, deadline=None)
@given(body=st.text("ab\r\n ", max_size=40).map(str.encode), cuts=st.lists(st.integers(0, 40), max_size=5))
async def test_lines_do_not_depend_on_where_the_network_cuts(body: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(body)]
    pieces = [body[start:end] for start, end in itertools.pairwise(edges)]
    async with stream_of(pieces) as stream:
        lines = [line async for line in stream.lines()]
    assert lines == [line.rstrip(b"\r") for line in body.split(b"\n") if line.strip()]


async def test_an_answer_of_a_login_page_is_no_stream(serve: Any, connect: Any) -> None:
    server = await serve(Step(403, "<html><title>No</title></html>", content_type="text/html"))
    with pytest.raises(APIError, match="No"):
        await connect(server).get_file_content("f").read()
