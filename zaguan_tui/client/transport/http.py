"""HTTP transport: one pooled ``httpx.AsyncClient``. Beside it only ``errors/transport.py`` names httpx.

A redirect is followed within the origin, at most five times; for methods other than reads only with 307 or
308, which keep method and body. What another origin answers is no answer of the gateway: nothing goes there.
"""

from __future__ import annotations

import asyncio
import http.cookiejar
import logging
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urljoin

import httpx

from zaguan_tui.client.dispatch.base_url import origin_of
from zaguan_tui.client.dispatch.options import ClientOptions
from zaguan_tui.client.errors.connect import proxy_refusal
from zaguan_tui.client.errors.exceptions import ArgumentError, TransportError, TransportReason
from zaguan_tui.client.errors.transport import convert_transport_error
from zaguan_tui.client.transport.body_limit import ERROR_BODY_LIMIT, read_within
from zaguan_tui.client.transport.content_coding import ACCEPT_ENCODING, ContentCodingError, ContentDecoder
from zaguan_tui.client.transport.proxies import Proxy, proxy_for
from zaguan_tui.client.transport.trust import build_trust, no_trust
from zaguan_tui.client.transport.wire_request import WireRequest

MAX_REDIRECTS = 5
PAUSE_EVERY_BYTES = 1024 * 1024
"""So much of one network read is decompressed before the event loop has a turn."""

for _name in ("httpx", "httpcore"):
    # They log addresses and headers, in which keys may stand. Whoever chose a level keeps it.
    if logging.getLogger(_name).level == logging.NOTSET:
        logging.getLogger(_name).setLevel(logging.WARNING)

_PROXY_LOGIN = 407
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPING_METHOD = frozenset({307, 308})
_SAFE_METHODS = ("GET", "HEAD")


class HttpResponse:
    """Status and headers of an answer, its body not read yet. Close it, whatever happens."""

    def __init__(self, response: httpx.Response, *, streaming: bool, proxy: Proxy | None = None) -> None:
        self._response = response
        self._streaming = streaming
        self._proxy = proxy
        self.status = response.status_code
        self.headers: dict[str, str] = {name.lower(): value for name, value in response.headers.items()}

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        """The decompressed body as it arrives; raises :class:`TransportError` when the connection fails."""
        try:
            decoder = ContentDecoder(self.headers.get("content-encoding", ""))
            async for data in self._response.aiter_raw():
                unfolded = 0
                for piece in decoder.feed(data):
                    yield piece
                    unfolded += len(piece)
                    if unfolded >= PAUSE_EVERY_BYTES:
                        unfolded = 0
                        await asyncio.sleep(0)
        except httpx.StreamError:
            raise TransportError("The stream is closed", reason=TransportReason.CLOSED) from None
        except ContentCodingError as error:
            damaged = httpx.DecodingError(str(error))
            raise convert_transport_error(
                damaged, _host(self._response.url), streaming=self._streaming
            ) from error
        except httpx.HTTPError as error:
            host = _host(self._response.url)
            raise convert_transport_error(
                error, host, streaming=self._streaming, begun=True, proxy=self._proxy
            ) from error

    async def read(self, limit: int) -> bytes:
        """The whole body; raises :class:`TransportError` when it does not come whole.

        Raises :class:`~.body_limit.AnswerTooLargeError` when it has more than ``limit`` bytes.
        """
        return await read_within(self.iter_bytes(), limit)

    async def read_error(self) -> tuple[bytes, bool]:
        """What can be had of an error's body, and whether it is damaged."""
        pieces: list[bytes] = []
        size = 0
        try:
            async for piece in self.iter_bytes():
                pieces.append(piece)
                size += len(piece)
                if size >= ERROR_BODY_LIMIT:
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
        self._proxy = proxy_for(base_url, os.environ) if options.trust_env else None
        self._client = _build_client(options, base_url, self._proxy)

    async def exchange(self, request: WireRequest) -> HttpResponse:
        """Send ``request``, follow its redirects, return the first other answer.

        Raises :class:`TransportError`; its ``sent`` is false if the server certainly saw nothing.
        """
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._send(request)
            place = answer.headers.get("location")
            if answer.status == _PROXY_LOGIN:
                await answer.aclose()
                raise proxy_refusal(str(_PROXY_LOGIN), _host(httpx.URL(request.url)), self._proxy)
            if answer.status not in _REDIRECTS or not place:
                return answer
            await answer.aclose()
            request = _follow(request, answer.status, place)
        raise _make_redirect_error(
            f"{_named(origin_of(request.url))} redirects more than {MAX_REDIRECTS} times"
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def _send(self, request: WireRequest) -> HttpResponse:
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
            host = _host(httpx.URL(request.url))
            raise convert_transport_error(
                error, host, streaming=request.streaming, proxy=self._proxy
            ) from error
        return HttpResponse(response, streaming=request.streaming, proxy=self._proxy)


def _build_client(options: ClientOptions, base_url: str, proxy: Proxy | None) -> httpx.AsyncClient:
    """The pooled client, without cookies. Certificates are read only where TLS is spoken."""
    nothing = http.cookiejar.DefaultCookiePolicy(allowed_domains=[])
    secure = base_url.startswith("https:") or (proxy is not None and proxy.url.startswith("https:"))
    environ = os.environ if options.trust_env else {}
    trust = (build_trust(options.ca_file, environ) or True) if secure else no_trust()
    try:
        return httpx.AsyncClient(
            http1=True,
            http2=options.http2,
            headers={"accept-encoding": ACCEPT_ENCODING},
            verify=trust,
            trust_env=False,
            proxy=_httpx_proxy(proxy),
            cookies=http.cookiejar.CookieJar(nothing),
            limits=httpx.Limits(max_connections=options.max_connections, max_keepalive_connections=20),
        )
    except ImportError:
        name = proxy.variable if proxy is not None else "proxy"
        raise ArgumentError(
            name, "names a SOCKS proxy, which needs the package socksio", "an http:// or https:// proxy"
        ) from None


def _httpx_proxy(proxy: Proxy | None) -> httpx.Proxy | None:
    if proxy is None:
        return None
    login = (proxy.username, proxy.password) if proxy.username or proxy.password else None
    return httpx.Proxy(proxy.url, auth=login)


def _follow(request: WireRequest, status: int, place: str) -> WireRequest:
    """The request that a redirect to ``place`` asks for; raises :class:`TransportError` if it is not safe."""
    old_origin = origin_of(request.url)
    try:
        target = urljoin(request.url, place)
        new_origin = origin_of(target)
    except ValueError:
        raise _make_redirect_error(
            f"{_named(old_origin)} redirects to something that is no http address"
        ) from None
    if old_origin != new_origin:
        raise _make_redirect_error(f"{_named(old_origin)} redirects to another server, {_named(new_origin)}")
    if request.method not in _SAFE_METHODS and status not in _KEEPING_METHOD:
        raise _make_redirect_error(
            f"{_named(old_origin)} redirects a {request.method} with status {status} to {_named(new_origin)}"
        )
    return replace(request, url=target)


def _make_redirect_error(why: str) -> TransportError:
    return TransportError(f"Redirect not followed: {why}", reason=TransportReason.REDIRECT)


def _named(origin: tuple[str, str, int]) -> str:
    """An origin as its address, the port only where it is not the usual one."""
    scheme, host, port = origin
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}" + ("" if (scheme, port) in (("http", 80), ("https", 443)) else f":{port}")


def _host(url: httpx.URL) -> str:
    return f"{url.host}:{url.port or (443 if url.scheme == 'https' else 80)}"
