"""The weather: what the scenario in force does to a provider at a given moment."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan_tui.sandbox.engine.providers.scenario import Scenario, Step


@dataclass(frozen=True, slots=True)
class Condition:
    """What a call that starts now has to expect on top of the provider's calm day."""

    slowdown: float = 1.0
    failure_rate: float = 0.0
    failure: str = "server"
    failure_after_s: tuple[float, float] = (0.2, 0.8)
    rate_limit_rate: float = 0.0
    retry_after_s: float = 20.0


NORMAL_CONDITION = Condition()
"""Nothing out of the ordinary."""


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

    def mischief(self, now: float) -> tuple[Step, ...]:
        """The steps in force at ``now`` in which the gateway itself does wrong."""
        return tuple(step for step in self.steps(now) if step.mischief)

    def does(self, mischief: str, now: float) -> bool:
        """Whether this mischief is in force."""
        return any(step.mischief == mischief for step in self.mischief(now))

    def at(self, provider: str, now: float) -> Condition:
        """The condition of ``provider`` at ``now``. Slowdowns multiply, the worst step names the kind."""
        found = NORMAL_CONDITION
        for step in self.steps(now):
            if not step.concerns(provider):
                continue
            fails = found if found.failure_rate >= step.failure_rate else step
            limits = found if found.rate_limit_rate >= step.rate_limit_rate else step
            found = Condition(
                slowdown=found.slowdown * step.slowdown,
                failure_rate=fails.failure_rate,
                failure=fails.failure,
                failure_after_s=fails.failure_after_s,
                rate_limit_rate=limits.rate_limit_rate,
                retry_after_s=limits.retry_after_s,
            )
        return found
