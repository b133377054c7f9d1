"""Formats the ranking as lines of text: the columns that fit, the best of each marked, bars for the sorting
figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from textual.content import Content

from zaguan_tui.state.comparison.ranking import LESS_IS_BETTER, Column, RankingRow, find_best
from zaguan_tui.text import format as figures
from zaguan_tui.text.cells import fit, left, right

MIN_NAME_WIDTH: Final = 14
SHORT_NAME: Final = 26
"""Cells of a name that are worth more than the columns that give way."""

MAX_NAME_WIDTH: Final = 40
BAR_CELLS: Final = 12
EIGHTHS: Final = "▏▎▍▌▋▊▉█"
MARK: Final = "★"
GAP: Final = " "


@dataclass(frozen=True, slots=True)
class RankingColumn:
    """One column: heading, cells, what it shows of a row, and the figure it is ranked by. The higher the
    ``rank``, the sooner it gives way."""

    heading: str
    cells: int
    show: Callable[[RankingRow], str]
    column: Column | None = None
    rank: int = 0
    at_left: bool = False


def render_ranking(
    rows: Sequence[RankingRow], names: Mapping[str, Content], column: Column, width: int
) -> list[Content]:
    """A heading, and a line for each row, in ``width`` cells."""
    longest = max((name.cell_length for name in names.values()), default=0)
    fields = _fitting(rows, column, width - min(SHORT_NAME, max(MIN_NAME_WIDTH, longest)) - 3)
    space = width - 3 - sum(field.cells + 2 for field in fields)
    name_cells = max(MIN_NAME_WIDTH, min(longest, space, MAX_NAME_WIDTH))
    winners = {column: find_best(rows, column) for column in Column if column is not Column.TOKENS}
    most = max((abs(value) for row in rows if (value := row.value(column)) is not None), default=0.0)
    bar = width - name_cells - 3 - sum(field.cells + 2 for field in fields) >= BAR_CELLS + 2
    lines = [_heading(fields, column, name_cells)]
    for place, row in enumerate(rows, start=1):
        name = names.get(row.key, Content("–")).truncate(name_cells, ellipsis=True)
        name = name.pad_right(max(0, name_cells - name.cell_length))
        cells = [Content.styled(f"{place}", "$ink-faint"), Content(GAP), name]
        for field in fields:
            won = field.column in winners and row.key in winners[field.column]
            text = (left if field.at_left else right)(field.show(row), field.cells)
            mark = MARK if won else " "
            cells.append(
                Content.styled(f"{GAP}{text}{mark}", "bold $success" if won else _field_style(field, row))
            )
        if bar:
            cells.append(Content.styled(f" {_bar(row.value(column), most)}", "$primary"))
        lines.append(Content("").join(cells))
    return lines


def describe_column(column: Column) -> str:
    """The figure that a column ranks by, as text."""
    return {
        Column.TTFT: "time to first token",
        Column.PACE: "tokens per second",
        Column.TOKENS: "tokens of an answer",
        Column.CREDITS: "credits of an answer",
        Column.FAILED: "failures",
        Column.VOTES: "votes",
    }[column]


def _fields(rows: Sequence[RankingRow]) -> list[RankingColumn]:
    many = any(row.planned > 1 for row in rows)
    fields = [
        RankingColumn("runs", 6, _runs, rank=2),
        RankingColumn(
            "TTFT p50" if many else "TTFT", 8, lambda row: figures.latency(row.ttft_p50), Column.TTFT
        ),
    ]
    if many:
        fields.append(RankingColumn("p95", 8, lambda row: figures.latency(row.ttft_p95), rank=3))
    fields.append(RankingColumn("tok/s p50" if many else "tok/s", 9 if many else 6, _pace, Column.PACE))
    if many:
        fields.append(RankingColumn("p95", 6, lambda row: _number(row.pace_p95), rank=4))
    fields += [
        RankingColumn("tokens", 6, _tokens, Column.TOKENS, rank=5),
        RankingColumn("credits", 8, _credits, Column.CREDITS, rank=1),
        RankingColumn("failed", 8, _failed, Column.FAILED, rank=1),
    ]
    if any(row.polls for row in rows):
        fields.append(
            RankingColumn(
                "votes", 7, lambda row: f"{row.votes} of {row.polls}" if row.polls else "–", Column.VOTES
            )
        )
    if any(row.endings or row.stopped for row in rows):
        fields.append(RankingColumn("how", 22, _endings, rank=6, at_left=True))
    return fields


def _fitting(rows: Sequence[RankingRow], column: Column, width: int) -> list[RankingColumn]:
    fields = _fields(rows)
    while sum(field.cells + 2 for field in fields) > width:
        loose = [field for field in fields if field.column is not column and field.rank]
        if not loose:
            break
        fields.remove(max(loose, key=lambda field: field.rank))
    return fields


def _heading(fields: Sequence[RankingColumn], column: Column, name_cells: int) -> Content:
    parts = [Content(" " * (name_cells + 2))]
    for field in fields:
        sorted_by = field.column is column
        arrow = ("▴" if column in LESS_IS_BETTER else "▾") if sorted_by else " "
        text = (left if field.at_left else right)(field.heading, field.cells)
        parts.append(Content.styled(f"{GAP}{text}{arrow}", "bold $ink-strong" if sorted_by else "$ink-faint"))
    return Content("").join(parts)


def _field_style(field: RankingColumn, row: RankingRow) -> str:
    if field.column is Column.FAILED and row.failed:
        return "$error"
    return "$ink-soft" if field.column is None else "$foreground"


def _runs(row: RankingRow) -> str:
    return f"{'◌' if row.running else ''}{row.done}/{row.planned}"


def _number(value: float | None) -> str:
    return "–" if value is None else figures.compact(value) if value >= 1000 else f"{value:.1f}"


def _pace(row: RankingRow) -> str:
    about = "~" if row.pace_estimated and row.pace_p50 is not None else ""
    return about + _number(row.pace_p50)


def _tokens(row: RankingRow) -> str:
    return ("~" if row.tokens_estimated and row.tokens is not None else "") + figures.compact(row.tokens)


def _credits(row: RankingRow) -> str:
    return ("~" if row.credits_estimated and row.credits is not None else "") + figures.credits(row.credits)


def _failed(row: RankingRow) -> str:
    return f"{row.failed} of {row.counted}" if row.counted else "–"


def _endings(row: RankingRow) -> str:
    words = [f"{number} {word}" if row.planned > 1 else word for word, number in row.endings]
    if row.stopped:
        words.append(f"{row.stopped} stopped" if row.planned > 1 else "stopped")
    return fit(", ".join(words), 22)


def _bar(value: float | None, most: float) -> str:
    """A bar of eighths; what is not nought is never without one."""
    if value is None or most <= 0:
        return ""
    eighths = round(abs(value) / most * BAR_CELLS * 8)
    if value and not eighths:
        eighths = 1
    whole, rest = divmod(eighths, 8)
    return EIGHTHS[-1] * whole + (EIGHTHS[rest - 1] if rest else "")
