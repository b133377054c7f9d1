"""Redaction of bodies and texts that come in pieces: a key may begin in one and end in the next."""

from __future__ import annotations

from zaguan_tui.client.dispatch.credentials import MASK, Redactor

_MASK = MASK.encode()


class ChunkRedactor:
    """Pieces in, the same pieces without secrets out, as soon as no secret can reach over their end.

    The number of pieces and the moments (``at``) that belong to them stay; of a secret over several pieces
    the first gets the mask.
    """

    __slots__ = ("_held", "_redactor")

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._held: list[tuple[float, bytes]] = []

    def feed(self, at: float, piece: bytes) -> list[tuple[float, bytes]]:
        """Take the next piece; returns those that are safe by now, in order."""
        self._held.append((at, piece))
        size = sum(len(held) for _, held in self._held)
        return self._release(size - self._redactor.reach)

    def flush(self) -> list[tuple[float, bytes]]:
        """The end: everything that was held back."""
        return self._release(None)

    def _release(self, limit: int | None) -> list[tuple[float, bytes]]:
        """The pieces that end at or before ``limit`` and not inside a secret, redacted; ``None``: all."""
        if not self._held or (limit is not None and limit < len(self._held[0][1])):
            return []
        spans = self._redactor.spans(b"".join(piece for _, piece in self._held))
        count, end, place = 0, 0, 0
        for number, (_, piece) in enumerate(self._held, 1):
            place += len(piece)
            if limit is not None and place > limit:
                break
            if not any(start < place < stop for start, stop in spans):
                count, end = number, place
        released, self._held = self._held[:count], self._held[count:]
        return _mask_spans(released, [span for span in spans if span[0] < end])


class TextMask:
    """Pieces of a text in, the text without secrets out. An end that may begin a secret waits for more."""

    __slots__ = ("_held", "_redactor")

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._held = ""

    def feed(self, piece: str) -> str:
        """Take the next piece; returns what is safe by now."""
        text = self._redactor.text(self._held + piece)
        end = self._redactor.open_end(text)
        self._held = text[end:]
        return text[:end]

    def flush(self) -> str:
        """The end: what was held back."""
        text, self._held = self._redactor.text(self._held), ""
        return text


def _mask_spans(pieces: list[tuple[float, bytes]], spans: list[tuple[int, int]]) -> list[tuple[float, bytes]]:
    """The pieces with every span cut out and the mask where it began."""
    clean: list[tuple[float, bytes]] = []
    offset = 0
    for at, piece in pieces:
        parts: list[bytes] = []
        place = offset
        after = offset + len(piece)
        for start, stop in spans:
            if stop <= place or start >= after:
                continue
            parts.append(piece[max(place, offset) - offset : max(start, offset) - offset])
            if start >= offset:
                parts.append(_MASK)
            place = min(stop, after)
        parts.append(piece[place - offset :])
        clean.append((at, b"".join(parts)))
        offset = after
    return clean
