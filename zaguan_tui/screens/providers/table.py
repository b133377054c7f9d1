"""The providers table: which columns there are at which width, and how a row of the board looks in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rich.text import Text

from zaguan_tui.state.providers.row import ProviderRow, ProviderVerdict
from zaguan_tui.text.cells import fit
from zaguan_tui.text.format import countdown, milliseconds, percent, rough_age
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.text.sentences import format_span
from zaguan_tui.widgets.livetable import Column, TableRow
from zaguan_tui.widgets.sparkline import sparkline
from zaguan_tui.widgets.status import BREAKER_MARKS, PROVIDER_MARKS, Mark, mark_of
from zaguan_tui.widgets.theme_styles import ThemeStyles

HIGH_ERROR_RATE = 0.05
PADDING = 2
"""Cells between two columns."""

NARROW = 77
"""Cells for the table in a terminal of 80."""


@dataclass(frozen=True, slots=True)
class CellContext:
    """What a cell needs beside its row: the theme's colours, the moment, its width, and whether the board is
    still ``fresh``."""

    paint: ThemeStyles
    now: datetime
    width: int
    fresh: bool = True

    def badge(self, mark: Mark) -> Text:
        """Shape and word of a state; in its colour only while it is fresh."""
        return self.paint.badge(mark if self.fresh else replace(mark, color="ink-soft"))


Cell = Callable[[ProviderRow, CellContext], Text]
SortKey = Callable[[ProviderRow], tuple[object, ...] | None]
"""What a row is sorted by; ``None``: the row has no value there."""


@dataclass(frozen=True, slots=True)
class ProviderColumn:
    """A column of this table: how it looks, how it sorts (``None``: it does not), how much width it is worth.

    The column's width is the least it needs, ``most`` the widest it has use for. The smaller the ``rank``,
    the longer it stays when the terminal is narrow.
    """

    column: Column
    cell: Cell
    sort: SortKey | None
    rank: int
    most: int


def _name(row: ProviderRow, look: CellContext) -> Text:
    return look.paint.text(
        fit(clean_line(row.name), look.width), "ink-strong" if row.enabled is not False else "ink-soft"
    )


def _state(row: ProviderRow, look: CellContext) -> Text:
    text = look.badge(mark_of(PROVIDER_MARKS, row.status))
    if row.contradictions:
        text.append(" ≠", look.paint.style("warning", bold=True))
    return text


def _latency(value: float | None, look: CellContext) -> Text:
    return look.paint.text(
        milliseconds(value), "foreground" if value is not None else "ink-faint", right=True
    )


def _errors(row: ProviderRow, look: CellContext) -> Text:
    text = "idle" if row.idle else percent(row.error_rate, row.requests_total)
    if row.error_rate is None or row.idle or row.small_sample:
        color = "ink-faint"
    else:
        color = (
            "error" if row.error_rate >= HIGH_ERROR_RATE else "foreground" if row.error_rate else "ink-soft"
        )
    return look.paint.text(text, color, right=True)


def _breaker(row: ProviderRow, look: CellContext) -> Text:
    if row.breaker is None:
        return look.paint.text("–", "ink-faint")
    text = look.badge(mark_of(BREAKER_MARKS, row.breaker))
    wait = row.probe_in(look.now)
    if wait is not None:
        color = "foreground" if look.fresh else "ink-soft"
        _add(text, countdown(wait) if wait > 0 else "probe due", look, color)
    elif row.breaker != "closed" and (held := row.breaker_age(look.now)) is not None:
        _add(text, format_span(held), look, "ink-soft")
    return text


def _add(text: Text, more: str, look: CellContext, color: str) -> None:
    """Append ``more``, closer when space is short, not when there is none: half a figure misleads."""
    for gap in ("  ", " "):
        if text.cell_len + len(gap) + len(more) <= look.width:
            text.append(gap + more, look.paint.style(color))
            return


def _trend(row: ProviderRow, look: CellContext) -> Text:
    """Bars scaled to the row itself, the newest in the state's colour."""
    bars = sparkline(row.sparkline, look.width)
    text = look.paint.text(bars[:-1], "ink-faint")
    color = mark_of(PROVIDER_MARKS, row.status).color if look.fresh else "ink-soft"
    return text.append(bars[-1:], look.paint.style(color))


