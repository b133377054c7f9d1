"""What one poll or another call came to, told to whoever judges the line by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zaguan_tui.state.core.store import Problem


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """One finished call of ``source``. ``elapsed_s`` is the whole duration of a poll (``None``: not one that
    measures the line), ``problem`` is ``None`` if it went well.

    ``absent``: the server lacks the call. ``next_poll_at``: when this source is asked again.
    """

    source: str
    at: datetime
    elapsed_s: float | None
    problem: Problem | None = None
    absent: bool = False
    next_poll_at: datetime | None = None

    @property
    def ok(self) -> bool:
        """Whether the call brought a value."""
        return self.problem is None
