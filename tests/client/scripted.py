"""A TCP server that follows a script: what a real server does on a good and on a very bad day."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from client_doubles import until

STALL_S = 30.0
"""Longer than any test waits."""


@dataclass(frozen=True)
class Step:
    """One answer. ``fault``: "reset" (before or inside the body), "close" (the same, politely), "stall".
    ``chunk`` sends the body in chunks of so many bytes, each of which the client reads by itself.
    """

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)
    fault: str | None = None
    content_type: str = "application/json"
    announced: int | None = None
    chunk: int = 0

    @property
    def payload(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


SILENT_RESET = Step(status=0, fault="reset")
SILENT_CLOSE = Step(status=0, fault="close")
SILENT_STALL = Step(status=0, fault="stall")


@dataclass(frozen=True)
class Seen:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class ScriptedServer:
    """Answers the n-th request with the n-th step, all further ones with the last."""

    def __init__(self, steps: Sequence[Step | Callable[[Seen], Step]]) -> None:
        self.steps = list(steps)
        self.seen: list[Seen] = []
        self.open_connections = 0
        self._server: asyncio.Server | None = None
        self._port = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()

    async def until_idle(self, seconds: float = 2.0) -> None:
        """Wait until the client holds no connection any more."""
        await until(lambda: not self.open_connections, seconds)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open_connections += 1
        try:
            while (request := await _read_request(reader)) is not None:
                self.seen.append(request)
                step = self.steps[min(len(self.seen), len(self.steps)) - 1]
                if not await _answer(step(request) if callable(step) else step, reader, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open_connections -= 1
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Seen | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {
        name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method, target, headers, body)


def _chunks(body: bytes, size: int) -> Iterator[bytes]:
    """``body`` in HTTP chunks of ``size`` bytes, and the last, empty one."""
    for start in range(0, len(body), size):
        piece = body[start : start + size]
        yield b"%x\r\n%s\r\n" % (len(piece), piece)
    yield b"0\r\n\r\n"


async def _answer(step: Step, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """Write one answer; true if the connection may serve another request."""
    if step.status:
        length = (
            step.announced if step.announced is not None else len(step.payload) + (1000 if step.fault else 0)
        )
        size = {"transfer-encoding": "chunked"} if step.chunk else {"content-length": str(length)}
        headers = {"content-type": step.content_type, **size, **step.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        body = b"".join(_chunks(step.payload, step.chunk)) if step.chunk else step.payload
        writer.write(f"HTTP/1.1 {step.status} Scripted\r\n{lines}\r\n".encode("latin-1") + body)
        await writer.drain()
    if step.fault == "stall":
        async with asyncio.timeout(STALL_S):
            await reader.read()
        return False
    if step.fault == "reset":
        await asyncio.sleep(0.01)
        socket = writer.get_extra_info("socket")
        socket.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER 0: the close becomes a reset
        writer.transport.abort()
        return False
    return step.fault is None
