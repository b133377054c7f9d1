"""Streaming Markdown split in two: what can no longer change, and the live tail.

A renderer appends the settled part once and repaints only the tail. A blank line settles what is before it,
unless the block goes on after it: a fenced block up to its closing fence, an HTML block up to its end tag, a
list or an indented block as long as items or indented lines follow. Link definitions that come later are not
waited for: the renderer's last pass over the whole text finds them.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_ITEM: Final = re.compile(r" {0,3}(?:[-+*]|\d{1,9}[.)])(?:[ \t]|\r?$)")
_RULE: Final = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,})\r?$")
_INTERRUPTS: Final = re.compile(r" {0,3}(?:[-+*]|1[.)])[ \t]+\S")
"""An item that begins a list also right after a line of text, where others are text themselves."""
_INDENTED: Final = re.compile(r" {4}| {0,3}\t")
_HTML: Final = re.compile(
    r" {0,3}<(?:(?:pre|script|style|textarea)(?:[\s>]|$)|!--|\?|!\[CDATA\[)", re.IGNORECASE
)
_HTML_END: Final = re.compile(r"</(?:pre|script|style|textarea)>|-->|\?>|\]\]>", re.IGNORECASE)


class SettledText(NamedTuple):
    """``settled`` is what became settled with this piece, ``tail`` all that is not: show it as plain text."""

    settled: str
    tail: str


class MarkdownSettler:
    """Splits a text that arrives in pieces, cut anywhere; every line is looked at once.

    All ``settled`` parts and the last ``tail``, joined, are the text.
    """

    __slots__ = ("_after_blank", "_fence", "_fence_in", "_in_html", "_in_list", "_item", "_line", "_lines")

    def __init__(self) -> None:
        self._lines: list[str] = []  # whole lines that are not settled
        self._line: list[str] = []  # pieces of the line that has not ended
        self._fence = ""
        self._fence_in = 0  # the column of the list item the fence is in
        self._item = 0  # the column at which the content of the last list item begins
        self._in_html = False
        self._in_list = False  # or in an indented block: in what may go on after a blank line
        self._after_blank = True

    def feed(self, piece: str) -> SettledText:
        """Take the next piece; returns what it settled, and the tail."""
        return SettledText(self.push(piece), self.tail)

    def push(self, piece: str) -> str:
        """Take the next piece; returns what it settled. For whoever asks for the ``tail`` less often."""
        if "\n" not in piece:
            if piece:
                self._line.append(piece)
            return ""
        *lines, rest = piece.split("\n")
        lines[0] = "".join(self._line) + lines[0]
        self._line = [rest] if rest else []
        settled: list[str] = []
        for line in lines:
            if self._begins_anew(line):
                settled += self._lines
                self._lines.clear()
            self._lines.append(line + "\n")
        if self._after_blank and not self._in_list:
            settled += self._lines
            self._lines.clear()
        return "".join(settled)

    @property
    def tail(self) -> str:
        """All that is not settled."""
        if len(self._lines) > 1:
            self._lines = ["".join(self._lines)]
        if len(self._line) > 1:
            self._line = ["".join(self._line)]
        return "".join((*self._lines, *self._line))

    def finish(self) -> str:
        """The text is over: returns what was left, which is settled now. Ready for another text."""
        rest = self.tail
        self._lines, self._line, self._fence = [], [], ""
        self._in_html, self._in_list, self._after_blank, self._item = False, False, True, 0
        return rest

    def _begins_anew(self, line: str) -> bool:
        """Note what a whole line means; true when everything before it is over."""
        after_blank, self._after_blank = self._after_blank, False
        if self._fence and _indent(line) < self._fence_in and line.strip():
            self._fence = ""  # the list item around the fence is over, and the fence with it
        if self._fence:
            if _closes(self._fence, line):
                self._fence = ""
            return False
        if self._in_html:
            self._in_html = _HTML_END.search(line) is None
            return False
        if not line.strip():
            self._after_blank = True
            return False
        anew = after_blank and not (self._in_list and _continues_block(line))
        if anew:
            self._in_list = False
        self._enter(line, after_blank)
        return anew

    def _enter(self, line: str, after_blank: bool) -> None:
        fence = _FENCE.match(line)
        if fence and not (fence[1][0] == "`" and "`" in fence[2]):
            self._fence = fence[1]
            self._fence_in = self._item if self._in_list and _indent(line) >= self._item else 0
        elif _HTML.match(line):
            self._in_html = _HTML_END.search(line) is None
        elif item := _item(line):
            sure = after_blank or self._in_list or _INTERRUPTS.match(line) is not None
            self._item = item.end() if sure else 0
            self._in_list = True
        elif after_blank and _INDENTED.match(line):
            self._in_list = True


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _continues_block(line: str) -> bool:
    """Whether ``line``, after a blank one, belongs to the list or indented block before."""
    return line[0] in " \t" or _item(line) is not None


def _item(line: str) -> re.Match[str] | None:
    return None if _RULE.match(line) else _ITEM.match(line)


def _closes(fence: str, line: str) -> bool:
    match = _FENCE.match(line)
    return match is not None and match[1].startswith(fence) and not match[2].strip()
