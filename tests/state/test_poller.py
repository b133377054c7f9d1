from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from zaguan_tui.client.errors.exceptions import (
    APIError,
    ErrorKind,
    RateLimitError,
    TransportError,
    TransportReason,
)
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.governor import PollGovernor
from zaguan_tui.state.core.poll_outcome import PollOutcome
from zaguan_tui.state.core.poller import Poller
from zaguan_tui.state.core.schedule import PollState, Schedule
from zaguan_tui.state.core.store import Phase, Store


@dataclass
class Source:
    """Something to poll: remembers when it was asked, fails or dawdles on demand."""

    clock: FakeClock
    asked_at: list[float] = field(default_factory=list)
    error: Callable[[], BaseException] | None = None
    delay: float = 0.0
    open: int = 0
    most_open: int = 0

    async def read(self) -> int:
        self.asked_at.append(self.clock.monotonic())
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            await self.clock.sleep(self.delay)
            if self.error is not None:
                raise self.error()
            return len(self.asked_at)
        finally:
            self.open -= 1

    @property
    def gaps(self) -> list[float]:
        return [later - earlier for earlier, later in zip(self.asked_at, self.asked_at[1:], strict=False)]


@dataclass
class Rig:
    clock: FakeClock
    governor: PollGovernor
    source: Source
    store: Store[int]
    poller: Poller[int]
    outcomes: list[PollOutcome]
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def start(self) -> asyncio.Task[None]:
        self.tasks.append(asyncio.create_task(self.poller.run()))
        return self.tasks[-1]


def make_rig(**terms: Any) -> Rig:
    clock = FakeClock()
    governor, source, store = PollGovernor(clock), Source(clock), Store[int]("numbers")
    outcomes: list[PollOutcome] = []
    poller = Poller(
        store,
        source.read,
        clock=clock,
        governor=governor,
        on_outcome=outcomes.append,
        **({"interval": 5.0, "hidden_interval": 30.0, "timeout": 10.0, "seed": 1} | terms),
    )
    return Rig(clock, governor, source, store, poller, outcomes)


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    made = make_rig()
    yield made
    for task in made.tasks:
        task.cancel()
    await asyncio.gather(*made.tasks, return_exceptions=True)


def transport() -> TransportError:
    return TransportError("Nothing listens", reason=TransportReason.REFUSED, sent=False)


def absent() -> APIError:
    return APIError("Not Found", kind=ErrorKind.UNSUPPORTED, status=404, endpoint_absent=True)


async def test_visible_is_quick_and_hidden_is_slow_both_jittered(rig: Rig) -> None:
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(100)
    assert 17 <= len(rig.source.asked_at) <= 23
    assert all(4.5 <= gap <= 5.5 for gap in rig.source.gaps)
    assert len(set(rig.source.gaps)) > 5, "jitter keeps sources from marching in step"
    rig.poller.set_visible(0)
    rig.source.asked_at.clear()
    await rig.clock.advance(300)
    assert all(27 <= gap <= 33 for gap in rig.source.gaps)


async def test_becoming_visible_runs_an_overdue_poll_at_once(rig: Rig) -> None:
    rig.start()
    await rig.clock.advance(20)
    assert len(rig.source.asked_at) == 1
    rig.poller.set_visible(1)
    await rig.clock.settle()
    assert len(rig.source.asked_at) == 2


async def test_the_terminal_out_of_focus_slows_down(rig: Rig) -> None:
    rig.poller.set_visible(1)
    rig.governor.set_focused(False)
    rig.start()
    await rig.clock.advance(200)
    assert all(27 <= gap <= 33 for gap in rig.source.gaps)


async def test_pause_stops_and_resume_catches_up_and_refresh_works_meanwhile(rig: Rig) -> None:
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(1)
    rig.governor.pause()
    await rig.clock.advance(600)
    assert len(rig.source.asked_at) == 1
    assert rig.store.snapshot.next_poll_at is None
    await rig.poller.refresh()
    assert len(rig.source.asked_at) == 2
    await rig.clock.advance(600)
    rig.governor.resume()
    await rig.clock.settle()
    assert len(rig.source.asked_at) == 3


async def test_never_two_in_flight_and_refresh_joins(rig: Rig) -> None:
    rig.source.delay = 8
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(1)
    refreshes = [asyncio.create_task(rig.poller.refresh()) for _ in range(5)]
    await rig.clock.advance(8)
    await asyncio.gather(*refreshes)
    assert len(rig.source.asked_at) == 1
    await rig.clock.advance(100)
    assert rig.source.most_open == 1


async def test_refresh_works_without_run() -> None:
    rig = make_rig()
    await rig.poller.refresh()
    assert rig.store.snapshot.value == 1
    assert rig.governor.total == 1


async def test_a_slow_source_times_out_and_is_a_problem(rig: Rig) -> None:
    rig.source.delay = 60
    rig.start()
    await rig.clock.advance(11)
    snapshot = rig.store.snapshot
    assert snapshot.phase is Phase.FAILED
    assert snapshot.problem is not None
    assert snapshot.problem.kind == "timeout"
    assert rig.source.open == 0


async def test_a_timeout_can_be_set_for_the_readings_to_come(rig: Rig) -> None:
    rig.source.delay = 5
    rig.poller.set_timeout(3)
    rig.start()
    await rig.clock.advance(4)
    assert rig.store.snapshot.problem is not None
    assert "3" in rig.store.snapshot.problem.sentence
    rig.poller.set_timeout(6)
    await rig.clock.advance(60)
    assert rig.store.snapshot.phase is Phase.FRESH


