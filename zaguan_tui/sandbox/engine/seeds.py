"""Independent random streams from one seed, the same on every machine and Python version."""

from __future__ import annotations

import random
from hashlib import blake2b


def derive(seed: int, *names: object) -> int:
    """A 64-bit seed that depends on ``seed`` and every name, and on nothing else (no hash randomisation)."""
    text = "\x1f".join((str(seed), *(str(name) for name in names)))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def stream(seed: int, *names: object) -> random.Random:
    """A random generator of its own for the thing that ``names`` describe."""
    return random.Random(derive(seed, *names))
