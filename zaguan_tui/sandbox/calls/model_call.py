"""One user call: breaker permit, outcome and debit, each exactly once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.ledger.ledger import Entry
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens, cost_nano, credits_for
from zaguan_tui.sandbox.engine.providers.call_record import CallOutcome
from zaguan_tui.sandbox.engine.providers.dispatcher import ProviderCall
from zaguan_tui.sandbox.engine.providers.failures import FAILURES, Failure
from zaguan_tui.sandbox.engine.providers.fault_plan import CallPlan, RandomDraws
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
    """A user's call to the first of ``models`` that takes it. `begin` asks the breakers; one ``settle_…``
    method ends and debits it."""

    def __init__(self, gateway: Gateway, models: Sequence[ModelData], request_id: str) -> None:
        self.model = models[0]
        self.rng = stream(gateway.config.seed, "call", gateway.next_ordinal())
        self._ahead = list(models)
        self._gateway = gateway
        self._request_id = request_id
        self._attempt: ProviderCall | None = None
        self._began = gateway.catch_up()
        self._first_token_s: float | None = None
        self._open = True

    async def begin(self, fault: Fault | None = None) -> CallPlan:
        """Get a provider's permit and the plan of the call. Raises `GatewayError` when rejected."""
        attempt = self._connect(self._began)
        if attempt is None:
            self._open = False
            refusal = self._rejection()
            await self._debit(CallOutcome.ERROR, Tokens(), refusal.message)
            raise refusal
        if fault is not None and fault.name in _REQUESTED_FAULTS:
            attempt = ProviderCall(
                attempt.model, attempt.permit, attempt.began, _REQUESTED_FAULTS[fault.name](fault)
            )
        self._attempt = attempt
        return attempt.call_plan

    def record_plan(self, call_plan: CallPlan) -> None:
        """A real server has answered: this is how the call went, whatever was expected.

        Its ``retry_after_s`` is in real seconds; everything else is in world seconds.
        """
        attempt = self._require_attempt()
        if call_plan.retry_after_s is not None:
            call_plan = replace(call_plan, retry_after_s=call_plan.retry_after_s * self._gateway.clock.scale)
        self._attempt = ProviderCall(attempt.model, attempt.permit, attempt.began, call_plan)

    async def settle_refused(self, refusal: GatewayError) -> None:
        """The provider refuses the request, a caller's error: debited as an error of 0."""
        self._gateway.dispatcher.abandon(self._require_attempt(), self._end())
        await self._debit(CallOutcome.ERROR, Tokens(), refusal.message)

    async def try_next_model(self) -> CallPlan:
        """The provider failed or throttled: go on to the next model, or debit and raise `GatewayError`."""
        attempt = self._require_attempt()
        now = self._gateway.catch_up()
        outcome, refusal = self._settle_failure(attempt, now)
        following = self._connect(now)
        if following is not None:
            self._attempt = following
            return following.call_plan
        self.model = attempt.model
        self._open = False
        await self._debit(outcome, Tokens(), refusal.message)
        raise refusal

    def first_token(self) -> None:
        """The provider begins to answer now; from now on a disconnect is billed."""
        self._first_token_s = self._gateway.catch_up() - self._began

    async def settle_delivered(self, tokens: Tokens, completion_id: str) -> None:
        """End it as a success and debit it; returns once the debit is committed."""
        if self._open:
            self._succeed(self._end())
            await self._debit(CallOutcome.SUCCESS, tokens, "", completion_id)

    async def settle_broken(self, tokens: Tokens, completion_id: str, failure: Failure) -> None:
        """The provider failed in the middle: the delivered part is debited, the call counts as failed."""
        if self._open:
            provider = self._gateway.world.provider_of(self.model)
            self._gateway.dispatcher.fail(self._require_attempt(), self._end(), failure)
            await self._debit(CallOutcome.ERROR, tokens, failure.describe(provider.name), completion_id)

    def settle_abandoned(self, tokens: Tokens, completion_id: str) -> None:
        """The caller disconnected: the delivered part is debited without waiting."""
        if not self._open:
            return
        now = self._end()
        outcome, why = CallOutcome.SUCCESS, "cancelled by the caller"
        if self._first_token_s is None:
            outcome, why = CallOutcome.ERROR, "cancelled by the caller before the first token"
            self._gateway.dispatcher.abandon(self._require_attempt(), now)
        else:
            self._succeed(now)
        self._gateway.ledger.note(self._entry(outcome, tokens, why, completion_id))

    def _connect(self, now: float) -> ProviderCall | None:
        while self._ahead:
            model = self._ahead.pop(0)
            attempt = self._gateway.dispatcher.open(model, now, RandomDraws.of(self.rng))
            if attempt is not None:
                self.model = model
                return attempt
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

    def _settle_failure(self, attempt: ProviderCall, now: float) -> tuple[CallOutcome, GatewayError]:
        provider = attempt.model.provider
        name = self._gateway.world.provider_name(provider)
        if attempt.call_plan.failure is not None:
            self._gateway.dispatcher.fail(attempt, now, attempt.call_plan.failure)
            return CallOutcome.ERROR, provider_failed(attempt.call_plan.failure, provider, name)
        self._gateway.dispatcher.throttle(attempt, now)
        wait = self._gateway.clock.real(attempt.call_plan.retry_after_s or 1.0)
        return CallOutcome.RATE_LIMITED, rate_limited(f"{name} asks to slow down.", wait, provider)

    def _end(self) -> float:
        self._open = False
        return self._gateway.catch_up()

    def _succeed(self, now: float) -> None:
        first = self._first_token_s if self._first_token_s is not None else now - self._began
        self._gateway.dispatcher.succeed(self._require_attempt(), now, first)

    def _require_attempt(self) -> ProviderCall:
        if self._attempt is None:
            raise RuntimeError("the call has not begun")
        return self._attempt

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
