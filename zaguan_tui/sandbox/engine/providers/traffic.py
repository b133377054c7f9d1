"""Background traffic of seeded tenants, so that status figures change.

No call sleeps: its draws are made when it arrives, and its end is put on a schedule in world time.
`advance` plays everything that is due, each event at its own moment, so what happened up to a given
world time depends only on the seed, the scenario and the users' own calls, never on reads.
"""

from __future__ import annotations

import heapq
import random
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.providers.call_record import CallOutcome
from zaguan_tui.sandbox.engine.providers.dispatcher import Dispatcher, ProviderCall
from zaguan_tui.sandbox.engine.providers.fault_plan import RandomDraws
from zaguan_tui.sandbox.engine.seeds import stream

CALLS_PER_SECOND = 8.0
"""Arrivals per world second, over all providers."""
MAX_CALLS_PER_REAL_SECOND = 120.0
"""With a fast clock the traffic is thinned to this, to stay light."""
OWN_SHARE = 1 / 120
"""Share of the arrivals that belong to this account (the rest are the gateway's other customers)."""
TENANTS = ("web-chat", "support-rag", "ide-assist", "nightly-evals")
"""The projects of this account that call on their own."""


@dataclass(frozen=True, slots=True)
class BackgroundCall:
    """A finished call of one of this account's own tenants; times in world seconds."""

    tenant: str
    model: ModelData
    began: float
    ended: float
    outcome: CallOutcome
    tokens: Tokens
    error: str = ""


@dataclass(frozen=True, slots=True)
class _PendingCall:
    attempt: ProviderCall
    tenant: str | None
    tokens: Tokens


class Traffic:
    """The background callers. ``report`` is called with every finished call of this account's tenants."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        seed: int,
        *,
        begin: float,
        time_scale: float = 1.0,
        report: Callable[[BackgroundCall], None] = lambda _: None,
    ) -> None:
        self._dispatcher = dispatcher
        self._report = report
        self._rng = stream(seed, "traffic")
        self._rate = min(CALLS_PER_SECOND, MAX_CALLS_PER_REAL_SECOND / time_scale)
        self._menus = _weight_providers(dispatcher)
        self._shares = list(accumulate(weight for weight, _, _ in self._menus))
        self._schedule: list[tuple[float, int, _PendingCall]] = []
        self._arrivals = 0
        self._next_arrival = begin + self._rng.expovariate(self._rate) if self._shares else float("inf")

    def advance(self, until: float) -> None:
        """Play everything that happens up to ``until`` (world seconds)."""
        while True:
            ends = self._schedule[0][0] if self._schedule else float("inf")
            if min(ends, self._next_arrival) > until:
                return
            if ends <= self._next_arrival:
                self._finish(*heapq.heappop(self._schedule)[::2])
            else:
                self._arrive(self._next_arrival)
                self._next_arrival += self._rng.expovariate(self._rate)

    def follow_world(self) -> None:
        """Recompute the model weights after a reload."""
        self._menus = _weight_providers(self._dispatcher)
        self._shares = list(accumulate(weight for weight, _, _ in self._menus))
        if not self._shares:
            self._next_arrival = float("inf")

    def _arrive(self, now: float) -> None:
        rng = self._rng
        self._arrivals += 1
        row = min(bisect(self._shares, rng.random() * self._shares[-1]), len(self._menus) - 1)
        _, models, popularity = self._menus[row]
        model = models[min(bisect(popularity, rng.random() * popularity[-1]), len(models) - 1)]
        draw = RandomDraws.of(rng)
        tokens = _sample_tokens(rng, model)
        is_own = rng.random() < OWN_SHARE
        tenant = TENANTS[int(rng.random() * len(TENANTS))] if is_own else None
        attempt = self._dispatcher.open(model, now, draw)
        if attempt is None:
            if tenant is not None:
                error = f"{model.provider} takes no calls: its circuit breaker is open or it is switched off."
                self._report(BackgroundCall(tenant, model, now, now, CallOutcome.ERROR, Tokens(), error))
            return
        heapq.heappush(
            self._schedule,
            (now + attempt.call_plan.after_s, self._arrivals, _PendingCall(attempt, tenant, tokens)),
        )

    def _finish(self, now: float, visit: _PendingCall) -> None:
        attempt, call_plan = visit.attempt, visit.attempt.call_plan
        tokens, error, ended = Tokens(), "", now
        if call_plan.failure is not None:
            self._dispatcher.fail(attempt, now, call_plan.failure)
            error = call_plan.failure.describe(attempt.model.provider)
        elif call_plan.outcome is CallOutcome.RATE_LIMITED:
            self._dispatcher.throttle(attempt, now)
            error = f"{attempt.model.provider} asked to slow down."
        else:
            self._dispatcher.succeed(attempt, now, call_plan.after_s)
            tokens = visit.tokens
            ended += tokens.completion / call_plan.tokens_per_s
        if visit.tenant is not None:
            call = BackgroundCall(
                visit.tenant, attempt.model, attempt.began, ended, call_plan.outcome, tokens, error
            )
            self._report(call)


def _weight_providers(dispatcher: Dispatcher) -> list[tuple[float, tuple[ModelData, ...], list[float]]]:
    """Per provider with traffic: its weight, its chat models, and their cumulative popularity."""
    menus = []
    for provider in dispatcher.world.data.providers:
        chat = [model for model in dispatcher.world.models_of(provider.id) if model.kind == "chat"]
        models = tuple(model for model in chat if not model.deprecated)
        if models and provider.traffic_weight > 0 and provider.base_url is None:
            popularity = list(accumulate(1 / (rank + 1) for rank in range(len(models))))
            menus.append((provider.traffic_weight, models, popularity))
    return menus


def _sample_tokens(rng: random.Random, model: ModelData) -> Tokens:
    prompt = min(int(rng.lognormvariate(6.6, 0.9)) + 8, model.context)
    completion = min(int(rng.lognormvariate(5.4, 0.8)) + 4, model.max_output or 4096)
    reasoning = int(completion * 0.6) if model.reasoning else 0
    return Tokens(prompt, completion, reasoning)
