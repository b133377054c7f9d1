"""The code blocks of an answer, as they are copied."""

from __future__ import annotations

from dataclasses import dataclass

from zaguan_tui.text.sanitize import clean, clean_line
from zaguan_tui.widgets.foreign_text import foreign_line
from zaguan_tui.widgets.match_list import PickerItem, Search, make_search

MAX_WIDTH = 60


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """One block: its language as the fence names it, and the code, harmless."""

    language: str
    code: str


def find_code_blocks(text: str) -> list[CodeBlock]:
    """The fenced and indented blocks of a Markdown text, in their order, as they are drawn.

    Takes a while for long texts: call it in a thread.
    """
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("gfm-like").parse(clean(text))
    return [
        CodeBlock(clean_line(token.info.split()[0]) if token.info.split() else "", token.content)
        for token in tokens
        if token.type in ("fence", "code_block") and token.content.strip()
    ]


def make_block_search(blocks: list[CodeBlock]) -> Search:
    """Search of a picker over these blocks, the last one first."""
    return make_search([_item(place, block) for place, block in enumerate(blocks)][::-1])


def _item(place: int, block: CodeBlock) -> PickerItem:
    lines = block.code.strip("\n").splitlines()
    first = next((line.strip() for line in lines if line.strip()), "")
    count = "1 line" if len(lines) == 1 else f"{len(lines):,} lines"
    detail = foreign_line(f"{block.language or 'text'}, {count}", "$ink-soft")
    return PickerItem(str(place), clean_line(first, MAX_WIDTH), detail)
