"""When to ask again: intervals, backoff, the server's own wait. Pure arithmetic in seconds."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan_tui.state.core.governor import UNFOCUSED_PACE

BACKOFF_CAP_S = 60.0
"""A failing subject is asked at least this often, unless the server asks for more patience."""

BACKOFF_FIRST_S = 5.0
VISIBLE_CAP_S = 15.0
"""While somebody looks at a line that is down, so that it is live again soon after it is back."""

ABSENT_FIRST_S = 60.0
ABSENT_CAP_S = 3600.0
"""What a server lacks is looked for ever more seldom, down to once an hour."""

PARTIAL_FIRST_S = 30.0
"""Of what was read in part only, the rest is asked for ever more seldom, up to the usual interval."""

RETRY_AFTER_CAP_S = 3600.0
JITTER = 0.1
"""Every interval is stretched or shrunk by up to a tenth, so that sources do not march in step."""


@dataclass(frozen=True, slots=True)
class PollState:
    """What the last poll came to, as far as the next one depends on it. ``retry_after`` is in seconds.

    ``partial`` counts polls in a row that brought only a part of the value.
    """

    failures: int = 0
    partial: int = 0
    absent: bool = False
    line_failed: bool = False
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The intervals of one source. ``hidden_interval`` ``None``: not asked while no visible room wants it."""

    interval: float
    hidden_interval: float | None

    def faster(self, other: Schedule) -> Schedule:
        """The shorter of both intervals, visible and hidden."""
        hidden = [limit for limit in (self.hidden_interval, other.hidden_interval) if limit is not None]
        return Schedule(min(self.interval, other.interval), min(hidden, default=None))

    def calm(self, *, visible: bool, focused: bool) -> float | None:
        """The interval when all is well; ``None`` for not at all."""
        if not visible:
            return self.hidden_interval
        if focused:
            return self.interval
        return max(self.interval, min(self.interval * UNFOCUSED_PACE, self.hidden_interval or float("inf")))

    def backoff(self, failures: int, calm: float) -> float:
        """Doubling from the first failure on, up to the cap."""
        watched = calm <= self.interval
        first = min(self.interval, BACKOFF_FIRST_S) if watched else min(calm, BACKOFF_CAP_S)
        return first * 2.0 ** min(failures - 1, 16)

    def delay(self, state: PollState, *, visible: bool, focused: bool, jitter: float) -> float | None:
        """Seconds from the end of one poll to the next; ``jitter`` is -1 to 1. ``None``: not scheduled.

        The server's own wait is a lower bound and is never shortened by jitter.
        """
        calm = self.calm(visible=visible, focused=focused)
        if calm is None:
            return None
        stretch = 1.0 + JITTER * jitter
        if not state.failures:
            again = PARTIAL_FIRST_S * 2.0 ** min(state.partial - 1, 16) if state.partial else calm
            return min(calm, again) * stretch
        if state.absent:
            delay = min(ABSENT_CAP_S, ABSENT_FIRST_S * 2.0 ** min(state.failures - 1, 16)) * stretch
        else:
            cap = VISIBLE_CAP_S if state.line_failed and visible and focused else BACKOFF_CAP_S
            delay = min(cap, self.backoff(state.failures, calm) * stretch)
        if state.retry_after is None:
            return delay
        wait = min(max(0.0, state.retry_after), RETRY_AFTER_CAP_S)
        return max(delay, wait * (1.0 + JITTER * abs(jitter)))
