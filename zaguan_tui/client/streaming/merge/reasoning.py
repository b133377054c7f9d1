"""Reasoning of a model: from fields of its own, or ``<think>`` tags at the start of the text.

The order of the fields and the rules for tags are those of the wire reference §3.1 (``common`` and
``proposal``).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TypeAlias

from zaguan_tui.client.streaming.merge.content_parts import flat_text

OPEN = "<think>"
CLOSE = "</think>"


def reasoning_of(delta: Mapping[str, object]) -> str:
    """The reasoning in the fields of a delta or a message, the first filled one winning; empty if there is
    none.
    """
    for key in ("reasoning_content", "reasoning", "reasoning_details", "thinking"):
        value = delta.get(key)
        if value:
            text = value if type(value) is str else flat_text(value)
            if text:
                return text
    return ""


class Piece(enum.Enum):
    """What a piece of tagged text is. ``BECAME_REASONING``: all text given out before was reasoning."""

    TEXT = "text"
    REASONING = "reasoning"
    BECAME_REASONING = "became reasoning"


Pieces: TypeAlias = list[tuple[Piece, str]]


class _TagState(enum.Enum):
    START = enum.auto()
    INSIDE = enum.auto()
    AFTER = enum.auto()
    TEXT = enum.auto()


class ThinkTags:
    """Tells reasoning from text while both stream in through one field.

    Only a tag at the start of the text, after white space, opens reasoning; more blocks may follow directly
    and are joined by a blank line. Whatever could still become a tag is held back until it is decided. White
    space round a block is dropped. A ``</think>`` that nothing opened, not even later in the text, closes
    reasoning that began at position 0; one in backticks is a quotation and stays text.
    """

    __slots__ = ("_block_open", "_blocks", "_held", "_last", "_lone", "_place", "clear")

    def __init__(self) -> None:
        self._place = _TagState.START
        self._held = ""
        self._lone = True
        self._blocks = 0
        self._block_open = False
        self._last = ""
        self.clear = False
        """No tag begun: text without ``<`` may pass by; :meth:`feed` wants its last character afterwards."""

    def forbid_lone_close(self) -> None:
        """Reasoning came through a field of its own, so a ``</think>`` in the text is just text."""
        self._lone = False

    def feed(self, text: str, before: str = "") -> Pieces:
        """The pieces that ``text`` decides. ``before`` is the character last given out or passed by."""
        out: Pieces = []
        self._last = before
        rest = self._held + text
        self._held = ""
        while rest:
            match self._place:
                case _TagState.START:
                    rest = self._start(rest, out)
                case _TagState.INSIDE:
                    rest = self._inside(rest, out)
                case _TagState.AFTER:
                    rest = self._after(rest)
                case _TagState.TEXT:
                    rest = self._text(rest, out)
        self.clear = self._place is _TagState.TEXT and not self._held
        return out

    def close(self) -> Pieces:
        """What was held back, at the end of the text: an unclosed block is reasoning, the rest text."""
        held, self._held = self._held, ""
        match self._place:
            case _TagState.INSIDE:
                return [(Piece.REASONING, held.rstrip())] if held.strip() else []
            case _TagState.AFTER:
                held = held.lstrip()
        return [(Piece.TEXT, held)] if held else []

    def _start(self, rest: str, out: Pieces) -> str:
        bare = rest.lstrip()
        if bare.startswith(OPEN):
            self._place = _TagState.INSIDE
            return bare[len(OPEN) :]
        if bare.startswith(CLOSE) and self._lone:
            self._place = _TagState.AFTER
            return bare[len(CLOSE) :]
        if OPEN.startswith(bare) or (self._lone and CLOSE.startswith(bare)):
            self._held = rest
            return ""
        self._place = _TagState.TEXT
        return rest

    def _inside(self, rest: str, out: Pieces) -> str:
        if not self._block_open:
            rest = rest.lstrip()
            if not rest:
                return ""
        before, closing, rest_after = rest.partition(CLOSE)
        if closing:
            self._reason(before.rstrip(), out)
            self._blocks += self._block_open
            self._block_open = False
            self._place = _TagState.AFTER
            return rest_after
        keep = len(before) - _partial_tag_length(before, CLOSE)
        keep = len(before[:keep].rstrip())
        self._held = before[keep:]
        self._reason(before[:keep], out)
        return ""

    def _reason(self, text: str, out: Pieces) -> None:
        if not text:
            return
        if not self._block_open:
            self._block_open = True
            if self._blocks:
                text = "\n\n" + text
        out.append((Piece.REASONING, text))

    def _after(self, rest: str) -> str:
        bare = rest.lstrip()
        if bare.startswith(OPEN):
            self._place = _TagState.INSIDE
            return bare[len(OPEN) :]
        if OPEN.startswith(bare):
            self._held = bare
            return ""
        self._place = _TagState.TEXT
        self._lone = False
        return bare

    def _text(self, rest: str, out: Pieces) -> str:
        if not self._lone:
            out.append((Piece.TEXT, rest))
            return ""
        opening, closing = rest.find(OPEN), rest.find(CLOSE)
        if opening >= 0 and (closing < 0 or opening < closing):
            self._lone = False
            return rest
        if closing >= 0:
            return self._lone_close(rest, closing, out)
        keep = len(rest) - max(_partial_tag_length(rest, OPEN), _partial_tag_length(rest, CLOSE))
        self._held = rest[keep:]
        if keep:
            self._last = rest[keep - 1]
            out.append((Piece.TEXT, rest[:keep]))
        return ""

    def _lone_close(self, rest: str, closing: int, out: Pieces) -> str:
        before, after = rest[:closing], rest[closing + len(CLOSE) :]
        if (before[-1:] or self._last) == "`":
            self._last = CLOSE[-1]
            out.append((Piece.TEXT, before + CLOSE))
            return after
        if before:
            out.append((Piece.TEXT, before))
        out.append((Piece.BECAME_REASONING, ""))
        self._blocks = 1
        self._place = _TagState.AFTER
        return after


def split_reasoning(content: str, *, lone_close: bool = True) -> tuple[str, str]:
    """A whole content as ``(text, reasoning)``, by the rules of :class:`ThinkTags`."""
    tags = ThinkTags()
    if not lone_close:
        tags.forbid_lone_close()
    text: list[str] = []
    reasoning: list[str] = []
    for piece, part in (*tags.feed(content), *tags.close()):
        if piece is Piece.BECAME_REASONING:
            reasoning.append("".join(text).strip())
            text.clear()
        else:
            (text if piece is Piece.TEXT else reasoning).append(part)
    return "".join(text), "".join(reasoning)


def _partial_tag_length(text: str, tag: str) -> int:
    """How many characters at the end of ``text`` could be the beginning of ``tag``."""
    start = text.rfind("<", max(0, len(text) - len(tag) + 1))
    if start < 0 or not tag.startswith(text[start:]):
        return 0
    return len(text) - start
