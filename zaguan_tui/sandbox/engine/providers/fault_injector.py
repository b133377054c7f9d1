"""Inject the scenario's faults into chat calls."""

from __future__ import annotations

from zaguan_tui.sandbox.engine.providers.conditions import Conditions
from zaguan_tui.sandbox.engine.providers.request_faults import Fault
from zaguan_tui.sandbox.engine.seeds import stream


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
