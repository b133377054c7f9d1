"""Preview of the highlighted conversation: how its newest messages begin, or those round a match."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from textual.content import Content

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.screens.playground.history.rows import MARK
from zaguan_tui.state.conversations.search import MessageExcerpt
from zaguan_tui.widgets.foreign_text import foreign

PROMPT_LINES: Final = 4
ANSWER_LINES: Final = 9
_HALVES: Final = {
    Ending.LENGTH: ("▲", "cut by the token limit", "$warning"),
    Ending.CONTENT_FILTER: ("▲", "ended by a filter", "$warning"),
    Ending.PAUSED: ("◌", "paused by the server", "$primary"),
    Ending.TRUNCATED: ("✖", "broke off", "$error"),
    Ending.ERROR_FRAME: ("✖", "broken off by an error", "$error"),
    Ending.CANCELLED: ("■", "stopped", "$ink-soft"),
    Ending.FAILED: ("✖", "no answer", "$error"),
}


def render_preview(excerpts: Sequence[MessageExcerpt], words: Sequence[str]) -> Content:
    """Prompts and answers in their order, each a few lines long, the words marked."""
    parts = []
    for excerpt in excerpts:
        most = ANSWER_LINES if excerpt.by_model else PROMPT_LINES
        text = _marked(_beginning(excerpt.text, most, "" if excerpt.by_model else "$ink-strong"), words)
        head = Content("") if excerpt.by_model else Content.styled("❯ ", "$primary")
        part = Content.assemble(head, text)
        if excerpt.ending in _HALVES:
            shape, word, style = _HALVES[excerpt.ending]
            part = Content.assemble(part, "\n" if excerpt.text else "", (f"{shape} {word}", style))
        parts.append(part)
    return Content("\n\n").join(parts)


def _beginning(text: str, most: int, style: str) -> Content:
    lines = [line for line in text.splitlines() if line.strip()]
    shown = foreign("\n".join(lines[:most]), style)
    return Content.assemble(shown, ("\n…", "$ink-faint")) if len(lines) > most else shown


def _marked(content: Content, words: Sequence[str]) -> Content:
    for word in words:
        for occurrence in re.finditer(re.escape(word), content.plain, re.IGNORECASE):
            content = content.stylize(MARK, *occurrence.span())
    return content
