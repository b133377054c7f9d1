"""Files sent from disk: the form as the other side reads it, memory, progress, retries, files that change."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from form_parser import read_form
from hypothesis import given, settings
from hypothesis import strategies as st
from openai_calls import FIXTURES
from scripted import Seen, Step

from zaguan_tui.client import ArgumentError, RateLimitError
from zaguan_tui.client.requests.multipart import FormDraft, MultipartForm
from zaguan_tui.client.requests.upload_source import PIECE, Upload, UploadSource, type_of

UPLOADED = (FIXTURES / "files/upload.json").read_bytes()


async def body_of(form: MultipartForm) -> bytes:
    return b"".join([piece async for piece in form()])


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


async def test_an_upload_is_a_form_with_a_file(serve: Any, connect: Any, tmp_path: Path) -> None:
    content = bytes(range(256)) * 2000
    path = written(tmp_path / 'night "ä".jsonl', content)
    server = await serve(Step(body=UPLOADED))
    told: list[tuple[int, int]] = []
    file = await connect(server).upload_file(
        file=path,
        purpose="batch",
        expires_after_s=3600,
        progress=lambda sent, total: told.append((sent, total)),
    )
    assert (file.id, file.size, file.status, file.is_usable) == ("file-bT4nQz81input", 1843, "uploaded", True)
    (seen,) = server.seen
    assert (seen.method, seen.target) == ("POST", "/v1/files")
    form = read_form(seen)
    assert form.fields == [
        ("purpose", "batch"),
        ("expires_after[anchor]", "created_at"),
        ("expires_after[seconds]", "3600"),
    ]
    (sent,) = form.files
    assert (sent.name, sent.filename) == ("file", "night %22ä%22.jsonl")
    assert sent.content_type == "application/jsonl"
    assert sent.content == content
    assert told[-1] == (len(content), len(content))
    assert [step for step, _ in told] == sorted({step for step, _ in told})
    assert len(told) == -(-len(content) // PIECE)


async def test_a_retry_sends_the_whole_body_again(
    serve: Any, connect: Any, fast: Any, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.jsonl", b"x" * (PIECE + 7))
    server = await serve(
        Step(429, {"error": {"message": "slow"}}, headers={"retry-after": "2"}), Step(body=UPLOADED)
    )
    told: list[int] = []
    await connect(server).upload_file(
        file=path, purpose="batch", progress=lambda sent, total: told.append(sent)
    )
    first, second = server.seen
    assert first.body == second.body
    assert read_form(second).files[0].content == path.read_bytes()
    assert told == [PIECE, PIECE + 7] * 2
    assert fast.waits == [2.0]


async def test_a_file_in_memory_goes_out_too(serve: Any, connect: Any) -> None:
    server = await serve(Step(body=UPLOADED))
    await connect(server).upload_file(file=Upload("a.bin", b"\r\n--x\r\n"), purpose="user_data")
    (sent,) = read_form(server.seen[0]).files
    assert (sent.filename, sent.content_type, sent.content) == (
        "a.bin",
        "application/octet-stream",
        b"\r\n--x\r\n",
    )
    assert "--x" not in repr(Upload("a", b"--x"))


@pytest.mark.parametrize(
    "kind", ["missing", "directory", "empty", "empty upload", "number", "null byte", "pipe"]
)
async def test_what_is_no_file_never_reaches_the_network(
    serve: Any, connect: Any, tmp_path: Path, kind: str
) -> None:
    server = await serve(Step(body=UPLOADED))
    os.mkfifo(tmp_path / "pipe")
    source: Any = {
        "pipe": tmp_path / "pipe",
        "missing": tmp_path / "nothing",
        "directory": tmp_path,
        "empty": written(tmp_path / "empty", b""),
        "empty upload": Upload("a", b""),
        "number": 5,
        "null byte": "a\0b",
    }[kind]
    with pytest.raises(ArgumentError) as caught:
        await connect(server).upload_file(file=source, purpose="batch")
    assert caught.value.field == "file"
    assert caught.value.allowed
    assert server.seen == []


async def test_a_file_that_changes_on_the_way_is_never_sent_as_a_mixture(
    serve: Any, connect: Any, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.jsonl", b"x" * (3 * PIECE))
    server = await serve(Step(body=UPLOADED))

    def meddle(sent: int, total: int) -> None:
        path.write_bytes(b"y" * (3 * PIECE))
        os.utime(path, ns=(1, 1))

    with pytest.raises(ArgumentError, match="changed while it was sent"):
        await connect(server).upload_file(file=path, purpose="batch", progress=meddle)
    assert server.seen == []
    await server.until_idle()


async def test_a_file_that_vanishes_between_two_tries(serve: Any, connect: Any, tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", b"x")

    def refuse(seen: Seen) -> Step:
        path.unlink()
        return Step(429, {"error": {"message": "slow"}})

    server = await serve(refuse)
    with pytest.raises(ArgumentError, match="cannot be read"):
        await connect(server).upload_file(file=path, purpose="batch")
    assert len(server.seen) == 1


async def test_an_upload_is_not_repeated_when_it_may_have_been_taken(
    serve: Any, connect: Any, tmp_path: Path
) -> None:
    path = written(tmp_path / "a.jsonl", b"x")
    server = await serve(Step(status=0, fault="reset"))
    with pytest.raises(Exception, match="connection"):
        await connect(server).upload_file(file=path, purpose="batch")
    assert len(server.seen) == 1
    server = await serve(Step(429, {"error": {"message": "quota", "code": "rate_limit_exceeded"}}))
    with pytest.raises(RateLimitError):
        await connect(server).upload_file(file=path, purpose="batch")
    assert len(server.seen) == 3


async def test_a_big_file_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    form = await FormDraft({"purpose": "batch"}, [("file", path)]).measured()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    total = 0
    async for piece in form():
        assert len(piece) <= PIECE + 1024
        total += len(piece)
    assert total == form.length
    grown_kib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / (
        1024 if sys.platform == "darwin" else 1
    )
    assert grown_kib < 16 * 1024


async def test_no_file_stays_open_when_an_upload_is_broken_off(tmp_path: Path) -> None:
    path = written(tmp_path / "half-sent", b"x" * (4 * PIECE))
    form = await FormDraft({}, [("file", path)]).measured()
    pieces = form()
    await anext(pieces)
    await anext(pieces)
    assert path.name not in [Path(file.path).name for file in psutil.Process().open_files()]


@settings(max_examples=60, deadline=None)
@given(
    fields=st.lists(st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=20)), max_size=4),
    files=st.lists(
        st.tuples(st.text(min_size=1, max_size=8), st.binary(min_size=1, max_size=300)), max_size=3
    ),
)
async def test_the_announced_length_is_the_length(
    fields: list[tuple[str, str]], files: list[tuple[str, bytes]]
) -> None:
    sources = [await UploadSource.measure("file", Upload(name, content)) for name, content in files]
    form = MultipartForm(fields, sources)
    body = await body_of(form)
    assert len(body) == form.length
    assert body == await body_of(form)
    for _, content in files:
        assert content in body


async def test_fields_repeat_vanish_and_are_lower_case() -> None:
    form = await FormDraft({"a": ["x", "y"], "b": None, "c": True, "d": 0.5}, []).measured()
    body = (await body_of(form)).decode()
    assert body.count('name="a"') == 2
    assert 'name="b"' not in body
    assert "\r\n\r\ntrue\r\n" in body
    assert "\r\n\r\n0.5\r\n" in body


def test_types_are_told_from_names() -> None:
    assert type_of("A.WAV") == "audio/wav"
    assert type_of("a.png") == "image/png"
    assert type_of("noext") == "application/octet-stream"
