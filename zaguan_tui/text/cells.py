"""The width of text in terminal cells, and text fitted to a width.

The rules are the terminal's as Rich measures them: East Asian wide characters and emoji take two cells,
combining and format characters none, what follows a zero width joiner none, and variation selector 16
widens a narrow pictograph. Text is expected to have been cleaned (``text.sanitize``) before.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

ELLIPSIS: Final = "…"
"""Says that text was cut; one cell wide."""

_JOINER: Final = "\u200d"
_EMOJI_SELECTOR: Final = "\ufe0f"
_SOFT_HYPHEN: Final = "\u00ad"
_MEDIAL_JAMO: Final = ("\u1160", "\u11ff")
_SKIN_TONES: Final = ("\U0001f3fb", "\U0001f3ff")
_ZERO_WIDTH: Final = frozenset(("Mn", "Mc", "Me", "Cf", "Cc", "Zl", "Zp"))


def cells(text: str) -> int:
    """Return how many terminal cells ``text`` takes on one line."""
    if text.isascii():
        return len(text)
    return sum(_widths(text))


def fit(text: str, width: int) -> str:
    """Return ``text`` cut to at most ``width`` cells; a cut text ends in ``…``. Nothing is padded."""
    if width <= 0:
        return ""
    if len(text) <= width and text.isascii():
        return text
    head = text if len(text) <= 4 * width + 16 else text[: 4 * width + 16]
    if len(head) == len(text) and cells(text) <= width:
        return text
    return _cut(head, width - 1) + ELLIPSIS


def fit_start(text: str, width: int) -> str:
    """Return ``text`` cut at its start to at most ``width`` cells, beginning with ``…``: for paths."""
    if width <= 0:
        return ""
    if cells(text) <= width:
        return text
    widths = _widths(text)
    left = width - 1
    start = len(text)
    while start > 0 and widths[start - 1] <= left:
        start -= 1
        left -= widths[start]
    while start < len(text) and widths[start] == 0:
        start += 1
    return ELLIPSIS + text[start:]


def left(text: str, width: int) -> str:
    """Return ``text`` in exactly ``width`` cells, at the left."""
    fitted = _closed(fit(text, width))
    return fitted + " " * (width - cells(fitted))


def right(text: str, width: int) -> str:
    """Return ``text`` in exactly ``width`` cells, at the right: for numbers in columns."""
    fitted = fit(text, width)
    return " " * (width - cells(fitted)) + fitted


def center(text: str, width: int) -> str:
    """Return ``text`` in exactly ``width`` cells, in the middle."""
    fitted = _closed(fit(text, width))
    space = max(0, width - cells(fitted))
    return " " * (space // 2) + fitted + " " * (space - space // 2)


def _closed(text: str) -> str:
    """``text`` without a joiner at its end, which would swallow the space that follows."""
    return text.rstrip(_JOINER)


def _cut(text: str, width: int) -> str:
    taken = 0
    for index, cost in enumerate(_widths(text)):
        if taken + cost > width:
            return text[:index].rstrip(_JOINER)
        taken += cost
    return text


def _widths(text: str) -> list[int]:
    """The cells each character adds, in its place in the text."""
    widths = [_character_width(character) for character in text]
    if _JOINER not in text and _EMOJI_SELECTOR not in text:
        return widths
    joined = False
    last: int | None = None
    for index, character in enumerate(text):
        if joined:
            widths[index] = 0
            joined = False
        elif character == _JOINER:
            joined = True
        elif character == _EMOJI_SELECTOR:
            if last is not None and widths[last] == 1 and _is_pictograph(text[last]):
                widths[index] = 1
            last = None
        elif widths[index]:
            last = index
    return widths


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    category = unicodedata.category(character)
    if category in _ZERO_WIDTH:
        return 1 if character == _SOFT_HYPHEN else 0
    if _MEDIAL_JAMO[0] <= character <= _MEDIAL_JAMO[1] or _SKIN_TONES[0] <= character <= _SKIN_TONES[1]:
        return 0
    if category == "Cn":  # unassigned in this Python's Unicode: new emoji and ideographs are wide
        return 2 if "\U0001f300" <= character <= "\U0001faff" or character >= "\U00020000" else 1
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _is_pictograph(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sm", "Po", "Nd") or character == "ℹ"
