"""``LazyTransport``: the HTTP transport, built in a thread on the first call."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from zaguan_tui.client.dispatch.options import ClientOptions
from zaguan_tui.client.errors.exceptions import ArgumentError, TransportError, TransportReason

if TYPE_CHECKING:
    from zaguan_tui.client.transport.http import Transport


class LazyTransport:
    """Holds the pool of one client and of its ``with_options`` copies.

    The HTTP library is imported and the certificates are loaded in a thread, so the first call does not
    hold up the event loop.
    """

    def __init__(self, options: ClientOptions, base_url: str) -> None:
        if options.http2:
            _require_h2()
        self._options = options
        self._base_url = base_url
        self._lock = asyncio.Lock()
        self._transport: Transport | None = None
        self._closed = False

    async def get(self) -> Transport:
        """The transport; raises :class:`TransportError` once it was closed."""
        async with self._lock:
            if self._closed:
                raise TransportError("The client is closed", reason=TransportReason.CLOSED, sent=False)
            if self._transport is None:
                self._transport = await asyncio.to_thread(self._build)
            return self._transport

    async def aclose(self) -> None:
        """Close every connection; no call can be made afterwards."""
        async with self._lock:
            self._closed = True
            transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()

    def _build(self) -> Transport:
        from zaguan_tui.client.transport.http import Transport

        return Transport(self._options, self._base_url)


def _require_h2() -> None:
    from importlib.util import find_spec

    if find_spec("h2") is None:
        raise ArgumentError("http2", "needs the package h2", "False, or install zaguan-tui[http2]")
