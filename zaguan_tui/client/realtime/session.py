"""A realtime session over WebSocket (wire reference §7; OpenAI spec, openai-python).

The library ``websockets`` is imported on the first connection. Reconnecting is the caller's: a new connection
is a new session, of which the server remembers nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from zaguan_tui.client.dispatch.call import json_body
from zaguan_tui.client.dispatch.trace import ResponseMeta
from zaguan_tui.client.errors.exceptions import APIError, TransportError, TransportReason
from zaguan_tui.client.errors.realtime import handshake_error
from zaguan_tui.client.realtime.error_reader import RealtimeErrorReader
from zaguan_tui.client.realtime.events import ServerEvent, read_server_event
from zaguan_tui.client.realtime.requests import ClientEvent
from zaguan_tui.client.transport.proxies import Proxy

if TYPE_CHECKING:
    import ssl

    from websockets.asyncio.client import ClientConnection

MAX_FRAME = 32 * 1024 * 1024
"""Bytes of one frame of the server: 15 MiB of audio in base64 fit."""
QUEUED_FRAMES = 64
"""Frames that wait for a reader; beyond that we stop reading, and the server has to wait (backpressure)."""
CLOSE_S = 5.0

_TOO_LARGE = 1009
_RECONNECT_CODES = frozenset({1001, 1005, 1006, 1011, 1012, 1013, 1015})


@dataclass(frozen=True, slots=True)
class RealtimeRequest:
    """A handshake about to be made. ``open_s`` limits it as a whole, in seconds; ``None`` waits for ever."""

    url: str
    host: str
    headers: dict[str, str] = field(repr=False)
    user_agent: str
    subprotocols: tuple[str, ...] = field(default=(), repr=False)
    open_s: float | None = 20.0
    ping_s: float | None = 20.0
    proxy: Proxy | None = None
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class SessionClose:
    """How a session ended: the close code (1005 none, 1006 without a goodbye) and the words with it.

    ``limit``: a message of the server was larger than this client takes.
    """

    code: int
    reason: str = ""
    by_us: bool = False
    limit: bool = False

    @property
    def worth_reconnecting(self) -> bool:
        """Whether a new session may work (openai-python: 1001 1005 1006 1011 1012 1013 1015)."""
        return not self.by_us and self.code in _RECONNECT_CODES


class RealtimeSession:
    """An async context manager, and inside an async iterator of what the server says.

    ::

        async with client.realtime(model="gpt-realtime") as session:
            await session.send(update_session({"type": "realtime", "output_modalities": ["text"]}))
            await session.send(say("Hello"))
            await session.send(create_response())
            async for event in session: ...

    Entering raises the typed :class:`~.errors.APIError` of a refused handshake, :class:`TransportError` when
    there is no connection. The iterator ends when the session is closed properly and raises
    :class:`TransportError` when it breaks; ``closing`` says how. An ``error`` event ends nothing.
    """

    def __init__(
        self,
        request: RealtimeRequest,
        answers: RealtimeErrorReader,
    ) -> None:
        self._request = request
        self._answers = answers
        self._attempt = answers.attempt
        self._meta = ResponseMeta(status=0)
        self._socket: ClientConnection | None = None
        self._received = 0
        self._closed_by_us = False
        self._close_reported = False

    @property
    def response(self) -> ResponseMeta:
        """Headers and request id of the handshake; status 0 before it was made."""
        return self._meta

    @property
    def closing(self) -> SessionClose | None:
        """How the session ended; ``None`` while it runs or was never opened."""
        socket = self._socket
        if socket is None or socket.close_code is None:
            return None
        frame = socket.protocol.close_sent
        if frame is not None and frame.code == _TOO_LARGE and not socket.protocol.close_rcvd_then_sent:
            reason = f"one message of the server is larger than {MAX_FRAME // (1024 * 1024)} MiB"
            return SessionClose(_TOO_LARGE, reason, limit=True)
        return SessionClose(socket.close_code, self._clean(socket.close_reason or ""), self._closed_by_us)

    async def __aenter__(self) -> Self:
        shown = dict(self._request.headers)
        if self._request.subprotocols:
            shown["sec-websocket-protocol"] = ", ".join(self._request.subprotocols)
        self._attempt.started(shown, None)
        try:
            self._socket = await self._connect()
        except APIError as error:
            error.endpoint = self._attempt.endpoint
            error.request_id = error.request_id or self._attempt.request_id
            self._report(error)
            raise
        except BaseException:
            self._attempt.failed("cancelled", "")
            raise
        headers = _headers(self._socket)
        self._meta = self._answers.meta(101, headers)
        self._attempt.finished(101, headers, None)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def send(self, event: ClientEvent) -> None:
        """Send one event; waits while the server does not take any more (backpressure).

        Raises :class:`~.errors.ArgumentError` for what JSON cannot hold, :class:`TransportError` when the
        session is over.
        """
        from websockets.exceptions import ConnectionClosed

        frame = json_body(event.frame()).decode("ascii")
        try:
            await self._opened().send(frame)
        except ConnectionClosed:
            raise self._broken() from None

    async def ping(self) -> float:
        """Seconds to the server and back. Raises :class:`TransportError` when the session is over."""
        from websockets.exceptions import ConnectionClosed

        try:
            return await (await self._opened().ping())
        except ConnectionClosed:
            raise self._broken() from None

    async def aclose(self, code: int = 1000, reason: str = "") -> None:
        """Say goodbye and close, within 5 s; harmless when already closed."""
        if self._socket is None:
            return
        if self._socket.close_code is None:
            self._closed_by_us = True
            drain = asyncio.create_task(_drain(self._socket))
            try:
                await self._socket.close(code, reason)
            finally:
                drain.cancel()
        self._report_close("closed" if self._closed_by_us else "end")

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> ServerEvent:
        from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK

        try:
            frame = await self._opened().recv()
        except ConnectionClosedOK:
            self._report_close("closed" if self._closed_by_us else "end")
            raise StopAsyncIteration from None
        except ConnectionClosedError:
            raise self._broken() from None
        text = self._clean(frame if isinstance(frame, str) else frame.decode("utf-8", "replace"))
        self._received += len(frame)
        return read_server_event(text, lambda payload: self._answers.error(payload, self._meta))

    async def _connect(self) -> ClientConnection:
        """Make the handshake; every failure becomes a typed error. A redirect is never followed."""
        from websockets.asyncio.client import connect
        from websockets.exceptions import WebSocketException

        class DirectConnect(connect):
            def process_redirect(self, exc: Exception) -> Exception:
                return exc  # the key in a subprotocol or x-api-key would go along

        request = self._request
        options: dict[str, Any] = {} if request.tls is None else {"ssl": request.tls}
        try:
            return await DirectConnect(
                request.url,
                additional_headers=request.headers,
                user_agent_header=request.user_agent,
                subprotocols=[*request.subprotocols] or None,  # type: ignore[list-item]  # NewType of str
                open_timeout=request.open_s,
                ping_interval=request.ping_s,
                close_timeout=CLOSE_S,
                max_size=MAX_FRAME,
                max_queue=QUEUED_FRAMES,
                proxy=request.proxy.full_url if request.proxy is not None else None,
                logger=_silent_logger(),
                **options,
            )
        except (OSError, ImportError, EOFError, WebSocketException) as error:
            raise handshake_error(error, request, self._answers) from None

    def _broken(self) -> TransportError:
        closing = self.closing or SessionClose(1006)
        self._report_close("closed" if closing.by_us else str(TransportReason.CLOSED))
        words = f": {closing.reason}" if closing.reason else ""
        return TransportError(
            f"The session was closed with code {closing.code}{words}",
            reason=TransportReason.CLOSED,
            request_id=self._meta.request_id,
            endpoint=self._attempt.endpoint,
            meta=self._meta,
        )

    def _report(self, error: APIError) -> None:
        if error.status is not None and error.meta is not None:
            self._attempt.finished(error.status, error.meta.headers, error.raw)
        else:
            reason = str(error.reason) if isinstance(error, TransportError) else str(error.kind)
            self._attempt.failed(reason, error.message)

    def _report_close(self, reason: str) -> None:
        if not self._close_reported:
            self._close_reported = True
            self._attempt.stream_closed(reason, self._received)

    def _clean(self, text: str) -> str:
        return self._attempt.redactor.text(text)

    def _opened(self) -> ClientConnection:
        if self._socket is None:
            raise RuntimeError("the session is not open: use it inside `async with`")
        return self._socket


async def _drain(socket: ClientConnection) -> None:
    """Throw away what still comes, or the server's goodbye would stay behind it in the queue."""
    from websockets.exceptions import ConcurrencyError, ConnectionClosed

    with contextlib.suppress(ConnectionClosed, ConcurrencyError):
        while True:
            await socket.recv()


def _headers(socket: ClientConnection) -> dict[str, str]:
    answer = socket.response
    return {} if answer is None else {name.lower(): value for name, value in answer.headers.raw_items()}


def _silent_logger() -> logging.Logger:
    """A logger of its own that says nothing: the library's would write the key's header on level DEBUG."""
    return logging.Logger("zaguan_tui.client.realtime.session", logging.CRITICAL + 1)
