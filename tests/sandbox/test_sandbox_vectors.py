"""Embeddings and moderations: lengths, nearness, encodings, scores, refusals."""

from __future__ import annotations

import base64
import math
import struct
from typing import Any

import pytest
from served_gateway import KEY, Served

SMALL = "openai/text-embedding-3-small"


async def vectors(sandbox: Served, *texts: str, **body: Any) -> list[list[float]]:
    answer = await sandbox.http.post("/v1/embeddings", json={"model": SMALL, "input": list(texts), **body})
    assert answer.status_code == 200, answer.text
    return [row["embedding"] for row in answer.json()["data"]]


def cosine(one: list[float], another: list[float]) -> float:
    return sum(a * b for a, b in zip(one, another, strict=True))


async def test_similar_texts_lie_nearer(sandbox: Served) -> None:
    cat, kitten, money = await vectors(
        sandbox,
        "The cat sleeps on the warm sofa",
        "A sleeping cat on a sofa",
        "Quarterly revenue grew by nine percent",
    )
    assert cosine(cat, kitten) > 0.4 > 0.2 > abs(cosine(cat, money))
    for vector in (cat, kitten, money):
        assert len(vector) == 1536
        assert math.hypot(*vector) == pytest.approx(1)
    assert await vectors(sandbox, "The cat sleeps on the warm sofa") == [cat]


async def test_base64_dimensions_and_token_ids(sandbox: Served) -> None:
    plain = (await vectors(sandbox, "rivers", dimensions=64))[0]
    coded: Any = (await vectors(sandbox, "rivers", dimensions=64, encoding_format="base64"))[0]
    assert struct.unpack("<64f", base64.b64decode(coded)) == pytest.approx(plain, abs=1e-6)
    body = {"model": SMALL, "input": [[1, 2, 3], [4, 5]]}
    answer = (await sandbox.http.post("/v1/embeddings", json=body)).json()
    assert answer["usage"] == {"prompt_tokens": 5, "completion_tokens": 0, "total_tokens": 5}
    assert [row["index"] for row in answer["data"]] == [0, 1]
    assert (await sandbox.rows("prompt_tokens, completion_tokens, status"))[-1] == (5, 0, "success")


@pytest.mark.parametrize(
    ("path", "body", "status", "param"),
    [
        ("embeddings", {"model": SMALL}, 400, "input"),
        ("embeddings", {"model": SMALL, "input": []}, 400, "input"),
        ("embeddings", {"model": SMALL, "input": ["a", ""]}, 400, "input"),
        ("embeddings", {"model": SMALL, "input": ["a", 5]}, 400, "input"),
        ("embeddings", {"model": SMALL, "input": ["a"] * 2049}, 400, "input"),
        ("embeddings", {"model": SMALL, "input": "word " * 20_000}, 400, "input"),
        ("embeddings", {"model": SMALL, "input": "a", "dimensions": 9999}, 400, "dimensions"),
        ("embeddings", {"model": SMALL, "input": "a", "encoding_format": "hex"}, 400, "encoding_format"),
        ("embeddings", {"model": "openai/gpt-4o", "input": "a"}, 400, "model"),
        ("embeddings", {"model": "no/such", "input": "a"}, 404, "model"),
        ("embeddings", {"input": "a"}, 400, "model"),
        ("moderations", {}, 400, "input"),
        ("moderations", {"input": 5}, 400, "input"),
        ("moderations", {"input": [{"type": "odd"}]}, 400, "input[0]"),
        ("moderations", {"input": "a", "model": "openai/gpt-4o"}, 400, "model"),
    ],
)
async def test_bad_requests_are_refused(
    sandbox: Served, path: str, body: dict[str, Any], status: int, param: str
) -> None:
    answer = await sandbox.http.post(f"/v1/{path}", json=body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)


async def test_moderations(sandbox: Served) -> None:
    body = {"input": ["I will kill you, you idiot", "What a lovely day"]}
    answer = (await sandbox.http.post("/v1/moderations", json=body)).json()
    harsh, kind = answer["results"]
    assert harsh["flagged"] and not kind["flagged"]
    assert harsh["categories"]["violence"] and harsh["categories"]["harassment/threatening"]
    assert all(0 <= score <= 1 for score in kind["category_scores"].values())
    parts = [{"type": "text", "text": "x"}, {"type": "image_url", "image_url": {"url": "data:,"}}]
    mixed = (await sandbox.http.post("/v1/moderations", json={"input": parts})).json()["results"]
    assert mixed[0]["category_applied_input_types"]["violence"] == ["text", "image"]


async def test_the_official_sdk(sandbox: Served) -> None:
    openai = pytest.importorskip("openai", reason="the official OpenAI SDK is not installed")
    async with openai.AsyncOpenAI(base_url=f"{sandbox.base_url}/v1", api_key=KEY) as sdk:
        response = await sdk.embeddings.create(model=SMALL, input=["a river", "a brook"])
        assert len(response.data[1].embedding) == 1536
        verdict = await sdk.moderations.create(input="I will hurt you")
        assert verdict.results[0].flagged
