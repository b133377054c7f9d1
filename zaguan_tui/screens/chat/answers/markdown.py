"""Markdown in the look of the program, and safe: code in few colours, tables without tooltips.

Textual's own table gives every cell a tooltip that is read as markup, so that a cell with a stray ``[/]``
ends the app when the mouse rests on it.
"""

from __future__ import annotations

import re
from typing import Final

from pygments.token import Token  # type: ignore[import-untyped]  # has no types
from textual.app import ComposeResult
from textual.content import Content
from textual.highlight import HighlightTheme, highlight
from textual.layout import Layout
from textual.layouts.grid import GridLayout
from textual.widgets import Markdown, Static
from textual.widgets._markdown import (  # Textual exports only half of its blocks; pinned below 8.3
    MarkdownBlock,
    MarkdownFence,
    MarkdownTable,
    MarkdownTableCellContents,
    MarkdownTableContent,
)

MAX_HIGHLIGHTED_LENGTH: Final = 20_000
"""Characters of one code block that are worth colours; a longer one is shown plain."""

MAX_PART_LENGTH: Final = 1_200
"""Characters after which a text goes on in a new part."""

_LIST_ITEM: Final = re.compile(r"^ *(?:[-+*]|\d{1,9}[.)])[ \t]", re.MULTILINE)
_TABLE_BAR: Final = re.compile(r"^ *\|.*\|[ \t]*$", re.MULTILINE)
_WIDGETS_PER_ITEM: Final = 4


class CodeTheme(HighlightTheme):
    """Colours for code: words, text and numbers apart, nothing underlined, nothing loud."""

    STYLES = {
        Token.Comment: "$ink-soft italic",
        Token.Keyword: "$text-primary",
        Token.Literal.Number: "$text-warning",
        Token.Literal.String: "$text-success",
        Token.Number: "$text-warning",
        Token.String: "$text-success",
        Token.Name.Class: "bold",
        Token.Name.Decorator: "$ink-soft",
        Token.Name.Function: "bold",
        Token.Name.Tag: "$text-primary",
        Token.Operator.Word: "$text-primary",
        Token.Generic.Deleted: "$text-error",
        Token.Generic.Inserted: "$text-success",
        Token.Generic.Heading: "bold",
        Token.Generic.Subheading: "$ink-soft",
    }


class CodeBlock(MarkdownFence):
    """A fenced block in :class:`CodeTheme`; the terminal's own colours where the theme leaves them."""

    @classmethod
    def highlight(cls, code: str, language: str, ansi: bool = False, dark: bool = False) -> Content:
        """The code with its colours."""
        if len(code) > MAX_HIGHLIGHTED_LENGTH:
            return Content(code)
        if ansi:
            return super().highlight(code, language, ansi, dark)
        return highlight(code, language=language or "text", theme=CodeTheme)


class TableCells(MarkdownTableContent):
    """The cells of a table, each only what it says."""

    def pre_layout(self, layout: Layout) -> None:
        """Columns as wide as their text, narrower where they do not fit."""
        super().pre_layout(layout)
        assert isinstance(layout, GridLayout)
        layout.expand = False

    def compose(self) -> ComposeResult:
        """Header cells, then the rows."""
        for header in self.headers:
            yield MarkdownTableCellContents(header, classes="header")
        for number, row in enumerate(self.rows, 1):
            for cell in row:
                yield MarkdownTableCellContents(cell, classes=f"row{number} cell")
            self.last_row = number

    async def _update_rows(self, updated_rows: list[list[Content]]) -> None:
        """Replace the last row and add the new ones, when a table grows."""
        self.styles.grid_size_columns = len(self.headers)
        await self.query_children(f".cell.row{self.last_row}").remove()
        cells: list[Static] = []
        for number, row in enumerate(updated_rows, self.last_row):
            cells += [MarkdownTableCellContents(cell, classes=f"row{number} cell") for cell in row]
            self.last_row = number
        await self.mount_all(cells)


class PlainTable(MarkdownTable):
    """A table as wide as its text."""

    def compose(self) -> ComposeResult:
        """One grid of cells."""
        self._headers, self._rows = self._get_headers_and_rows()
        yield TableCells(self._headers, self._rows)


class AnswerMarkdown(Markdown):
    """Markdown whose looks are in ``playground.tcss``; links open nothing by themselves."""

    BLOCKS: dict[str, type[MarkdownBlock]] = {
        **Markdown.BLOCKS,
        "table_open": PlainTable,
        "fence": CodeBlock,
        "code_block": CodeBlock,
    }

    def __init__(self, text: str = "") -> None:
        super().__init__(text, open_links=False)

    @property
    def weight(self) -> int:
        """About how many widgets it takes."""
        return estimate_widgets(self.source)

    @property
    def can_grow(self) -> bool:
        """Whether more text may come into it."""
        return len(self.source) < MAX_PART_LENGTH


def estimate_widgets(text: str) -> int:
    """About how many widgets Textual makes of ``text``: it is widgets that make typing slow, not letters."""
    items = len(_LIST_ITEM.findall(text))
    cells = sum(bar.group().count("|") - 1 for bar in _TABLE_BAR.finditer(text))
    return text.count("\n\n") + 1 + _WIDGETS_PER_ITEM * items + cells
