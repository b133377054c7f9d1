"""Errors of realtime handshakes: refused by the server or proxy, or failed in transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zaguan_tui.client.errors.body import is_page, read_error_body
from zaguan_tui.client.errors.connect import (
    convert_connect_error,
    proxy_refusal,
    proxy_unreachable,
    tls_failed,
)
from zaguan_tui.client.errors.exceptions import APIError, TransportError, TransportReason

if TYPE_CHECKING:
    from websockets.http11 import Response

    from zaguan_tui.client.realtime.error_reader import RealtimeErrorReader
    from zaguan_tui.client.realtime.session import RealtimeRequest


def handshake_error(error: Exception, request: RealtimeRequest, answers: RealtimeErrorReader) -> APIError:
    """The typed error for what the library raised when ``request`` was made."""
    from websockets.exceptions import InvalidProxyStatus, InvalidStatus, ProxyError

    host, proxy = request.host, request.proxy
    if isinstance(error, InvalidStatus):
        return _refusal(error.response, host, answers)
    if isinstance(error, InvalidProxyStatus):
        words = f"{error.response.status_code} {error.response.reason_phrase}"
        return proxy_refusal(words.strip(), host, proxy)
    if proxy is not None and isinstance(error, ProxyError):
        return proxy_refusal("", host, proxy)
    if proxy is not None and isinstance(error, OSError) and not tls_failed(error):
        return proxy_unreachable(error, proxy)
    if isinstance(error, TimeoutError):
        return _line(TransportReason.CONNECT_TIMEOUT, f"{host} did not accept a session in time")
    if isinstance(error, OSError):
        return convert_connect_error(error, host)
    if isinstance(error, ImportError):
        return _line(TransportReason.PROXY, f"The proxy before {host} needs the package python-socks")
    return _line(TransportReason.PROTOCOL, f"{host} does not speak WebSocket as expected")


def _refusal(response: Response, host: str, answers: RealtimeErrorReader) -> APIError:
    """What an HTTP answer to the handshake means; with a good status, no WebSocket is spoken there."""
    status, body = response.status_code, bytes(response.body or b"")
    headers = {name.lower(): value for name, value in response.headers.raw_items()}
    if status == 407:
        return proxy_refusal(str(status), host, None)
    if 300 <= status < 400:
        target = headers.get("location", "another address")
        return _line(TransportReason.REDIRECT, f"{host} redirects the WebSocket to {target}")
    if status < 300:
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        refusal = answers.refusal(status, headers, body)
        if not refusal.endpoint_absent and (is_page(body) or not read_error_body(body, media_type).type):
            message = (
                f"{host} answered the WebSocket handshake with status {status}: no WebSocket is spoken there"
            )
            return _line(TransportReason.PROTOCOL, message)
        return refusal
    return answers.refusal(status, headers, body)


def _line(reason: TransportReason, message: str) -> TransportError:
    return TransportError(message, reason=reason, sent=False)
