"""Plan of one provider call: answer, failure or throttle, and after how long."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from zaguan_tui.sandbox.data.records import ModelData, ProviderData
from zaguan_tui.sandbox.engine.providers.call_record import CallOutcome
from zaguan_tui.sandbox.engine.providers.conditions import Condition
from zaguan_tui.sandbox.engine.providers.failures import FAILURES, Failure

PATIENCE_SECONDS = 60.0
"""World seconds the gateway waits for a first token before it calls the provider timed out."""
_REFUSAL_SECONDS = 0.15
_NO_PACE = 1e9


@dataclass(frozen=True, slots=True)
class CallPlan:
    """The plan of one call. ``after_s`` is the world time to the first token, the failure or the refusal."""

    outcome: CallOutcome
    after_s: float
    tokens_per_s: float = 0.0
    jitter: float = 0.0
    failure: Failure | None = None
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class RandomDraws:
    """The random draws of one call, made all at once so that an outcome never shifts the next call's."""

    luck: float
    throttle: float
    spread: float
    delay: float

    @classmethod
    def of(cls, rng: random.Random) -> RandomDraws:
        """Draw from ``rng``."""
        return cls(rng.random(), rng.random(), rng.gauss(0.0, 1.0), rng.random())


def plan_call(model: ModelData, provider: ProviderData, condition: Condition, draw: RandomDraws) -> CallPlan:
    """The plan of a call to ``model`` under ``condition`` with these draws."""
    if draw.throttle < condition.rate_limit_rate:
        return CallPlan(CallOutcome.RATE_LIMITED, _REFUSAL_SECONDS, retry_after_s=condition.retry_after_s)
    if draw.luck < condition.failure_rate:
        shortest, longest = condition.failure_after_s
        after = shortest + (longest - shortest) * draw.delay
        kinds = condition.failure.split()
        kind = kinds[int(draw.luck / condition.failure_rate * len(kinds))]
        return CallPlan(CallOutcome.ERROR, after, failure=FAILURES[kind])
    if provider.base_url is not None:
        return CallPlan(CallOutcome.SUCCESS, 0.0, _NO_PACE)  # the real server decides
    if draw.luck > 1.0 - provider.baseline_error_rate:
        return CallPlan(CallOutcome.ERROR, 0.3 + 2.0 * draw.delay, failure=FAILURES["server"])
    first = model.ttft_ms / 1000 * math.exp(provider.latency.sigma * draw.spread) * condition.slowdown
    if first > PATIENCE_SECONDS:
        return CallPlan(CallOutcome.ERROR, PATIENCE_SECONDS, failure=FAILURES["timeout"])
    pace = model.tokens_per_s or provider.latency.tokens_per_s
    return CallPlan(CallOutcome.SUCCESS, first, max(pace, 0.1) / condition.slowdown, provider.latency.jitter)
