"""Protocols of transports: what the dispatcher needs of the network, a recorder, or a tape."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from zaguan_tui.client.transport.wire_request import WireRequest


class TransportResponse(Protocol):
    """Status and headers (lower-case names) of an answer, its body still to come. Always to be closed."""

    status: int
    headers: dict[str, str]

    def iter_bytes(self) -> AsyncIterator[bytes]:
        """The decompressed body as it arrives; raises :class:`~.errors.TransportError` when it breaks off."""
        ...

    async def read(self, limit: int) -> bytes:
        """The whole body; raises :class:`~.errors.TransportError` when it does not come whole.

        Raises :class:`~.body_limit.AnswerTooLargeError` when it has more than ``limit`` bytes.
        """
        ...

    async def read_error(self) -> tuple[bytes, bool]:
        """What can be had of an error's body, and whether it is damaged."""
        ...

    async def aclose(self) -> None:
        """Give the connection back, or drop it."""
        ...


class RequestTransport(Protocol):
    """Takes one request and brings its answer."""

    async def exchange(self, request: WireRequest) -> TransportResponse:
        """Send ``request``; raises :class:`~.errors.TransportError` when no answer comes."""
        ...


class TransportHolder(Protocol):
    """Makes the transport on the first call, and closes it."""

    async def get(self) -> RequestTransport:
        """The transport; raises :class:`~.errors.TransportError` once the holder was closed."""
        ...

    async def aclose(self) -> None:
        """Close every connection; no call can be made afterwards."""
        ...
