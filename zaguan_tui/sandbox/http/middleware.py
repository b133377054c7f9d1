"""Outermost middleware: request ids, authentication, and faults of any endpoint."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.providers.request_faults import HEADER, Fault, parse_fault
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import (
    GatewayError,
    band_access_denied,
    insufficient_credits,
    invalid_request,
    rate_limited,
    unknown_path,
)

OWN_FAULTS = frozenset({"/v1/chat/completions", "/v1/messages"})
"""Paths whose route handles the faults itself, because they concern a provider or a stream."""

_PROXY_PAGE = """<!DOCTYPE html>
<html><head><title>502 Bad Gateway</title></head>
<body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>
"""
_USABLE_ID = re.compile(r"[\x21-\x7e]{1,200}")
_STARTS = ("http.response.start", "websocket.http.response.start", "websocket.accept")
_Handler = Callable[[Scope, Receive, Send], Awaitable[None]]


class ConnectionCutError(Exception):
    """Raised after an answer has begun: the server closes the TCP connection without ending the answer."""


class AuthMiddleware:
    """Wraps the application. Sets ``scope["state"]["request_id"]`` for those inside."""

    def __init__(self, app: ASGIApp, gateway: Gateway) -> None:
        self._app = app
        self._gateway = gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's event stream."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)
        scope.setdefault("state", {})["request_id"] = request_id

        async def stamped(message: Message) -> None:
            if message["type"] in _STARTS:
                answer = MutableHeaders(scope=message)
                answer["x-request-id"] = request_id
                answer["request-id"] = request_id
            await send(message)

        path = scope["path"]
        refusal = self._gateway.keys.refusal(path, headers)
        if refusal is not None:
            await refusal.response(path, request_id)(scope, receive, stamped)
            return
        try:
            fault = parse_fault(headers.get(HEADER))
        except ValueError as error:
            await invalid_request(str(error), HEADER).response(path, request_id)(scope, receive, stamped)
            return
        scope["state"]["fault"] = fault
        if scope["type"] == "websocket" and path != "/v1/realtime":
            await unknown_path("WS", path).response(path, request_id)(scope, receive, stamped)
            return
        if fault is None or path in OWN_FAULTS or scope["type"] == "websocket":
            await self._app(scope, receive, stamped)
        else:
            await _inject_fault(self._app, fault, self._gateway)(scope, receive, stamped)


async def make_refusal(fault: Fault, gateway: Gateway) -> GatewayError | None:
    """The refusal a fault stands for on any endpoint; ``None`` when it is not of that kind."""
    if fault.name == "402":
        return insufficient_credits(120, 46, format_instant((await gateway.balance()).reset_at))
    if fault.name == "403-band":
        return band_access_denied("D", "platinum", "pro")
    if fault.name == "429":
        return rate_limited("Too many calls with this key.", fault.after)
    if fault.name == "500":
        return GatewayError(500, "The gateway failed (requested by a fault).", kind="server_error")
    if fault.name == "timeout":
        return GatewayError(504, "The gateway timed out (asked for by a fault).", kind="timeout_error")
    return None


def make_proxy_page(fault: Fault) -> Response | None:
    """The page of a proxy in front of the gateway, if that is the fault."""
    if fault.name not in {"html", "html-200"}:
        return None
    return HTMLResponse(_PROXY_PAGE, 502 if fault.name == "html" else 200)


def _inject_fault(app: ASGIApp, fault: Fault, gateway: Gateway) -> _Handler:
    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        page = make_proxy_page(fault)
        if page is not None:
            await page(scope, receive, send)
            return
        if fault.name == "timeout":
            await asyncio.sleep(gateway.clock.real(fault.after))
        refusal = await make_refusal(fault, gateway)
        if refusal is not None:
            request_id = scope["state"]["request_id"]
            await refusal.response(scope["path"], request_id)(scope, receive, send)
        elif fault.name == "stall":
            while (await receive())["type"] != "http.disconnect":
                pass
        elif fault.name == "cut":
            await app(scope, receive, _truncating_send(send))
        else:
            await app(scope, receive, send)

    return serve


def _truncating_send(send: Send) -> Send:
    async def send_half(message: Message) -> None:
        if message["type"] == "http.response.body":
            body = message.get("body", b"")
            await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
            raise ConnectionCutError
        await send(message)

    return send_half


def _request_id(headers: Headers) -> str:
    """The caller's id if it is fit to be sent back, else a new one."""
    caller_id = headers.get("x-request-id", "")
    return caller_id if _USABLE_ID.fullmatch(caller_id) else f"req_{uuid.uuid4().hex}"
