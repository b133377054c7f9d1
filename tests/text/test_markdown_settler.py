"""Settled prefix and live tail: nothing lost, nothing settled that may still change."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from zaguan_tui.text.markdown_settler import MarkdownSettler

PROSE = [
    "para",
    "more *text*",
    "",
    "",
    "",
    "# head",
    "| a | b |",
    "| - | - |",
    "> quote",
    "> - q",
    "\r",
    "   cont",
]
LISTS = [
    "- item",
    "  - nested",
    "1. one",
    "2) two",
    "    indented",
    "\tcode",
    "---",
    "***",
    "* * *",
    "+",
    "-",
]
BLOCKS = [
    "```",
    "```py",
    "   ```",
    "````",
    "~~~",
    "~~~~ x",
    "``` a`b",
    "```\r",
    "<pre>",
    "</pre>",
    "<!-- c",
    "-->",
]
LINES = st.sampled_from([*PROSE, *LISTS, *BLOCKS])
DOCUMENTS = st.lists(LINES, max_size=25).map("\n".join)


def settle(text: str) -> tuple[str, str]:
    settled, tail = MarkdownSettler().feed(text)
    return settled, tail


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("one paragraph", ""),
        ("one\n", ""),
        ("one\n\n", "one\n\n"),
        ("one\n\ntwo", "one\n\n"),
        ("one\n   \ntwo\n", "one\n   \n"),
        ("# head\n\n| a | b |\n| - | - |\n| 1 |", "# head\n\n"),
        ("```\ncode\n\nmore\n", ""),
        ("```\ncode\n\nmore\n```\n\nafter", "```\ncode\n\nmore\n```\n\n"),
        ("````\n```\n\n```\n\n", ""),
        ("````\n```\n\n````\n\n", "````\n```\n\n````\n\n"),
        ("~~~\n```\n\n~~~\n\n", "~~~\n```\n\n~~~\n\n"),
        ("   ```\nx\n\n   ```\n\n", "   ```\nx\n\n   ```\n\n"),
        ("``` not `a fence\n\n", "``` not `a fence\n\n"),
        ("- a\n\n- b\n\n", ""),
        ("- a\n\n  more\n\n- b", ""),
        ("- a\n\nafter", ""),
        ("- a\n\nafter\n", "- a\n\n"),
        ("- a\n\n---\n", "- a\n\n"),
        ("1. a\n\n   ```\n   x\n\n   y\n   ```\n\n2. b", ""),
        ("    code\n\n    more\n", ""),
        ("    code\n\npara\n", "    code\n\n"),
        ("<pre>\n\nraw\n", ""),
        ("<pre>\n\nraw</pre>\n\nx", "<pre>\n\nraw</pre>\n\n"),
        ("<!-- a\n\nb -->\n\nx", "<!-- a\n\nb -->\n\n"),
        ("one\r\n\r\ntwo", "one\r\n\r\n"),
    ],
)
def test_a_blank_line_settles_what_cannot_go_on(text: str, settled: str) -> None:
    assert settle(text) == (settled, text[len(settled) :])


@given(DOCUMENTS, st.lists(st.integers(0, 200), max_size=20))
def test_nothing_is_lost_and_the_cuts_do_not_matter(text: str, cuts: list[int]) -> None:
    settler = MarkdownSettler()
    places = [0, *sorted(cuts), len(text)]
    settled = [settler.push(text[start:end]) for start, end in itertools.pairwise(places)]
    assert "".join(settled) + settler.tail == text
    assert settle(text)[0] == "".join(settled)
    assert settler.finish() == settle(text)[1]
    assert settler.tail == ""


@given(st.text(alphabet="a \n\t\r`~-*1.<>", max_size=80))
def test_nothing_of_any_text_is_lost(text: str) -> None:
    settler = MarkdownSettler()
    settled = "".join(settler.feed(character).settled for character in text)
    assert settled + settler.finish() == text


@settings(derandomize=True)
@given(DOCUMENTS, DOCUMENTS)
def test_what_is_settled_renders_alike_whatever_follows(text: str, more: str) -> None:
    parser = MarkdownIt("gfm-like", {"linkify": False})
    settled, tail = settle(text)
    alone = parser.render(settled)
    assert parser.render(settled + tail + more).startswith(alone)


def test_a_long_text_costs_its_length() -> None:
    def spent(lines: int) -> float:
        settler = MarkdownSettler()
        settler.push("```\n")
        begin = time.process_time()
        for _ in range(lines):
            for word in ("some ", "code ", "here\n"):
                settler.push(word)
        settler.push("```\n\n")
        return time.process_time() - begin

    spent(1_000)
    assert spent(40_000) < 20 * max(spent(5_000), 0.005)
