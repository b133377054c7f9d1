"""A gateway on a real socket, and a client that holds its key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx

from zaguan_tui.sandbox.config import SandboxConfig
from zaguan_tui.sandbox.data.loader import load_world
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.server import open_socket, quick_server

WORLD = load_world()
KEY = "sk-sandbox-test-key"
ADMIN_KEY = "sk-sandbox-test-admin-key"


@dataclass
class Served:
    """A running gateway, and an HTTP client that holds its key."""

    gateway: Gateway
    http: httpx.AsyncClient
    base_url: str

    async def chat(
        self, model: str = "sandbox/echo", *, fault: str | None = None, **body: Any
    ) -> httpx.Response:
        """One chat call, whole unless ``stream`` is given."""
        body.setdefault("messages", [{"role": "user", "content": "Tell me about circuit breakers."}])
        headers = {} if fault is None else {"x-sandbox-fault": fault}
        return await self.http.post("/v1/chat/completions", json={"model": model, **body}, headers=headers)

    async def rows(self, columns: str = "*") -> list[tuple[Any, ...]]:
        """The ledger's rows of this account's user, oldest first."""
        query = f"SELECT {columns} FROM entries WHERE tenant = 'you' ORDER BY id"
        return await self.gateway.ledger.read(lambda connection: connection.execute(query).fetchall())


Serve = Callable[..., Awaitable[Served]]


@asynccontextmanager
async def served(**settings: Any) -> AsyncIterator[Served]:
    """Serve a new gateway in this event loop; fast time unless ``time_scale`` says otherwise.

    ``data`` is the world when it is not the one that ships, ``clock`` one that the test moves.
    """
    settings = {"time_scale": 50.0, **settings}
    clock = settings.pop("clock", None)
    data = settings.pop("data", None if settings.get("world") else WORLD)
    config = SandboxConfig(api_key=KEY, admin_key=ADMIN_KEY, port=0, **settings)
    gateway = Gateway(config, clock=clock, data=data)
    server = quick_server(gateway)
    sock = open_socket("127.0.0.1", 0)
    base_url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    running = asyncio.create_task(server._serve(sockets=[sock]))
    limits = httpx.Limits(max_connections=300)
    headers = {"Authorization": f"Bearer {KEY}"}
    options: Any = {"headers": headers, "limits": limits, "timeout": 20, "verify": False}
    async with httpx.AsyncClient(base_url=base_url, **options) as http:
        try:
            yield Served(gateway, http, base_url)
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await server.shutdown(sockets=[sock])
