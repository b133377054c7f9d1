"""`GET /v1/credits/history` (`wire.md` 5.3, D8 to D12)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from wire_fixtures import load, names

from zaguan_tui.client.types.account.credits_history import (
    CreditEntry,
    CreditsHistoryPage,
    read_credits_history_page,
)

EXPECTED = load("credits/expected.json")["history"]


def pages(dialect: str) -> list[CreditsHistoryPage]:
    files = [name for name in names("credits", f"history_{dialect}") if "empty" not in name]
    return [read_credits_history_page(load(name)) for name in files]


@pytest.mark.parametrize("dialect", ["go", "python", "ts"])
def test_every_dialect_reads_into_the_expected_rows(dialect: str) -> None:
    found = pages(dialect)
    rows = [row for page in found for row in page.data]
    assert {page.dialect for page in found} == {dialect}
    assert [row.id for row in rows] == EXPECTED["ids"]
    assert {page.total for page in found} == {EXPECTED["total"]}
    assert sum(row.credits_debited or 0 for row in rows) == EXPECTED["credits"]
    assert sum(row.cost or 0 for row in rows) == pytest.approx(EXPECTED["cost"])
    assert Counter(row.status for row in rows) == EXPECTED["status_counts"]
    reasoning = [row.reasoning_tokens for row in rows]
    known = [tokens for tokens in reasoning if tokens is not None]
    assert (sum(known) if known else None) == EXPECTED["reasoning_tokens"][dialect]


def test_dialects_with_the_same_facts_are_equal() -> None:
    union = read_credits_history_page(load("credits/history.json")).data
    assert tuple(row for page in pages("go") for row in page.data) == union
    ts = [row for page in pages("ts") for row in page.data]
    for row, same in zip(ts, union, strict=True):
        assert (row.timestamp, row.request_id, row.status, row.total_tokens) == (
            same.timestamp,
            same.request_id,
            same.status,
            same.total_tokens,
        )


def test_the_way_on() -> None:
    go, ts = pages("go"), pages("ts")
    assert [page.next_cursor for page in go] == ["eyJvIjo1fQ==", "eyJvIjoxMH0=", None]
    assert [page.has_more for page in go] == [True, True, None]
    assert [(page.page, page.page_size) for page in ts] == [(1, 5), (2, 5), (3, 5)]
    assert not any(page.is_dead_end for page in go + ts)
    assert read_credits_history_page({"entries": [], "has_more": True}).is_dead_end


def test_no_use_yet() -> None:
    page = read_credits_history_page(load("credits/history_empty.json"))
    assert (page.data, page.total) == ((), 0)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("completed", "success"),
        ("Succeeded", "success"),
        ("OK", "success"),
        ("FAILED", "error"),
        ("throttled", "rate_limited"),
        ("429", "rate_limited"),
        (429, "rate_limited"),
        ("rate-limited", "rate_limited"),
        ("refunded", "refunded"),
        (None, "unknown"),
    ],
)
def test_status_words(sent: Any, status: str) -> None:
    assert row(status=sent).status == status


def row(**fields: Any) -> CreditEntry:
    return read_credits_history_page({"entries": [{"id": "h", "timestamp": 1795185000, **fields}]}).data[0]


def test_fractions_of_credits_and_latency_in_other_units() -> None:
    found = row(credits_debited="10.5", latency_s=1.5)
    assert (found.credits_debited, found.latency_ms, found.prompt_tokens) == (10.5, 1500.0, None)


def test_rows_without_a_time_are_left_out_and_said() -> None:
    page = read_credits_history_page({"entries": [{"id": "a", "timestamp": 1795185000}, {"id": "b"}]})
    assert [entry.id for entry in page.data] == ["a"]
    assert page.notes == ("entries[1]: left out, found null",)
