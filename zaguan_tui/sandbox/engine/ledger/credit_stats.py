"""Credit statistics of a window, in every SDK's shape at once (wire.md 5.4 and 15)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from zaguan_tui.sandbox.engine.ledger.history import Group

BUCKETS = ("day", "week", "month")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Sums:
    """Totals of a set of calls."""

    requests: int = 0
    credits: int = 0
    tokens: int = 0
    cost_nano: int = 0
    latency_ms: float = 0.0

    def add(self, group: Group) -> None:
        """Put one more group in."""
        self.requests += group.requests
        self.credits += group.credits
        self.tokens += group.tokens
        self.cost_nano += group.cost_nano
        self.latency_ms += group.latency_ms

    @property
    def cost(self) -> float:
        """In dollars."""
        return self.cost_nano / 1e9


def stats_body(groups: Iterable[Group], bucket: str) -> dict[str, Any]:
    """Totals, maps and days as Go wants them, the breakdown for Python, series and summary for TypeScript."""
    groups = list(groups)
    total = Sums()
    for group in groups:
        total.add(group)
    models = _sum_by(groups, lambda group: group.model)
    return {
        "total_credits_used": total.credits,
        "total_requests": total.requests,
        "total_tokens": total.tokens,
        "total_cost": total.cost,
        "average_latency_ms": round(total.latency_ms / total.requests, 1) if total.requests else 0.0,
        "by_provider": _rows_by_name(_sum_by(groups, lambda group: group.provider), "provider"),
        "by_model": _rows_by_name(models, "model"),
        "by_band": _rows_by_name(_sum_by(groups, lambda group: group.band), "band"),
        "by_day": [
            {"date": day, "credits_used": sums.credits, "requests": sums.requests, "tokens": sums.tokens}
            for day, sums in sorted(_sum_by(groups, lambda group: label(group.day, "day")).items())
        ],
        "model_breakdown": [
            {"model": name, "credits_used": sums.credits, "cost": sums.cost, "requests": sums.requests}
            for name, sums in sorted(models.items(), key=lambda item: -item[1].credits)
        ],
        "stats": _series(groups, bucket),
        "summary": _summary(total),
    }


def label(day: int, bucket: str) -> str:
    """A bucket's name: ``2026-11-14``, ``2026-W46`` or ``2026-11``."""
    date = (_EPOCH + timedelta(days=day)).date()
    if bucket == "week":
        year, week, _ = date.isocalendar()
        return f"{year}-W{week:02d}"
    return date.isoformat() if bucket == "day" else date.isoformat()[:7]


def _series(groups: list[Group], bucket: str) -> list[dict[str, Any]]:
    rows: dict[str, list[Group]] = {}
    for group in groups:
        rows.setdefault(label(group.day, bucket), []).append(group)
    series = []
    for name, members in sorted(rows.items()):
        total = Sums()
        for group in members:
            total.add(group)
        series.append(
            {
                "period": name,
                **_summary(total),
                "by_model": _totals_by_name(_sum_by(members, lambda group: group.model)),
                "by_provider": _totals_by_name(_sum_by(members, lambda group: group.provider)),
                "by_band": _totals_by_name(_sum_by(members, lambda group: group.band)),
            }
        )
    return series


def _sum_by(groups: Iterable[Group], key: Callable[[Group], str]) -> dict[str, Sums]:
    sums_by_name: dict[str, Sums] = {}
    for group in groups:
        sums_by_name.setdefault(key(group), Sums()).add(group)
    return sums_by_name


def _rows_by_name(sums_by_name: Mapping[str, Sums], word: str) -> dict[str, Any]:
    return {
        name: {
            word: name,
            "credits_used": sums.credits,
            "requests": sums.requests,
            "tokens": sums.tokens,
            "cost": sums.cost,
        }
        for name, sums in sorted(sums_by_name.items(), key=lambda item: -item[1].credits)
    }


def _totals_by_name(sums_by_name: Mapping[str, Sums]) -> dict[str, Any]:
    return {
        name: {"requests": sums.requests, "tokens": sums.tokens, "credits": sums.credits, "cost": sums.cost}
        for name, sums in sums_by_name.items()
    }


def _summary(sums: Sums) -> dict[str, Any]:
    return {
        "total_requests": sums.requests,
        "total_tokens": sums.tokens,
        "total_credits": sums.credits,
        "total_cost": sums.cost,
    }
