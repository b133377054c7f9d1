"""Embeddings by hashing: every word and every three letters add a vector of their own.

Texts that share words, or parts of words, share these vectors, so similar texts are nearer than others. The
vector depends on the text, the model and nothing else, and has length one.
"""

from __future__ import annotations

import base64
import math
import re
import struct
from collections import Counter, defaultdict
from hashlib import blake2b

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.seeds import stream

_WORD = re.compile(r"\w+", re.UNICODE)
_SIZES = (
    ("3-large", 3072),
    ("gemini-embedding", 3072),
    ("light", 384),
    ("embed-v4", 1536),
    ("openai", 1536),
    ("3-small", 1536),
    ("codestral", 1536),
)
_DEFAULT_SIZE = 1024
_PUSHES = 12
_HUM = 0.15
"""Length of the part that every text has of its own, so that no two texts coincide."""
_COMMON = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "is",
        "are",
        "was",
        "and",
        "or",
        "for",
        "on",
        "with",
        "it",
        "this",
        "that",
        "be",
        "as",
        "at",
        "by",
    ]
)


def size_of(model: ModelData) -> int:
    """How many numbers this model's vectors have."""
    return next((size for word, size in _SIZES if word in model.id), _DEFAULT_SIZE)


def embed(text: str, model: ModelData, dimensions: int | None = None) -> list[float]:
    """The vector of ``text``; ``dimensions`` keeps only its first numbers, again with length one."""
    size = size_of(model)
    vector = [0.0] * size
    for feature, weight in _features(text).items():
        digest = blake2b(f"{model.id}\n{feature}".encode(), digest_size=4 * _PUSHES).digest()
        for place in range(0, len(digest), 4):
            number = int.from_bytes(digest[place : place + 4], "big")
            vector[number % size] += weight if number & 0x80000000 else -weight
    hum = stream(0, "embedding", model.id, text)
    scale = _HUM * (math.hypot(*vector) or 1.0) / math.sqrt(size / 3)
    vector = [value + scale * hum.uniform(-1, 1) for value in vector][:dimensions]
    length = math.hypot(*vector) or 1.0
    return [value / length for value in vector]


def as_base64(vector: list[float]) -> str:
    """Little-endian float32, as the OpenAI SDK wants it by default."""
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _features(text: str) -> dict[str, float]:
    """Words and letter triples with their weights; rare repetition counts less and less."""
    words = Counter(word.casefold() for word in _WORD.findall(text))
    weights: defaultdict[str, float] = defaultdict(float)
    for word, times in words.items():
        weight = math.sqrt(times) * (0.15 if word in _COMMON else 1.0)
        weights[f"w:{word}"] += weight
        padded = f" {word} "
        for start in range(len(padded) - 2):
            weights[f"t:{padded[start : start + 3]}"] += weight * 0.35
    return weights
