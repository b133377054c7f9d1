"""Alter finished JSON answers: one SDK's dialect, or the gateway faults of the scenario."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import invalid_request

Alteration = Callable[[Any], Any]


class ResponseMutator:
    """Wraps the application; streams and answers without an alteration pass through unchanged."""

    def __init__(self, app: ASGIApp, gateway: Gateway) -> None:
        self._app = app
        self._gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        has_dialect = b"dialect=" in scope.get("query_string", b"")
        steps = self._gateway.conditions.gateway_faults(self._gateway.clock.elapsed())
        if scope["type"] != "http" or not (has_dialect or steps or self._gateway.config.dialect):
            await self._app(scope, receive, send)
            return
        from zaguan_tui.sandbox.engine.chat.sdk_shapes import WORDS, error_shape, shape_of
        from zaguan_tui.sandbox.engine.providers.response_faults import find_alterations

        word = QueryParams(scope["query_string"]).get("dialect", self._gateway.config.dialect)
        if word is not None and word not in WORDS:
            refusal = invalid_request(f"'dialect' must be one of {', '.join(WORDS)}.", "dialect")
            await refusal.response(scope["path"], scope["state"]["request_id"])(scope, receive, send)
            return
        good: list[Alteration] = find_alterations(steps, scope["path"])
        bad: list[Alteration] = []
        if word is not None:
            shape = shape_of(WORDS[word], scope["method"], scope["path"])
            good += [] if shape is None else [shape]
            bad = [error_shape(WORDS[word])]
        await self._app(scope, receive, _ResponseBuffer(send, good, bad))


class _ResponseBuffer:
    """Holds one JSON answer back until it is whole, alters it, and sends it on."""

    def __init__(self, send: Send, good: Sequence[Alteration], bad: Sequence[Alteration]) -> None:
        self._send = send
        self._good = good
        self._bad = bad
        self._alterations: Sequence[Alteration] = ()
        self._start: Message = {}
        self._body = bytearray()

    async def __call__(self, message: Message) -> None:
        """Take the application's next message."""
        if message["type"] == "http.response.start":
            self._start = message
            is_json = Headers(raw=message["headers"]).get("content-type", "") == "application/json"
            alterations = self._good if message["status"] < 400 else self._bad
            self._alterations = alterations if is_json else ()
        if not self._alterations:
            await self._send(message)
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._deliver()

    async def _deliver(self) -> None:
        value = json.loads(self._body)
        for alter in self._alterations:
            value = alter(value)
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        MutableHeaders(scope=self._start)["content-length"] = str(len(body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": body})
