"""Response metadata, and the trace events that observers of a call receive.

Nothing here holds a secret: headers, URLs and bodies in events were redacted by value before they were built.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from zaguan_tui.client.dispatch.rate_limits import RateLimit


@dataclass(frozen=True, slots=True)
class ResponseMeta:
    """Everything about an answer except its body.

    ``headers`` has lower-case names. ``request_id`` is the server's id for the call, or the id we sent, in
    which case ``request_id_is_ours`` is true. ``elapsed_s`` runs from the first attempt to the end of the
    headers (of a stream) or the end of the body (of everything else), waits between attempts included.
    ``retry_after`` is in seconds. ``url`` is the address that was asked, without its query.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    request_id: str | None = None
    request_id_is_ours: bool = False
    elapsed_s: float = 0.0
    attempts: int = 1
    rate_limits: tuple[RateLimit, ...] = ()
    retry_after: float | None = None
    url: str = ""


class StreamResponse(Protocol):
    """An answer whose status was good and whose body is still to come.

    An error status never gets this far: it was read and raised as an :class:`~.errors.APIError` before.
    """

    @property
    def status(self) -> int:
        """HTTP status, 200 to 299."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Response headers, names in lower case."""
        ...

    @property
    def content_type(self) -> str:
        """Media type without parameters, lower case; empty if the server named none."""
        ...

    @property
    def meta(self) -> ResponseMeta:
        """Status, request id, attempts and allowances of this answer."""
        ...

    def iter_bytes(self) -> AsyncIterator[bytes]:
        """The decoded body as it arrives. Raises :class:`~.errors.TransportError` when the connection fails.

        The error's reason is ``reset`` or ``closed`` for a connection cut short, ``stalled`` when no byte
        came within the stall limit.
        """
        ...

    async def aclose(self) -> None:
        """Drop the connection; harmless when already closed."""
        ...


@dataclass(frozen=True, slots=True)
class AttemptStarted:
    """One HTTP exchange is about to be sent. ``attempt`` counts from 1 within one logical request.

    ``endpoint`` is the catalogue's label (``GET /v1/models``), ``path`` the real path, ``at`` the moment in
    Unix seconds. ``body`` is the request body, redacted; ``None`` without one or when it is streamed from
    disk.
    """

    endpoint: str
    method: str
    path: str
    url: str
    request_id: str
    attempt: int
    at: float
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AttemptFinished:
    """The server answered, with whatever status. ``retry_in``: the wait in seconds if an attempt follows.

    ``body`` is the answer's body, redacted; ``None`` while it is still to be streamed (``streaming``).
    """

    endpoint: str
    method: str
    path: str
    url: str
    request_id: str
    attempt: int
    at: float
    status: int
    elapsed_s: float
    retry_in: float | None = None
    streaming: bool = False
    server_request_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AttemptFailed:
    """No whole answer came: ``reason`` is a :class:`~.errors.TransportReason` value or ``cancelled``."""

    endpoint: str
    method: str
    path: str
    url: str
    request_id: str
    attempt: int
    at: float
    reason: str
    message: str
    elapsed_s: float
    retry_in: float | None = None


@dataclass(frozen=True, slots=True)
class StreamClosed:
    """A streamed answer is over. ``reason`` is ``end``, ``closed`` (by us) or a transport reason."""

    endpoint: str
    request_id: str
    attempt: int
    at: float
    reason: str
    elapsed_s: float
    received: int


TraceEvent = AttemptStarted | AttemptFinished | AttemptFailed | StreamClosed


class Observer(Protocol):
    """Someone who wants to see every attempt, for instance the request inspector."""

    def observe(self, event: TraceEvent) -> None:
        """Take note of ``event``. Called on the event loop: must return at once."""
        ...
