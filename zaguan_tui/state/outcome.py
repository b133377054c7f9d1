"""What one poll came to, told to whoever judges the line by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .store import Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """One finished poll of ``source``. ``elapsed_s`` is its whole duration, ``problem`` is ``None`` if it
    went well.

    ``absent``: the server lacks the call. ``next_poll_at``: when this source is asked again.
    """

    source: str
    at: datetime
    elapsed_s: float
    problem: Problem | None = None
    absent: bool = False
    next_poll_at: datetime | None = None

    @property
    def ok(self) -> bool:
        """Whether the poll brought a value."""
        return self.problem is None
