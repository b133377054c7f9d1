"""Base addresses as people copy them out of vendors' pages, and the address that a 404 names."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripted import Step

from zaguan_tui.client import APIError, ArgumentError, normalise_base_url
from zaguan_tui.client.dispatch.base_url import join_path
from zaguan_tui.state.core.problems import explain_error

COPIED = (
    (Path(__file__).parents[1] / "fixtures/field/base_url_of_another_version.txt").read_text().splitlines()
)


@pytest.mark.parametrize(
    ("base", "address"),
    zip(
        COPIED[:4],
        [
            "https://api.example.com/api/paas/v4/chat/completions",
            "https://api.example.com/v1beta/openai/chat/completions",
            "https://api.example.com/api/v3/chat/completions",
            "https://models.example.com/inference/v1/chat/completions",
        ],
        strict=True,
    ),
)
def test_a_base_of_another_version_is_used_as_given(base: str, address: str) -> None:
    assert join_path(normalise_base_url(base), "/v1/chat/completions") == address


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://h", "https://h/v1/models"),
        ("https://h/v1/", "https://h/v1/models"),
        ("https://h/zaguan/v1", "https://h/zaguan/v1/models"),
        ("https://h/openai", "https://h/openai/models"),
        ("https://h/openai/v1", "https://h/openai/v1/models"),
        ("https://h/v2", "https://h/v2/models"),
        ("https://h/v1alpha2", "https://h/v1alpha2/models"),
        ("https://openai", "https://openai/v1/models"),
        ("https://v4/v1", "https://v4/v1/models"),
        ("https://h/vienna", "https://h/vienna/v1/models"),
        ("https://h/my-openai", "https://h/my-openai/v1/models"),
    ],
)
def test_only_a_base_without_a_version_gets_ours(base: str, address: str) -> None:
    once = normalise_base_url(base)
    assert normalise_base_url(once) == once
    assert join_path(once, "/v1/models") == address


def test_a_base_with_a_query_is_refused_in_a_sentence() -> None:
    with pytest.raises(ArgumentError) as caught:
        normalise_base_url(COPIED[4])
    assert "what follows ? or #" in str(caught.value)
    assert "2024-10-21" not in str(caught.value)


def test_a_path_beyond_the_catalogue_is_kept() -> None:
    assert join_path("https://h/v4", "/health") == "https://h/v4/health"


@pytest.mark.parametrize(
    "body", [b"404 page not found", {"error": {"message": "no such model", "code": "model_not_found"}}]
)
async def test_a_404_names_the_whole_address(serve, connect, body) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(404, body))
    client = connect(f"{server.base_url}/inference")
    with pytest.raises(APIError) as caught:
        await client.chat(model="m", messages=[{"role": "user", "content": "hi"}])
    assert server.seen[0].target == "/inference/v1/chat/completions"
    sentence = explain_error(caught.value).sentence
    assert f"{server.base_url}/inference/v1/chat/completions" in sentence


async def test_a_versioned_base_is_asked_as_given(serve, connect) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body={"data": []}))
    await connect(f"{server.base_url}/api/v3").list_models()
    assert server.seen[0].target == "/api/v3/models"
