"""Disagreements of two sources, held back until both were read twice more: no two are read at one moment."""

from __future__ import annotations

READINGS_UNTIL_CONFIRMED = 2
"""Readings of each source that must repeat a disagreement before it is told."""


class ConflictTracker:
    """Remembers when each disagreement was first seen, counted in readings of the two sources."""

    __slots__ = ("_first_seen", "_readings", "_unseen")

    def __init__(self) -> None:
        self._readings = (0, 0)
        self._first_seen: dict[tuple[str, str], tuple[int, int]] = {}
        self._unseen: set[tuple[str, str]] = set()

    def begin(self, readings: tuple[int, int]) -> None:
        """A new picture is about to be joined from this many readings of either source."""
        self._readings = readings
        self._unseen = set(self._first_seen)

    def lasts(self, subject: str, sentence: str) -> bool:
        """Whether ``sentence`` about ``subject`` held while both sources were read anew, twice."""
        key = (subject, sentence)
        self._unseen.discard(key)
        first = self._first_seen.setdefault(key, self._readings)
        return all(
            now - then >= READINGS_UNTIL_CONFIRMED for now, then in zip(self._readings, first, strict=True)
        )

    def end(self) -> None:
        """The picture is joined; what nobody asked about is settled."""
        for key in self._unseen:
            del self._first_seen[key]
