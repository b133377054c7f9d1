from __future__ import annotations

from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.governor import UNFOCUSED_PACE, PollGovernor, PollPace


async def test_the_rate_is_that_of_the_last_minute() -> None:
    clock = FakeClock()
    governor = PollGovernor(clock)
    governor.count(6)
    assert governor.rate == 0.6, "in the first seconds the window is not stretched to a minute"
    await clock.advance(59)
    governor.count(6)
    assert round(governor.rate, 3) == round(12 / 59, 3)
    await clock.advance(30)
    assert governor.rate == 6 / 60
    await clock.advance(60)
    assert governor.rate == 0
    assert governor.total == 12


async def test_the_count_needs_no_more_room_in_a_day() -> None:
    clock = FakeClock()
    governor = PollGovernor(clock)
    for _ in range(10_000):
        clock.jump(0.5)
        governor.count()
    assert len(governor._seconds) <= 61
    assert round(governor.rate, 1) == 2.0


def test_polls_are_not_counted_twice_where_attempts_are_counted() -> None:
    governor = PollGovernor(FakeClock(), counts_polls=False)
    governor.count_poll()
    assert governor.total == 0
    governor.count()
    assert governor.total == 1


def test_watchers_hear_of_changes_only() -> None:
    governor, heard = PollGovernor(FakeClock()), list[PollPace]()
    unsubscribe = governor.watch(heard.append)
    governor.set_focused(True)
    governor.pause()
    governor.pause()
    assert governor.toggle() is False
    governor.set_focused(False)
    unsubscribe()
    unsubscribe()
    governor.resume()
    governor.pause()
    assert heard == [PollPace(), PollPace(paused=True), PollPace(), PollPace(focused=False)]
    assert governor.pace.factor == UNFOCUSED_PACE
