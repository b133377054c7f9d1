"""World clock: simulated time with a start and a scale."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class WorldClock:
    """The one source of time inside the sandbox.

    World time is counted in *world seconds since the start* (float, 0 at start) and shown as aware UTC
    datetimes. ``scale`` world seconds pass in one real second; streams, latencies, windows and cool-downs all
    live in world time. ``source`` is the real monotonic clock and can be replaced in tests.
    """

    def __init__(
        self,
        *,
        scale: float = 1.0,
        start_at: datetime | None = None,
        source: Callable[[], float] = time.monotonic,
    ) -> None:
        self.scale = scale
        self.start_at = (start_at or datetime.now(UTC)).astimezone(UTC)
        self._source = source
        self._origin = source()

    def elapsed(self) -> float:
        """World seconds since the start."""
        return (self._source() - self._origin) * self.scale

    def now(self) -> datetime:
        """The world's present instant."""
        return self.instant(self.elapsed())

    def instant(self, elapsed: float) -> datetime:
        """The instant that lies ``elapsed`` world seconds after the start (negative: before)."""
        return self.start_at + timedelta(seconds=elapsed)

    def real(self, world_seconds: float) -> float:
        """How many real seconds ``world_seconds`` take."""
        return world_seconds / self.scale


def format_instant(instant: datetime) -> str:
    """RFC 3339 with milliseconds and ``Z``."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
