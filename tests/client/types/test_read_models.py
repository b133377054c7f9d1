"""`GET /v1/models` in every shape (`wire.md` 3.2, D68)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from wire_fixtures import load

from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.models.models import Model, read_model, read_models


def test_the_list_of_the_gateway() -> None:
    models = read_models(load("models/list.json"))
    assert len(models.data) == 19
    assert models.data[1] == Model(
        id="openai/gpt-4o-mini",
        provider="openai",
        created=datetime(2024, 7, 16, 23, 32, 21, tzinfo=UTC),
        owned_by="openai",
        description="Small, quick and cheap",
        metadata={"band": "A"},
    )
    assert models.data[1].band == "A"
    assert (
        models.by_id["fireworks/accounts/fireworks/models/llama-v3p1-405b-instruct"].provider == "fireworks"
    )


def test_one_model_equals_its_entry_in_the_list() -> None:
    assert (
        read_model(load("models/get.json"))
        == read_models(load("models/list.json")).by_id["openai/gpt-4o-mini"]
    )


def test_unknown_fields_are_kept_and_do_not_make_models_differ() -> None:
    go = read_models(load("models/list_go.json"))
    assert go.dialect == "go"
    assert go.data[0] == read_models(load("models/list.json")).data[0]
    assert go.data[0].raw["permission"][0]["id"] == "modelperm-01"


def test_unprefixed_ids_belong_to_their_owner() -> None:
    bare = read_models(load("models/list_openai_bare.json"))
    assert [model.provider for model in bare.data] == ["openai"] * 4
    assert bare.dialect == "openai"


def test_anthropics_list() -> None:
    answer = read_models(load("models/list_anthropic.json"))
    assert answer.dialect == "anthropic"
    assert answer.data[0].display_name == "Claude 3.5 Sonnet"
    assert answer.data[0].created == datetime(2024, 10, 22, tzinfo=UTC)
    assert answer.data[0].provider is None


@pytest.mark.parametrize(
    "body",
    [
        [{"id": "a/b"}],
        ["a/b"],
        {"data": [{"id": "a/b"}]},
        {"models": [{"name": "a/b"}]},
        {"success": True, "data": {"models": [{"model_id": "a/b"}]}},
        {"items": {"a/b": {"object": "model"}}},
        {"a/b": {"object": "model"}},
        {"data": {"id": "a/b"}},
        {"id": "a/b"},
        {"data": [{"ID": "a/b"}]},
    ],
)
def test_envelopes(body: Any) -> None:
    assert [(model.id, model.provider) for model in read_models(body).data] == [("a/b", "a")]


@pytest.mark.parametrize("body", [{"data": []}, [], {"models": {}}, {"data": None}])
def test_an_empty_list_is_an_answer(body: Any) -> None:
    assert read_models(body).data == ()


def test_unreadable_entries_are_left_out_and_said() -> None:
    answer = read_models(
        {"data": [{"id": "a"}, 5, {"object": "model"}, {"id": "a"}, {"id": "b", "created": "soon"}]}
    )
    assert [model.id for model in answer.data] == ["a", "b"]
    assert answer.data[1].created is None
    assert answer.notes == (
        "data[1]: left out, found the number 5 (and 1 more)",
        "data[3]: left out, repeats an earlier entry",
        "data[4].created: unreadable, found the text 'soon'",
    )


def test_when_no_entry_is_readable_the_first_is_named() -> None:
    with pytest.raises(UnreadableValue) as caught:
        read_models({"data": [{"object": "model"}, 5]})
    assert caught.value.path == "data[0].id"


def test_a_page_that_has_more_says_so() -> None:
    assert read_models({"data": [{"id": "a"}], "has_more": True}).notes == (
        "the server says that it has more models than it sent",
    )
