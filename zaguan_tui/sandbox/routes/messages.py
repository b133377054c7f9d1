"""POST /v1/messages and /v1/messages/count_tokens, in Anthropic's dialect (wire.md 4.1, 4.2)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.calls.chat_turn import anthropic
from zaguan_tui.sandbox.engine.chat.message_request import MessageRequest
from zaguan_tui.sandbox.engine.chat.model_exchange import BadRequestError, prompt_tokens
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import read_object
from zaguan_tui.sandbox.http.errors import invalid_request, model_not_found
from zaguan_tui.sandbox.http.rate_limit_headers import anthropic_limits
from zaguan_tui.sandbox.routes.chat import answer_chat


async def create_message(request: Request) -> Response:
    """Answer a conversation, streamed when ``stream`` is true."""
    return await answer_chat(request, anthropic(), anthropic_limits)


async def count_tokens(request: Request) -> Response:
    """The input tokens the same request would be billed for; costs nothing."""
    gateway: Gateway = request.app.state.gateway
    body = await read_object(request)
    try:
        parsed = MessageRequest.count(body)
    except BadRequestError as error:
        raise invalid_request(error.message, error.param, error.code) from error
    model = gateway.world.find(parsed.model)
    if gateway.router.virtual(parsed.model) is None and model is None:
        raise model_not_found(parsed.model)
    if model is not None and model.kind != "chat":
        raise invalid_request(f"{model.id} does not chat, so its tokens are not counted here.", "model")
    return JSONResponse({"input_tokens": prompt_tokens(parsed.question)})
