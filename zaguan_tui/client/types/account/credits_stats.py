"""`GET /v1/credits/stats`: use of credits over a window (`wire.md` 5.4, D13 to D16; Zaguan SDKs).

Three dialects, one shape: Go sends totals and maps, Python totals and a list, TypeScript a series and a
summary.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from zaguan_tui.client.types.account.stats_fields import (
    BUCKET,
    DIMENSIONS,
    FIGURES,
    KEYS,
    PARTS,
    STATS,
    SUMMARY,
    bucket_start,
)
from zaguan_tui.client.types.core.base import Answer, Drift
from zaguan_tui.client.types.core.envelopes import unwrap_object
from zaguan_tui.client.types.core.primitives import describe

Row = TypeVar("Row", "UsageShare", "UsageBucket")

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)
_FIGURE_NAMES = ("credits", "requests", "tokens", "cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageShare:
    """What one provider, model or band used. ``cost`` is USD; ``None`` is *not said*, never 0."""

    key: str
    credits: float | None = None
    requests: int | None = None
    tokens: int | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageBucket:
    """What was used in one step of time. ``label`` is the server's; ``start`` aware UTC where the label is a
    date."""

    label: str
    start: datetime | None = None
    credits: float | None = None
    requests: int | None = None
    tokens: int | None = None
    cost: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageTotals:
    """The whole window. ``summed`` names the figures the server did not send and we added up from the
    parts."""

    credits: float | None = None
    requests: int | None = None
    tokens: int | None = None
    cost: float | None = None
    avg_latency_ms: float | None = None
    summed: frozenset[str] = frozenset()


NO_TOTALS = UsageTotals()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditsStats(Answer):
    """Credits over a window, as one shape. ``dialect``: go, python or ts.

    ``series`` runs oldest first, the breakdowns by credits, most first. Totals and parts are kept as sent
    even where they disagree.
    """

    period: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    totals: UsageTotals = NO_TOTALS
    series: tuple[UsageBucket, ...] = ()
    by_provider: tuple[UsageShare, ...] = ()
    by_model: tuple[UsageShare, ...] = ()
    by_band: tuple[UsageShare, ...] = ()


def read_credits_stats(body: Any) -> CreditsStats:
    """Read stats in any dialect, or in a union of them: what one part leaves open, the others fill.

    Raises :class:`UnreadableValue` when the body holds no statistics.
    """
    drift = Drift()
    entry = _unwrap(body)
    values = STATS.read(entry, drift, "")
    buckets = _rows(values.pop("stats", None), drift, "stats")
    days = _rows(values.pop("by_day", None), drift, "by_day")
    series = _fill(_series(days, drift, "by_day"), _series(buckets, drift, "stats"))
    shares = {name: _breakdown(name, values.pop(f"by_{name}", None), buckets, drift) for name in DIMENSIONS}
    listed = _shares(_rows(values.pop("model_breakdown", None), drift, "model_breakdown"), "model", drift)
    shares["model"] = _fill(shares["model"], listed)
    summary = SUMMARY.read(values.pop("summary", None) or {}, drift, "summary")
    window = {name: values.pop(name) for name in ("period", "start", "end") if name in values}
    sent = {**summary, **{name: figure for name, figure in values.items() if figure is not None}}
    return CreditsStats(
        totals=_totals(sent, series, shares),
        series=tuple(sorted(series.values(), key=_age)),
        by_provider=_ranked(shares["provider"]),
        by_model=_ranked(shares["model"]),
        by_band=_ranked(shares["band"]),
        dialect=_dialect(entry),
        notes=drift.notes,
        raw=body,
        **window,
    )


def _unwrap(body: Any) -> Mapping[str, Any]:
    """The stats object; a bare list of buckets counts as one with nothing else."""
    if isinstance(body, Mapping) and isinstance(body.get("data"), list) and not STATS.recognises(body):
        body = body["data"]
    if isinstance(body, list):
        return {"stats": body}
    return unwrap_object(body, ("result",), STATS.recognises)


def _rows(held: Any, drift: Drift, name: str) -> list[tuple[str | None, Mapping[str, Any]]]:
    """The rows of a list or a map with their map keys; a lone number counts as credits."""
    if held is None:
        return []
    pairs: Iterable[tuple[str | None, Any]]
    pairs = held.items() if isinstance(held, Mapping) else ((None, row) for row in held)
    rows: list[tuple[str | None, Mapping[str, Any]]] = []
    for key, row in pairs:
        if isinstance(row, Mapping):
            rows.append((key, row))
        elif key is not None and isinstance(row, int | float | str):
            rows.append((key, {"credits": row}))
        else:
            drift.say(f"{name}: a row left out, found {describe(row)}", kind=f"{name} left out")
    return rows


def _series(
    rows: Sequence[tuple[str | None, Mapping[str, Any]]], drift: Drift, name: str
) -> dict[str, UsageBucket]:
    buckets: dict[str, UsageBucket] = {}
    for key, row in rows:
        values = BUCKET.read(row, drift, name)
        label = values.pop("label", None) or key
        if label is None:
            drift.say(f"{name}: a row without a date left out", kind=f"{name} undated")
        else:
            buckets.setdefault(label, UsageBucket(label=label, start=bucket_start(label), **values))
    return buckets


def _shares(
    rows: Iterable[tuple[str | None, Mapping[str, Any]]], dimension: str, drift: Drift
) -> dict[str, UsageShare]:
    """Rows of one breakdown, those of the same key added up."""
    shares: dict[str, list[UsageShare]] = {}
    for map_key, row in rows:
        key = KEYS[dimension].read(row, drift, dimension).get("key") or map_key
        if key is None:
            drift.say(f"by_{dimension}: a row without a {dimension} left out")
            continue
        shares.setdefault(key, []).append(UsageShare(key=key, **FIGURES.read(row, drift, f"by_{dimension}")))
    return {key: parts[0] if len(parts) == 1 else _added(key, parts) for key, parts in shares.items()}


def _breakdown(
    dimension: str, held: Any, buckets: Sequence[tuple[str | None, Mapping[str, Any]]], drift: Drift
) -> dict[str, UsageShare]:
    """A breakdown as sent for the window, filled from the buckets' own, which are added up."""
    whole = _shares(_rows(held, drift, f"by_{dimension}"), dimension, drift)
    parts: list[tuple[str | None, Mapping[str, Any]]] = []
    for _, bucket in buckets:
        inner = PARTS.read(bucket, drift, "stats").get(f"by_{dimension}")
        parts += _rows(inner, drift, f"stats.by_{dimension}")
    return _fill(whole, _shares(parts, dimension, drift))


