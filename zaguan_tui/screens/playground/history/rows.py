"""Rows of the conversation history: search, order, layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from textual.content import Content

from zaguan_tui.screens.chat.title_line import FORK
from zaguan_tui.state.conversations.conversation import ConversationKind
from zaguan_tui.state.conversations.search import ConversationSummary, SearchHit
from zaguan_tui.text.cells import cells, fit, right
from zaguan_tui.text.format import count, rough_age
from zaguan_tui.text.fuzzy import FuzzyIndex, match
from zaguan_tui.text.sanitize import clean_line, reveal
from zaguan_tui.widgets.foreign_text import foreign_line

COMPARISON: Final = "▣"
DAY_S: Final = 86_400
TURNS_CELLS, AGE_CELLS = 10, 13
MIN_MODEL_WIDTH, MAX_MODEL_WIDTH = 10, 28
MIN_TITLE_WIDTH: Final = 20
MARK: Final = "bold $primary"


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A conversation that matches, and the message that does, if one does."""

    listed: ConversationSummary
    hit: SearchHit | None = None

    @property
    def title(self) -> str:
        """Its title on one line, harmless."""
        return clean_line(self.listed.title)


class TitleIndex:
    """Fuzzy index over the titles of all conversations, searched at every key."""

    def __init__(self, everything: Sequence[ConversationSummary]) -> None:
        self.everything = tuple(everything)
        self._by_id = {listed.id: listed for listed in everything}
        self._index = FuzzyIndex([clean_line(listed.title) for listed in everything])

    def find(self, typed: str, hits: Sequence[SearchHit] = ()) -> list[HistoryRow]:
        """Titles with all the words first, then matching messages, then titles with scattered letters."""
        if not typed.strip():
            return [HistoryRow(listed) for listed in self.everything]
        hit_of = {hit.conversation_id: hit for hit in hits}
        words = typed.replace('"', " ").casefold().split()
        named = [self.everything[place] for place, _ in self._index.search(" ".join(words))]
        whole = [listed for listed in named if all(word in listed.title.casefold() for word in words)]
        ordered = dict.fromkeys(listed.id for listed in whole)
        ordered |= dict.fromkeys(hit.conversation_id for hit in hits if hit.conversation_id in self._by_id)
        ordered |= dict.fromkeys(listed.id for listed in named)
        return [
            HistoryRow(self._by_id[conversation_id], hit_of.get(conversation_id))
            for conversation_id in ordered
        ]


def render_row(row: HistoryRow, typed: str, now: datetime, width: int, *, current: bool) -> Content:
    """One line, and the matching part of a message on a second."""
    listed = row.listed
    available = width - TURNS_CELLS - AGE_CELLS - 3
    beside = min(MAX_MODEL_WIDTH, available - MIN_TITLE_WIDTH - 2)
    model = fit(reveal(listed.model) if listed.model else "–", beside) if beside >= MIN_MODEL_WIDTH else ""
    title_cells = available - cells(model) - 2 if model else available
    title = Content(fit(row.title, title_cells - 2 if current else title_cells))
    if typed.strip() and (fits := match(" ".join(typed.replace('"', " ").split()), row.title)) is not None:
        for place in fits.positions:
            if place < len(title.plain) - 1 or title.plain == row.title:
                title = title.stylize(MARK, place, place + 1)
    if current:
        title = Content.assemble(title, (" ●", "$primary"))
    title = title.pad_right(max(0, title_cells - title.cell_length))
    line = Content.assemble(
        _kind(listed),
        " ",
        title,
        (right(format_turns(listed.turns), TURNS_CELLS), "$ink-soft"),
        (right(_age((now - listed.updated_at).total_seconds()), AGE_CELLS), "$ink-soft"),
        (f"  {model}", "$ink-faint"),
    ).truncate(width)
    return line if row.hit is None else Content.assemble(line, "\n", _render_hit(row.hit, width))


def format_turns(turns: int) -> str:
    """``1 turn``, ``12 turns``."""
    return f"{count(turns)} turn{'' if turns == 1 else 's'}"


def _age(seconds: float) -> str:
    days = int(seconds // DAY_S)
    return f"{count(days)} d ago" if days else rough_age(seconds)


def _kind(listed: ConversationSummary) -> Content:
    if listed.kind is ConversationKind.COMPARISON:
        return Content.styled(COMPARISON, "$primary")
    return Content.styled(FORK if listed.forked else " ", "$ink-soft")


def _render_hit(hit: SearchHit, width: int) -> Content:
    """The matching part of a message, with the words marked."""
    parts, at = [], 0
    for start, end in hit.marks:
        parts += [style_foreign_part(hit.snippet[at:start]), style_foreign_part(hit.snippet[start:end], MARK)]
        at = end
    snippet = Content("").join([*parts, style_foreign_part(hit.snippet[at:])])
    others = f"  (+{hit.count - 1} more)" if hit.count > 1 else ""
    head = Content.styled("  « " if hit.by_model else "  » ", "$ink-faint")
    available = width - head.cell_length - len(others)
    return Content.assemble(head, snippet.truncate(available, ellipsis=True), (others, "$ink-faint"))


def style_foreign_part(text: str, style: str = "$ink-soft") -> Content:
    """A part of a line: its spaces at the ends stay."""
    if not text.strip():
        return Content(" " if text else "")
    before = " " if text[0].isspace() else ""
    after = " " if text[-1].isspace() else ""
    return Content.assemble(before, foreign_line(text, style), after)
