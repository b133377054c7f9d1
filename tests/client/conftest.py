from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from scripted import ScriptedServer, Step

from zaguan_tui.client import Clock, TraceEvent, ZaguanClient

KEY = "zk-test-key/with+signs=0001"


@dataclass
class FastTime:
    """Waits take no time and are written down; chance is zero; the wall clock stands at 2026-11-20 14:30 UTC."""

    waits: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)
            await asyncio.sleep(0)

        return Clock(sleep=sleep, wall=lambda: 1795185000.0, chance=lambda: 0.0)


class Notebook:
    """An observer that writes everything down."""

    def __init__(self) -> None:
        self.events: list[TraceEvent] = []

    def observe(self, event: TraceEvent) -> None:
        self.events.append(event)

    @property
    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


@pytest.fixture
def fast() -> FastTime:
    return FastTime()


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., Any]]:
    """``await serve(step, …)`` starts a scripted server."""
    servers: list[ScriptedServer] = []

    async def start(*steps: Step | Callable[..., Step]) -> ScriptedServer:
        server = ScriptedServer(steps)
        await server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        await server.stop()


@pytest.fixture
async def connect(fast: FastTime, notebook: Notebook) -> AsyncIterator[Callable[..., ZaguanClient]]:
    """``connect(server)`` gives a client whose waits take no time."""
    clients: list[ZaguanClient] = []

    def make(server: ScriptedServer | str, key: str | None = KEY, **options: Any) -> ZaguanClient:
        base_url = server if isinstance(server, str) else server.base_url
        client = ZaguanClient(base_url, key, clock=fast.clock(), observers=[notebook], **options)
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.aclose()
