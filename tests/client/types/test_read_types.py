"""The value types as such: immutable, light to import, quiet in ``repr``, and understood by pydantic."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from typing import Any

import pytest
from pydantic import TypeAdapter
from wire_fixtures import load

from zaguan_tui.client.types.account.credits_history import CreditEntry, read_credits_history_page
from zaguan_tui.client.types.core.base import MAX_NOTES, Drift, FieldTable
from zaguan_tui.client.types.core.primitives import integer
from zaguan_tui.client.types.models.capabilities import Capability, read_capabilities
from zaguan_tui.client.types.models.models import Model, read_models
from zaguan_tui.client.types.models.virtual_models import VirtualModel, read_virtual_models
from zaguan_tui.client.types.providers.circuit_breakers import CircuitBreaker, read_circuit_breakers
from zaguan_tui.client.types.providers.providers import ProviderStatus, read_provider_status

READ: list[tuple[type[Any], tuple[Any, ...]]] = [
    (Model, read_models(load("models/list.json")).data),
    (Capability, read_capabilities(load("capabilities/list.json")).data),
    (ProviderStatus, read_provider_status(load("providers/status.json")).data),
    (CircuitBreaker, read_circuit_breakers(load("circuit_breaker/status.json")).data),
    (CreditEntry, read_credits_history_page(load("credits/history.json")).data),
    (VirtualModel, read_virtual_models(load("virtual_models/list.json")).data),
]


@pytest.mark.parametrize(("kind", "items"), READ)
def test_pydantic_dumps_and_reads_the_types_as_its_own(kind: type[Any], items: tuple[Any, ...]) -> None:
    adapter = TypeAdapter(tuple[kind, ...])  # type: ignore[valid-type]
    assert adapter.validate_json(adapter.dump_json(items)) == items
    assert adapter.json_schema()


@pytest.mark.parametrize(("kind", "items"), READ)
def test_values_do_not_change_and_keep_foreign_fields_out_of_sight(
    kind: type[Any], items: tuple[Any, ...]
) -> None:
    item = items[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.raw = {}
    assert not hasattr(item, "__dict__")
    secret = dataclasses.replace(item, raw={"secret": "price_1"})
    assert secret == item
    assert "price_1" not in repr(secret)
    assert hash(item) == hash(secret)


def test_importing_readers_is_light() -> None:
    code = (
        "import sys, zaguan_tui.client.types.providers.providers;"
        "import zaguan_tui.client.types.models.capabilities;"
        "print([m for m in ('pydantic', 'httpx', 'textual', 'email', 'asyncio') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_spellings_are_tried_in_order_and_null_gives_way() -> None:
    table = FieldTable({"size": (integer, ("max_size", "limit"))})
    for entry, size in [
        ({"limit": 1, "max_size": 2}, 2),
        ({"MaxSize": 1, "maxSize": 2, "max_size": None}, 2),
        ({"MAX-SIZE": 3}, 3),
        ({"Limit": 4}, 4),
    ]:
        assert table.read(entry, Drift(), "") == {"size": size}
    drift = Drift()
    assert table.read({"limit": "many"}, drift, "data[2]") == {}
    assert drift.notes == ("data[2].limit: unreadable, found the text 'many'",)


def test_notes_are_few() -> None:
    drift = Drift()
    for number in range(1000):
        drift.say(f"kind {number % 50}")
    assert len(drift.notes) == MAX_NOTES + 1
    assert json.dumps(drift.notes)
