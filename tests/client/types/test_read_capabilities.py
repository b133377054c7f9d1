"""`GET /v1/capabilities` in every dialect (`wire.md` 5.1, D1 to D3)."""

from __future__ import annotations

from typing import Any

import pytest
from wire_fixtures import load

from zaguan_tui.client.types.models.capabilities import Capability, capability_of_model, read_capabilities
from zaguan_tui.client.types.models.models import read_models

EXPECTED = load("capabilities/expected.json")
DIALECTS = {"camel": "notes", "go_map": "go", "go_models": "go", "list": None, "python": "python", "ts": "ts"}


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_reads_into_the_expected_values(name: str) -> None:
    answer = read_capabilities(load(f"capabilities/{name}.json"))
    assert answer.dialect == DIALECTS[name]
    ids = EXPECTED["ids"]
    by_id = answer.by_id
    assert [item.model_id for item in answer.data][: len(ids)] != [] and set(ids) <= set(by_id)
    for model_id in ids:
        found = by_id[model_id]
        flags = {"vision": found.vision, "tools": found.tools, "reasoning": found.reasoning}
        assert flags == EXPECTED["flags"][model_id]
        assert found.max_context_tokens == EXPECTED["context"][model_id]
        assert found.provider == model_id.partition("/")[0]
        if name in EXPECTED["audio_in"]:
            assert found.audio_in is EXPECTED["audio_in"][name][model_id]


def test_dialects_with_the_same_facts_are_equal() -> None:
    go_list = read_capabilities(load("capabilities/go_models.json"))
    go_map = read_capabilities(load("capabilities/go_map.json"))
    ts = read_capabilities(load("capabilities/ts.json"))
    camel = read_capabilities(load("capabilities/camel.json"))
    assert go_list == go_map
    assert [_without_extras(item) for item in ts.data] == [_without_extras(item) for item in camel.data]


def _without_extras(item: Capability) -> tuple[Any, ...]:
    return (
        item.model_id,
        item.vision,
        item.tools,
        item.reasoning,
        item.audio_in,
        item.audio_out,
        item.max_context_tokens,
    )


def test_all_fields() -> None:
    gemini = read_capabilities(load("capabilities/list.json")).by_id["google/gemini-2.5-pro"]
    assert (gemini.audio_in, gemini.audio_out, gemini.streaming, gemini.system_messages) == (
        True,
        False,
        True,
        True,
    )
    assert (gemini.input_cost_per_1m, gemini.output_cost_per_1m, gemini.reasoning_cost_per_1m) == (
        1.25,
        10.0,
        10.0,
    )
    assert gemini.max_output_tokens == 65536
    assert gemini.features == ("json_mode", "reasoning_effort")
    assert gemini.modalities == ("text", "image", "audio")
    assert gemini.band == "C"
    assert gemini.provider_specific["thinking_budget_max"] == 10000
    assert gemini.deduced == frozenset()


def test_models_and_map_are_merged_and_models_win() -> None:
    body = {
        "models": [{"model_id": "a/b", "supports_vision": True}],
        "capabilities": {"a/b": {"supports_vision": False}, "a/c": {}},
    }
    answer = read_capabilities(body)
    assert [(item.model_id, item.vision) for item in answer.data] == [("a/b", True), ("a/c", None)]


@pytest.mark.parametrize(
    "body",
    [
        [{"id": "a/b", "vision": "yes"}],
        {"capabilities": [{"model": "a/b", "supportsVision": 1}]},
        {"data": [{"modelId": "a/b", "supportsVision": True}]},
        {"a/b": {"supports_vision": True}},
        {"success": True, "data": {"capabilities": {"a/b": {"SupportsVision": True}}}},
    ],
)
def test_shapes(body: Any) -> None:
    assert read_capabilities(body).data == (Capability(model_id="a/b", provider="a", vision=True),)


def test_absent_flags_are_unknown_and_sizes_of_nought_too() -> None:
    found = read_capabilities([{"model_id": "m", "max_context_tokens": 0, "max_output_tokens": -1}]).data[0]
    assert found == Capability(model_id="m")


def test_flags_may_be_deduced_but_never_against_a_stated_one() -> None:
    found = read_capabilities(
        [
            {"model_id": "a", "modalities": ["text", "image"], "features": ["extended_thinking"]},
            {"model_id": "b", "modalities": ["image"], "supports_vision": False},
        ]
    ).by_id
    assert (found["a"].vision, found["a"].reasoning) == (True, True)
    assert found["a"].deduced == {"vision", "reasoning"}
    assert (found["b"].vision, found["b"].deduced) == (False, frozenset())


def test_openrouter_like_entries_of_the_model_list_serve_as_capabilities() -> None:
    model = read_models(
        [
            {
                "id": "a/b",
                "context_length": 200000,
                "pricing": {"prompt": "0.00000015", "completion": "0.0000006", "image": "0"},
                "architecture": {
                    "input_modalities": ["text", "image", "audio"],
                    "output_modalities": ["text"],
                },
                "supported_parameters": ["tools", "temperature"],
            }
        ]
    ).data[0]
    found = capability_of_model(model)
    assert found is not None
    assert (found.input_cost_per_1m, found.output_cost_per_1m) == (0.15, 0.6)
    assert found.max_context_tokens == 200000
    assert (found.vision, found.tools, found.audio_in, found.audio_out) == (True, True, True, None)
    assert found.deduced == {"vision", "tools", "audio_in"}


def test_a_model_that_says_nothing_has_no_capability() -> None:
    for model in read_models(load("models/list.json")).data:
        assert capability_of_model(model) is None
    anthropic = read_models(load("models/list_anthropic.json")).data[0]
    assert (found := capability_of_model(anthropic)) is not None
    assert (found.max_context_tokens, found.max_output_tokens) == (200000, 8192)


def test_prices_per_token_and_prices_that_depend() -> None:
    found = read_capabilities(
        [{"id": "a", "input_cost_per_token": 2.5e-06, "pricing": {"completion": "-1"}}]
    ).data[0]
    assert (found.input_cost_per_1m, found.output_cost_per_1m) == (2.5, None)
