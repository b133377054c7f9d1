"""One call of a user: from the breaker's permit to the debit, each exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zaguan_tui.sandbox.data import ModelData
from zaguan_tui.sandbox.engine.ledger.ledger import Entry
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens, cost_nano, credits_for
from zaguan_tui.sandbox.engine.providers.call_record import CallOutcome
from zaguan_tui.sandbox.engine.providers.dispatcher import ProviderCall
from zaguan_tui.sandbox.engine.providers.failures import FAILURES, Failure
from zaguan_tui.sandbox.engine.providers.fault_plan import CallChances, CallPlan
from zaguan_tui.sandbox.engine.providers.request_faults import Fault
from zaguan_tui.sandbox.engine.seeds import stream
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import (
    GatewayError,
    circuit_open,
    provider_disabled,
    provider_failed,
    rate_limited,
)

_REQUESTED_FAULTS = {
    "500": lambda fault: CallPlan(CallOutcome.ERROR, 0.05, failure=FAILURES["server"]),
    "timeout": lambda fault: CallPlan(CallOutcome.ERROR, fault.after, failure=FAILURES["timeout"]),
    "429": lambda fault: CallPlan(CallOutcome.RATE_LIMITED, 0.05, retry_after_s=fault.after),
}


class ModelCall:
    """A user's call to the first of ``models`` that takes it. `begin` asks the breakers; one of the ends
    settles and debits it."""

    def __init__(self, gateway: Gateway, models: Sequence[ModelData], request_id: str) -> None:
        self.model = models[0]
        self.rng = stream(gateway.config.seed, "call", gateway.next_ordinal())
        self._ahead = list(models)
        self._gateway = gateway
        self._request_id = request_id
        self._leg: ProviderCall | None = None
        self._began = gateway.catch_up()
        self._first_token_s: float | None = None
        self._open = True

    async def begin(self, fault: Fault | None = None) -> CallPlan:
        """Get a provider's permit and learn how the call will go. Raises `GatewayError` when rejected."""
        leg = self._connect(self._began)
        if leg is None:
            self._open = False
            refusal = self._rejection()
            await self._debit(CallOutcome.ERROR, Tokens(), refusal.message)
            raise refusal
        if fault is not None and fault.name in _REQUESTED_FAULTS:
            leg = ProviderCall(leg.model, leg.permit, leg.began, _REQUESTED_FAULTS[fault.name](fault))
        self._leg = leg
        return leg.call_plan

    def record_plan(self, call_plan: CallPlan) -> None:
        """A real server has answered: this is how the call went, whatever was expected.

        Its ``retry_after_s`` is in real seconds; everything else here lives in world seconds.
        """
        leg = self._require_leg()
        if call_plan.retry_after_s is not None:
            call_plan = replace(call_plan, retry_after_s=call_plan.retry_after_s * self._gateway.clock.scale)
        self._leg = ProviderCall(leg.model, leg.permit, leg.began, call_plan)

    async def refused(self, refusal: GatewayError) -> None:
        """The provider is well and refuses the request: the caller's fault, debited as an error of 0."""
        self._gateway.dispatcher.abandon(self._require_leg(), self._end())
        await self._debit(CallOutcome.ERROR, Tokens(), refusal.message)

    async def recover(self) -> CallPlan:
        """The provider failed or throttled: go on to the next model, or debit and raise `GatewayError`."""
        leg = self._require_leg()
        now = self._gateway.catch_up()
        outcome, refusal = self._settle_badly(leg, now)
        following = self._connect(now)
        if following is not None:
            self._leg = following
            return following.call_plan
        self.model = leg.model
        self._open = False
        await self._debit(outcome, Tokens(), refusal.message)
        raise refusal

    def first_token(self) -> None:
        """The provider begins to answer now; from here on a hang-up is billed."""
        self._first_token_s = self._gateway.catch_up() - self._began

    async def delivered(self, tokens: Tokens, completion_id: str) -> None:
        """End it well and debit it; returns once the debit is committed."""
        if self._open:
            self._succeed(self._end())
            await self._debit(CallOutcome.SUCCESS, tokens, "", completion_id)

    async def broken(self, tokens: Tokens, completion_id: str, failure: Failure) -> None:
        """The provider died in the middle: what was delivered is debited, the call counts as failed."""
        if self._open:
            provider = self._gateway.world.provider_of(self.model)
            self._gateway.dispatcher.fail(self._require_leg(), self._end(), failure)
            await self._debit(CallOutcome.ERROR, tokens, failure.describe(provider.name), completion_id)

    def abandoned(self, tokens: Tokens, completion_id: str) -> None:
        """The caller hung up: what was delivered is debited without waiting."""
        if not self._open:
            return
        now = self._end()
        outcome, why = CallOutcome.SUCCESS, "cancelled by the caller"
        if self._first_token_s is None:
            outcome, why = CallOutcome.ERROR, "cancelled by the caller before the first token"
            self._gateway.dispatcher.abandon(self._require_leg(), now)
        else:
            self._succeed(now)
        self._gateway.ledger.note(self._entry(outcome, tokens, why, completion_id))

    def _connect(self, now: float) -> ProviderCall | None:
        while self._ahead:
            model = self._ahead.pop(0)
            leg = self._gateway.dispatcher.open(model, now, CallChances.of(self.rng))
            if leg is not None:
                self.model = model
                return leg
        return None

    def _rejection(self) -> GatewayError:
        provider = self._gateway.world.providers.get(self.model.provider)
        if provider is None or not self._gateway.dispatcher.records[provider.id].enabled:
            name = self.model.provider if provider is None else provider.name
            return provider_disabled(self.model.provider, name)
        wait = self._gateway.dispatcher.breakers[provider.id].retry_after(self._began)
        return circuit_open(
            provider.id, provider.name, None if wait is None else self._gateway.clock.real(wait)
        )

    def _settle_badly(self, leg: ProviderCall, now: float) -> tuple[CallOutcome, GatewayError]:
        provider = leg.model.provider
        known = self._gateway.world.providers.get(provider)
        name = provider if known is None else known.name
        if leg.call_plan.failure is not None:
            self._gateway.dispatcher.fail(leg, now, leg.call_plan.failure)
            return CallOutcome.ERROR, provider_failed(leg.call_plan.failure, provider, name)
        self._gateway.dispatcher.throttle(leg, now)
        wait = self._gateway.clock.real(leg.call_plan.retry_after_s or 1.0)
        return CallOutcome.RATE_LIMITED, rate_limited(f"{name} asks to slow down.", wait, provider)

    def _end(self) -> float:
        self._open = False
        return self._gateway.catch_up()

    def _succeed(self, now: float) -> None:
        first = self._first_token_s if self._first_token_s is not None else now - self._began
        self._gateway.dispatcher.succeed(self._require_leg(), now, first)

    def _require_leg(self) -> ProviderCall:
        if self._leg is None:
            raise RuntimeError("the call has not begun")
        return self._leg

    async def _debit(self, outcome: CallOutcome, tokens: Tokens, error: str, completion_id: str = "") -> None:
        await self._gateway.ledger.record(self._entry(outcome, tokens, error, completion_id))

    def _entry(self, outcome: CallOutcome, tokens: Tokens, error: str, completion_id: str) -> Entry:
        cost = cost_nano(self.model, tokens)
        clock = self._gateway.clock
        return Entry(
            request_id=self._request_id,
            completion_id=completion_id,
            at=clock.instant(self._began).timestamp(),
            tenant=self._gateway.account.tenant,
            model=self.model.id,
            provider=self.model.provider,
            band=self.model.band,
            prompt_tokens=tokens.prompt,
            completion_tokens=tokens.completion,
            reasoning_tokens=tokens.reasoning,
            cached_tokens=tokens.cached,
            credits=credits_for(cost, tokens),
            cost_nano=cost,
            latency_ms=(clock.elapsed() - self._began) * 1000,
            status=outcome.value,
            error_message=error,
        )
