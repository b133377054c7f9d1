"""Realtime sessions (wire reference §7)."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from zaguan_tui.client.catalogue.declare import Endpoint, endpoint
from zaguan_tui.client.dispatch.attempt import Attempt
from zaguan_tui.client.dispatch.call import Call, QueryValue, query_string
from zaguan_tui.client.dispatch.options import RequestOptions, Timeouts
from zaguan_tui.client.endpoints.group import EndpointGroup
from zaguan_tui.client.errors.exceptions import ArgumentError
from zaguan_tui.client.requests.body import check_request

if TYPE_CHECKING:
    import ssl

    from zaguan_tui.client.realtime.session import RealtimeRequest, RealtimeSession

OPEN_S = 20.0
"""Seconds a handshake may take: the gateway may first have to reach a provider (proposal)."""

_KEY_PROTOCOL = "openai-insecure-api-key."
_HTTP_ONLY = ("accept", "user-agent", "content-type")


class RealtimeEndpoints(EndpointGroup):
    """``/v1/realtime``."""

    @endpoint("WS", "/v1/realtime")
    def realtime(
        self,
        row: Endpoint,
        *,
        model: str,
        subprotocol: bool = False,
        beta: bool = False,
        ping_s: float | None = 20.0,
        params: Mapping[str, QueryValue] | None = None,
        options: RequestOptions | None = None,
    ) -> RealtimeSession:
        """A session with ``model``: an async context manager; nothing is sent before it is entered.

        The key goes into ``Authorization``, or with ``subprotocol`` into the WebSocket subprotocols, as
        browsers do. ``beta`` asks for the old names; both are read. ``ping_s`` is the interval of
        keep-alive pings in seconds. ``timeout`` of the options limits the handshake (20 s). Never repeated.
        """
        from zaguan_tui.client.realtime.error_reader import RealtimeErrorReader
        from zaguan_tui.client.realtime.session import RealtimeSession

        check_request(row.name, {"model": model})
        call = Call(
            endpoint=row,
            path=row.path,
            query=query_string({"model": model, **(params or {})}),
            options=options or RequestOptions(),
        )
        attempt = self._attempt(call)
        request = self._request(call, attempt, subprotocol=subprotocol, beta=beta, ping_s=ping_s)
        return RealtimeSession(request, RealtimeErrorReader(call, self._dispatcher, attempt))

    def _request(
        self, call: Call, attempt: Attempt, *, subprotocol: bool, beta: bool, ping_s: float | None
    ) -> RealtimeRequest:
        from zaguan_tui.client.realtime.session import RealtimeRequest
        from zaguan_tui.client.transport.proxies import proxy_for

        headers, protocols = self._handshake(call, attempt.request_id, subprotocol=subprotocol, beta=beta)
        url = self._dispatcher.gateway.url_of(call)
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        limit = call.options.timeout
        open_s = limit.read if isinstance(limit, Timeouts) else limit or OPEN_S
        return RealtimeRequest(
            url=f"ws{url.removeprefix('http')}",
            host=f"{parts.hostname}:{parts.port or (443 if secure else 80)}",
            headers={name: value for name, value in headers.items() if name not in _HTTP_ONLY},
            user_agent=headers["user-agent"],
            subprotocols=protocols,
            open_s=open_s,
            ping_s=ping_s,
            proxy=proxy_for(url, os.environ) if self._dispatcher.options.trust_env else None,
            tls=self._trust() if secure else None,
        )

    def _attempt(self, call: Call) -> Attempt:
        dispatcher = self._dispatcher
        return Attempt(
            endpoint=call.endpoint.label,
            method="GET",
            path=call.path,
            url=dispatcher.gateway.url_of(call),
            request_id=call.options.request_id or str(uuid.uuid4()),
            number=1,
            observers=dispatcher.observers,
            redactor=dispatcher.gateway.redactor_for(dispatcher.options, call),
            clock=dispatcher.clock,
        )

    def _handshake(
        self, call: Call, request_id: str, *, subprotocol: bool, beta: bool
    ) -> tuple[dict[str, str], tuple[str, ...]]:
        """The headers, and the subprotocols that stand in for the key and the beta header if wanted."""
        gateway, options = self._dispatcher.gateway, self._dispatcher.options
        headers = gateway.headers_of(call, options, request_id)
        if not subprotocol:
            return ({**headers, "openai-beta": "realtime=v1"} if beta else headers), ()
        key = gateway.key_for(call.endpoint)
        protocols = ["realtime"]
        if key:
            if not _is_token(key.reveal()):
                raise ArgumentError(
                    "subprotocol", "cannot carry this key", "a key of letters, digits, - _ . ~ !"
                )
            protocols.append(f"{_KEY_PROTOCOL}{key.reveal()}")
        if beta:
            protocols.append("openai-beta.realtime-v1")
        without_key = {
            name: value for name, value in headers.items() if name not in ("authorization", "x-api-key")
        }
        return without_key, tuple(protocols)

    def _trust(self) -> ssl.SSLContext | None:
        """The certificates to trust, where options or environment name a file; else the library's choice."""
        from zaguan_tui.client.transport.trust import build_trust

        options = self._dispatcher.options
        return build_trust(options.ca_file, os.environ if options.trust_env else {})


def _is_token(text: str) -> bool:
    """Whether ``text`` can be a subprotocol (RFC 6455: an HTTP token)."""
    return all(letter.isalnum() or letter in "!#$%&'*+-.^_`|~" for letter in text)