async def test_failures_back_off_to_a_minute(rig: Rig) -> None:
    rig.source.error = lambda: APIError("boom", kind=ErrorKind.SERVER, status=500)
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(600)
    for gap, planned in zip(rig.source.gaps, (5, 10, 20, 40, 60, 60, 60), strict=False):
        assert planned * 0.9 <= gap <= min(60, planned * 1.1)
    rig.source.error = None
    await rig.clock.advance(70)
    assert rig.store.snapshot.phase is Phase.FRESH
    rig.source.asked_at.clear()
    await rig.clock.advance(60)
    assert all(gap <= 5.5 for gap in rig.source.gaps)


async def test_a_lost_line_is_tried_more_often_while_somebody_looks(rig: Rig) -> None:
    rig.source.error = transport
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(300)
    assert max(rig.source.gaps) <= 15
    rig.poller.set_visible(0)
    rig.source.asked_at.clear()
    await rig.clock.advance(300)
    assert all(54 <= gap <= 60 for gap in rig.source.gaps)


async def test_retry_after_is_obeyed_and_never_shortened(rig: Rig) -> None:
    rig.source.error = lambda: RateLimitError(
        "slow down", kind=ErrorKind.RATE_LIMIT, status=429, retry_after=45.0
    )
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(400)
    assert len(rig.source.gaps) >= 5
    assert all(45 <= gap <= 66 for gap in rig.source.gaps)


async def test_what_the_server_lacks_is_asked_ever_more_seldom(rig: Rig) -> None:
    rig.source.error = absent
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(24 * 3600)
    assert rig.store.snapshot.phase is Phase.ABSENT
    assert rig.outcomes[-1].absent
    assert len(rig.source.asked_at) < 40
    assert rig.source.gaps[-1] > 3200


async def test_any_exception_is_a_problem_and_polling_goes_on(rig: Rig) -> None:
    rig.source.error = lambda: KeyError("surprise")
    rig.poller.set_visible(1)
    task = rig.start()
    await rig.clock.advance(30)
    assert not task.done()
    assert rig.store.snapshot.problem is not None
    assert "KeyError" in rig.store.snapshot.problem.sentence


async def test_cancelling_run_cancels_the_poll_and_is_not_swallowed(rig: Rig) -> None:
    rig.source.delay = 5
    task = rig.start()
    await rig.clock.advance(1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert rig.source.open == 0
    assert not rig.poller.in_flight


async def test_a_read_that_gets_cancelled_from_inside_does_not_spin(rig: Rig) -> None:
    rig.source.error = asyncio.CancelledError
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(60)
    assert len(rig.source.asked_at) < 20


async def test_a_watchers_fault_is_reported_and_polling_goes_on(rig: Rig) -> None:
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))

    def broken(_: object) -> None:
        raise ValueError("broken watcher")

    rig.store.watch(broken, now=False)
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(20)
    assert len(rig.source.asked_at) >= 4
    assert rig.outcomes
    assert isinstance(faults[0]["exception"], ValueError)


async def test_the_snapshot_knows_when_the_next_poll_is_due(rig: Rig) -> None:
    versions: list[int] = []
    rig.store.watch(lambda snapshot: versions.append(snapshot.version), now=False)
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(50)
    due = rig.store.snapshot.next_poll_at
    assert due is not None
    assert 0 <= (due - rig.clock.now()).total_seconds() <= 5.5
    assert len(versions) == len(rig.source.asked_at), "one reading, one snapshot"


async def test_a_source_without_hidden_interval_waits_for_a_room() -> None:
    rig = make_rig(hidden_interval=None)
    rig.start()
    await rig.clock.advance(1000)
    assert rig.source.asked_at == []
    rig.poller.set_visible(1)
    await rig.clock.settle()
    assert len(rig.source.asked_at) == 1
    rig.tasks[0].cancel()


async def test_hurry_wakes_only_what_failed(rig: Rig) -> None:
    rig.source.error = transport
    rig.start()
    await rig.clock.advance(100)
    asked = len(rig.source.asked_at)
    rig.source.error = None
    rig.poller.retry_now()
    await rig.clock.settle()
    assert len(rig.source.asked_at) == asked + 1
    rig.poller.retry_now()
    await rig.clock.settle()
    assert len(rig.source.asked_at) == asked + 1


def test_a_huge_wait_is_capped_at_an_hour() -> None:
    state = PollState(failures=1, retry_after=1e9)
    delay = Schedule(5, 30).delay(state, visible=True, focused=True, jitter=0)
    assert delay == 3600


async def test_hurry_keeps_a_wait_that_the_server_asked_for(rig: Rig) -> None:
    rig.source.error = lambda: RateLimitError("slow", kind=ErrorKind.RATE_LIMIT, status=429, retry_after=60.0)
    rig.start()
    await rig.clock.advance(1)
    rig.poller.retry_now()
    await rig.clock.advance(50)
    assert len(rig.source.asked_at) == 1


async def test_what_was_read_in_part_is_asked_for_again_soon_and_then_ever_more_seldom() -> None:
    rig = make_rig(interval=600.0, hidden_interval=None, is_partial=lambda _value: True)
    rig.poller.set_visible(1)
    rig.start()
    await rig.clock.advance(2400)
    assert [round(gap / 30) for gap in rig.source.gaps[:4]] == [1, 2, 4, 8]
    assert max(rig.source.gaps) <= 660
    asked = len(rig.source.asked_at)
    rig.poller.retry_now()
    await rig.clock.settle()
    assert len(rig.source.asked_at) == asked + 1
    rig.tasks[0].cancel()
