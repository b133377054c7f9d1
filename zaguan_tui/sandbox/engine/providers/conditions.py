"""Conditions of the scenario: its effect on a provider at a given moment."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan_tui.sandbox.engine.providers.request_faults import Fault
from zaguan_tui.sandbox.engine.providers.scenario import Scenario, Step
from zaguan_tui.sandbox.engine.seeds import stream


@dataclass(frozen=True, slots=True)
class Condition:
    """The effect of a scenario on a call that starts now."""

    slowdown: float = 1.0
    failure_rate: float = 0.0
    failure: str = "server"
    failure_after_s: tuple[float, float] = (0.2, 0.8)
    rate_limit_rate: float = 0.0
    retry_after_s: float = 20.0


NORMAL_CONDITION = Condition()
"""No effect."""


class Conditions:
    """The scenario in force and when it began (world seconds)."""

    def __init__(self, scenario: Scenario, since: float = 0.0) -> None:
        self.scenario = scenario
        self.since = since

    def switch(self, scenario: Scenario, now: float) -> None:
        """Begin another scenario at its first second; what the old one did stops at once."""
        self.scenario = scenario
        self.since = now

    def steps(self, now: float) -> tuple[Step, ...]:
        """The steps in force at ``now``."""
        elapsed = now - self.since
        return tuple(step for step in self.scenario.steps if elapsed >= 0 and step.in_force(elapsed))

    def gateway_faults(self, now: float) -> tuple[Step, ...]:
        """The steps in force at ``now`` that are faults of the gateway itself."""
        return tuple(step for step in self.steps(now) if step.gateway_fault)

    def has_gateway_fault(self, name: str, now: float) -> bool:
        """Whether this gateway fault is in force."""
        return any(step.gateway_fault == name for step in self.gateway_faults(now))

    def at(self, provider: str, now: float) -> Condition:
        """The condition of ``provider`` at ``now``. Slowdowns multiply, the worst step names the kind."""
        condition = NORMAL_CONDITION
        for step in self.steps(now):
            if not step.concerns(provider):
                continue
            fails = condition if condition.failure_rate >= step.failure_rate else step
            limits = condition if condition.rate_limit_rate >= step.rate_limit_rate else step
            condition = Condition(
                slowdown=condition.slowdown * step.slowdown,
                failure_rate=fails.failure_rate,
                failure=fails.failure,
                failure_after_s=fails.failure_after_s,
                rate_limit_rate=limits.rate_limit_rate,
                retry_after_s=limits.retry_after_s,
            )
        return condition


class FaultInjector:
    """Draws the fault of each chat call; the same seed and order of calls give the same faults."""

    def __init__(self, conditions: Conditions, seed: int) -> None:
        self._conditions = conditions
        self._seed = seed
        self._drawn = 0

    def next(self, provider: str, now: float) -> Fault | None:
        """The fault of a call to ``provider`` at ``now`` (world seconds), usually none."""
        for step in self._conditions.steps(now):
            if not step.faults or not step.concerns(provider):
                continue
            self._drawn += 1
            rng = stream(self._seed, "mishap", self._drawn)
            if rng.random() < step.fault_rate:
                return Fault(rng.choice(step.faults), float(int(rng.uniform(*step.fault_after))))
        return None
