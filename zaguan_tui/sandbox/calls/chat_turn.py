"""One request to a chat model: checks, routing, fallback, answer; for every dialect and endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from zaguan_tui.sandbox.calls.model_call import ModelCall
from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.chat.capability_check import check_capabilities
from zaguan_tui.sandbox.engine.chat.completion import Completion
from zaguan_tui.sandbox.engine.chat.model_exchange import (
    STOP,
    BadRequestError,
    GeneratedAnswer,
    ModelRequest,
    prompt_tokens,
)
from zaguan_tui.sandbox.engine.chat.request import ChatRequest
from zaguan_tui.sandbox.engine.chat.wire import AnswerContext, WireAnswer, tokens_of
from zaguan_tui.sandbox.engine.clock import format_instant
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.providers.call_record import CallOutcome
from zaguan_tui.sandbox.engine.providers.fault_plan import CallPlan
from zaguan_tui.sandbox.engine.providers.request_faults import Fault
from zaguan_tui.sandbox.engine.providers.router import ModelPath
from zaguan_tui.sandbox.engine.seeds import stream
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import (
    GatewayError,
    band_access_denied,
    insufficient_credits,
    invalid_request,
    model_not_found,
    provider_failed,
)

if TYPE_CHECKING:
    from zaguan_tui.sandbox.calls.upstream import UpstreamStream

_NOTHING_YET = GeneratedAnswer((), (), (), STOP)
_TIER_OF_BAND = {"A": "free", "B": "basic", "C": "pro", "D": "enterprise"}


class ParsedRequest(Protocol):
    """A checked request of either dialect."""

    @property
    def question(self) -> ModelRequest:
        """What is asked."""

    @property
    def stream(self) -> bool:
        """Whether the request asks for a stream."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How requests are read and answers are written. ``parse`` raises `BadRequestError`."""

    name: str
    parse: Callable[[Mapping[str, Any]], ParsedRequest]
    render: Callable[[Any, ModelData, AnswerContext], WireAnswer]


