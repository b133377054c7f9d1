"""Reasons of failed connections, from the operating system's errors and the proxy's refusals."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Iterator

from zaguan_tui.client.errors.exceptions import TransportError, TransportReason
from zaguan_tui.client.transport.proxies import Proxy

_UNREACHABLE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


def convert_connect_error(error: BaseException, host: str) -> TransportError:
    """What ``error``, or anything behind it, means for a connection to ``host`` (``name:port``)."""
    for cause in iterate_causes(error):
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


def proxy_unreachable(error: BaseException, proxy: Proxy) -> TransportError:
    """What it means that no connection to ``proxy`` could be made."""
    reason = {
        TransportReason.DNS: "its name cannot be resolved",
        TransportReason.REFUSED: "nothing listens there",
        TransportReason.TLS: "it does not speak TLS, or its certificate is not trusted",
        TransportReason.CONNECT_TIMEOUT: "no connection within the time allowed",
    }.get(convert_connect_error(error, proxy.place).reason, "there is no way to it")
    if any(isinstance(cause, TimeoutError) for cause in iterate_causes(error)):
        reason = "no connection within the time allowed"
    return _make(TransportReason.PROXY, f"{proxy.title} does not answer: {reason}")


def proxy_refusal(words: str, host: str, proxy: Proxy | None) -> TransportError:
    """What a proxy answered instead of opening the way to ``host``; ``words`` begin with its status."""
    name = proxy.title if proxy is not None else f"A proxy before {host}"
    if words.startswith("407"):
        message = f"{name} asks for a user name and a password (407)"
    elif words.startswith("4"):
        message = f"{name} refuses the connection to {host} ({words})"
    else:
        message = f"{name} could not connect to {host} ({words or 'no reason given'})"
    error = _make(TransportReason.PROXY, message)
    if words.startswith("4"):
        error.should_retry = False
    return error


def tls_failed(error: BaseException) -> bool:
    """Whether TLS failed, so that a connection stood before."""
    return any(isinstance(cause, ssl.SSLError) for cause in iterate_causes(error))


def iterate_causes(error: BaseException) -> Iterator[BaseException]:
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
