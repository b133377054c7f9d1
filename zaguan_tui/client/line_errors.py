"""From httpx's exceptions to :class:`~.errors.TransportError`: one sentence and one reason each."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

import httpx

from .errors import TransportError, TransportReason

_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


def line_error(error: httpx.HTTPError, host: str, *, streaming: bool) -> TransportError:
    """What ``error`` means for a call to ``host`` (``name:port``). ``streaming``: silence counts as a
    stall.
    """
    match error:
        case httpx.PoolTimeout():
            return _make(TransportReason.POOL, "No connection became free in time", sent=False)
        case httpx.ConnectTimeout():
            return _make(
                TransportReason.CONNECT_TIMEOUT, f"{host} did not accept a connection in time", sent=False
            )
        case httpx.TimeoutException() if streaming:
            return _make(TransportReason.STALLED, f"The answer of {host} stalled")
        case httpx.TimeoutException():
            return _make(TransportReason.TIMEOUT, f"{host} did not answer in time")
        case httpx.ConnectError() | httpx.ProxyError() | httpx.UnsupportedProtocol():
            return _connect_error(error, host)
        case httpx.RemoteProtocolError() if "disconnected" in str(error) or "closed connection" in str(error):
            return _make(
                TransportReason.CLOSED, f"{host} closed the connection before the answer was complete"
            )
        case httpx.NetworkError():
            return _make(TransportReason.RESET, f"The connection to {host} broke")
        case httpx.DecodingError():
            return _make(
                TransportReason.PROTOCOL, f"The answer of {host} is damaged: it cannot be decompressed"
            )
        case _:
            return _make(TransportReason.PROTOCOL, f"{host} does not speak proper HTTP")


def _connect_error(error: httpx.HTTPError, host: str) -> TransportError:
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            return _make(TransportReason.DNS, f"The name of {host} cannot be resolved", sent=False)
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = cause.verify_message or "verification failed"
            return _make(
                TransportReason.TLS, f"The certificate of {host} is not trusted: {reason}", sent=False
            )
        if isinstance(cause, ssl.SSLError):
            return _make(TransportReason.TLS, f"{host} does not speak TLS as expected", sent=False)
        if isinstance(cause, ConnectionRefusedError):
            return _make(TransportReason.REFUSED, f"Nothing listens at {host}", sent=False)
        if isinstance(cause, OSError) and cause.errno in _UNREACHABLE:
            return _make(TransportReason.UNREACHABLE, f"There is no way to {host}", sent=False)
    return _make(TransportReason.UNREACHABLE, f"{host} cannot be reached", sent=False)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """``error`` and everything behind it, members of exception groups included; each once."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions


def _make(reason: TransportReason, message: str, *, sent: bool = True) -> TransportError:
    return TransportError(message, reason=reason, sent=sent)
