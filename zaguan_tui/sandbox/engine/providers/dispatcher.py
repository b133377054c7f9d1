"""Start and end every call to a provider: breaker, random draws, outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.providers.breaker import Breaker, CallFailure, CallPermit, CallVerdict
from zaguan_tui.sandbox.engine.providers.call_record import CallOutcome, CallRecord, ProviderCallLog
from zaguan_tui.sandbox.engine.providers.conditions import Conditions
from zaguan_tui.sandbox.engine.providers.failures import Failure
from zaguan_tui.sandbox.engine.providers.fault_plan import CallPlan, RandomDraws, plan_call
from zaguan_tui.sandbox.engine.providers.world import World


@dataclass(frozen=True, slots=True)
class ProviderCall:
    """One call under way to one provider; ``began`` in world seconds."""

    model: ModelData
    permit: CallPermit
    began: float
    call_plan: CallPlan


class Dispatcher:
    """Connects calls to providers; ``disabled`` names those that begin switched off.

    Not thread-safe: it belongs to the event loop.
    """

    def __init__(
        self,
        world: World,
        conditions: Conditions,
        since: float = 0.0,
        disabled: frozenset[str] = frozenset(),
    ) -> None:
        self.world = world
        self.conditions = conditions
        self.breakers: dict[str, Breaker] = {}
        self.records: dict[str, ProviderCallLog] = {}
        self.in_flight: Counter[str] = Counter()
        self._disabled = disabled
        self.adopt(world, since)

    def adopt(self, world: World, now: float) -> None:
        """Replace the world after a reload; remaining providers keep their breakers and records."""
        self.world = world
        for provider in world.providers:
            self.breakers.setdefault(provider, Breaker(since=now))
            self.records.setdefault(provider, ProviderCallLog(enabled=provider not in self._disabled))

    def open(self, model: ModelData, now: float, draw: RandomDraws) -> ProviderCall | None:
        """Begin a call; ``None`` when the provider is removed, disabled, or its breaker rejects the call."""
        if model.provider not in self.world.providers or not self.records[model.provider].enabled:
            return None
        permit = self.breakers[model.provider].acquire(now)
        if permit is None:
            return None
        provider = self.world.provider_of(model)
        call_plan = plan_call(model, provider, self.conditions.at(provider.id, now), draw)
        self.in_flight[provider.id] += 1
        return ProviderCall(model, permit, now, call_plan)

    def succeed(self, attempt: ProviderCall, now: float, first_token_s: float) -> None:
        """The provider answered; ``first_token_s`` is the world time it took to the first token."""
        latency = first_token_s * 1000
        usual = attempt.model.ttft_ms
        record_ = CallRecord(now, CallOutcome.SUCCESS, latency, latency / usual if usual else None)
        self.records[attempt.model.provider].note(record_)
        self._settle(attempt, now, CallVerdict.SUCCESS)

    def fail(self, attempt: ProviderCall, now: float, failure: Failure) -> None:
        """The provider failed in one of the known ways."""
        what = CallFailure(
            failure.describe(self.world.provider_name(attempt.model.provider)),
            failure.type,
            failure.status,
            now,
        )
        self.records[attempt.model.provider].note(CallRecord(now, CallOutcome.ERROR), what)
        self._settle(attempt, now, CallVerdict.FAILURE, what)

    def throttle(self, attempt: ProviderCall, now: float) -> None:
        """The provider answered 429: counted, but neutral to the breaker."""
        what = CallFailure(
            f"{self.world.provider_name(attempt.model.provider)} asked to slow down.",
            "rate_limit_exceeded",
            429,
            now,
        )
        self.records[attempt.model.provider].note(CallRecord(now, CallOutcome.RATE_LIMITED), what)
        self._settle(attempt, now, CallVerdict.NEUTRAL)

    def abandon(self, attempt: ProviderCall, now: float) -> None:
        """The caller disconnected before the provider answered: no outcome."""
        self._settle(attempt, now, CallVerdict.NEUTRAL)

    def _settle(
        self, attempt: ProviderCall, now: float, verdict: CallVerdict, failure: CallFailure | None = None
    ) -> None:
        self.in_flight[attempt.model.provider] -= 1
        self.breakers[attempt.model.provider].settle(attempt.permit, now, verdict, failure)
