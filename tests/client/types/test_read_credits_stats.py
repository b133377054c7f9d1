"""`GET /v1/credits/stats` (`wire.md` 5.4, D13 to D16)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from wire_fixtures import load

from zaguan_tui.client.types.account.credits_stats import UsageShare, read_credits_stats
from zaguan_tui.client.types.account.stats_fields import bucket_start

EXPECTED = load("credits/expected.json")["stats"]


def rows(shares: tuple[UsageShare, ...]) -> list[dict[str, Any]]:
    return [
        {"key": s.key, "credits": s.credits, "requests": s.requests, "tokens": s.tokens, "cost": s.cost}
        for s in shares
    ]


@pytest.mark.parametrize("dialect", ["go", "python", "ts"])
def test_every_dialect_reads_into_the_expected_values(dialect: str) -> None:
    stats = read_credits_stats(load(f"credits/stats_{dialect}.json"))
    totals = EXPECTED["totals"]
    assert stats.dialect == dialect
    assert (stats.totals.credits, stats.totals.cost) == (totals["credits"], totals["cost"])
    assert (stats.totals.requests, stats.totals.tokens) == (
        totals["requests"][dialect],
        totals["tokens"][dialect],
    )
    assert stats.totals.summed == frozenset()
    series = [
        {"start": b.start and b.start.date().isoformat(), "credits": b.credits, "requests": b.requests}
        for b in stats.series
    ]
    assert series == EXPECTED["series"][dialect]
    assert rows(stats.by_provider) == EXPECTED["by_provider"][dialect]
    assert rows(stats.by_band) == EXPECTED["by_band"][dialect]
    if dialect == "python":
        assert [(s.key, s.credits, s.cost) for s in stats.by_model] == [
            (s["key"], s["credits"], s["cost"]) for s in EXPECTED["by_model"]
        ]
    else:
        assert rows(stats.by_model) == EXPECTED["by_model"]


def test_a_union_is_filled_from_all_its_parts() -> None:
    union = read_credits_stats(load("credits/stats.json"))
    go, ts = (read_credits_stats(load(f"credits/stats_{dialect}.json")) for dialect in ("go", "ts"))
    assert union.dialect is None
    assert (union.totals, union.period, union.start, union.end) == (go.totals, go.period, go.start, go.end)
    assert (union.series, union.by_band) == (ts.series, ts.by_band)
    assert (
        (union.by_model, union.by_provider) == (go.by_model, go.by_provider) == (ts.by_model, ts.by_provider)
    )


def test_no_use_in_the_window() -> None:
    stats = read_credits_stats(load("credits/stats_empty.json"))
    assert (stats.totals.credits, stats.series, stats.by_model) == (0.0, (), ())


def test_missing_totals_are_summed_and_marked() -> None:
    stats = read_credits_stats(
        {"stats": [{"period": "2026-W46", "credits": 0.1}, {"period": "2026-W45", "credits": 0.2}]}
    )
    assert (stats.totals.credits, stats.totals.summed) == (0.3, {"credits"})
    assert [bucket.label for bucket in stats.series] == ["2026-W45", "2026-W46"]
    assert stats.totals.requests is None


def test_a_sum_with_a_gap_in_it_is_unknown() -> None:
    stats = read_credits_stats({"stats": [{"period": "2026-11", "credits": 1}, {"period": "2026-12"}]})
    assert stats.totals.credits is None


def test_totals_and_parts_that_disagree_are_both_kept() -> None:
    stats = read_credits_stats({"total_credits_used": 10, "by_model": {"a": {"credits_used": 4}}})
    assert (stats.totals.credits, stats.by_model[0].credits) == (10.0, 4.0)


@pytest.mark.parametrize(
    "body",
    [
        {"by_provider": [{"provider": "a", "credits": 1}]},
        {"by_provider": {"a": {"credits_used": 1}}},
        {"by_provider": {"a": 1}},
        {"byProvider": [{"name": "a", "totalCredits": 1}]},
        {"data": {"by_provider": {"a": {"credits": "1"}}}},
        {"success": True, "data": {"stats": [{"period": "x", "by_provider": {"a": {"credits": 1}}}]}},
        [{"period": "x", "by_provider": {"a": {"credits": 1}}}],
        {"stats": {"x": {"by_provider": [{"provider": "a", "credits": 1}]}}},
    ],
)
def test_maps_may_be_lists_and_lists_maps(body: Any) -> None:
    assert read_credits_stats(body).by_provider == (UsageShare(key="a", credits=1.0),)


@pytest.mark.parametrize(
    ("label", "start"),
    [
        ("2026-11-14", datetime(2026, 11, 14, tzinfo=UTC)),
        ("2026-W46", datetime(2026, 11, 9, tzinfo=UTC)),
        ("2026-11", datetime(2026, 11, 1, tzinfo=UTC)),
        ("week 3", None),
        ("2026-13", None),
        ("2026-W60", None),
    ],
)
def test_bucket_labels(label: str, start: datetime | None) -> None:
    assert bucket_start(label) == start
