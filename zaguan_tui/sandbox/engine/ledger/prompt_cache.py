"""Which beginnings of conversations the providers still have in their caches."""

from __future__ import annotations

import json
from collections import OrderedDict
from hashlib import blake2b

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.chat.model_exchange import ModelRequest

MIN_TOKENS = 1024
"""Shorter prompts are not cached (OpenAI and Anthropic alike)."""
CACHE_SECONDS = 600.0
_STEP = 128
_MAX_ENTRIES = 4000


class PromptCache:
    """Remembers prefixes by model. Times are world seconds."""

    def __init__(self) -> None:
        self._prefixes: OrderedDict[bytes, tuple[int, float]] = OrderedDict()

    def cached(self, model: ModelData, question: ModelRequest, prompt: int, now: float) -> int:
        """How many of the prompt's tokens come out of the cache; remembers the prompt for the next call."""
        if prompt < MIN_TOKENS or "prompt_caching" not in model.features:
            return 0
        digest = blake2b(f"{model.id}\n{question.overhead()}".encode(), digest_size=16)
        hit, places = 0, []
        for message in question.messages:
            digest.update(json.dumps(message, sort_keys=True, default=str).encode())
            places.append(digest.copy().digest())
            tokens, until = self._prefixes.get(places[-1], (0, 0.0))
            hit = tokens if until > now else hit
        self._keep(places[-1], prompt, now)
        return hit - hit % _STEP if hit >= MIN_TOKENS else 0

    def _keep(self, place: bytes, tokens: int, now: float) -> None:
        self._prefixes[place] = (tokens, now + CACHE_SECONDS)
        self._prefixes.move_to_end(place)
        if len(self._prefixes) > _MAX_ENTRIES:
            self._prefixes.popitem(last=False)
