"""Run the gateway's process: socket, banner, uvicorn, and the end of the parent process."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import socket
import sys
import threading
from contextlib import suppress
from typing import Any

import uvicorn

from zaguan_tui.sandbox.config import SandboxConfig
from zaguan_tui.sandbox.data.records import WorldError
from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.ledger.ledger import LedgerError
from zaguan_tui.sandbox.engine.providers.scenario import ScenarioError
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.app import build_app
from zaguan_tui.sandbox.http.middleware import ConnectionCutError

CANNOT_START = 2
"""Exit code when the address, the database or a world file cannot be used."""


class QuickServer(uvicorn.Server):
    """Uvicorn that does not wait for open streams when it is told to end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the sockets, end open requests, and let the application close its ledger."""
        for server in self.servers:
            server.close()
        for sock in sockets or []:
            sock.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()  # every stream notices, settles its call and ends
        running = list(self.server_state.tasks)
        if running:
            _, stubborn = await asyncio.wait(running, timeout=0.5)
            for task in stubborn:
                task.cancel()
        await self.lifespan.shutdown()


class LazyWebSocket(asyncio.Protocol):
    """A WebSocket's protocol; the library behind it is loaded by the first one."""

    def __new__(cls, **settings: Any) -> Any:
        """The real protocol in this one's place."""
        from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

        return WebSocketsSansIOProtocol(**settings)


def quick_server(gateway: Gateway) -> QuickServer:
    """A server for ``gateway``, quiet and lean; give it its listening socket with ``serve(sockets=[…])``."""
    settings = uvicorn.Config(
        build_app(gateway),
        log_config=None,
        access_log=False,
        lifespan="on",
        loop="asyncio",
        http="h11",
        ws=LazyWebSocket,
        server_header=False,
        timeout_keep_alive=75,
        proxy_headers=False,
    )
    return QuickServer(settings)


def run(config: SandboxConfig) -> int:
    """Serve until SIGINT, SIGTERM or, with ``announce``, the end of standard input; returns the exit code."""
    try:
        sock = open_socket(config.host, config.port)
    except OSError as error:
        _print_error(f"cannot listen on {config.host}:{config.port}: {error.strerror or error}.")
        return CANNOT_START
    try:
        gateway = Gateway(config)
    except (WorldError, ScenarioError, LedgerError) as error:
        sock.close()
        _print_error(str(error))
        return CANNOT_START
    server = quick_server(gateway)
    _silence_logging(config)
    try:
        _print_banner(gateway, sock)
    except OSError as error:
        sock.close()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # else the interpreter's last flush fails as well
        _print_error(f"the address cannot be printed: {error.strerror or error}.")
        return CANNOT_START
    if config.announce:
        threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    gc.freeze()  # the world files' records live as long as the process: the collector need not scan them
    with suppress(KeyboardInterrupt):
        server.run(sockets=[sock])
    return 0


def _silence_logging(config: SandboxConfig) -> None:
    """Log nothing to a parent's pipe; to a person only bugs, not the cuts that were asked for."""
    if config.announce:
        logging.disable(logging.CRITICAL)
    log = logging.getLogger("uvicorn.error")
    log.addFilter(lambda record: not (record.exc_info and isinstance(record.exc_info[1], ConnectionCutError)))


def open_socket(host: str, port: int) -> socket.socket:
    """A socket that listens on ``host`` and ``port`` (0: any free one). Raises `OSError`."""
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = addresses[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(2048)
    except OSError:
        sock.close()
        raise
    return sock


def _print_banner(gateway: Gateway, sock: socket.socket) -> None:
    """One JSON line for a parent, or one for a person."""
    config = gateway.config
    port = sock.getsockname()[1]
    host = f"[{config.host}]" if ":" in config.host else config.host
    base_url = f"http://{host}:{port}"
    if config.announce:
        line = {
            "base_url": base_url,
            "api_key": config.api_key,
            "admin_key": config.admin_key,
            "pid": os.getpid(),
            "scenario": config.scenario,
        }
        _print_line(json.dumps(line))
        return
    reach = "this machine only"
    if not config.on_loopback:
        reach = "open to other machines"
        _print_error(f"listening on {config.host}: other machines can reach it with the key.")
    if gateway.ledger.resumed:
        reached = format_instant(gateway.clock.start_at)
        _print_error(f"world time goes on at {reached}, where the last run of {config.db} ended.")
    hint = f"curl -H 'Authorization: Bearer {config.api_key}' {base_url}/v1/models"
    _print_line(
        f"Sandbox ({config.scenario}) on {base_url}, {reach}   admin key {config.admin_key}   try: {hint}"
    )


def _stop_with_parent(server: uvicorn.Server) -> None:
    """Wait for standard input to close, which happens whatever way the parent ends."""
    try:
        while os.read(0, 4096):
            pass
    except OSError:
        pass
    server.should_exit = True


def _print_line(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _print_error(sentence: str) -> None:
    with suppress(OSError):  # there is no reader
        sys.stderr.write(f"sandbox: {sentence}\n")
        sys.stderr.flush()
