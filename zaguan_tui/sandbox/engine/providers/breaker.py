"""Circuit breaker of a provider: closed, open, half-open with probes.

Closed lets every call through. It opens after ``failure_threshold`` failures in a row, or when at least
``minimum_requests`` calls of the rolling window show an error rate of ``error_rate_threshold``. Open rejects
every call until the cool-down has passed; the next call then finds it half-open, where at most
``half_open_max_requests`` probes run at once. ``success_threshold`` good probes in a row close it, one bad
probe opens it again. Time is world seconds and always given by the caller, so the breaker has no clock.
"""

from __future__ import annotations

import enum
from collections import deque
from dataclasses import dataclass


class BreakerState(enum.StrEnum):
    """The three states, spelled as on the wire (wire.md 6.2, proposal)."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class CallVerdict(enum.Enum):
    """What one finished call says about the provider."""

    SUCCESS = enum.auto()
    FAILURE = enum.auto()
    NEUTRAL = enum.auto()
    """Says nothing about health: cancelled by the caller, or throttled (429)."""


@dataclass(frozen=True, slots=True)
class BreakerRules:
    """The thresholds of one breaker; durations in world seconds."""

    failure_threshold: int = 5
    error_rate_threshold: float = 0.5
    minimum_requests: int = 20
    window_seconds: float = 60.0
    cooldown_seconds: float = 25.0
    half_open_max_requests: int = 2
    success_threshold: int = 3


@dataclass(frozen=True, slots=True)
class CallPermit:
    """The permit of one call; return it with `Breaker.settle`."""

    epoch: int
    probe: bool


@dataclass(frozen=True, slots=True)
class CallFailure:
    """The last thing that went wrong with a provider; ``at`` in world seconds."""

    message: str
    type: str
    status_code: int
    at: float


class Breaker:
    """The breaker of one provider. Not thread-safe: it belongs to the event loop."""

    def __init__(self, rules: BreakerRules | None = None, *, since: float = 0.0) -> None:
        self.rules = rules or BreakerRules()
        self.state = BreakerState.CLOSED
        self.consecutive_failures = 0
        self.consecutive_successes = 0
        self.in_flight_probes = 0
        self.trips_total = 0
        self.opened_at: float | None = None
        self.next_attempt_at: float | None = None
        self.last_failure_at: float | None = None
        self.last_state_change_at = since
        self.last_error: CallFailure | None = None
        self._epoch = 0
        self._window: deque[tuple[float, bool]] = deque()
        self._window_failures = 0

    def acquire(self, now: float) -> CallPermit | None:
        """Ask to make a call at ``now``; ``None`` means rejected."""
        if (
            self.state is BreakerState.OPEN
            and self.next_attempt_at is not None
            and now >= self.next_attempt_at
        ):
            self._enter(BreakerState.HALF_OPEN, now)
        if self.state is BreakerState.CLOSED:
            return CallPermit(self._epoch, probe=False)
        if self.state is BreakerState.HALF_OPEN and self.in_flight_probes < self.rules.half_open_max_requests:
            self.in_flight_probes += 1
            return CallPermit(self._epoch, probe=True)
        return None

    def settle(
        self, permit: CallPermit, now: float, verdict: CallVerdict, failure: CallFailure | None = None
    ) -> None:
        """Say how the call ended. Calls begun before the last state change count in the window only."""
        current = permit.epoch == self._epoch
        if permit.probe and current:
            self.in_flight_probes -= 1
        if verdict is CallVerdict.NEUTRAL:
            return
        failed = verdict is CallVerdict.FAILURE
        self._note(now, failed, failure)
        if not current:
            return
        if self.state is BreakerState.HALF_OPEN:
            if failed:
                self._enter(BreakerState.OPEN, now)
            elif self.consecutive_successes >= self.rules.success_threshold:
                self._enter(BreakerState.CLOSED, now)
        elif failed and self._too_many(now):
            self._enter(BreakerState.OPEN, now)

    def retry_after(self, now: float) -> float | None:
        """World seconds until the next probe may run; ``None`` unless open."""
        if self.state is not BreakerState.OPEN or self.next_attempt_at is None:
            return None
        return max(0.0, self.next_attempt_at - now)

    def window(self, now: float) -> tuple[int, int]:
        """Calls and failed calls within the rolling window that ends at ``now``."""
        oldest = now - self.rules.window_seconds
        while self._window and self._window[0][0] <= oldest:
            _, failed = self._window.popleft()
            self._window_failures -= failed
        return len(self._window), self._window_failures

    def error_rate(self, now: float) -> float:
        """Failed share of the calls in the window, 0 when there were none."""
        calls, failures = self.window(now)
        return failures / calls if calls else 0.0

    def _too_many(self, now: float) -> bool:
        if self.consecutive_failures >= self.rules.failure_threshold:
            return True
        calls, failures = self.window(now)
        return calls >= self.rules.minimum_requests and failures >= calls * self.rules.error_rate_threshold

    def _note(self, now: float, failed: bool, failure: CallFailure | None) -> None:
        self._window.append((now, failed))
        self._window_failures += failed
        self.window(now)
        if failed:
            self.consecutive_failures += 1
            self.consecutive_successes = 0
            self.last_failure_at = now
            self.last_error = failure or self.last_error
        else:
            self.consecutive_failures = 0
            self.consecutive_successes += 1

    def _enter(self, state: BreakerState, now: float) -> None:
        self._epoch += 1
        self.state = state
        self.last_state_change_at = now
        self.in_flight_probes = 0
        self.next_attempt_at = None
        if state is BreakerState.OPEN:
            self.trips_total += 1
            self.opened_at = now
            self.next_attempt_at = now + self.rules.cooldown_seconds
        elif state is BreakerState.HALF_OPEN:
            self.consecutive_successes = 0
        else:
            # What broke it is over: a fresh window, or the old failures would trip it again at once.
            self._window.clear()
            self._window_failures = 0
            self.consecutive_failures = 0
