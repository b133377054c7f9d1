"""A gateway that answers what it should not: the bodies that ``hostile_bodies.py`` sends an app.

    python benchmarks/hostile_server.py polled|streamed BODY

A ``BODY`` of :data:`POLLED` answers every poll but that of the models, one of :data:`STREAMED` every chat.
The address is printed; it serves on loopback until it is ended.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MB = 1_000_000
MODELS = {"object": "list", "data": [{"id": "hostile/one", "object": "model", "context_length": 128_000}]}

RECORD = b'{"name": "groq", "status": "healthy", "latency": 0.25},'


@dataclass(frozen=True, slots=True)
class Body:
    """One answer: its pieces, made anew for each call, and what its headers claim."""

    pieces: Callable[[], Iterator[bytes]]
    coding: str = ""
    media_type: str = "application/json"
    status: int = 200


def _repeat(piece: bytes, size: int, head: bytes = b"", tail: bytes = b"") -> Callable[[], Iterator[bytes]]:
    """``head``, then ``piece`` until there are about ``size`` bytes, then ``tail``."""

    def pieces() -> Iterator[bytes]:
        yield head
        block = piece * max(1, 65_536 // len(piece))
        for _ in range(size // len(block)):
            yield block
        yield tail

    return pieces


def _bomb(megabytes: int, head: bytes = b"", layers: int = 1) -> Callable[[], Iterator[bytes]]:
    """A gzip file of so many megabytes of spaces, packed ``layers`` times."""
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    body = packer.compress(head) + b"".join(packer.compress(b" " * MB) for _ in range(megabytes))
    body += packer.flush()
    for _ in range(layers - 1):
        body = gzip.compress(body)
    return lambda: iter([body])


def _event(delta: str) -> bytes:
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "hostile/one"}
    return (
        b"data: "
        + json.dumps({**chunk, "choices": [{"index": 0, "delta": {"content": delta}}]}).encode()
        + b"\n\n"
    )


POLLED: dict[str, Body] = {
    "a gzip bomb of 500 MB": Body(_bomb(500), "gzip"),
    "a gzip bomb in a gzip": Body(_bomb(500, layers=2), "gzip, gzip"),
    "300 MB in chunks": Body(_repeat(b"x", 300 * MB)),
    "60 MB of unreadable JSON": Body(_repeat(b"x", 60 * MB, b'{"data": [')),
    "60 MB in one text": Body(_repeat(b"x", 60 * MB, b'{"data": "', b'"}')),
    "5 MB of unreadable JSON": Body(_repeat("é€😀".encode(), 5 * MB, b'{"data": "')),
    "5 MB of records": Body(_repeat(RECORD, 5 * MB, b'{"providers": [', b"{}]}")),
    "3.4 MB of records": Body(_repeat(RECORD, 3_400_000, b'{"providers": [', b"{}]}")),
    "5 MB of empty records": Body(_repeat(b"{},", 5 * MB, b"[", b"{}]")),
    "1.9 MB of empty records": Body(_repeat(b"{},", 1_900_000, b'{"providers": [', b"{}]}")),
    "1.9 MB of lists": Body(_repeat(b"[],", 1_900_000, b'{"providers": [', b"[]]}")),
    "5 MB of numbers": Body(_repeat(b"0.123456789,", 5 * MB, b'{"providers": [', b"1]}")),
    "3 MB of numbers": Body(_repeat(b"0.123456789,", 3 * MB, b'{"providers": [', b"1]}")),
    "a million brackets": Body(_repeat(b"[", MB)),
    "nested 900 deep": Body(_repeat(b'{"error":', 8_000, b"", b"1" + b"}" * 889)),
    "an error of 300 MB": Body(_repeat(b"x", 300 * MB, b'{"error": {"message": "'), status=500),
    "an error that is a gzip bomb": Body(_bomb(500, b'{"error": {"message": "'), "gzip", status=503),
    "a page of 300 MB": Body(
        _repeat(b"<p>", 300 * MB, b"<html><title>Login</title>"), media_type="text/html"
    ),
}

_EVENTS = "text/event-stream"
STREAMED: dict[str, Body] = {
    "one event without end": Body(
        _repeat(b"x", 300 * MB, b'data: {"choices": [{"delta": {"content": "'), "", _EVENTS
    ),
    "one event of 15 MB": Body(
        _repeat(b"x", 15 * MB, _event("@").partition(b"@")[0], b'"}}]}\n\n'), "", _EVENTS
    ),
    "200 MB of text": Body(_repeat(_event("word " * 200), 200 * MB), "", _EVENTS),
    "100 MB in one word": Body(_repeat(_event("x" * 1000), 100 * MB), "", _EVENTS),
    "a million comments": Body(_repeat(b": ping\n\n", 8 * MB), "", _EVENTS),
    "a line without end": Body(_repeat(b"x", 300 * MB), "", _EVENTS),
    "a gzip bomb of 500 MB": Body(_bomb(500, b"data: "), "gzip", _EVENTS),
    "300 MB of JSON": Body(_repeat(b"x", 300 * MB, b'{"choices": [{"message": {"content": "')),
    "an error of 300 MB": Body(_repeat(b"x", 300 * MB, b'{"error": {"message": "'), status=500),
}


async def serve(body: Body, *, polled: bool) -> None:
    """Answer the models well, and with ``body`` whatever else is polled, or every POST."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).lower():
                length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length or b"0"))
                posted = head.startswith(b"post")
                if posted if not polled else not posted and b"/models" not in head.partition(b"\r\n")[0]:
                    await _send(writer, body)
                else:
                    await _send(writer, Body(lambda: iter([json.dumps(MODELS).encode()])))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


async def _send(writer: asyncio.StreamWriter, body: Body) -> None:
    coding = f"content-encoding: {body.coding}\r\n" if body.coding else ""
    head = f"HTTP/1.1 {body.status} Sent\r\ncontent-type: {body.media_type}\r\n{coding}"
    writer.write(f"{head}transfer-encoding: chunked\r\n\r\n".encode())
    for piece in body.pieces():
        if piece:
            writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            await writer.drain()
    writer.write(b"0\r\n\r\n")
    await writer.drain()


if __name__ == "__main__":
    kind, name = sys.argv[1:]
    bodies = STREAMED if kind == "streamed" else POLLED
    asyncio.run(serve(bodies.get(name, Body(lambda: iter([b"{}"]))), polled=kind == "polled"))
