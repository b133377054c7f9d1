from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from zaguan_tui.client.errors.exceptions import (
    APIError,
    AuthenticationError,
    ErrorKind,
    TransportError,
    TransportReason,
)
from zaguan_tui.config.settings import Settings
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.link import LinkPhase
from zaguan_tui.state.core.poller import Poller
from zaguan_tui.state.core.store import Phase, Store
from zaguan_tui.state.subject import StateContext, Subject

from .fake_gateway import FakeGateway, breaker


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gateway(clock: FakeClock) -> FakeGateway:
    return FakeGateway(clock)


@pytest.fixture
async def app_state(clock: FakeClock) -> AsyncIterator[AppState]:
    built = AppState.build(clock=clock, seed=3)
    yield built
    await built.aclose()


def refused() -> Exception:
    return TransportError("no", reason=TransportReason.REFUSED)


async def test_without_a_client_it_stands_still_and_says_so(app_state: AppState, clock: FakeClock) -> None:
    app_state.start()
    await clock.advance(60)
    assert app_state.link.status.phase is LinkPhase.IDLE
    assert app_state.governor.total == 0
    await app_state.refresh()
    problem = app_state.credits.store.snapshot.problem
    assert problem is not None
    assert problem.sentence == "No gateway is connected yet."


async def test_a_client_that_comes_later_brings_it_to_life(
    app_state: AppState, clock: FakeClock, gateway: FakeGateway
) -> None:
    app_state.start()
    app_state.start()
    await clock.advance(1)
    app_state.connect(gateway)
    assert app_state.link.status.phase is LinkPhase.CONNECTING
    assert app_state.link.status.address == "127.0.0.1:8787"
    await clock.advance(1)
    assert app_state.link.status.phase is LinkPhase.LIVE
    assert gateway.calls == {"status": 1, "breakers": 1, "balance": 1}
    assert app_state.models.store.snapshot.phase is Phase.FIRST_LOAD, "models wait for a visible screen"
    app_state.models.set_visible(1)
    await clock.advance(1)
    assert len(app_state.models.catalogue) == 1
    with pytest.raises(RuntimeError):
        app_state.connect(gateway)


async def test_a_gateway_that_dies_and_comes_back_is_live_again_without_a_key(
    app_state: AppState, clock: FakeClock, gateway: FakeGateway
) -> None:
    app_state.connect(gateway)
    app_state.start()
    app_state.providers.set_visible(1)
    await clock.advance(20)
    rows = app_state.providers.board.rows
    gateway.fail_all(refused)
    await clock.advance(60)
    status = app_state.link.status
    assert status.phase is LinkPhase.RECONNECTING
    assert status.problem is not None
    assert "127.0.0.1:8787" in status.problem.sentence
    assert app_state.providers.board.rows == rows
    assert app_state.providers.store.snapshot.phase is Phase.FAILED
    await clock.advance(600)
    gateway.errors.clear()
    await clock.advance(17)
    assert app_state.link.status.phase is LinkPhase.LIVE
    phases = {poller.store.snapshot.phase for poller in app_state.pollers}
    assert phases <= {Phase.FRESH, Phase.FIRST_LOAD}, "one that got through wakes all the others"
    titles = [alert.title for alert in app_state.alerts.entries]
    assert titles == ["127.0.0.1:8787 is back", "Lost 127.0.0.1:8787"]


async def test_a_wrong_key_is_said_and_polled_less(
    app_state: AppState, clock: FakeClock, gateway: FakeGateway
) -> None:
    gateway.fail_all(lambda: AuthenticationError("bad key", kind=ErrorKind.AUTHENTICATION, status=401))
    app_state.connect(gateway)
    app_state.start()
    await clock.advance(30)
    assert app_state.link.status.phase is LinkPhase.UNAUTHORISED
    calls = gateway.calls.total()
    await clock.advance(3600)
    assert gateway.calls.total() - calls < 3 * 75


async def test_an_opening_breaker_is_an_alert(
    app_state: AppState, clock: FakeClock, gateway: FakeGateway
) -> None:
    rung: list[str] = []
    app_state.alerts.on_ring(lambda alert: rung.append(alert.title))
    app_state.connect(gateway)
    app_state.start()
    app_state.providers.set_visible(1)
    await clock.advance(10)
    gateway.breakers = [breaker("groq", "open"), breaker("openai")]
    await clock.advance(10)
    assert rung == ["groq: breaker open"]


async def test_disconnect_keeps_what_is_known_and_another_gateway_starts_anew(
    app_state: AppState, clock: FakeClock, gateway: FakeGateway
) -> None:
    app_state.connect(gateway)
    app_state.start()
    await clock.advance(5)
    await app_state.disconnect()
    calls = gateway.calls.total()
    await clock.advance(600)
    assert gateway.calls.total() == calls
    assert app_state.link.status.phase is LinkPhase.IDLE
    assert len(app_state.providers.board.rows) == 2
    app_state.connect(gateway)
    await app_state.disconnect()
    assert len(app_state.providers.board.rows) == 2
    other = FakeGateway(clock, "https://other.example/api")
    other.fail_all(refused)
    app_state.connect(other)
    assert app_state.link.status.address == "other.example"
    assert app_state.providers.board.rows == ()
    await clock.advance(1)
    assert app_state.providers.store.snapshot.phase is Phase.FAILED


