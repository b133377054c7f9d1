"""Counters of the rate limits for the ``x-ratelimit-*`` headers; never enforced."""

from __future__ import annotations

REQUESTS_A_MINUTE = 30_000
TOKENS_A_MINUTE = 150_000_000


class Allowance:
    """A bucket of tokens or requests that refills steadily; ``now`` is real seconds of a monotonic clock."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._used = 0.0
        self._at = 0.0

    def take(self, amount: int, now: float) -> None:
        """Use some of it."""
        self._refill(now)
        self._used = min(self.limit, self._used + amount)

    def remaining(self, now: float) -> int:
        """What is left, rounded down."""
        self._refill(now)
        return int(self.limit - self._used)

    def reset_s(self, now: float) -> float:
        """Seconds until it is full again."""
        self._refill(now)
        return self._used * 60 / self.limit

    def _refill(self, now: float) -> None:
        self._used = max(0.0, self._used - (now - self._at) * self.limit / 60)
        self._at = now


def duration(seconds: float) -> str:
    """A wait as OpenAI's headers spell it: ``17ms``, ``1.2s``, ``6m0s``."""
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    minutes, remaining = divmod(seconds, 60)
    return f"{int(minutes)}m{remaining:.0f}s" if minutes else f"{remaining:.1f}s"
