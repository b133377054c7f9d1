"""The differences of two answers as lines: equal, different, or of the kind that is never the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from zaguan_tui.state.chat.dialect_diff import FieldDiff, TextRun, Unit, WordDiff
from zaguan_tui.state.chat.dialects import find_unsupported
from zaguan_tui.state.chat.message import Message
from zaguan_tui.text.cells import fit, left
from zaguan_tui.text.format import MISSING, count, latency
from zaguan_tui.text.format import credits as format_credits
from zaguan_tui.text.sanitize import clean, reveal
from zaguan_tui.widgets.foreign_text import foreign, identifier

NAME: Final = 18
MIN_WIDTH: Final = 14
EQUAL, DIFFERENT, UNJUDGED = "=", "≠", " "


def format_table(rows: Sequence[FieldDiff], width: int) -> Content:
    """The rows in columns that fit ``width`` cells."""
    column = max(MIN_WIDTH, (width - NAME - 6) // 2)
    head = f"  {'':<{NAME}}{left('chat', column)}  messages"
    lines = [Content.styled(head, "$ink-faint")]
    for row in rows:
        mark, color = _mark(row)
        shade = "$warning" if row.same is False else "$foreground"
        lines.append(
            Content.assemble(
                (f"{mark} ", color),
                (f"{row.name:<{NAME}}", "$ink-soft"),
                (left(_shown(row.left, row.unit), column) + "  ", shade),
                (fit(_shown(row.right, row.unit), column), shade),
            )
        )
        if row.note:
            lines.append(Content.styled(f"  {'':<{NAME}}{row.note}", "$ink-faint"))
    return Content("\n").join(lines)


def format_summary(rows: Sequence[FieldDiff]) -> Content:
    """How many fields differ, of how many that could be the same."""
    judged = [row for row in rows if row.same is not None]
    different = [row.name for row in judged if not row.same]
    if not different:
        return Content.styled(f"= All {len(judged)} fields are the same.", "$success")
    names = ", ".join(different)
    return Content.styled(f"≠ {len(different)} of {len(judged)} fields differ: {names}.", "$warning")


def format_plain_table(rows: Sequence[FieldDiff]) -> str:
    """The table for the clipboard, one field a line, columns apart by tabs."""
    lines = ["\tfield\tchat\tmessages"]
    for row in rows:
        shown = _shown(row.left, row.unit), _shown(row.right, row.unit)
        lines.append("\t".join((_mark(row)[0].strip(), row.name, *shown)))
    return clean("\n".join(lines))


def format_word_diff(name: str, runs: Sequence[TextRun]) -> Content:
    """A text with what the other has not marked: underlined, and in colour."""
    parts = [foreign(run.text, "$ink-soft" if run.same else "underline $warning") for run in runs]
    return Content("").join([Content.styled(f"{name}\n", "$ink-faint"), *parts])


def format_word_diff_head(diff: WordDiff) -> Content:
    """Where the texts part."""
    if diff.first is None:
        return Content.styled("= The texts are the same, word for word.", "$success")
    where = f"≠ The texts part at word {diff.first:,}; what only one has is underlined."
    rest = "" if diff.whole else " Only their beginnings are compared word by word."
    return Content.assemble((where, "$warning"), (rest, "$ink-faint"))


def _mark(row: FieldDiff) -> tuple[str, str]:
    if row.same is None:
        return UNJUDGED, "$ink-faint"
    return (EQUAL, "$success") if row.same else (DIFFERENT, "bold $warning")


def _shown(value: str | float | None, unit: Unit) -> str:
    if value is None:
        return MISSING
    if isinstance(value, str):
        return reveal(value)
    if unit is Unit.SECONDS:
        return latency(value)
    if unit is Unit.CREDITS:
        return format_credits(round(value, 2) if value >= 1 else value)
    return f"{count(value)} characters" if unit is Unit.CHARACTERS else count(value)


def format_head(left: Message, right: Message) -> Content:
    """The model, and the parameters that one of the dialects does not have."""
    parts = [
        Content.assemble(identifier(left.model, "bold $ink-strong"), ("  /v1/chat/completions", "$ink-soft")),
        Content.styled("/v1/messages", "$ink-soft"),
    ]
    head = Content.styled(" and ", "$ink-faint").join(parts)
    for answer, name in ((left, "chat"), (right, "messages")):
        if missing := find_unsupported(answer.params, answer.dialect):
            note = f"  ▲ not sent as {name}: {', '.join(missing)}"
            head = Content.assemble(head, (note, "$warning"))
    return head
