"""A WebSocket server that follows a transcript, or refuses the handshake."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

FIXTURES = Path(__file__).parent.parent / "fixtures" / "realtime"

Play = Callable[[ServerConnection, "RealtimeServer"], Awaitable[None]]


def transcript(name: str) -> list[tuple[str, dict[str, Any]]]:
    lines = (FIXTURES / f"{name}.jsonl").read_text().splitlines()
    return [(entry["dir"], entry["event"]) for entry in map(json.loads, lines)]


class RealtimeServer:
    """Remembers what it was asked and told."""

    def __init__(self, play: Play | None = None, refusal: tuple[int, dict[str, str], bytes] | None = None):
        self.play = play
        self.refusal = refusal
        self.targets: list[str] = []
        self.headers: list[Headers] = []
        self.told: list[Any] = []
        self.closed_with: list[int | None] = []
        self._server: Server | None = None

    @property
    def base_url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{next(iter(self._server.sockets)).getsockname()[1]}"

    async def start(self) -> RealtimeServer:
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            0,
            process_request=self._check,
            select_subprotocol=self._choose,
            max_queue=2,
            compression=None,
        )
        return self

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close(close_connections=True)
        await self._server.wait_closed()

    def _check(self, connection: ServerConnection, request: Request) -> Response | None:
        self.targets.append(request.path)
        self.headers.append(request.headers)
        if self.refusal is None:
            return None
        status, headers, body = self.refusal
        sent = Headers({**headers, "content-length": str(len(body))})
        return Response(status, "Refused", sent, body)

    def _choose(self, connection: ServerConnection, offered: Any) -> Any:
        return "realtime" if "realtime" in offered else None

    async def _serve(self, connection: ServerConnection) -> None:
        assert self.play is not None
        await self.play(connection, self)
        await connection.wait_closed()
        self.closed_with.append(connection.close_code)


def follow(name: str) -> Play:
    """Say the server's lines of a transcript; wait for the client at each of his."""

    async def play(connection: ServerConnection, server: RealtimeServer) -> None:
        for side, event in transcript(name):
            if side == "server":
                await connection.send(json.dumps(event))
            else:
                server.told.append(json.loads(await connection.recv()))
        await connection.close()

    return play
