"""Calls that are answered in one piece: embeddings, moderations, images, audio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from zaguan_tui.sandbox.calls.chat_turn import check_account
from zaguan_tui.sandbox.calls.model_call import ModelCall
from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.providers.call_record import CallOutcome
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import GatewayError, invalid_request, model_not_found

T = TypeVar("T")
_SECONDS_A_TOKEN = 0.00002


def find_model(gateway: Gateway, name: object, kind: str, usual: str | None = None) -> ModelData:
    """The model of that kind, ``usual`` when none is named. Raises `GatewayError`: 400 or 404."""
    name = usual if name is None else name
    if not isinstance(name, str) or not name.strip():
        raise invalid_request("'model' is required and must be the id of a model.", "model")
    model = gateway.world.find(name)
    if model is None:
        raise model_not_found(name)
    if model.kind != kind:
        raise invalid_request(
            f"{model.id} is a model for {model.kind}, not for {kind}.", "model", "wrong_model_kind"
        )
    return model


async def run_call(
    gateway: Gateway, model: ModelData, tokens: Tokens, request_id: str, make: Callable[[], T]
) -> T:
    """Make one call from permit to debit, with the provider's latency and failures. Raises `GatewayError`."""
    await check_account(gateway, model)
    call = ModelCall(gateway, (model,), request_id)
    call_plan = await call.begin()
    try:
        await asyncio.sleep(gateway.clock.real(call_plan.after_s + tokens.total * _SECONDS_A_TOKEN))
        if call_plan.outcome is not CallOutcome.SUCCESS:
            await call.try_next_model()
        call.first_token()
        made = make()
    except BaseException as error:
        if not isinstance(error, GatewayError):
            call.settle_abandoned(Tokens(), "")
        raise
    await call.settle_delivered(tokens, "")
    return made


async def run_upstream_embeddings(
    gateway: Gateway, model: ModelData, body: Mapping[str, Any], request_id: str
) -> dict[str, Any]:
    """Embeddings of a provider that is a real server, from permit to debit. Raises `GatewayError`."""
    from zaguan_tui.sandbox.calls.upstream import UpstreamError

    await check_account(gateway, model)
    call = ModelCall(gateway, (model,), request_id)
    call_plan = await call.begin()
    if call_plan.outcome is not CallOutcome.SUCCESS:
        await call.try_next_model()
    try:
        answer = await gateway.upstream.embed(gateway.world.provider_of(model), model, body)
    except UpstreamError as error:
        call.record_plan(error.call_plan)
        await call.try_next_model()
        raise AssertionError("a call to one model does not recover") from error
    except GatewayError as refusal:
        await call.settle_refused(refusal)
        raise
    except asyncio.CancelledError:
        call.settle_abandoned(Tokens(), "")
        raise
    call.first_token()
    usage = answer.get("usage")
    prompt = usage.get("prompt_tokens") if isinstance(usage, dict) else 0
    prompt = prompt if isinstance(prompt, int) and prompt >= 0 else 0
    await call.settle_delivered(Tokens(prompt), "")
    counts = {"prompt_tokens": prompt, "completion_tokens": 0, "total_tokens": prompt}
    return {**answer, "object": "list", "model": model.id, "usage": counts}
