"""Providers across restarts: what was seen comes back, what was not seen stays unknown."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from zaguan_tui.client.errors.exceptions import TransportError, TransportReason
from zaguan_tui.state.alerts.alert import Severity
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.providers.breaker_history import UNKNOWN

from .fake_gateway import FakeGateway, breaker, provider
from .provider_runs import DAY_S, history_of, means, rows, running, until

THERE = "http://127.0.0.1:8787/provider"
"""An address that begins with the whole of another one."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gateway(clock: FakeClock) -> FakeGateway:
    return FakeGateway(clock)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "zaguan.sqlite"


async def test_the_series_come_back_with_a_gap_for_the_time_between(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    async with running(path, clock, gateway):
        await clock.advance(150)
    clock.jump(3600)
    async with running(path, clock, gateway) as app_state:
        await clock.advance(70)
        assert means(app_state, clock) == [800.0, 800.0, 800.0, None, 800.0, 800.0]
        series = app_state.providers.series("groq")
        assert series is not None
        first, *_, last = series.error_rate.window(DAY_S, clock.now())
        assert last.at - first.at >= 3600
        assert [each.mean for each in series.error_rate.window(DAY_S, clock.now())].count(None) == 1


async def test_within_the_quarter_of_an_hour_the_fine_series_has_the_gap_too(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    async with running(path, clock, gateway):
        await clock.advance(130)
    clock.jump(300)
    async with running(path, clock, gateway) as app_state:
        await clock.advance(11)
        assert means(app_state, clock, 900)[:4] == [800.0, 800.0, 800.0, None]
        assert None not in means(app_state, clock, 900)[4:]
    clock.jump(20 * 60)
    async with running(path, clock, gateway) as app_state:
        await clock.advance(11)
        assert None not in means(app_state, clock, 900), "what is older than the window is not in it"


async def test_a_dead_gateway_still_shows_what_was_known(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    async with running(path, clock, gateway):
        await clock.advance(70)
    clock.jump(600)
    gateway.fail_all(lambda: TransportError("no", reason=TransportReason.REFUSED))
    async with running(path, clock, gateway) as app_state:
        await clock.advance(30)
        assert means(app_state, clock)[:2] == [800.0, 800.0]
        assert means(app_state, clock)[2:] == [None]


async def test_transitions_come_back_with_their_moments_and_ring_nothing(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    async with running(path, clock, gateway) as app_state:
        await clock.advance(40)
        gateway.breakers = [breaker("groq", "open", window_requests=20, window_failures=12)]
        await clock.advance(20)
        gateway.breakers = [breaker("groq")]
        await clock.advance(20)
        seen = app_state.providers.transitions()
        assert [change.to_state for change in seen] == ["closed", "open"]
    clock.jump(3 * 3600)
    async with running(path, clock, gateway) as app_state:
        await clock.advance(20)
        again = app_state.providers.transitions("groq")
        assert [(c.at, c.seen_at, c.from_state, c.to_state, c.evidence) for c in again] == [
            (c.at, c.seen_at, c.from_state, c.to_state, c.evidence) for c in seen
        ]
        assert all(change.remembered for change in again)
        assert app_state.providers.board.transitions == again
        assert app_state.alerts.entries == ()
        await clock.advance(60)
    assert await rows(path, "SELECT to_state FROM transitions ORDER BY number") == [("open",), ("closed",)]


async def test_the_lane_is_unknown_where_nobody_watched(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    start = clock.now()
    async with running(path, clock, gateway):
        await clock.advance(40)
        gateway.breakers = [breaker("groq", "open"), breaker("openai")]
        await clock.advance(20)
    clock.jump(3600)
    async with running(path, clock, gateway) as app_state:
        await clock.advance(20)
        lane = app_state.providers.lane("groq")
        assert [span.state for span in lane] == ["closed", "open", UNKNOWN, "open"]
        assert all(before.end == after.start for before, after in pairwise(lane))
        assert lane[0].start - start < timedelta(seconds=5)
        assert lane[2].seconds >= 3600
        assert lane[1].end <= start + timedelta(seconds=60)
        assert [span.state for span in app_state.providers.lane("openai")] == ["closed"]


async def test_an_old_reason_does_not_explain_a_new_opening(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    async with running(path, clock, gateway):
        await clock.advance(20)
        gateway.breakers = [breaker("groq", "open", window_requests=20, window_failures=12)]
        await clock.advance(20)
    clock.jump(3600)
    gateway.breakers = [breaker("groq", "open")]
    async with running(path, clock, gateway) as app_state:
        await clock.advance(20)
        (alert,) = app_state.alerts.entries
        assert alert.severity is Severity.CRITICAL
        assert "12 of 20" not in alert.sentence


async def test_gateways_never_mix(path: Path, clock: FakeClock, gateway: FakeGateway) -> None:
    other = FakeGateway(clock, THERE)
    other.providers, other.breakers = [provider("xai")], [breaker("xai")]
    async with running(path, clock, gateway) as app_state:
        await clock.advance(40)
        gateway.breakers = [breaker("groq", "open")]
        await clock.advance(33)
        await app_state.disconnect()
        app_state.connect(other)
        await clock.advance(40)
        await until(lambda: history_of(app_state).recalled)
        assert app_state.providers.transitions() == ()
        assert app_state.providers.providers == ("xai",)
        await app_state.disconnect()
        app_state.connect(gateway)
        await until(lambda: history_of(app_state).recalled)
        await clock.advance(10)
        assert set(app_state.providers.providers) == {"groq", "openai"}
        assert [change.to_state for change in app_state.providers.transitions()] == ["open"]
        assert None not in means(app_state, clock)[:2]
    async with running(path, clock, other) as app_state:
        await clock.advance(10)
        assert app_state.providers.providers == ("xai",)
        assert app_state.providers.transitions() == ()


async def test_two_programs_on_one_file_tell_a_transition_once(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    async with running(path, clock, gateway), running(path, clock, gateway):
        await clock.advance(31)
        gateway.breakers = [breaker("groq", "open")]
        await clock.advance(40)
        gateway.breakers = [breaker("groq", "half_open")]
        await clock.advance(40)
    async with running(path, clock, gateway) as app_state:
        assert [change.to_state for change in app_state.providers.transitions()] == ["half_open", "open"]
        await clock.advance(10)
        lane = app_state.providers.lane("groq")
        assert [span.state for span in lane][:3] == ["closed", "open", "half_open"]


async def test_the_same_gateway_again_is_not_recalled_twice(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    async with running(path, clock, gateway) as app_state:
        await clock.advance(20)
        gateway.breakers = [breaker("groq", "open")]
        await clock.advance(20)
        for _ in range(2):
            await app_state.disconnect()
            app_state.connect(gateway)
            await clock.advance(20)
        assert len(app_state.providers.transitions("groq")) == 1
        assert not app_state.providers.transitions("groq")[0].remembered
