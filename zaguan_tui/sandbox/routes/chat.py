"""POST /v1/chat/completions: checks, money, breaker, then the answer. Shape: wire.md 3.1 (OpenAI spec)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from zaguan_tui.sandbox.bodies import read_object
from zaguan_tui.sandbox.call import Call
from zaguan_tui.sandbox.chat_stream import ChatAnswer
from zaguan_tui.sandbox.data import ModelData
from zaguan_tui.sandbox.doorman import general_refusal, proxy_page
from zaguan_tui.sandbox.engine.chat_request import BadRequestError, ChatRequest
from zaguan_tui.sandbox.engine.clock import iso
from zaguan_tui.sandbox.engine.completion import Completion, prompt_tokens
from zaguan_tui.sandbox.errors import (
    band_access_denied,
    insufficient_credits,
    invalid_request,
    model_not_found,
)
from zaguan_tui.sandbox.gateway import Gateway

_TIER_OF_BAND = {"A": "free", "B": "basic", "C": "pro", "D": "enterprise"}
_OWN_PATH = {
    "embedding": "/v1/embeddings",
    "image": "/v1/images/generations",
    "moderation": "/v1/moderations",
}


async def chat_completions(request: Request) -> Response:
    """Answer a conversation with text, streamed when ``stream`` is true."""
    gateway: Gateway = request.app.state.gateway
    body = await read_object(request)
    try:
        asked = ChatRequest.parse(body)
    except BadRequestError as error:
        raise invalid_request(error.message, error.param) from error
    model = gateway.world.find(asked.model)
    if model is None:
        raise model_not_found(asked.model)
    prompt = _fitting_prompt(asked, model)
    fault = request.state.fault
    if fault is not None and fault.name in {"402", "403-band", "html", "html-200"}:
        page, refusal = proxy_page(fault), general_refusal(fault, gateway)
        if refusal is not None:
            raise refusal
        if page is not None:
            return page
    await _admit(gateway, model)
    created = int(gateway.clock.now().timestamp())
    completion = Completion(asked, model, seed=gateway.config.seed, created=created, prompt=prompt)
    call = Call(gateway, model, request.state.request_id)
    fate = await call.begin(fault)
    return ChatAnswer(gateway, call, fate, completion, fault, asked.stream)


def _fitting_prompt(asked: ChatRequest, model: ModelData) -> int:
    """The prompt's tokens. Raises a 400 for a model that does not chat and for a prompt that is too long."""
    if model.kind != "chat":
        instead = _OWN_PATH.get(model.kind, "the endpoint of its kind")
        raise invalid_request(
            f"{model.id} is a model for {model.kind}, not for chat; it answers on {instead}.",
            "model",
            "model_not_for_chat",
        )
    prompt = prompt_tokens(asked)
    if prompt > model.context:
        raise invalid_request(
            f"The messages hold about {prompt} tokens, {model.id} takes {model.context}.",
            "messages",
            "context_length_exceeded",
        )
    return prompt


async def _admit(gateway: Gateway, model: ModelData) -> None:
    """Raises the 403 of a band above the account's tier, or the 402 of an empty account."""
    if model.band not in gateway.account.bands:
        required = _TIER_OF_BAND.get(model.band, "enterprise")
        raise band_access_denied(model.band, required, gateway.account.tier)
    balance = await gateway.balance()
    if balance.remaining < 1:
        raise insufficient_credits(1, balance.remaining, iso(balance.reset_at))


ROUTES = [Route("/v1/chat/completions", chat_completions, methods=["POST"])]
