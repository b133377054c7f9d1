"""Virtual models in every shape (`wire.md` 6.3)."""

from __future__ import annotations

from typing import Any

import pytest
from wire_fixtures import load

from zaguan_tui.client.types.models.virtual_models import (
    VirtualTarget,
    read_virtual_model,
    read_virtual_models,
)

IDS = ["support-bot", "fast-chat", "deep-think"]
STRATEGIES = ["priority", "weighted", "least_cost"]


@pytest.mark.parametrize("name", ["list", "list_map", "list_camel"])
def test_every_variant_has_the_same_models_and_targets(name: str) -> None:
    found = read_virtual_models(load(f"virtual_models/{name}.json")).data
    canonical = read_virtual_models(load("virtual_models/list.json")).data
    assert [model.id for model in found] == IDS
    assert [model.strategy for model in found] == STRATEGIES
    for model, same in zip(found, canonical, strict=True):
        assert [(t.model, t.provider) for t in model.targets] == [(t.model, t.provider) for t in same.targets]
        if name == "list_map":
            assert model.fallbacks == same.fallbacks
        else:
            assert model.enabled == same.enabled


def test_all_fields_and_the_wrapped_answer() -> None:
    listed = read_virtual_models(load("virtual_models/list.json"))
    bot = read_virtual_model(load("virtual_models/get.json")).data
    assert bot.constraints is not None and bot.constraints.max_output_cost_per_1m == 2.0
    assert bot.default_params == {"temperature": 0.3, "max_tokens": 800}
    assert bot.stats is not None and bot.stats.by_target[0].share == 0.9651
    assert (bot.stats.latency.p95, bot.stats.error_rate) == (1840.0, 0.0033)
    assert read_virtual_model(load("virtual_models/get_wrapped.json")).data == listed.by_id["fast-chat"]


def test_weights_in_any_scale_become_shares() -> None:
    for name in ("list", "list_camel"):
        assert read_virtual_models(load(f"virtual_models/{name}.json")).by_id["fast-chat"].shares == (
            0.7,
            0.3,
        )
    percent = [{"id": "v", "targets": [{"model": "a", "weight": "70%"}, {"model": "b", "weight": "30%"}]}]
    assert read_virtual_models(percent).data[0].shares == (0.7, 0.3)
    assert read_virtual_models([{"id": "v", "targets": ["a", "b"]}]).data[0].shares == (None, None)


def test_aliases_and_chains() -> None:
    found = read_virtual_models(load("virtual_models/list_aliases.json"))
    assert found.dialect == "aliases"
    assert [(model.id, model.strategy) for model in found.data] == [
        ("fast", "alias"),
        ("smart", "fallback"),
        ("best", "alias"),
    ]
    assert found.real_models("best") == ("openai/o3", "anthropic/claude-3-5-sonnet-20241022")
    assert found.real_models("not-listed") == ("not-listed",)


def test_expansion_stops_on_a_cycle_and_in_the_deep() -> None:
    assert read_virtual_models({"a": "a"}).real_models("a") == ()
    assert read_virtual_models({"a": "b", "b": ["a", "x/y"]}).real_models("a") == ("x/y",)
    chain = {f"v{n}": f"v{n + 1}" for n in range(50)}
    assert read_virtual_models(chain).real_models("v0") == ()
    assert read_virtual_models(chain).real_models("v45") == ("v50",)


@pytest.mark.parametrize(
    "key", ["targets", "models", "routes", "backends", "candidates", "providers", "upstreams"]
)
def test_target_spellings(key: str) -> None:
    expected = (VirtualTarget(model="a/b", provider="a"),)
    for held in (["a/b"], [{"model_id": "a/b"}], [{"name": "a/b"}], "a/b", {"model": "a/b"}):
        assert read_virtual_models({"virtual_models": [{"id": "v", key: held}]}).data[0].targets == expected


@pytest.mark.parametrize("strategy", ["round_robin", {"type": "ROUND-ROBIN"}, "RoundRobin"])
@pytest.mark.parametrize("key", ["strategy", "routing", "routingStrategy", "mode", "policy"])
def test_strategy_spellings(key: str, strategy: Any) -> None:
    assert read_virtual_models([{"id": "v", key: strategy}]).data[0].strategy == "round_robin"


def test_an_unknown_strategy_stays_as_sent() -> None:
    assert read_virtual_models([{"id": "v", "strategy": "Coin Toss"}]).data[0].strategy == "Coin Toss"


def test_the_id_asked_for_stands_in() -> None:
    assert read_virtual_model({"data": {"targets": ["a"]}}, "fast").data.id == "fast"