def _fill(first: dict[str, Row], second: dict[str, Row]) -> dict[str, Row]:
    """The rows of ``first``, their open figures taken from ``second``; without ``first``, ``second``."""
    if not first:
        return second
    filled: dict[str, Row] = {}
    for key, row in first.items():
        other = second.get(key)
        open_figures = {
            name: getattr(other, name)
            for name in _FIGURE_NAMES
            if other is not None and getattr(row, name) is None
        }
        filled[key] = replace(row, **open_figures) if open_figures else row
    return filled


def _sum(rows: Iterable[UsageShare | UsageBucket], name: str) -> float | None:
    """One figure added up; ``None`` when a row does not have it, for then the sum would be too small."""
    figures: list[float | None] = [getattr(row, name) for row in rows]
    known = [figure for figure in figures if figure is not None]
    if not known or len(known) < len(figures):
        return None
    if name in ("requests", "tokens"):
        return sum(known)
    try:
        return round(math.fsum(known), 9)
    except OverflowError:
        return None


def _added(key: str, parts: Sequence[UsageShare]) -> UsageShare:
    figures: dict[str, Any] = {name: _sum(parts, name) for name in _FIGURE_NAMES}
    return UsageShare(key=key, **figures)


def _totals(
    sent: dict[str, Any], series: dict[str, UsageBucket], shares: dict[str, dict[str, UsageShare]]
) -> UsageTotals:
    """The sent totals; a missing one is added up from the series, else from the models."""
    summed = set[str]()
    for name in _FIGURE_NAMES:
        if sent.get(name) is not None:
            continue
        total = _sum(series.values(), name)
        if total is None:
            total = _sum(shares["model"].values(), name)
        if total is not None:
            sent[name] = total
            summed.add(name)
    return UsageTotals(**sent, summed=frozenset(summed))


def _age(bucket: UsageBucket) -> tuple[datetime, str]:
    return bucket.start or _END_OF_TIME, bucket.label


def _ranked(shares: dict[str, UsageShare]) -> tuple[UsageShare, ...]:
    """By credits, most first; those without a figure last."""
    return tuple(
        sorted(shares.values(), key=lambda share: -math.inf if share.credits is None else share.credits)[::-1]
    )


def _dialect(entry: Mapping[str, Any]) -> str | None:
    marks = {
        "go": any(key in entry for key in ("by_provider", "by_model", "by_band", "by_day")),
        "python": "model_breakdown" in entry,
        "ts": "stats" in entry,
    }
    dialects = [name for name, marked in marks.items() if marked]
    return dialects[0] if len(dialects) == 1 else None
