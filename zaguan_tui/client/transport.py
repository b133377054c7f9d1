"""The line to the servers: one pooled ``httpx.AsyncClient``. No other file but ``line_errors`` names httpx.

A redirect is followed for reads, at most five times; for other methods only within the same origin and only
with 307 or 308, which keep method and body. To another origin goes nothing that could identify us: no key,
no custom header, no request id. From https to http no redirect is followed.
"""

from __future__ import annotations

import http.cookiejar
import logging
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

import httpx

from .base_url import is_loopback_host, origin_of
from .errors import ArgumentError, TransportError, TransportReason
from .line_errors import line_error
from .options import ClientOptions
from .wire_request import WireRequest

MAX_REDIRECTS = 5
ERROR_BODY_CAP = 1024 * 1024
"""So much of an error's body is read; nobody explains himself at greater length."""

for _name in ("httpx", "httpcore"):
    # They log addresses and headers, in which keys may stand. Whoever chose a level keeps it.
    if logging.getLogger(_name).level == logging.NOTSET:
        logging.getLogger(_name).setLevel(logging.WARNING)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPING_METHOD = frozenset({307, 308})
_HARMLESS_HEADERS = ("accept", "user-agent")
_SAFE_METHODS = ("GET", "HEAD")


class WireAnswer:
    """Status and headers of an answer, its body still on the line. Close it, whatever happens."""

    def __init__(self, response: httpx.Response, *, streaming: bool) -> None:
        self._response = response
        self._streaming = streaming
        self.status = response.status_code
        self.headers: dict[str, str] = {name.lower(): value for name, value in response.headers.items()}

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        """The decompressed body as it arrives; raises :class:`TransportError` when the line fails."""
        try:
            async for piece in self._response.aiter_bytes():
                yield piece
        except httpx.StreamError:
            raise TransportError("The stream is closed", reason=TransportReason.CLOSED) from None
        except httpx.HTTPError as error:
            raise line_error(error, _host(self._response.url), streaming=self._streaming) from error

    async def read(self) -> bytes:
        """The whole body; raises :class:`TransportError` when it does not come whole."""
        return b"".join([piece async for piece in self.iter_bytes()])

    async def read_error(self) -> tuple[bytes, bool]:
        """What can be had of an error's body, and whether it is damaged."""
        pieces: list[bytes] = []
        size = 0
        try:
            async for piece in self.iter_bytes():
                pieces.append(piece)
                size += len(piece)
                if size >= ERROR_BODY_CAP:
                    break
        except TransportError:
            return b"".join(pieces), True
        return b"".join(pieces), False

    async def aclose(self) -> None:
        """Give the connection back, or drop it if the body was not read to its end."""
        await self._response.aclose()


class Transport:
    """A pool of connections. Build it off the event loop: it loads certificates from disk."""

    def __init__(self, options: ClientOptions, base_url: str) -> None:
        self._client = _build_client(options, base_url)

    async def exchange(self, request: WireRequest) -> WireAnswer:
        """Send ``request``, follow its redirects, return the first other answer.

        Raises :class:`TransportError`; its ``sent`` is false if the server certainly saw nothing.
        """
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._send(request)
            place = answer.headers.get("location")
            if answer.status not in _REDIRECTS or not place:
                return answer
            await answer.aclose()
            request = _follow(request, answer.status, place)
        raise TransportError(f"More than {MAX_REDIRECTS} redirects", reason=TransportReason.REDIRECT)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _send(self, request: WireRequest) -> WireAnswer:
        limits = request.timeouts
        timeout = httpx.Timeout(
            connect=limits.connect, read=request.silence, write=limits.write, pool=limits.pool
        )
        body = request.body() if callable(request.body) else request.body
        try:
            built = self._client.build_request(
                request.method, request.url, headers=dict(request.headers), content=body, timeout=timeout
            )
            response = await self._client.send(built, stream=True, auth=None, follow_redirects=False)
        except httpx.InvalidURL as error:
            raise ArgumentError("url", f"cannot be read as an address ({error})") from None
        except httpx.LocalProtocolError as error:
            raise ArgumentError("headers", f"cannot be sent ({error})") from None
        except httpx.HTTPError as error:
            raise line_error(error, _host(httpx.URL(request.url)), streaming=request.streaming) from error
        return WireAnswer(response, streaming=request.streaming)


def _build_client(options: ClientOptions, base_url: str) -> httpx.AsyncClient:
    """The pooled client. It keeps no cookies, and a loopback gateway is never asked for through a proxy."""
    nothing = http.cookiejar.DefaultCookiePolicy(allowed_domains=[])
    local = is_loopback_host(urlsplit(base_url).hostname or "")
    try:
        trust = ssl.create_default_context(cafile=options.ca_file) if options.ca_file else True
    except (OSError, ValueError) as error:
        raise ArgumentError("ca_file", f"cannot be used ({error})", "a PEM file of certificates") from None
    try:
        return httpx.AsyncClient(
            http1=True,
            http2=options.http2,
            verify=trust,
            trust_env=options.trust_env,
            mounts=dict.fromkeys(("http://", "https://", "all://")) if local else None,
            cookies=http.cookiejar.CookieJar(nothing),
            limits=httpx.Limits(max_connections=options.max_connections, max_keepalive_connections=20),
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise ArgumentError("proxy", f"from the environment cannot be used ({error})") from None


def _follow(request: WireRequest, status: int, place: str) -> WireRequest:
    """The request that a redirect to ``place`` asks for; raises :class:`TransportError` if it is not safe."""
    try:
        target = urljoin(request.url, place)
        here, there = origin_of(request.url), origin_of(target)
    except ValueError:
        raise _refused("the server redirects to something that is no http address") from None
    if here[0] == "https" and there[0] == "http":
        raise _refused("the server redirects from https to plain http")
    if request.method in _SAFE_METHODS:
        if here == there:
            return replace(request, url=target)
        harmless = {name: value for name, value in request.headers.items() if name in _HARMLESS_HEADERS}
        return replace(request, url=target, headers=harmless)
    if here != there or status not in _KEEPING_METHOD:
        address = f"{there[0]}://{there[1]}:{there[2]}"
        raise _refused(f"the server redirects a {request.method} to {address}; check the base URL")
    return replace(request, url=target)


def _refused(why: str) -> TransportError:
    return TransportError(f"Redirect not followed: {why}", reason=TransportReason.REDIRECT)


def _host(url: httpx.URL) -> str:
    return f"{url.host}:{url.port or (443 if url.scheme == 'https' else 80)}"