async def test_closing_leaves_no_task_behind(clock: FakeClock, gateway: FakeGateway) -> None:
    before = asyncio.all_tasks()
    gateway.delay = 3
    app_state = AppState.build(gateway, clock=clock)
    app_state.start()
    await clock.advance(1)
    await app_state.aclose()
    await clock.settle()
    assert asyncio.all_tasks() == before


async def test_a_day_of_polling_grows_nothing(
    app_state: AppState, clock: FakeClock, gateway: FakeGateway
) -> None:
    clock.SETTLING_TURNS = 12  # type: ignore[misc]  # a day is long; twelve turns settle these fakes too
    app_state.connect(gateway)
    app_state.start()
    app_state.providers.set_visible(1)
    app_state.models.set_visible(1)

    async def hours(count: int) -> int:
        for hour in range(count):
            gateway.breakers = [breaker("groq", ("closed", "open")[hour % 2]), breaker("openai")]
            await clock.advance(3600)
        gc.collect()
        return len(gc.get_objects())

    await hours(2)
    app_state.providers.set_visible(0)
    early = await hours(1)
    late = await hours(21)
    assert late - early < 500, f"{late - early} objects more after a day"
    assert gateway.calls["status"] > 3_500
    series = app_state.providers.series("groq")
    assert series is not None
    assert len(series.p50) == 180 + 1440, "fine steps for a quarter of an hour, minutes for a day"
    assert len(app_state.alerts.entries) <= 500
    assert clock.sleepers < 20
    assert len(asyncio.all_tasks()) < 20


@pytest.mark.parametrize("loaded", ["textual", "httpx", "pydantic", "websockets", "plotext", "sqlite3"])
def test_the_state_costs_no_heavy_import(loaded: str) -> None:
    core = [f"core.{name}" for name in ("governor", "link", "poller", "problems", "series", "store")]
    names = ["alerts.detector", "app_state", "providers.provider_state", *core]
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
    app_state: AppState, clock: FakeClock, gateway: FakeGateway, fault: str
) -> None:
    gateway.fail_all(STARTING[fault])
    app_state.connect(gateway)
    app_state.start()
    app_state.models.set_visible(1)
    await clock.advance(2)
    assert app_state.models.store.snapshot.value is None
    gateway.errors.clear()
    await app_state.credits.refresh()
    await clock.advance(2)
    assert len(app_state.models.catalogue) == 1
    assert {poller.store.snapshot.phase for poller in app_state.pollers} == {Phase.FRESH}


class Checks(Subject):
    """A subject of a feature, as its builder makes it."""

    def __init__(self, context: StateContext) -> None:
        self.events: list[str] = []
        self.store: Store[int] = Store("checks")
        self.poller = context.polling.poller(
            self.store, self._read, interval=10, hidden_interval=None, timeout=5
        )

    @classmethod
    def build(cls, context: StateContext) -> Checks:
        return cls(context)

    @property
    def pollers(self) -> tuple[Poller[int], ...]:
        return (self.poller,)

    def apply(self, settings: Settings) -> None:
        self.events.append(f"apply {settings.poll.credits:g}")

    def reset(self) -> None:
        self.events.append("reset")

    def on_connect(self, base_url: str) -> None:
        self.events.append(f"connect {base_url}")

    async def on_disconnect(self) -> None:
        self.events.append("disconnect")

    async def aclose(self) -> None:
        self.events.append("close")

    async def _read(self) -> int:
        return 1


async def test_a_subject_is_built_once_and_lives_with_the_connection(
    app_state: AppState, clock: FakeClock, gateway: FakeGateway
) -> None:
    app_state.open_storage(kinds=[Checks])
    checks = app_state.get(Checks)
    app_state.start()
    checks.set_visible(1)
    app_state.connect(gateway)
    await clock.advance(1)
    assert checks.store.snapshot.value == 1
    await app_state.disconnect()
    other = FakeGateway(clock, "https://other.example")
    app_state.connect(other)
    assert app_state.get(Checks) is checks
    await app_state.aclose()
    assert checks.events == [
        "apply 30",
        f"connect {gateway.base_url}",
        "disconnect",
        "reset",
        "connect https://other.example",
        "close",
    ]


async def test_a_subject_that_comes_late_is_polled_at_once(
    app_state: AppState, clock: FakeClock, gateway: FakeGateway
) -> None:
    app_state.start()
    app_state.connect(gateway)
    await clock.advance(1)
    checks = app_state.get(Checks)
    checks.set_visible(1)
    await clock.advance(1)
    assert checks.store.snapshot.value == 1
    assert checks.events == ["apply 30", f"connect {gateway.base_url}"]


def test_what_is_not_there_yet_says_so(app_state: AppState) -> None:
    with pytest.raises(LookupError, match="storage is not open"):
        _ = app_state.conversations
    with pytest.raises(LookupError, match="Subject is not part"):
        app_state.get(Subject)
    assert not app_state.busy
