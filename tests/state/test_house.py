from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from zaguan_tui.client.errors import APIError, AuthenticationError, ErrorKind, TransportError, TransportReason
from zaguan_tui.state.clock import FakeClock
from zaguan_tui.state.house import House
from zaguan_tui.state.link import LinkPhase
from zaguan_tui.state.store import Phase

from .fake_gateway import FakeGateway, breaker


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gateway(clock: FakeClock) -> FakeGateway:
    return FakeGateway(clock)


@pytest.fixture
async def house(clock: FakeClock) -> AsyncIterator[House]:
    built = House.build(clock=clock, seed=3)
    yield built
    await built.aclose()


def refused() -> Exception:
    return TransportError("no", reason=TransportReason.REFUSED)


async def test_without_a_client_it_stands_still_and_says_so(house: House, clock: FakeClock) -> None:
    house.start()
    await clock.advance(60)
    assert house.link.status.phase is LinkPhase.IDLE
    assert house.governor.total == 0
    await house.refresh()
    problem = house.credits.store.snapshot.problem
    assert problem is not None
    assert problem.sentence == "No gateway is connected yet."


async def test_a_client_that_comes_later_brings_it_to_life(
    house: House, clock: FakeClock, gateway: FakeGateway
) -> None:
    house.start()
    house.start()
    await clock.advance(1)
    house.connect(gateway)
    assert house.link.status.phase is LinkPhase.CONNECTING
    assert house.link.status.address == "127.0.0.1:8787"
    await clock.advance(1)
    assert house.link.status.phase is LinkPhase.LIVE
    assert gateway.calls == {"status": 1, "breakers": 1, "balance": 1}
    assert house.models.store.snapshot.phase is Phase.FIRST_LOAD, "models wait for a room"
    house.models.set_visible(1)
    await clock.advance(1)
    assert len(house.models.catalogue) == 1
    with pytest.raises(RuntimeError):
        house.connect(gateway)


async def test_a_gateway_that_dies_and_comes_back_is_live_again_without_a_key(
    house: House, clock: FakeClock, gateway: FakeGateway
) -> None:
    house.connect(gateway)
    house.start()
    house.providers.set_visible(1)
    await clock.advance(20)
    rows = house.providers.board.rows
    gateway.fail_all(refused)
    await clock.advance(60)
    status = house.link.status
    assert status.phase is LinkPhase.RECONNECTING
    assert status.problem is not None
    assert "127.0.0.1:8787" in status.problem.sentence
    assert house.providers.board.rows == rows
    assert house.providers.store.snapshot.phase is Phase.FAILED
    await clock.advance(600)
    gateway.errors.clear()
    await clock.advance(17)
    assert house.link.status.phase is LinkPhase.LIVE
    phases = {poller.store.snapshot.phase for poller in house.pollers}
    assert phases <= {Phase.FRESH, Phase.FIRST_LOAD}, "one that got through wakes all the others"
    titles = [alert.title for alert in house.alerts.entries]
    assert titles == ["127.0.0.1:8787 is back", "Lost 127.0.0.1:8787"]


async def test_a_wrong_key_is_said_and_polled_less(
    house: House, clock: FakeClock, gateway: FakeGateway
) -> None:
    gateway.fail_all(lambda: AuthenticationError("bad key", kind=ErrorKind.AUTHENTICATION, status=401))
    house.connect(gateway)
    house.start()
    await clock.advance(30)
    assert house.link.status.phase is LinkPhase.UNAUTHORISED
    calls = gateway.calls.total()
    await clock.advance(3600)
    assert gateway.calls.total() - calls < 3 * 75


async def test_an_opening_rings_through_the_whole_house(
    house: House, clock: FakeClock, gateway: FakeGateway
) -> None:
    rung: list[str] = []
    house.alerts.on_ring(lambda alert: rung.append(alert.title))
    house.connect(gateway)
    house.start()
    house.providers.set_visible(1)
    await clock.advance(10)
    gateway.breakers = [breaker("groq", "open"), breaker("openai")]
    await clock.advance(10)
    assert rung == ["groq: breaker open"]


