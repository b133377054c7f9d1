"""Emoji that every terminal draws in as many cells as Textual measured.

Textual counts two cells for a narrow character with U+FE0F and none for a skin tone. tmux 3.3 and others
draw one cell for the former and two for the latter: the rest of the line is shifted and letters stay behind.
What is written to the terminal has neither: the narrow sign is followed by a space instead, the tone is left
out. The text in the app, and what is copied from it, stays as it came.
"""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len

_TONES: Final = "\U0001f3fb-\U0001f3ff"
_SELECTOR: Final = "\ufe0f"
_JOINER: Final = "\u200d"
_MARKS: Final = f"[{_SELECTOR}\u20e3{_TONES}]"
_BASE: Final = f"[^\x00-\x20{_JOINER}]"
_SUSPECT: Final = re.compile(f"[{_SELECTOR}{_TONES}]")
_CLUSTER: Final = re.compile(
    f"(?P<base>{_BASE})(?:(?P<marks>{_MARKS}+)(?P<joined>(?:{_JOINER}{_BASE}{_MARKS}*)*)"
    f"|(?P<only_joined>(?:{_JOINER}{_BASE}{_MARKS}*)+))"
)


def plain_emoji(text: str) -> str:
    """Return ``text`` without selectors and skin tones, as wide as it was measured with them."""
    if _SUSPECT.search(text) is None:
        return text
    return _SUSPECT.sub("", _CLUSTER.sub(_plain_cluster, text))


def _plain_cluster(cluster: re.Match[str]) -> str:
    if _SUSPECT.search(cluster[0]) is None:
        return cluster[0]
    base, marks = cluster["base"], cluster["marks"] or ""
    joined = cluster["joined"] or cluster["only_joined"] or ""
    if cell_len(base) < 2:
        joined = ""  # a terminal that joins draws it in the one cell of the base
    plain = base + _SUSPECT.sub("", marks) + _SUSPECT.sub("", joined)
    return plain + " " * (cell_len(cluster[0]) - cell_len(plain))
