"""The shipped world: enough of everything, sane in its numbers, and errors that name file and key."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from zaguan_tui.sandbox.data.families import band_for
from zaguan_tui.sandbox.data.loader import WORLD_DIRECTORY, load_world
from zaguan_tui.sandbox.data.records import BANDS, KINDS, ModelData, WorldData, WorldError


@pytest.fixture(scope="module")
def world() -> WorldData:
    return load_world()


@pytest.fixture(scope="module")
def models(world: WorldData) -> dict[str, ModelData]:
    return {model.id: model for model in world.models}


def test_there_is_enough_of_everything(world: WorldData) -> None:
    assert len(world.providers) >= 16
    assert 500 <= len(world.models) <= 600
    kinds = Counter(model.kind for model in world.models)
    assert set(kinds) == set(KINDS)
    assert kinds["chat"] > 400
    assert {model.band for model in world.models} == set(BANDS)
    assert sum(model.deprecated for model in world.models) >= 20


def test_every_provider_has_models_and_weights(world: WorldData) -> None:
    counts = Counter(model.provider for model in world.models)
    assert set(counts) == {provider.id for provider in world.providers}
    for provider in world.providers:
        assert 0 <= provider.baseline_error_rate < 0.05
        assert 0 < provider.latency.ttft_ms < 5000
        assert 0 <= provider.latency.jitter <= 1
    assert next(p for p in world.providers if p.id == "sandbox").traffic_weight == 0
    assert sum(p.traffic_weight for p in world.providers) > 50


def test_ids_are_unique_and_carry_their_provider(world: WorldData) -> None:
    ids = [model.id for model in world.models]
    assert len(ids) == len(set(ids))
    for model in world.models:
        assert model.id.startswith(f"{model.provider}/")
        assert model.id == model.id.strip() and " " not in model.id


def test_models_stand_with_their_provider_in_file_order(world: WorldData) -> None:
    order = list(dict.fromkeys(model.provider for model in world.models))
    assert order == [provider.id for provider in world.providers]


def test_numbers_are_sane(world: WorldData) -> None:
    for model in world.models:
        assert model.context > 0
        assert 0 <= model.max_output <= model.context
        assert 0 <= model.input_cost_per_1m <= 200
        assert 0 <= model.output_cost_per_1m <= 700
        assert (model.reasoning_cost_per_1m is not None) == model.reasoning
        assert 1_600_000_000 < model.created < 1_800_000_000
        assert model.tokens_per_s > 0 and model.ttft_ms > 0
        assert model.name and model.description
        if model.kind == "chat":
            assert model.max_output > 0
            assert "text" in model.modalities
        if model.vision and model.kind == "chat":
            assert "image" in model.modalities


def test_bands_follow_prices(world: WorldData) -> None:
    for model in world.models:
        natural = band_for(model.input_cost_per_1m, model.output_cost_per_1m)
        assert abs(BANDS.index(model.band) - BANDS.index(natural)) <= 1, model.id
    assert [band_for(*price) for price in [(0.15, 0.6), (2.5, 10), (3, 15), (15, 75)]] == list(BANDS)


def test_familiar_models_are_there(models: dict[str, ModelData]) -> None:
    mini = models["openai/gpt-4o-mini"]
    assert (mini.context, mini.max_output) == (128_000, 16_384)
    assert (mini.input_cost_per_1m, mini.output_cost_per_1m, mini.band) == (0.15, 0.6, "A")
    assert mini.vision and mini.tools and not mini.reasoning
    assert mini.display_name == "GPT-4o mini"
    assert models["openai/o3"].reasoning_cost_per_1m == 8
    assert models["anthropic/claude-3-haiku-20240307"].max_output == 4096
    for model_id in (
        "google/gemini-2.0-flash",
        "deepseek/deepseek-reasoner",
        "anthropic/claude-3-5-sonnet-20241022",
    ):
        assert model_id in models


def test_snapshots_take_their_day_from_the_id(models: dict[str, ModelData]) -> None:
    assert models["openai/gpt-4o-2024-08-06"].created == 1_722_902_400
    assert "(2024-08-06)" in models["openai/gpt-4o-2024-08-06"].name


def test_awkward_names_are_there(world: WorldData, models: dict[str, ModelData]) -> None:
    assert max(len(model.id) for model in world.models) > 120
    assert any("\u4e00" <= c <= "\u9fff" for model in world.models for c in model.description)
    assert models["fireworks/accounts/fireworks/models/gpt-oss-20b"].id.count("/") == 4
    assert "[red]" in models["sandbox/hostile"].name


def test_a_reseller_copies_its_origin(models: dict[str, ModelData]) -> None:
    origin, resold = models["xai/grok-4"], models["openrouter/xai/grok-4"]
    assert resold.input_cost_per_1m == pytest.approx(origin.input_cost_per_1m * 1.05)
    assert (resold.context, resold.features, resold.band) == (origin.context, origin.features, origin.band)
    assert resold.ttft_ms > origin.ttft_ms
    free = models["openrouter/zhipu/glm-4.5-air:free"]
    assert free.output_cost_per_1m == 0 and free.band == "A"


def test_the_test_subjects_are_there(models: dict[str, ModelData]) -> None:
    names = ("echo", "hostile", "slow", "fast-1000", "long-list", "code", "thinker", "silent")
    assert all(f"sandbox/{name}" in models for name in names)
    assert models["sandbox/fast-1000"].tokens_per_s == 1000


def test_loading_is_quick() -> None:
    started = time.perf_counter()
    load_world()
    assert time.perf_counter() - started < 1.0


PROVIDER = """
[provider]
id = "acme"
name = "Acme"
ttft_ms = 100
tokens_per_s = 50
jitter = 0.2
sigma = 0.3
baseline_error_rate = 0.01
traffic_weight = 1
"""
FAMILY = """
[[family]]
name = "One"
about = "The only one"
context = 1000
max_output = 100
price = [1, 2]
created = 2025-01-01
[family.models]
"""


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "acme.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_small_world_of_ones_own(tmp_path: Path) -> None:
    base = PROVIDER + 'base_url = "http://127.0.0.1:11434/v1"\n'
    world = load_world(written(tmp_path, base + FAMILY + '"one" = { variants = ["", "-latest"] }\n'))
    assert [model.id for model in world.models] == ["acme/one", "acme/one-latest"]
    assert world.providers[0].base_url == "http://127.0.0.1:11434/v1"
    assert world.models[0].ttft_ms == 100 and world.models[0].streaming


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        (PROVIDER.replace("jitter", "jiter"), "provider.jiter", "did you mean 'jitter'"),
        (PROVIDER.replace("jitter = 0.2", "jitter = 2"), "provider.jitter", "from 0 to 1"),
        (PROVIDER.replace('id = "acme"', 'id = "Ac/me"'), "provider.id", "lower case"),
        (
            PROVIDER + FAMILY + '"one" = { prize = [1, 2] }',
            "family[0].models.one.prize",
            "did you mean 'price'",
        ),
        (PROVIDER + FAMILY + '"one" = { price = [1] }', "family[0].models.one.price", "[input, output]"),
        (PROVIDER + FAMILY + '"one" = { price = [1, -2] }', "family[0].models.one.price", "-2"),
        (
            PROVIDER + FAMILY + '"one" = { max_output = 2000 }',
            "family[0].models.one.max_output",
            "do not fit",
        ),
        (PROVIDER + FAMILY + '"one" = { kind = "chta" }', "family[0].models.one.kind", "chat, embedding"),
        (PROVIDER + FAMILY + '"one" = { band = "E" }', "family[0].models.one.band", "A, B, C, D"),
        (PROVIDER + FAMILY + '"one" = { can = "fly" }', "family[0].models.one.can", "fly"),
        (PROVIDER + FAMILY + '"one" = { created = 2025 }', "family[0].models.one.created", "a date"),
        (PROVIDER + FAMILY + '"one" = 3', "family[0].models.one", "expected a table"),
        (PROVIDER + FAMILY, "family[0].models", "at least one"),
        (PROVIDER + FAMILY + '"one" = { variants = ["", ""] }', "family[0].models", "there twice"),
        (PROVIDER + '[[resale]]\nmodels = ["nobody/none"]', "resale[0].models", "nobody/none"),
        ("[provider", "", "acme.toml"),
        ("[provider]\n", "provider.id", "non-empty string"),
        ("famly = 1\n", "famly", "did you mean 'family'"),
    ],
)
def test_errors_name_the_file_and_the_key(tmp_path: Path, text: str, key: str, reason: str) -> None:
    with pytest.raises(WorldError) as caught:
        load_world(written(tmp_path, text))
    assert caught.value.file == "acme.toml"
    assert caught.value.key == key
    assert reason in str(caught.value)


def test_two_files_of_one_provider_are_refused(tmp_path: Path) -> None:
    written(tmp_path, PROVIDER)
    (tmp_path / "bcme.toml").write_text(PROVIDER, encoding="utf-8")
    with pytest.raises(
        WorldError, match=r"bcme\.toml: provider\.id: 'acme' is already defined in acme\.toml"
    ):
        load_world(tmp_path)


def test_an_empty_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="no world files"):
        load_world(tmp_path)


def test_the_files_are_inside_the_package() -> None:
    assert len(list(WORLD_DIRECTORY.glob("*.toml"))) >= 16