def _last_error(row: ProviderRow, look: CellContext) -> Text:
    if row.last_error is None:
        return look.paint.text("–", "ink-faint")
    seconds = None if row.last_error_at is None else (look.now - row.last_error_at).total_seconds()
    when = "" if seconds is None else f"{rough_age(seconds)}  "
    return look.paint.text(fit(when + clean_line(row.last_error, 400), look.width), "ink-soft")


def _models(row: ProviderRow, look: CellContext) -> Text:
    known = row.models_count is not None
    return look.paint.text(
        str(row.models_count) if known else "–", "ink-soft" if known else "ink-faint", right=True
    )


def _known(value: float | None) -> tuple[object, ...] | None:
    return None if value is None else (value,)


def _by_verdict(row: ProviderRow) -> tuple[object, ...]:
    """Worst first; a provider nobody calls is no worse than a healthy one."""
    idle = row.verdict is ProviderVerdict.UNKNOWN and row.idle
    return (ProviderVerdict.HEALTHY.severity + 1 if idle else row.verdict.severity, row.name.casefold())


def _by_breaker(row: ProviderRow) -> tuple[object, ...] | None:
    return None if row.breaker is None else _by_verdict(row)


def _by_models(row: ProviderRow) -> tuple[object, ...] | None:
    """Most models first."""
    return None if row.models_count is None else (-row.models_count,)


FIELDS: tuple[ProviderColumn, ...] = (
    ProviderColumn(Column("name", "provider", 15), _name, lambda row: (row.name.casefold(),), 0, 24),
    ProviderColumn(Column("state", "state", 12), _state, _by_verdict, 0, 12),
    ProviderColumn(
        Column("p50", "p50", 8, right=True),
        lambda row, look: _latency(row.latency_p50, look),
        lambda row: _known(row.latency_p50),
        1,
        8,
    ),
    ProviderColumn(
        Column("p95", "p95", 8, right=True),
        lambda row, look: _latency(row.latency_p95, look),
        lambda row: _known(row.latency_p95),
        0,
        8,
    ),
    ProviderColumn(
        Column("errors", "errors", 14, right=True), _errors, lambda row: _known(row.error_rate), 0, 16
    ),
    ProviderColumn(Column("breaker", "breaker", 16), _breaker, _by_breaker, 0, 20),
    ProviderColumn(Column("trend", "p50 trend", 12, right=True), _trend, None, 2, 12),
    ProviderColumn(
        Column("models", "models", 7, right=True),
        _models,
        _by_models,
        3,
        7,
    ),
    ProviderColumn(Column("last-error", "last error", 24), _last_error, None, 4, 400),
)

SORTS = {field.column.key: field.sort for field in FIELDS if field.sort is not None}
DEFAULT_SORT = "state"


def fields_for(width: int) -> tuple[ProviderColumn, ...]:
    """The columns that a table of ``width`` cells has space for, grown to fill it."""
    fitting: list[ProviderColumn] = []
    spare = width
    for field in sorted(FIELDS, key=lambda field: field.rank):
        if field.rank and spare < field.column.width + PADDING:
            break
        fitting.append(field)
        spare -= field.column.width + PADDING
    grown = []
    for field in fitting:
        more = max(0, min(spare, field.most - field.column.width))
        spare -= more
        grown.append(replace(field, column=replace(field.column, width=field.column.width + more)))
    order = [field.column.key for field in FIELDS]
    return tuple(sorted(grown, key=lambda field: order.index(field.column.key)))


def sort_rows(rows: Iterable[ProviderRow], key: str, *, reverse: bool) -> list[ProviderRow]:
    """Rows by one column, those without a value last both ways; ties by name: the order never jitters."""
    by_name = sorted(rows, key=lambda row: row.name.casefold())
    keyed = [(SORTS[key](row), row) for row in by_name]
    known = [(value, row) for value, row in keyed if value is not None]
    known.sort(key=lambda pair: pair[0], reverse=reverse)
    return [row for _, row in known] + [row for value, row in keyed if value is None]


def table_rows(
    rows: Iterable[ProviderRow],
    fields: tuple[ProviderColumn, ...],
    paint: ThemeStyles,
    now: datetime,
    *,
    fresh: bool = True,
) -> list[TableRow]:
    """Rows as the table shows them."""
    looks = [(field.cell, CellContext(paint, now, field.column.width, fresh)) for field in fields]
    return [TableRow(row.id, tuple(cell(row, look) for cell, look in looks)) for row in rows]


def filter_fields(row: ProviderRow) -> Mapping[str, object]:
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
