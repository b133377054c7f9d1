from __future__ import annotations

import functools
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from client_doubles import KEY, FastTime, Notebook
from scripted import ScriptedServer, Step

from zaguan_tui.client import ZaguanClient


@pytest.fixture(scope="session", autouse=True)
def certificates() -> Iterator[None]:
    """Trusted certificates are read from disk once for all clients, not 40 ms for each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


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
