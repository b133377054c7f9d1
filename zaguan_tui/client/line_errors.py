"""From httpx's exceptions to :class:`~.errors.TransportError`: one sentence and one reason each."""

from __future__ import annotations

import httpx

from .connect_errors import connect_error
from .errors import TransportError, TransportReason


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
            return connect_error(error, host)
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
