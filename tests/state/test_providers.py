from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from zaguan_tui.client.errors.exceptions import APIError, ErrorKind, TransportError, TransportReason
from zaguan_tui.client.types.providers.last_error import LastError
from zaguan_tui.client.types.providers.providers import RequestCounts
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.governor import PollGovernor
from zaguan_tui.state.core.polling import PollerFactory
from zaguan_tui.state.core.store import Phase
from zaguan_tui.state.providers.provider_state import ProvidersState
from zaguan_tui.state.providers.row import ProviderVerdict

from .fake_gateway import FakeGateway, breaker, provider


def make(clock: FakeClock, gateway: FakeGateway) -> ProvidersState:
    polling = PollerFactory(clock, PollGovernor(clock))
    return ProvidersState(gateway.get_provider_status, gateway.get_circuit_breaker_status, polling)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gateway(clock: FakeClock) -> FakeGateway:
    return FakeGateway(clock)


def lost() -> Exception:
    return TransportError("no", reason=TransportReason.REFUSED)


def absent() -> Exception:
    return APIError("Not Found", kind=ErrorKind.UNSUPPORTED, status=404, endpoint_absent=True)


async def test_status_and_breakers_are_one_row_worst_first(clock: FakeClock, gateway: FakeGateway) -> None:
    now = clock.now()
    gateway.providers = [provider("anthropic"), provider("groq", "degraded"), provider("xai", "degraded")]
    gateway.breakers = [
        breaker("anthropic"),
        breaker(
            "Groq",
            "open",
            opened_at=now - timedelta(seconds=12),
            next_attempt_at=now + timedelta(seconds=18),
            last_error=LastError(message="overloaded", status_code=503),
        ),
    ]
    state = make(clock, gateway)
    await state.refresh()
    board = state.board
    assert [row.id for row in board.rows] == ["groq", "xai", "anthropic"]
    groq = board.rows[0]
    assert groq.verdict is ProviderVerdict.OPEN
    assert groq.breaker == "open"
    assert groq.status == "degraded"
    assert groq.latency_p95 == 800
    assert groq.requests_total == 100
    assert groq.probe_in(now) == 18
    assert groq.probe_in(now + timedelta(seconds=60)) == 0
    assert groq.breaker_age(now) == 12
    assert groq.last_error == "503 overloaded"
    assert groq.sparkline == (250.0,)
    assert board.summary(now) == "1 healthy; groq open for 12 s, probe in 18 s; xai degraded"
    assert board.trust.age(now + timedelta(seconds=7)) == 7
    assert state.store.snapshot.phase is Phase.FRESH


async def test_the_countdown_does_not_trust_the_servers_clock(clock: FakeClock, gateway: FakeGateway) -> None:
    gateway.skew_s = -7200
    theirs = clock.now() - timedelta(hours=2)
    gateway.breakers = [breaker("groq", "open", next_attempt_at=theirs + timedelta(seconds=18))]
    state = make(clock, gateway)
    await state.refresh()
    row = state.board.row("groq")
    assert row is not None
    assert row.probe_in(clock.now()) == 18
    assert state.board.skew_s == -7200


async def test_contradictions_are_called_out(clock: FakeClock, gateway: FakeGateway) -> None:
    nobody = RequestCounts(total=0, success=0, error=0)
    few = RequestCounts(total=3, success=2, error=1)
    gateway.providers = [
        provider("open", circuit_state="closed"),
        provider("down", "down"),
        provider(
            "idle", requests=nobody, error_rate=None, last_success_at=clock.now() - timedelta(minutes=9)
        ),
        provider("few", requests=few, error_rate=1 / 3),
        provider("sick", error_rate=0.62),
        provider("off", "disabled", enabled=False),
        provider("well"),
    ]
    gateway.breakers = [breaker("open", "open"), breaker("down"), breaker("off", "open")]
    state = make(clock, gateway)
    await state.refresh()
    open_row = state.board.row("open")
    assert open_row is not None
    assert open_row.contradictions == (), "the two were not read at one moment: look again first"
    await state.refresh()
    once_more = state.board.row("open")
    assert once_more is not None
    assert once_more.contradictions == (), "two joined readings must agree on it"
    await state.refresh()
    said = {row.id: row.contradictions for row in state.board.rows}
    assert said == {
        "open": (
            "its status says the breaker is closed, the breaker itself is open",
            "reported healthy, but its breaker is open",
        ),
        "down": ("reported down, but its breaker is closed: calls still go there",),
        "idle": ("green only because nobody calls it: last success 9 min ago",),
        "few": ("its error rate rests on 3 requests, fewer than 10",),
        "sick": ("reported healthy with 62% errors",),
        "off": (),
        "well": (),
    }
    few_row = state.board.row("few")
    assert few_row is not None
    assert few_row.small_sample
    off = state.board.row("off")
    assert off is not None
    assert off.verdict is ProviderVerdict.DISABLED


async def test_breakers_per_model_show_the_worst(clock: FakeClock, gateway: FakeGateway) -> None:
    gateway.breakers = [
        breaker("openai", scope="gpt-4o-mini"),
        breaker("openai", "half_open", scope="gpt-4o"),
        breaker("cohere", "open", retry_after=9.0),
    ]
    state = make(clock, gateway)
    await state.refresh()
    openai, cohere = state.board.row("openai"), state.board.row("cohere")
    assert openai is not None
    assert (openai.breaker, openai.breaker_scope, openai.verdict) == (
        "half_open",
        "gpt-4o",
        ProviderVerdict.HALF_OPEN,
    )
    assert len(openai.breakers) == 2
    assert cohere is not None
    assert cohere.status == "unknown"
    assert cohere.probe_in(clock.now()) == 9


