"""Mapping of httpx's exceptions to ``TransportError``: one sentence and one reason each."""

from __future__ import annotations

import httpx

from zaguan_tui.client.errors.connect import (
    convert_connect_error,
    proxy_refusal,
    proxy_unreachable,
    tls_failed,
)
from zaguan_tui.client.errors.exceptions import TransportError, TransportReason
from zaguan_tui.client.transport.proxies import Proxy


def convert_transport_error(
    error: httpx.HTTPError, host: str, *, streaming: bool, begun: bool = False, proxy: Proxy | None = None
) -> TransportError:
    """What ``error`` means for a call to ``host`` (``name:port``).

    ``begun``: the headers of the answer have come; if it is ``streaming``, silence then counts as a stall.
    """
    if isinstance(error, httpx.ProxyError):
        return proxy_refusal(str(error), host, proxy)
    if proxy is not None:
        if isinstance(error, httpx.ConnectTimeout) or (
            isinstance(error, httpx.ConnectError) and not tls_failed(error)
        ):
            return proxy_unreachable(error, proxy)
        host = f"{host} (through the proxy {proxy.place})"
    failure = _line_error(error, host, stalls=streaming and begun)
    failure.begun = begun
    return failure


def _line_error(error: httpx.HTTPError, host: str, *, stalls: bool) -> TransportError:
    match error:
        case httpx.PoolTimeout():
            return _make(TransportReason.POOL, "No connection became free in time", sent=False)
        case httpx.ConnectTimeout():
            return _make(
                TransportReason.CONNECT_TIMEOUT, f"{host} did not accept a connection in time", sent=False
            )
        case httpx.TimeoutException() if stalls:
            return _make(TransportReason.STALLED, f"The answer of {host} stalled")
        case httpx.TimeoutException():
            return _make(TransportReason.TIMEOUT, f"{host} did not answer in time")
        case httpx.ConnectError() | httpx.UnsupportedProtocol():
            return convert_connect_error(error, host)
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


def _make(reason: TransportReason, message: str, *, sent: bool = True) -> TransportError:
    return TransportError(message, reason=reason, sent=sent)
