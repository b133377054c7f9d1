"""Why a connection never stood, told from the operating system's errors; shared by HTTP and WebSocket."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

from .errors import TransportError, TransportReason

_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


def connect_error(error: BaseException, host: str) -> TransportError:
    """What ``error``, or anything behind it, means for a connection to ``host`` (``name:port``)."""
    for cause in causes(error):
        if isinstance(cause, socket.gaierror):
            return _make(TransportReason.DNS, f"The name of {host} cannot be resolved")
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = cause.verify_message or "verification failed"
            return _make(TransportReason.TLS, f"The certificate of {host} is not trusted: {reason}")
        if isinstance(cause, ssl.SSLError):
            return _make(TransportReason.TLS, f"{host} does not speak TLS as expected")
        if isinstance(cause, ConnectionRefusedError):
            return _make(TransportReason.REFUSED, f"Nothing listens at {host}")
        if isinstance(cause, OSError) and cause.errno in _UNREACHABLE:
            return _make(TransportReason.UNREACHABLE, f"There is no way to {host}")
    return _make(TransportReason.UNREACHABLE, f"{host} cannot be reached")


def causes(error: BaseException) -> Iterator[BaseException]:
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


def _make(reason: TransportReason, message: str) -> TransportError:
    return TransportError(message, reason=reason, sent=False)
