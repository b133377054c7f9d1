"""Repairs lone UTF-16 surrogates in text that came through JSON.

A server that cuts its text by UTF-16 units sends the two halves of an emoji in two frames. Joined, the
halves are the character; a half alone is in no encoding and would break whatever has to write it: the
terminal, the file, the next request.
"""

from __future__ import annotations

from zaguan_tui.text.sanitize import MARK


def repair(text: str) -> str:
    """``text`` with pairs of halves joined and halves alone replaced by U+FFFD; mostly ``text`` itself."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


class PairJoiner:
    """``repair`` for text that arrives in pieces: a first half at the end of one waits for the next."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = ""

    def feed(self, piece: str) -> str:
        """The next piece, repaired; a first half at its end is held back."""
        if not self._held and piece.isascii():
            return piece
        text = self._held + piece
        self._held = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            self._held = text[-1]
            text = text[:-1]
        return repair(text)

    def finish(self) -> str:
        """What is left of a half that never found its other."""
        held, self._held = self._held, ""
        return MARK if held else ""
