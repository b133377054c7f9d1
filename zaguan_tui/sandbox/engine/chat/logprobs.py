"""Invented log probabilities, the same for the same token."""

from __future__ import annotations

import math
from typing import Any

from zaguan_tui.sandbox.engine.seeds import stream

_OTHERS = (" the", " a", " and", " of", " to", ",", ".", " is", " in", " that", " it", "\n", " for", " as",
           " on", " with", " this", " are", " be", " or", " an")  # fmt: skip


def token_row(token: str, alternatives: int) -> dict[str, Any]:
    """One entry of ``logprobs.content`` with its ``alternatives`` best tokens, itself first (OpenAI spec)."""
    rng = stream(0, "logprob", token)
    share = 0.55 + 0.449 * rng.random()
    row = _row(token, share)
    top = [row] if alternatives else []
    remaining = 1.0 - share
    for alternative in [one for one in _OTHERS if one != token][: max(0, alternatives - 1)]:
        remaining *= 0.4 + 0.3 * rng.random()
        top.append(_row(alternative, max(remaining, 1e-9)))
    return {**row, "top_logprobs": top}


def _row(token: str, share: float) -> dict[str, Any]:
    return {"token": token, "logprob": round(math.log(share), 6), "bytes": list(token.encode())}
