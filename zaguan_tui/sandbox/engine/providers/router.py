"""Route a model name to the models that may answer, in the order of trying."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zaguan_tui.sandbox.data.records import ModelData, TargetData, VirtualModelData
from zaguan_tui.sandbox.engine.providers.breaker import BreakerState
from zaguan_tui.sandbox.engine.providers.dispatcher import Dispatcher


@dataclass(frozen=True, slots=True)
class ModelPath:
    """Models to try one after the other; ``params`` go under the caller's own."""

    models: tuple[ModelData, ...]
    virtual: VirtualModelData | None = None

    @property
    def params(self) -> dict[str, Any]:
        """The virtual model's default parameters."""
        if self.virtual is None:
            return {}
        defaults = {"max_tokens": self.virtual.max_tokens, "temperature": self.virtual.temperature}
        return {name: value for name, value in defaults.items() if value is not None}


class Router:
    """Resolves names. Belongs to the event loop; ``served`` counts each virtual model's calls by target."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._turns: Counter[str] = Counter()
        self.served: dict[str, Counter[str]] = {}

    def virtual(self, name: str) -> VirtualModelData | None:
        """The virtual model of that id."""
        return self._dispatcher.world.virtual_models.get(name)

    def path(self, name: str, now: float, rng: random.Random) -> ModelPath | None:
        """The models that may answer a call to ``name``; ``None`` for an unknown name.

        Providers whose breaker rejects calls or who are switched off come last, so that the refusal names
        them when no other is left.
        """
        virtual = self.virtual(name)
        if virtual is None:
            model = self._dispatcher.world.find(name)
            return None if model is None else ModelPath((model,))
        if not virtual.enabled:
            return None
        models = self._dispatcher.world.models
        names = [target.model for target in self._in_order(virtual, now, rng)]
        candidates = [
            models[model_id] for model_id in dict.fromkeys((*names, *virtual.fallbacks)) if model_id in models
        ]
        ready = [model for model in candidates if self.is_ready(model, now)]
        return ModelPath((*ready, *(model for model in candidates if model not in ready)), virtual)

    def is_ready(self, model: ModelData, now: float) -> bool:
        """Whether a call to the model's provider would be let through now."""
        breaker = self._dispatcher.breakers[model.provider]
        resting = breaker.state is BreakerState.OPEN and (breaker.retry_after(now) or 0) > 0
        return self._dispatcher.records[model.provider].enabled and not resting

    def note(self, virtual: VirtualModelData, model: ModelData) -> None:
        """Count a call that ``virtual`` sent to ``model``."""
        self.served.setdefault(virtual.id, Counter())[model.id] += 1

    def _in_order(self, virtual: VirtualModelData, now: float, rng: random.Random) -> Sequence[TargetData]:
        targets = sorted(virtual.targets, key=lambda target: target.priority)
        models: Mapping[str, ModelData] = self._dispatcher.world.models
        if virtual.strategy == "weighted":
            # Each gets a draw in proportion to its weight; the order of the draws is the order of trying.
            luck = {target.model: rng.random() ** (1 / max(target.weight, 1e-9)) for target in targets}
            return sorted(targets, key=lambda target: -luck[target.model])
        if virtual.strategy == "round_robin":
            turn = self._turns[virtual.id] % len(targets)
            self._turns[virtual.id] += 1
            return targets[turn:] + targets[:turn]
        if virtual.strategy == "least_cost":
            return sorted(targets, key=lambda target: _price(models.get(target.model)))
        if virtual.strategy == "least_latency":
            return sorted(targets, key=lambda target: self._latency(models.get(target.model), now))
        return targets

    def _latency(self, model: ModelData | None, now: float) -> float:
        """The model's usual time to first token, times how slow its provider is lately."""
        if model is None:
            return float("inf")
        records = self._dispatcher.records[model.provider].within(now, 60.0)
        slowness = sorted(item.slowness for item in records if item.slowness is not None)
        return model.ttft_ms * (slowness[len(slowness) // 2] if slowness else 1.0)


def _price(model: ModelData | None) -> float:
    return float("inf") if model is None else model.input_cost_per_1m + model.output_cost_per_1m
