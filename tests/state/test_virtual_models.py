"""Virtual models: read when asked for, absent where there are none, and able to do what their models can."""

from __future__ import annotations

import pytest

from zaguan_tui.client.types.models.virtual_models import VirtualModel, VirtualTarget
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.store import Phase
from zaguan_tui.state.models.entry import ModelCatalogue, ModelEntry

from .fake_gateway import FakeGateway

CODE = VirtualModel(
    id="code",
    strategy="fallback",
    targets=(VirtualTarget(model="a/one"), VirtualTarget(model="fast")),
    fallbacks=("b/three",),
)
FAST = VirtualModel(id="fast", targets=(VirtualTarget(model="a/two"),))
ENTRIES = {
    "a/one": ModelEntry("a/one", context=1000, tools=False, reasoning=False, features=("json_mode",)),
    "a/two": ModelEntry("a/two", context=500, tools=True, reasoning=False, features=("x",)),
    "b/three": ModelEntry("b/three", max_output=9, reasoning=False, features=("y",)),
}


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway(FakeClock())


def house_at(gateway: FakeGateway) -> AppState:
    return AppState.build(gateway, clock=gateway.clock)


async def test_nobody_asks_before_somebody_wants_to_know(gateway: FakeGateway) -> None:
    app_state = house_at(gateway)
    assert app_state.virtual_models.due
    assert gateway.calls["virtual"] == 0
    gateway.virtual = [CODE, FAST]
    await app_state.virtual_models.refresh()
    assert not app_state.virtual_models.due
    assert app_state.virtual_models.all == (CODE, FAST)
    assert app_state.virtual_models.find("code") == CODE
    assert app_state.virtual_models.route("code") == ("a/one", "a/two", "b/three")
    assert app_state.virtual_models.route("a/one") == ()


async def test_a_server_without_them_is_no_failure(gateway: FakeGateway) -> None:
    app_state = house_at(gateway)
    await app_state.virtual_models.refresh()
    assert app_state.virtual_models.store.snapshot.phase is Phase.ABSENT
    assert app_state.virtual_models.all == ()
    assert app_state.virtual_models.find("code") is None
    assert not app_state.virtual_models.due
    app_state.virtual_models.reset()
    assert app_state.virtual_models.due


async def test_it_can_what_one_of_its_models_can(gateway: FakeGateway) -> None:
    gateway.virtual = [CODE, FAST]
    app_state = house_at(gateway)
    await app_state.virtual_models.refresh()
    catalogue = ModelCatalogue(tuple(ENTRIES.values()), ENTRIES)
    entry = app_state.virtual_models.entry("code", catalogue)
    assert entry is not None
    assert (entry.tools, entry.reasoning, entry.vision) == (True, False, None)
    assert (entry.context, entry.max_output) == (500, 9)
    assert entry.features == ("json_mode", "x", "y")
    assert app_state.virtual_models.entry("a/one", catalogue) is None
