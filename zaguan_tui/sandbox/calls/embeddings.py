"""Answer embeddings requests of HTTP and batches. Shape: wire.md 3.3 (OpenAI spec, usage as in its SDK)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.sandbox.calls.whole_call import find_model, run_call, run_upstream_embeddings
from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.media.embedding import as_base64, embed, size_of
from zaguan_tui.sandbox.engine.text.tokens import count_tokens
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import invalid_request

_MAX_INPUTS = 2048


async def embeddings(gateway: Gateway, body: Mapping[str, Any], request_id: str) -> dict[str, Any]:
    """The answer to one request, from wherever it came. Raises `GatewayError`."""
    model = find_model(gateway, body.get("model"), "embedding")
    if gateway.world.provider_of(model).base_url is not None:
        return await run_upstream_embeddings(gateway, model, body, request_id)
    texts, sizes = _inputs(body.get("input"))
    longest = max(sizes)
    if longest > model.context:
        message = f"One input holds about {longest} tokens, {model.id} takes {model.context}."
        raise invalid_request(message, "input", "context_length_exceeded")
    form = body.get("encoding_format", "float")
    if form not in ("float", "base64"):
        raise invalid_request("'encoding_format' must be float or base64.", "encoding_format")
    dimensions = _dimensions(body.get("dimensions"), model)

    def rows() -> list[dict[str, Any]]:
        rows_ = []
        for index, text in enumerate(texts):
            vector = embed(text, model, dimensions)
            value = as_base64(vector) if form == "base64" else vector
            rows_.append({"object": "embedding", "index": index, "embedding": value})
        return rows_

    prompt = sum(sizes)
    data = await run_call(gateway, model, Tokens(prompt), request_id, rows)
    usage = {"prompt_tokens": prompt, "completion_tokens": 0, "total_tokens": prompt}
    return {"object": "list", "data": data, "model": model.id, "usage": usage}


def _inputs(value: object) -> tuple[list[str], list[int]]:
    """Texts and their token counts; token ids are taken as a text of numbers."""
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not value:
        raise invalid_request("'input' is required: a text, a list of texts, or lists of token ids.", "input")
    if all(_is_token(item) for item in value):
        value = [value]
    if len(value) > _MAX_INPUTS:
        raise invalid_request(f"'input' may hold at most {_MAX_INPUTS} inputs.", "input")
    texts, sizes = [], []
    for index, item in enumerate(value):
        if isinstance(item, str) and item:
            texts.append(item)
            sizes.append(count_tokens(item))
        elif isinstance(item, list) and item and all(_is_token(token) for token in item):
            texts.append(" ".join(map(str, item)))
            sizes.append(len(item))
        else:
            raise invalid_request(
                f"'input[{index}]' must be a text that is not empty, or token ids.", "input"
            )
    return texts, sizes


def _is_token(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _dimensions(value: object, model: ModelData) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= size_of(model):
        raise invalid_request(
            f"'dimensions' must be a whole number from 1 to {size_of(model)}.", "dimensions"
        )
    if "dimensions" not in model.features and value != size_of(model):
        raise invalid_request(
            f"{model.id} has a fixed number of dimensions.", "dimensions", "unsupported_parameter"
        )
    return value
