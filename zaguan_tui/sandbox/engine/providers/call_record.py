"""Outcomes of one provider's calls within a rolling window."""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass
from operator import attrgetter

from zaguan_tui.sandbox.engine.providers.breaker import CallFailure

WINDOW_SECONDS = 300.0
"""World seconds that provider statistics look back."""


class CallOutcome(enum.StrEnum):
    """How a call to a provider ended, in the ledger's words."""

    SUCCESS = "success"
    ERROR = "error"
    RATE_LIMITED = "rate_limited"


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One finished call. ``latency_ms`` is the time to the first token (``None`` when none came);
    ``slowness`` is that latency over the model's usual one, so 1 is normal whatever the model.
    """

    at: float
    outcome: CallOutcome
    latency_ms: float | None = None
    slowness: float | None = None


_moment = attrgetter("at")


class ProviderCallLog:
    """The rolling window of one provider, with the last success and the last error beyond it."""

    def __init__(self, *, enabled: bool = True) -> None:
        self.enabled = enabled
        self.last_success_at: float | None = None
        self.last_error: CallFailure | None = None
        self.last_check: float | None = None
        self._records: deque[CallRecord] = deque()

    def note(self, observation: CallRecord, failure: CallFailure | None = None) -> None:
        """Add a finished call; calls come in the order of their ends."""
        self._records.append(observation)
        self.last_check = observation.at
        if observation.outcome is CallOutcome.SUCCESS:
            self.last_success_at = observation.at
        elif failure is not None:
            self.last_error = failure
        self._forget(observation.at)

    def within(self, now: float, seconds: float = WINDOW_SECONDS) -> list[CallRecord]:
        """The calls that ended in the last ``seconds``, oldest first."""
        self._forget(now)
        if seconds >= WINDOW_SECONDS:
            return list(self._records)
        records = list(self._records)
        return records[bisect_right(records, now - seconds, key=_moment) :]

    def _forget(self, now: float) -> None:
        oldest = now - WINDOW_SECONDS
        while self._records and self._records[0].at <= oldest:
            self._records.popleft()
