"""Whatever a server sends, a reader gives a value or says what it could not read. Nothing else gets out."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wire_fixtures import WRONG, load, mutate, names

from zaguan_tui.client.types.account.credits import read_credits_balance
from zaguan_tui.client.types.account.credits_history import read_credits_history_page
from zaguan_tui.client.types.account.credits_stats import read_credits_stats
from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.models.capabilities import capability_of_model, read_capabilities
from zaguan_tui.client.types.models.models import read_model, read_models
from zaguan_tui.client.types.models.virtual_models import read_virtual_model, read_virtual_models
from zaguan_tui.client.types.providers.admin import read_admin_reload, read_provider_state
from zaguan_tui.client.types.providers.circuit_breakers import read_circuit_breakers
from zaguan_tui.client.types.providers.providers import read_provider_status

Read = Callable[[Any], Any]

READERS: dict[str, tuple[Read, list[str]]] = {
    "models": (read_models, names("models", "list")),
    "model": (read_model, names("models", "get")),
    "capabilities": (read_capabilities, names("capabilities")),
    "balance": (read_credits_balance, names("credits", "balance")),
    "history": (read_credits_history_page, names("credits", "history")),
    "stats": (read_credits_stats, names("credits", "stats")),
    "providers": (read_provider_status, names("providers")),
    "breakers": (read_circuit_breakers, names("circuit_breaker")),
    "virtual models": (read_virtual_models, names("virtual_models", "list")),
    "virtual model": (read_virtual_model, names("virtual_models", "get")),
    "reload": (read_admin_reload, names("admin", "reload", "forbidden")),
    "provider state": (read_provider_state, names("admin", "disable", "enable", "unknown")),
}
CASES = [(kind, name) for kind, (_, files) in READERS.items() for name in files]
BODIES = {name: load(name) for _, name in CASES}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(("data", "id", "status", "models", "name", "error", "openai", "stats", "window"))
            | st.text(max_size=6),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def check(read: Read, body: Any) -> None:
    """A value whose derived views work too, or the one allowed error, which can be shown."""
    try:
        answer = read(body)
    except UnreadableValue as error:
        assert len(str(error)) < 2000
        return
    assert repr(answer)
    if hasattr(answer, "notes"):
        assert all(isinstance(note, str) for note in answer.notes)
        assert answer.raw is body
    items = getattr(answer, "data", ())
    for item in items if isinstance(items, tuple) else (items,):
        for view in ("band", "shares", "shown_state", "probe_due", "nearest_state", "id"):
            getattr(item, view, None)
        if hasattr(item, "seconds_to_probe"):
            item.seconds_to_probe(datetime.now(UTC))
    if hasattr(answer, "real_models"):
        assert all(answer.real_models(item.id) is not None for item in answer.data)
    if read is read_models:
        assert all(capability_of_model(model) is None or True for model in answer.data)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=st.sampled_from(CASES), seed=st.integers(0, 2**63))
def test_a_damaged_answer_is_a_value_or_unreadable(case: tuple[str, str], seed: int) -> None:
    kind, name = case
    chance = random.Random(seed)
    read = READERS[kind][0]
    for _ in range(8):
        check(read, mutate(BODIES[name], chance))


@settings(max_examples=300, deadline=None)
@given(kind=st.sampled_from(sorted(READERS)), body=JSON)
def test_any_json_is_a_value_or_unreadable(kind: str, body: Any) -> None:
    check(READERS[kind][0], body)


@pytest.mark.parametrize("kind", sorted(READERS))
def test_values_that_are_no_answer(kind: str) -> None:
    for wrong in WRONG:
        check(READERS[kind][0], wrong)
        check(READERS[kind][0], {"data": wrong})
        check(READERS[kind][0], [wrong])


@pytest.mark.parametrize("kind", sorted(READERS))
def test_every_reader_reads_another_subjects_answer_without_falling_over(kind: str) -> None:
    for body in BODIES.values():
        check(READERS[kind][0], body)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_fixtures_read_without_drift(kind: str, name: str) -> None:
    answer = READERS[kind][0](BODIES[name])
    assert getattr(answer, "notes", ()) == ()


@pytest.mark.parametrize("kind", sorted(set(READERS) - {"reload", "provider state"}))
@pytest.mark.parametrize(
    "body", [None, {}, "", "<html>", 7, True, {"error": {"message": "no"}}, {"status": "ok"}]
)
def test_what_holds_no_answer_is_never_an_empty_one(kind: str, body: Any) -> None:
    with pytest.raises(UnreadableValue):
        READERS[kind][0](body)