async def test_disconnect_keeps_what_is_known_and_another_gateway_starts_anew(
    house: House, clock: FakeClock, gateway: FakeGateway
) -> None:
    house.connect(gateway)
    house.start()
    await clock.advance(5)
    await house.disconnect()
    calls = gateway.calls.total()
    await clock.advance(600)
    assert gateway.calls.total() == calls
    assert house.link.status.phase is LinkPhase.IDLE
    assert len(house.providers.board.rows) == 2
    house.connect(gateway)
    await house.disconnect()
    assert len(house.providers.board.rows) == 2
    other = FakeGateway(clock, "https://other.example/api")
    other.fail_all(refused)
    house.connect(other)
    assert house.link.status.address == "other.example"
    assert house.providers.board.rows == ()
    await clock.advance(1)
    assert house.providers.store.snapshot.phase is Phase.FAILED


async def test_closing_leaves_no_task_behind(clock: FakeClock, gateway: FakeGateway) -> None:
    before = asyncio.all_tasks()
    gateway.delay = 3
    house = House.build(gateway, clock=clock)
    house.start()
    await clock.advance(1)
    await house.aclose()
    await clock.settle()
    assert asyncio.all_tasks() == before


async def test_a_day_of_polling_grows_nothing(house: House, clock: FakeClock, gateway: FakeGateway) -> None:
    clock.SETTLING_TURNS = 12  # type: ignore[misc]  # a day is long; twelve turns settle these fakes too
    house.connect(gateway)
    house.start()
    house.providers.set_visible(1)
    house.models.set_visible(1)

    async def hours(count: int) -> int:
        for hour in range(count):
            gateway.breakers = [breaker("groq", ("closed", "open")[hour % 2]), breaker("openai")]
            await clock.advance(3600)
        gc.collect()
        return len(gc.get_objects())

    await hours(2)
    house.providers.set_visible(0)
    early = await hours(1)
    late = await hours(21)
    assert late - early < 500, f"{late - early} objects more after a day"
    assert gateway.calls["status"] > 3_500
    series = house.providers.series("groq")
    assert series is not None
    assert len(series.p50) == 180 + 1440, "fine steps for a quarter of an hour, minutes for a day"
    assert len(house.alerts.entries) <= 500
    assert clock.sleepers < 20
    assert len(asyncio.all_tasks()) < 20


@pytest.mark.parametrize("loaded", ["textual", "httpx", "pydantic", "websockets", "plotext", "sqlite3"])
def test_the_state_costs_no_heavy_import(loaded: str) -> None:
    names = ["alerts", "governor", "house", "link", "poller", "problems", "providers", "series", "store"]
    modules = ", ".join(f"zaguan_tui.state.{name}" for name in names)
    code = f"import sys, {modules}; sys.exit({loaded!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


STARTING = {
    "refused": refused,
    "404": lambda: APIError("Not Found", kind=ErrorKind.UNSUPPORTED, status=404, endpoint_absent=True),
    "502": lambda: APIError("bad gateway", kind=ErrorKind.SERVER, status=502),
}


@pytest.mark.parametrize("fault", STARTING)
async def test_the_first_success_of_any_source_hurries_all_that_failed(
    house: House, clock: FakeClock, gateway: FakeGateway, fault: str
) -> None:
    gateway.fail_all(STARTING[fault])
    house.connect(gateway)
    house.start()
    house.models.set_visible(1)
    await clock.advance(2)
    assert house.models.store.snapshot.value is None
    gateway.errors.clear()
    await house.credits.refresh()
    await clock.advance(2)
    assert len(house.models.catalogue) == 1
    assert {poller.store.snapshot.phase for poller in house.pollers} == {Phase.FRESH}