class ChatTurn:
    """A request that has been read and fits its model. `begin` it once, then deliver its `answer`."""

    def __init__(self, gateway: Gateway, dialect: Dialect, body: Mapping[str, Any], request_id: str) -> None:
        """Read ``body`` and find the models that may answer. Raises `GatewayError`: 400 or 404."""
        self._gateway = gateway
        self._dialect = dialect
        self._path = self._find(body)
        body = {**self._path.params, **body}
        self._body = body
        self.relay: UpstreamStream | None = None
        try:
            self._request = dialect.parse(body)
            self._prompt = prompt_tokens(self._request.question)
            models = self._capable_models(body)
        except BadRequestError as error:
            raise invalid_request(error.message, error.param, error.code) from error
        self._models = models
        self._request_id = request_id
        self._answer: WireAnswer | None = None
        self.call_plan = CallPlan(CallOutcome.SUCCESS, 0.0)

    @property
    def stream(self) -> bool:
        """Whether the request asks for a stream."""
        return self._request.stream

    @property
    def provider(self) -> str:
        """The id of the provider that is asked first."""
        return self._models[0].provider

    @property
    def answer(self) -> WireAnswer:
        """The answer of the model that took the call."""
        if self._answer is None:
            model = self.call.model
            self._answer = self._dialect.render(self._request, model, self._brief(model))
        return self._answer

    @property
    def virtual(self) -> str | None:
        """The id of the virtual model that was asked, if one was."""
        return None if self._path.virtual is None else self._path.virtual.id

    async def begin(self, fault: Fault | None = None) -> None:
        """Check band and credits, then get a permit. Raises `GatewayError`."""
        await check_account(self._gateway, self._models[0])
        self.call = ModelCall(self._gateway, self._models, self._request_id)
        self.call_plan = await self.call.begin(fault)

    async def try_next_model(self) -> None:
        """Go on to the next model after a failure, or raise the caller's refusal."""
        self.call_plan = await self.call.try_next_model()

    async def connect(self) -> bool:
        """Whether a provider answers; calls the real server if the provider is one. Raises `GatewayError`."""
        if self.call_plan.outcome is not CallOutcome.SUCCESS:
            return False
        provider = self._gateway.world.providers.get(self.call.model.provider)
        if provider is None or provider.base_url is None:
            return True
        from zaguan_tui.sandbox.calls.upstream import UpstreamError
        from zaguan_tui.sandbox.calls.upstream_request import openai_body

        model = self.call.model
        brief = replace(self._brief(model), generated=_NOTHING_YET)
        self._answer = self._dialect.render(self._request, model, brief)
        body = openai_body(self._dialect.name, self._body, self._request.question)
        try:
            self.relay = await self._gateway.upstream.open_chat(provider, model, body, self._answer)
        except UpstreamError as error:
            self._answer = None
            self.call.record_plan(error.call_plan)
            return False
        except GatewayError as refusal:
            await self.call.settle_refused(refusal)
            raise
        return True

    async def drain(self) -> None:
        """Take the rest of a real server's answer. Raises the `GatewayError` of one that breaks off."""
        if self.relay is None:
            return
        from zaguan_tui.sandbox.calls.upstream import UpstreamError

        model = self.call.model
        try:
            await self.relay.drain()
        except UpstreamError as error:
            await self.call.settle_broken(Tokens(), self.answer.id, error.failure)
            name = self._gateway.world.provider_name(model.provider)
            raise provider_failed(error.failure, model.provider, name) from error
        finally:
            await self.close_relay()

    async def close_relay(self) -> None:
        """Close the connection to a real server, if there is one."""
        if self.relay is not None:
            await self.relay.aclose()

    def first_token(self) -> None:
        """The provider begins to answer."""
        self.call.first_token()
        if self._path.virtual is not None:
            self._gateway.router.note(self._path.virtual, self.call.model)

    async def start(self) -> None:
        """Begin, and wait for the first token without a caller's connection. Raises `GatewayError`."""
        await self.begin()
        real = self._gateway.clock.real
        await asyncio.sleep(real(self.call_plan.after_s))
        while not await self.connect():
            await self.try_next_model()
            await asyncio.sleep(real(self.call_plan.after_s))
        self.first_token()
        await self.drain()

    async def run(self) -> dict[str, Any]:
        """The whole answer for a job: at the provider's pace, without a caller's connection."""
        await self.start()
        answer = self.answer
        await asyncio.sleep(self._gateway.clock.real(len(answer.pieces) / self.call_plan.tokens_per_s))
        await self.call.settle_delivered(tokens_of(answer), answer.id)
        return answer.whole()

    def _find(self, body: Mapping[str, Any]) -> ModelPath:
        name, field = body.get("model"), "model"
        if isinstance(body.get("virtual_model_id"), str) and body["virtual_model_id"]:
            name, field = body["virtual_model_id"], "virtual_model_id"
        if not isinstance(name, str):
            return ModelPath(())
        # A request that is refused must not use up a call number: it is read only.
        rng = stream(self._gateway.config.seed, "route", self._gateway.calls_begun + 1)
        path = self._gateway.router.path(name, self._gateway.catch_up(), rng)
        if path is None and name.strip():
            # What is wrong with the request itself is said first, as the providers do.
            try:
                self._dialect.parse(body)
            except BadRequestError as error:
                raise invalid_request(error.message, error.param, error.code) from error
            raise model_not_found(name, field)
        return path or ModelPath(())

    def _capable_models(self, body: Mapping[str, Any]) -> tuple[ModelData, ...]:
        """The models that can do what is asked, in their order. Raises the first one's `BadRequestError`."""
        fitting, refusal = [], None
        for model in self._path.models:
            try:
                others = self._gateway.world.models.values()
                check_capabilities(body, self._request.question, model, self._prompt, others)
            except BadRequestError as error:
                refusal = refusal or error
            else:
                fitting.append(model)
        if not fitting:
            raise refusal or BadRequestError("model", "'model' is required and must be the id of a model.")
        return tuple(fitting)

    def _brief(self, model: ModelData) -> AnswerContext:
        gateway = self._gateway
        cached = gateway.prompt_cache.cached(model, self._request.question, self._prompt, gateway.catch_up())
        created = int(gateway.clock.now().timestamp())
        return AnswerContext(gateway.config.seed, created, self._prompt, cached)


async def check_account(gateway: Gateway, model: ModelData) -> None:
    """Raises the 403 of a band above the account's tier, or the 402 of an empty account."""
    if model.band not in gateway.account.bands:
        required = _TIER_OF_BAND.get(model.band, "enterprise")
        raise band_access_denied(model.band, required, gateway.account.tier)
    balance = await gateway.balance()
    if balance.remaining < 1:
        raise insufficient_credits(1, balance.remaining, format_instant(balance.reset_at))


OPENAI = Dialect("openai", ChatRequest.parse, Completion)


def anthropic() -> Dialect:
    """Anthropic's dialect; imported by its first request."""
    from zaguan_tui.sandbox.engine.chat.message_answer import MessageAnswer
    from zaguan_tui.sandbox.engine.chat.message_request import MessageRequest

    return Dialect("anthropic", MessageRequest.parse, MessageAnswer)
