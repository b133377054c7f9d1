"""The file behind the providers' memory: kept in batches, bounded, and allowed to fail."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreakerReport
from zaguan_tui.client.types.providers.providers import ProviderStatusReport
from zaguan_tui.state.alerts.alert import Severity
from zaguan_tui.state.alerts.detector import AlertLog
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.governor import PollGovernor
from zaguan_tui.state.core.poller import PollerFactory
from zaguan_tui.state.providers.history_file import ProviderHistory
from zaguan_tui.state.providers.provider_state import ProvidersState
from zaguan_tui.storage.database import Database
from zaguan_tui.storage.samples import Sample, SampleTable
from zaguan_tui.storage.transitions import TransitionRow, TransitionTable

from .fake_gateway import FakeGateway, breaker, provider
from .provider_runs import DAY_S, HERE, FailingTransitions, history_of, means, rows, running, until


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gateway(clock: FakeClock) -> FakeGateway:
    return FakeGateway(clock)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "zaguan.sqlite"


def fill_the_disk(app_state: AppState) -> FailingTransitions:
    table = history_of(app_state)._transitions
    assert isinstance(table, FailingTransitions)
    table.full = True
    return table


async def test_a_kill_loses_at_most_the_last_batch(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    start = clock.now().timestamp()
    async with running(path, clock, gateway) as app_state:
        for _ in range(9):
            await clock.advance(15)
            await asyncio.sleep(0.02)
        killed_at = clock.now().timestamp()
        newest = await rows(path, "SELECT max(value) FROM samples WHERE series LIKE '% watched'")
        assert killed_at - 30 <= float(str(newest[0][0])) <= killed_at
        points = await rows(path, f"SELECT at FROM samples WHERE series = '{HERE} provider/groq/p95'")
        assert [at for (at,) in points] == [start, start + 60, start + 120]
        fill_the_disk(app_state)  # a killed program writes nothing more


async def forgotten(path: Path, before: float) -> None:
    """Wait until no transition from before that moment is in the file: it is forgotten in the background."""
    for _ in range(500):
        if await rows(path, f"SELECT count(*) FROM transitions WHERE at < {before}") == [(0,)]:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("old transitions are still there")


async def test_what_is_too_old_is_forgotten_at_the_start(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    now = clock.now().timestamp()
    ages = [1, 1.9, 2.1, 29.9, 30.1]
    async with await Database.open(path) as database:
        await SampleTable(database).add(
            Sample(f"{HERE} provider/groq/p95", now - age * DAY_S, 1.0) for age in ages
        )
        await TransitionTable(database).add(
            TransitionRow(HERE, "groq", "closed", "open", now - age * DAY_S) for age in ages
        )
    async with running(path, clock, gateway) as app_state:
        await clock.advance(1)
        assert len(app_state.providers.transitions()) == 1, "a day is recalled, a month is kept"
        await forgotten(path, now - 30 * DAY_S)
        await app_state.disconnect()
    old = now - 3600
    assert await rows(path, f"SELECT count(*) FROM samples WHERE at < {old}") == [(2,)]
    assert await rows(path, f"SELECT count(*) FROM transitions WHERE at < {old}") == [(4,)]


async def test_a_failing_disk_is_one_notice_and_nothing_is_lost_when_it_recovers(
    path: Path, clock: FakeClock, gateway: FakeGateway
) -> None:
    async with running(path, clock, gateway) as app_state:
        table = fill_the_disk(app_state)
        gateway.breakers = [breaker("groq", "half_open")]
        for _ in range(8):
            await clock.advance(15)
            await asyncio.sleep(0.005)
        notices = [a for a in app_state.alerts.entries if a.topic == "provider memory"]
        assert [(n.severity, n.sentence) for n in notices] == [
            (Severity.WARNING, "The history file could not be used: disk full.")
        ]
        polls = gateway.calls["status"]
        await clock.advance(30)
        assert gateway.calls["status"] > polls
        table.full = False
        await history_of(app_state).write()
        (notice,) = [alert for alert in app_state.alerts.entries if alert.topic == "provider memory"]
        assert not notice.lasting
    assert await rows(path, "SELECT to_state FROM transitions") == [("half_open",)]
    points = await rows(path, f"SELECT at FROM samples WHERE series = '{HERE} provider/groq/p50'")
    assert len(points) == 3


async def test_a_file_that_is_gone_stops_nothing(path: Path, clock: FakeClock, gateway: FakeGateway) -> None:
    async with await Database.open(path) as database:
        pass
    app_state = AppState.build(clock=clock)
    tables = SampleTable(database), TransitionTable(database)
    app_state.add(ProviderHistory(app_state.providers, *tables, clock, app_state.alerts))
    app_state.start()
    app_state.connect(gateway)
    await clock.advance(100)
    assert app_state.providers.board.rows
    assert [alert.topic for alert in app_state.alerts.entries] == ["provider memory"]
    await app_state.aclose()


async def test_a_day_of_a_restless_gateway_is_bounded(path: Path, clock: FakeClock) -> None:
    gateway = FakeGateway(clock, HERE)
    polling = PollerFactory(clock, PollGovernor(clock))
    state = ProvidersState(gateway.get_provider_status, gateway.get_circuit_breaker_status, polling)
    async with await Database.open(path) as database:
        memory = ProviderHistory(
            state, SampleTable(database), TransitionTable(database), clock, AlertLog(clock)
        )
        memory.on_connect(HERE)
        await until(lambda: memory.recalled)
        for minute in range(24 * 60):
            for half in range(2):
                state.status.succeed(ProviderStatusReport(data=(provider("groq"),)), clock.now())
                word = "open" if half else "closed"
                state.breakers.succeed(CircuitBreakerReport(data=(breaker("groq", word),)), clock.now())
                clock.jump(30)
            if minute % 20 == 19:
                await memory.write()
        await memory.on_disconnect()
    assert await rows(path, "SELECT count(*) FROM samples WHERE series LIKE '%/p95'") == [(1440,)]
    assert await rows(path, "SELECT count(*) FROM transitions") == [(2 * 1440 - 1,)]
    (spells,) = await rows(path, "SELECT count(*) FROM samples WHERE series LIKE '% watched'")
    assert int(str(spells[0])) <= 26
    async with running(path, clock, gateway) as app_state:
        assert len(app_state.providers.transitions()) == 500
        lane = app_state.providers.lane("groq")
        assert len(lane) <= 400
        assert len(means(app_state, clock)) >= 1439


@pytest.mark.parametrize("details", ["", "no json", "[]", '{"evidence":7,"seen_at":"x","missed":null}'])
async def test_a_strange_row_is_read_as_far_as_it_goes(
    path: Path, clock: FakeClock, gateway: FakeGateway, details: str
) -> None:
    at = clock.now().timestamp() - 60
    async with await Database.open(path) as database:
        row = TransitionRow(HERE, "[red]\x1b", "closed", "ajar", at, details=details)
        await TransitionTable(database).add([row])
        await SampleTable(database).add(
            [Sample(f"{HERE} provider/{name}", at, 1.0) for name in ("groq/p51", "/p50", "a/b c/p50")]
        )
    async with running(path, clock, gateway) as app_state:
        (change,) = app_state.providers.transitions()
        assert (change.to_state, change.evidence, change.at.timestamp()) == ("ajar", "", at)
        assert "a/b c" in app_state.providers.providers
