"""The breaker's three states, on a clock that the test moves."""

from __future__ import annotations

import pytest

from zaguan_tui.sandbox.engine.providers.breaker import (
    Breaker,
    BreakerRules,
    BreakerState,
    CallFailure,
    CallVerdict,
)

OOPS = CallFailure("it broke", "upstream_error", 502, 1.0)


def call(breaker: Breaker, now: float, verdict: CallVerdict) -> None:
    permit = breaker.acquire(now)
    assert permit is not None
    breaker.settle(permit, now, verdict, OOPS if verdict is CallVerdict.FAILURE else None)


def opened(at: float = 10.0) -> Breaker:
    breaker = Breaker()
    for _ in range(5):
        call(breaker, at, CallVerdict.FAILURE)
    return breaker


def test_failures_in_a_row_open_it_and_name_the_error() -> None:
    breaker = Breaker()
    for _ in range(4):
        call(breaker, 1.0, CallVerdict.FAILURE)
    assert breaker.state is BreakerState.CLOSED
    call(breaker, 2.0, CallVerdict.FAILURE)
    assert breaker.state is BreakerState.OPEN
    assert (breaker.opened_at, breaker.next_attempt_at, breaker.trips_total) == (2.0, 27.0, 1)
    assert breaker.last_error is OOPS
    assert breaker.retry_after(12.0) == 15.0


def test_a_success_in_between_starts_the_count_again() -> None:
    breaker = Breaker()
    for verdict in [CallVerdict.FAILURE] * 4 + [CallVerdict.SUCCESS] + [CallVerdict.FAILURE] * 4:
        call(breaker, 1.0, verdict)
    assert breaker.state is BreakerState.CLOSED


def test_the_error_rate_opens_it_only_with_enough_calls() -> None:
    breaker = Breaker(BreakerRules(failure_threshold=99))
    for index in range(19):
        call(breaker, 1.0, CallVerdict.FAILURE if index % 2 else CallVerdict.SUCCESS)
    assert breaker.state is BreakerState.CLOSED
    call(breaker, 1.0, CallVerdict.FAILURE)
    assert breaker.state is BreakerState.OPEN


def test_the_window_rolls() -> None:
    breaker = Breaker(BreakerRules(failure_threshold=99))
    for _ in range(10):
        call(breaker, 0.0, CallVerdict.FAILURE)
    assert breaker.window(59.9) == (10, 10)
    assert breaker.window(60.0) == (0, 0)
    assert breaker.error_rate(60.0) == 0.0


def test_open_rejects_until_the_cooldown_has_passed() -> None:
    breaker = opened(at=10.0)
    assert breaker.acquire(34.9) is None
    assert breaker.acquire(35.0) is not None
    assert breaker.state is BreakerState.HALF_OPEN


def test_half_open_limits_the_probes() -> None:
    breaker = opened(at=10.0)
    first, second = breaker.acquire(35.0), breaker.acquire(35.0)
    assert first is not None
    assert second is not None
    assert first.probe
    assert breaker.in_flight_probes == 2
    assert breaker.acquire(35.0) is None
    breaker.settle(first, 35.5, CallVerdict.SUCCESS)
    assert breaker.acquire(35.5) is not None


def test_good_probes_close_it_with_a_fresh_window() -> None:
    breaker = opened(at=10.0)
    for index in range(3):
        assert breaker.state is (BreakerState.OPEN if index == 0 else BreakerState.HALF_OPEN)
        call(breaker, 35.0 + index, CallVerdict.SUCCESS)
    assert breaker.state is BreakerState.CLOSED
    assert breaker.window(37.0) == (0, 0)
    assert breaker.consecutive_failures == 0
    assert breaker.opened_at == 10.0


def test_one_bad_probe_opens_it_again() -> None:
    breaker = opened(at=10.0)
    call(breaker, 35.0, CallVerdict.SUCCESS)
    call(breaker, 36.0, CallVerdict.FAILURE)
    assert breaker.state is BreakerState.OPEN
    assert (breaker.trips_total, breaker.next_attempt_at) == (2, 61.0)


@pytest.mark.parametrize("verdict", [CallVerdict.SUCCESS, CallVerdict.FAILURE])
def test_a_call_from_before_the_opening_decides_nothing(verdict: CallVerdict) -> None:
    breaker = Breaker()
    old = breaker.acquire(1.0)
    for _ in range(5):
        call(breaker, 10.0, CallVerdict.FAILURE)
    probe = breaker.acquire(35.0)
    assert old is not None
    assert probe is not None
    breaker.settle(old, 36.0, verdict)
    assert breaker.state is BreakerState.HALF_OPEN
    assert breaker.in_flight_probes == 1


def test_a_neutral_end_frees_the_probe_and_counts_nowhere() -> None:
    breaker = opened(at=10.0)
    call(breaker, 35.0, CallVerdict.NEUTRAL)
    assert breaker.in_flight_probes == 0
    assert breaker.state is BreakerState.HALF_OPEN
    assert breaker.window(35.0) == (5, 5)
