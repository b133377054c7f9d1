"""`GET /v1/credits/balance` (`wire.md` 5.2, D5 to D7, D17)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from wire_fixtures import load

from zaguan_tui.client.types.account.credits import read_credits_balance
from zaguan_tui.client.types.core.primitives import UnreadableValue

EXPECTED = load("credits/expected.json")["balance"]


@pytest.mark.parametrize("dialect", ["go", "python", "ts"])
def test_every_dialect_reads_into_the_expected_values(dialect: str) -> None:
    found = read_credits_balance(load(f"credits/balance_{dialect}.json"))
    percent = EXPECTED["percent_remaining"][dialect]
    assert found.dialect == dialect
    assert found.credits_remaining == EXPECTED["remaining"]
    assert found.credits_total == EXPECTED["total"][dialect]
    assert found.credits_used == EXPECTED["used"][dialect]
    assert found.remaining_fraction == (None if percent is None else pytest.approx(percent / 100))
    assert found.reset_date == datetime(2026, 12, 1, tzinfo=UTC)


def test_the_union_equals_the_dialect_with_the_same_facts() -> None:
    union = read_credits_balance(load("credits/balance.json"))
    assert union == read_credits_balance(load("credits/balance_go.json"))
    assert union.dialect is None
    assert union.warning is None
    assert "price_test_0001" not in repr(union)
    assert union.raw["stripe_price_id"] == "price_test_0001"


def test_low_and_empty_balances() -> None:
    low = read_credits_balance(load("credits/balance_low.json"))
    assert (low.remaining_fraction, low.warning) == (0.092, "Only 9 % of the credits are left")
    none = read_credits_balance(load("credits/balance_no_reset.json"))
    assert (none.credits_remaining, none.credits_total, none.remaining_fraction) == (0.0, None, None)
    assert (none.bands, none.reset_date) == ((), None)


def test_what_follows_is_derived() -> None:
    assert read_credits_balance({"credits_remaining": "7.5", "credits_used": 2.5}).credits_total == 10.0
    found = read_credits_balance({"data": {"creditsRemaining": 5, "creditsTotal": 20}})
    assert (found.credits_used, found.remaining_fraction) == (15.0, 0.25)


def test_contradictions_are_kept_with_a_note() -> None:
    found = read_credits_balance(
        {"credits_remaining": 50, "credits_total": 100, "credits_used": 10, "credits_percent": 80}
    )
    assert (found.credits_remaining, found.credits_used, found.remaining_fraction) == (50.0, 10.0, 0.8)
    assert len(found.notes) == 2
    over = read_credits_balance({"credits_remaining": 150, "credits_total": 100})
    assert (over.remaining_fraction, len(over.notes)) == (1.0, 1)


def test_bands_as_objects() -> None:
    assert read_credits_balance({"credits_remaining": 1, "bands": [{"name": "A"}, {"band": "B"}]}).bands == (
        "A",
        "B",
    )


@pytest.mark.parametrize("wrong", [[], {"a": 1}, "much", True])
def test_credits_that_are_no_number_are_named(wrong: Any) -> None:
    with pytest.raises(UnreadableValue) as caught:
        read_credits_balance({"credits_remaining": wrong, "tier": "pro"})
    assert caught.value.path == "credits_remaining"


def test_sums_beyond_all_numbers_are_unknown() -> None:
    assert read_credits_balance({"credits_remaining": 1e308, "credits_used": 1e308}).credits_total is None