async def test_rows_of_an_unchanged_world_are_equal(clock: FakeClock, gateway: FakeGateway) -> None:
    state = make(clock, gateway)
    await state.refresh()
    first = state.board.rows
    clock.jump(1)
    await state.refresh()
    assert first == state.board.rows
    gateway.providers[0] = provider("groq", "degraded")
    await state.refresh()
    assert first != state.board.rows


async def test_one_failure_ages_the_board_and_three_of_both_fail_it(
    clock: FakeClock, gateway: FakeGateway
) -> None:
    state = make(clock, gateway)
    await state.refresh()
    rows = state.board.rows
    gateway.fail_all(lost)
    phases = []
    for _ in range(3):
        clock.jump(5)
        await state.refresh()
        phases.append(state.store.snapshot.phase)
    assert phases == [Phase.STALE, Phase.STALE, Phase.FAILED]
    snapshot = state.store.snapshot
    assert snapshot.failures == 3
    assert snapshot.problem is not None
    assert snapshot.problem.kind == "transport"
    assert state.board.rows == rows
    assert state.board.trust.age(clock.now()) == 15
    gateway.errors.clear()
    await state.refresh()
    assert state.store.snapshot.phase is Phase.FRESH
    series = state.series("groq")
    assert series is not None
    assert [point.mean for point in series.p50.window(60, clock.now())] == [250.0, None, 250.0]
    assert [span.state for span in state.lane("groq")] == ["closed", "unknown", "closed"]


@pytest.mark.parametrize("missing", ["breakers", "status"])
async def test_a_server_with_one_of_the_two_still_gives_a_board(
    clock: FakeClock, gateway: FakeGateway, missing: str
) -> None:
    gateway.errors[missing] = absent
    gateway.providers = [provider("groq", circuit_state="half_open")]
    gateway.breakers = [breaker("groq", "half_open")]
    state = make(clock, gateway)
    await state.refresh()
    assert state.store.snapshot.phase is Phase.FRESH
    row = state.board.row("groq")
    assert row is not None
    assert row.breaker == "half_open"
    absences = [source.source for source in state.board.trust.sources if source.phase is Phase.ABSENT]
    assert len(absences) == 1
    assert state.board.trust.failures == 0


async def test_a_server_with_neither_is_absent(clock: FakeClock, gateway: FakeGateway) -> None:
    gateway.fail_all(absent)
    state = make(clock, gateway)
    await state.refresh()
    assert state.store.snapshot.phase is Phase.ABSENT
    assert state.store.snapshot.value is None
    assert state.store.snapshot.problem is not None
    assert state.board.summary(clock.now()) == "No provider known yet"


async def test_one_source_that_never_came_leaves_the_board_stale_not_failed(
    clock: FakeClock, gateway: FakeGateway
) -> None:
    gateway.errors["breakers"] = lambda: APIError("boom", kind=ErrorKind.SERVER, status=500)
    state = make(clock, gateway)
    for _ in range(5):
        await state.refresh()
    assert state.store.snapshot.phase is Phase.STALE
    assert len(state.board.rows) == 2


async def test_an_open_breaker_is_watched_more_closely(clock: FakeClock, gateway: FakeGateway) -> None:
    state = make(clock, gateway)
    state.set_visible(1)
    tasks = [asyncio.create_task(poller.run()) for poller in state.pollers]
    gateway.breakers = [breaker("groq", "open")]
    await clock.advance(10)
    gateway.calls.clear()
    await clock.advance(60)
    assert 27 <= gateway.calls["breakers"] <= 33
    assert 11 <= gateway.calls["status"] <= 13
    gateway.breakers = [breaker("groq")]
    await clock.advance(10)
    gateway.calls.clear()
    await clock.advance(60)
    assert 11 <= gateway.calls["breakers"] <= 13
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_after_a_breaker_closes_the_configured_pace_is_back(
    clock: FakeClock, gateway: FakeGateway
) -> None:
    state = make(clock, gateway)
    for poller in state.pollers:
        poller.set_interval(20, 60)
    state.set_visible(1)
    tasks = [asyncio.create_task(poller.run()) for poller in state.pollers]
    counts = []
    for word in ("open", "closed"):
        gateway.breakers = [breaker("groq", word)]
        await clock.advance(30)
        gateway.calls.clear()
        await clock.advance(100)
        counts.append(gateway.calls["breakers"])
    assert 45 <= counts[0] <= 55
    assert 4 <= counts[1] <= 6
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_an_open_breaker_never_slows_a_quicker_pace_down(
    clock: FakeClock, gateway: FakeGateway
) -> None:
    state = make(clock, gateway)
    for poller in state.pollers:
        poller.set_interval(1, 5)
    state.set_visible(1)
    gateway.breakers = [breaker("groq", "open")]
    tasks = [asyncio.create_task(poller.run()) for poller in state.pollers]
    await clock.advance(60)
    assert gateway.calls["breakers"] >= 54
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_transitions_are_logged_while_polling(clock: FakeClock, gateway: FakeGateway) -> None:
    state = make(clock, gateway)
    state.set_visible(1)
    tasks = [asyncio.create_task(poller.run()) for poller in state.pollers]
    for word in ("closed", "open", "half_open", "closed"):
        gateway.breakers = [breaker("groq", word, success_threshold=2)]
        await clock.advance(20)
    steps = [(step.from_state, step.to_state) for step in reversed(state.transitions("groq"))]
    assert steps == [("closed", "open"), ("open", "half_open"), ("half_open", "closed")]
    assert state.transitions()[0].evidence == "2 probes in a row succeeded"
    assert state.board.transitions == state.transitions()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
