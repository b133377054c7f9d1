"""POST /v1/chat/completions: checks, money, breaker, then the answer. Shape: wire.md 3.1 (OpenAI spec)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zaguan_tui.sandbox.calls.chat_stream import ChatAnswer
from zaguan_tui.sandbox.calls.chat_turn import OPENAI, ChatTurn, Dialect
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import read_object
from zaguan_tui.sandbox.http.middleware import make_proxy_page, make_refusal
from zaguan_tui.sandbox.http.rate_limit_headers import RateHeaders, openai_limits


async def chat_completions(request: Request) -> Response:
    """Answer a conversation with text, streamed when ``stream`` is true."""
    return await answer_chat(request, OPENAI, openai_limits)


async def answer_chat(request: Request, dialect: Dialect, rate_headers: RateHeaders) -> Response:
    """Read a request in ``dialect``, find a provider, and return the response that writes itself."""
    gateway: Gateway = request.app.state.gateway
    turn = ChatTurn(gateway, dialect, await read_object(request), request.state.request_id)
    fault = request.state.fault or gateway.fault_injector.next(turn.provider, gateway.catch_up())
    if fault is not None and fault.name in {"402", "403-band", "html", "html-200"}:
        page, refusal = make_proxy_page(fault), await make_refusal(fault, gateway)
        if refusal is not None:
            raise refusal
        if page is not None:
            return page
    await turn.begin(fault)
    return ChatAnswer(gateway, turn, fault, rate_headers)


ROUTES = [Route("/v1/chat/completions", chat_completions, methods=["POST"])]
