"""The providers table: which columns there are at which width, and how a row of the board looks in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.text import Text

from zaguan_tui.state.provider_row import ProviderRow, Verdict
from zaguan_tui.text.cells import fit
from zaguan_tui.text.format import countdown, duration, milliseconds, percent
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.livetable import Column, TableRow
from zaguan_tui.widgets.paint import Paint
from zaguan_tui.widgets.sparkline import sparkline
from zaguan_tui.widgets.status import BREAKER_MARKS, PROVIDER_MARKS, mark_of

HIGH_ERROR_RATE = 0.05
NARROW, MEDIUM, WIDE = 78, 92, 116
"""Table widths in cells at which more columns have room."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell needs beside its row: the theme's colours, the moment, its width."""

    paint: Paint
    now: datetime
    width: int


Cell = Callable[[ProviderRow, Look], Text]
SortKey = Callable[[ProviderRow], tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Field:
    """A column of this table: how it looks, how it sorts, from which table width on it is shown."""

    column: Column
    cell: Cell
    sort: SortKey
    from_width: int = 0


def _name(row: ProviderRow, look: Look) -> Text:
    return look.paint.text(
        fit(clean_line(row.name), look.width), "ink-strong" if row.enabled is not False else "ink-soft"
    )


def _state(row: ProviderRow, look: Look) -> Text:
    text = look.paint.badge(mark_of(PROVIDER_MARKS, row.status))
    if row.contradictions:
        text.append(" ≠", look.paint.style("warning", bold=True))
    return text


def _latency(value: float | None, look: Look) -> Text:
    return look.paint.text(
        milliseconds(value), "foreground" if value is not None else "ink-faint", right=True
    )


def _errors(row: ProviderRow, look: Look) -> Text:
    text = "idle" if row.idle else percent(row.error_rate, row.requests_total)
    if row.error_rate is None or row.idle or row.small_sample:
        color = "ink-faint"
    else:
        color = (
            "error" if row.error_rate >= HIGH_ERROR_RATE else "foreground" if row.error_rate else "ink-soft"
        )
    return look.paint.text(text, color, right=True)


def _breaker(row: ProviderRow, look: Look) -> Text:
    if row.breaker is None:
        return look.paint.text("–", "ink-faint")
    text = look.paint.badge(mark_of(BREAKER_MARKS, row.breaker))
    wait = row.probe_in(look.now)
    if wait is not None:
        text.append(f"  {countdown(wait)}" if wait > 0 else "  probe due", look.paint.style("foreground"))
    elif row.breaker != "closed" and (age := row.breaker_age(look.now)) is not None:
        text.append(f"  {duration(age)}", look.paint.style("ink-soft"))
    return text


def _trend(row: ProviderRow, look: Look) -> Text:
    return look.paint.text(sparkline(row.sparkline, look.width), "chart-1")


def _models(row: ProviderRow, look: Look) -> Text:
    known = row.models_count is not None
    return look.paint.text(
        str(row.models_count) if known else "–", "ink-soft" if known else "ink-faint", right=True
    )


def _known_first(value: float | None) -> tuple[bool, float]:
    return (value is None, value or 0.0)


def _by_verdict(row: ProviderRow) -> tuple[object, ...]:
    """Worst first; a provider nobody calls is no worse than a healthy one."""
    idle = row.verdict is Verdict.UNKNOWN and row.idle
    return (Verdict.HEALTHY.severity + 1 if idle else row.verdict.severity, row.name.casefold())


FIELDS: tuple[Field, ...] = (
    Field(Column("name", "provider", 20), _name, lambda row: (row.name.casefold(),)),
    Field(Column("state", "state", 12), _state, _by_verdict),
    Field(
        Column("p50", "p50", 8, right=True),
        lambda row, look: _latency(row.latency_p50, look),
        lambda row: _known_first(row.latency_p50),
        MEDIUM,
    ),
    Field(
        Column("p95", "p95", 8, right=True),
        lambda row, look: _latency(row.latency_p95, look),
        lambda row: _known_first(row.latency_p95),
    ),
    Field(Column("errors", "errors", 15, right=True), _errors, lambda row: _known_first(row.error_rate)),
    Field(Column("breaker", "breaker", 17), _breaker, _by_verdict),
    Field(Column("trend", "p50 trend", 14), _trend, lambda row: _known_first(row.latency_p50), WIDE),
    Field(Column("models", "models", 6, right=True), _models, lambda row: (-(row.models_count or 0),), WIDE),
)

SORTS = {field.column.key: field for field in FIELDS if field.column.key != "trend"}
DEFAULT_SORT = "state"


def fields_for(width: int) -> tuple[Field, ...]:
    """The columns that a table of ``width`` cells has room for."""
    return tuple(field for field in FIELDS if field.from_width <= width)


def sort_rows(rows: Iterable[ProviderRow], key: str, *, reverse: bool) -> list[ProviderRow]:
    """Rows by one column; ties by name, so that the order never jitters."""
    by_name = sorted(rows, key=lambda row: row.name.casefold())
    return sorted(by_name, key=SORTS[key].sort, reverse=reverse)


def table_rows(
    rows: Iterable[ProviderRow], fields: tuple[Field, ...], paint: Paint, now: datetime
) -> list[TableRow]:
    """Rows as the table shows them."""
    looks = [(field.cell, Look(paint, now, field.column.width)) for field in fields]
    return [TableRow(row.id, tuple(cell(row, look) for cell, look in looks)) for row in rows]


def searchable(row: ProviderRow) -> Mapping[str, object]:
    """What the filter can ask of a row: words and ``state:``, ``breaker:``, ``p50>``, ``p95>``, ``errors>``,
    ``models>``."""
    return {
        "name": row.name,
        "id": row.id,
        "state": row.status,
        "verdict": str(row.verdict),
        "breaker": (row.breaker or "unknown").replace("_", "-"),
        "p50": row.latency_p50,
        "p95": row.latency_p95,
        "errors": None if row.error_rate is None else row.error_rate * 100,
        "requests": row.requests_total,
        "models": row.models_count,
    }
