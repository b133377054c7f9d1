"""Answer moderation requests, for HTTP and batches. Shape: wire.md 3.6 (OpenAI spec)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.sandbox.calls.whole_call import find_model, run_call
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.media.moderation import CATEGORIES, FLAGGED_FROM, IMAGE_CATEGORIES, scores
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.errors import invalid_request

_DEFAULT_MODEL = "openai/omni-moderation-latest"


async def moderations(gateway: Gateway, body: Mapping[str, Any], request_id: str) -> dict[str, Any]:
    """The answer to one request, from wherever it came. Raises `GatewayError`."""
    model = find_model(gateway, body.get("model"), "moderation", _DEFAULT_MODEL)
    inputs = _inputs(body.get("input"))
    answer = await run_call(gateway, model, Tokens(), request_id, lambda: [_result(*item) for item in inputs])
    return {"id": f"modr-{request_id[-24:]}", "model": model.id, "results": answer}


def _inputs(value: object) -> list[tuple[str, bool]]:
    """Texts, and whether a picture came with each."""
    if isinstance(value, str):
        return [(value, False)]
    if not isinstance(value, list) or not value:
        raise invalid_request("'input' is required: a text, a list of texts, or a list of parts.", "input")
    if all(isinstance(item, str) for item in value):
        return [(item, False) for item in value]
    texts, pictures = [], False
    for index, part in enumerate(value):
        kind = part.get("type") if isinstance(part, dict) else None
        if kind == "text" and isinstance(part.get("text"), str):
            texts.append(part["text"])
        elif kind == "image_url" and isinstance(part.get("image_url"), dict):
            pictures = True
        else:
            raise invalid_request(f"'input[{index}]' must be a text or an image_url part.", f"input[{index}]")
    return [("\n".join(texts), pictures)]


def _result(text: str, picture: bool) -> dict[str, Any]:
    scores_ = scores(text)
    verdicts = {name: scores_[name] >= FLAGGED_FROM for name in CATEGORIES}
    return {
        "flagged": any(verdicts.values()),
        "categories": verdicts,
        "category_scores": scores_,
        "category_applied_input_types": {
            name: ["text", "image"] if picture and name in IMAGE_CATEGORIES else ["text"]
            for name in CATEGORIES
        },
    }
