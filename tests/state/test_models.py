from __future__ import annotations

import asyncio
import gc
from datetime import UTC, datetime
from typing import Any

import pytest

from zaguan_tui.client.errors.exceptions import APIError, ErrorKind, TransportError, TransportReason
from zaguan_tui.client.types.models.capabilities import Capability
from zaguan_tui.client.types.models.models import Model
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.governor import PollGovernor
from zaguan_tui.state.core.poller import PollerFactory
from zaguan_tui.state.core.store import Phase
from zaguan_tui.state.models.catalogue import ModelsState

from .fake_gateway import FakeGateway


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gateway(clock: FakeClock) -> FakeGateway:
    return FakeGateway(clock)


@pytest.fixture
def state(clock: FakeClock, gateway: FakeGateway) -> ModelsState:
    return ModelsState(
        gateway.list_models, gateway.get_capabilities, PollerFactory(clock, PollGovernor(clock))
    )


async def test_models_and_capabilities_are_joined_and_sorted(
    state: ModelsState, gateway: FakeGateway
) -> None:
    gateway.models = [
        Model(id="xai/grok", provider="xai"),
        Model(id="house-model"),
        Model(
            id="anthropic/old",
            provider="anthropic",
            display_name="Old",
            shutdown_date=datetime(2025, 6, 1, tzinfo=UTC),
            metadata={"band": "B"},
            raw={"id": "anthropic/old", "x": 1},
        ),
    ]
    gateway.capabilities = [
        Capability(model_id="xai/grok", tools=True, max_context_tokens=131_072, input_cost_per_1m=3.0),
        Capability(model_id="groq/unlisted", provider="groq", vision=False),
    ]
    await state.refresh()
    assert [entry.id for entry in state.catalogue.entries] == [
        "anthropic/old",
        "groq/unlisted",
        "xai/grok",
        "house-model",
    ]
    grok, old, unlisted = (state.entry(name) for name in ("xai/grok", "anthropic/old", "groq/unlisted"))
    assert grok is not None
    assert (grok.tools, grok.vision, grok.context, grok.input_cost) == (True, None, 131_072, 3.0)
    assert old is not None
    assert (old.deprecated, old.band, old.display_name) == (True, "B", "Old")
    assert old.raw["model"]["x"] == 1
    assert unlisted is not None
    assert not unlisted.listed
    assert state.catalogue.providers == ("anthropic", "groq", "xai")


async def test_without_capabilities_the_models_stay_usable(
    state: ModelsState, gateway: FakeGateway, clock: FakeClock
) -> None:
    gateway.errors["capabilities"] = lambda: APIError(
        "Not Found", kind=ErrorKind.UNSUPPORTED, status=404, endpoint_absent=True
    )
    state.set_visible(1)
    task = asyncio.create_task(state.poller.run())
    await clock.advance(3000)
    assert state.store.snapshot.phase is Phase.FRESH
    assert state.catalogue.capabilities_problem is not None
    entry = state.entry("groq/llama")
    assert entry is not None
    assert entry.tools is None
    assert gateway.calls["models"] >= 5
    assert gateway.calls["capabilities"] == 1, "what the server lacks is not asked again within the hour"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_capabilities_once_read_outlive_a_failure(state: ModelsState, gateway: FakeGateway) -> None:
    await state.refresh()
    gateway.errors["capabilities"] = lambda: APIError("boom", kind=ErrorKind.SERVER, status=500)
    await state.refresh()
    entry = state.entry("groq/llama")
    assert entry is not None
    assert entry.tools is True
    assert state.catalogue.capabilities_problem is not None


async def test_a_failed_list_keeps_the_last_one(state: ModelsState, gateway: FakeGateway) -> None:
    await state.refresh()
    gateway.errors["models"] = lambda: APIError("boom", kind=ErrorKind.SERVER, status=500)
    await state.refresh()
    assert state.store.snapshot.phase is Phase.STALE
    assert len(state.catalogue) == 1


async def test_ten_thousand_models_join_beside_the_loop(state: ModelsState, gateway: FakeGateway) -> None:
    gateway.models = [Model(id=f"p{n % 20}/m{n}", provider=f"p{n % 20}") for n in range(10_000)]
    gateway.capabilities = [Capability(model_id=model.id, tools=True) for model in gateway.models]
    turns = 0
    refreshing = asyncio.create_task(state.refresh())
    while not refreshing.done():
        await asyncio.sleep(0)
        turns += 1
    assert len(state.catalogue) == 10_000
    assert turns > 10, "the loop kept turning while a thread joined"


FAILURES = {
    "404": lambda: APIError("Not Found", kind=ErrorKind.UNSUPPORTED, status=404, endpoint_absent=True),
    "500": lambda: APIError("boom", kind=ErrorKind.SERVER, status=500),
    "a wrong key": lambda: APIError("no", kind=ErrorKind.AUTHENTICATION, status=401),
    "reset": lambda: TransportError("broke", reason=TransportReason.RESET),
    "a fault in a reader": lambda: RuntimeError("internal"),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("turns", range(5))
async def test_models_and_capabilities_that_fail_together_leave_a_sentence_and_no_lost_task(
    clock: FakeClock, gateway: FakeGateway, failure: str, turns: int
) -> None:
    """``turns`` of the loop pass between the failing of the list and that of the capabilities."""
    lost = list[object]()
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: lost.append(context))
    gateway.fail_all(FAILURES[failure])

    async def list_later() -> Any:
        for _ in range(turns):
            await asyncio.sleep(0)
        return await gateway.list_models()

    state = ModelsState(list_later, gateway.get_capabilities, PollerFactory(clock, PollGovernor(clock)))
    await state.refresh()
    assert state.store.snapshot.problem is not None
    assert state.store.snapshot.problem.sentence.endswith(".")
    gc.collect()
    await clock.settle()
    assert not lost


async def test_capabilities_that_fail_at_the_start_are_asked_for_again_within_a_minute(
    state: ModelsState, gateway: FakeGateway, clock: FakeClock
) -> None:
    gateway.errors["capabilities"] = lambda: APIError("starting", kind=ErrorKind.SERVER, status=503)
    state.set_visible(1)
    task = asyncio.create_task(state.poller.run())
    await clock.advance(5)
    assert state.catalogue.capabilities_problem is not None
    gateway.errors.clear()
    await clock.advance(45)
    assert state.catalogue.capabilities_problem is None
    assert gateway.calls["models"] == 2
    await clock.advance(500)
    assert gateway.calls["models"] == 2
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
