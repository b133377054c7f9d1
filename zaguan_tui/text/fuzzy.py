"""Fuzzy search: the letters of every word of the query appear in a candidate, in order.

A word found whole beats scattered letters, one found at the beginning of a word beats one in the middle,
letters at the beginnings of words beat others, and short candidates beat long ones. Case does not matter.
Words are parted by spaces and all of them must be found, in any order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import starmap
from typing import Final, NamedTuple

_SEPARATORS: Final = re.compile(r"[-_/.:,;|@#()\[\]{}<>\s]")

QUERY_LIMIT: Final = 200
"""How many characters of a query are used, here and in every other search: nobody types more, and a pasted
page would take seconds."""

_AT_START: Final = 100.0  # found whole, where a word begins
_INSIDE: Final = 60.0  # found whole, inside a word
_SCATTERED: Final = 20.0  # its letters found in order
_WHOLE_WORD: Final = 15.0  # what was found is a whole word of the candidate
_AT_BOUNDARY: Final = 4.0  # a scattered letter that begins a word
_ADJACENT: Final = 3.0  # a scattered letter right after the one before
_LATE: Final = 0.05  # for every character before what was found
_LONG: Final = 0.02  # for every character of the candidate


class Hit(NamedTuple):
    """A candidate that matches: which one (counted from 0), and how well; ``match`` tells where."""

    row: int
    score: float


@dataclass(frozen=True, slots=True)
class Match:
    """How a candidate matches: how well, and at which characters, in order."""

    score: float
    positions: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """How ``text`` matches ``query``, ``None`` when it does not. For painting a hit that is on screen."""
    lowered = _lower(text)
    bounded = _bounded(lowered)
    score = 0.0
    positions: set[int] = set()
    for word in _words(query):
        if _subsequence(word).match(lowered) is None:
            return None
        spaced = _spaced(word)
        score += _score(word, spaced, lowered, bounded)
        positions.update(_positions(word, spaced, lowered, bounded))
    return Match(score, tuple(sorted(positions)))


class FuzzyIndex:
    """Candidates prepared for being searched at every key press."""

    __slots__ = ("_bounded", "_everything", "_lines", "_lowered")

    def __init__(self, candidates: Iterable[str]) -> None:
        self._lowered = [_lower(text.replace("\n", " ")) for text in candidates]
        self._bounded = [_bounded(text) for text in self._lowered]
        self._everything = "\n".join(self._lowered) + "\n"
        self._lines: dict[int, int] = {}
        start = 0
        for index, text in enumerate(self._lowered):
            self._lines[start] = index
            start += len(text) + 1

    def __len__(self) -> int:
        return len(self._lowered)

    def search(self, query: str, limit: int | None = None) -> list[Hit]:
        """The matching candidates, best first, in their own order where equal; all for an empty query."""
        words = _words(query)
        if not words:
            return [Hit(row, 0.0) for row in range(len(self._lowered))][:limit]
        scores = self._scores(words[0])
        for word in words[1:]:
            more = self._scores(word)
            scores = {index: score + more[index] for index, score in scores.items() if index in more}
        ranked = sorted(scores.items(), key=_by_score)[:limit]
        return list(starmap(Hit, ranked))

    def _scores(self, word: str) -> dict[int, float]:
        """The score of every candidate with the letters of ``word``; one pass in C finds which those are."""
        lowered, bounded, lines, spaced = self._lowered, self._bounded, self._lines, _spaced(word)
        matches = [lines[line.start()] for line in _subsequence(word).finditer(self._everything)]
        return {index: _score(word, spaced, lowered[index], bounded[index]) for index in matches}


def _words(query: str) -> list[str]:
    return _lower(query[:QUERY_LIMIT]).split()


def _by_score(entry: tuple[int, float]) -> tuple[float, int]:
    return -entry[1], entry[0]


def _subsequence(word: str) -> re.Pattern[str]:
    """What finds the lines that have the letters of ``word`` in order, from their start."""
    letters = "".join(f"[^{re.escape(letter)}\n]*+{re.escape(letter)}" for letter in word)
    return re.compile(f"^{letters}", re.MULTILINE)


def _score(word: str, spaced: str, lowered: str, bounded: str) -> float:
    """How well a text fits that is known to have the letters of ``word`` in order."""
    at = bounded.find(" " + spaced)
    if at >= 0:
        end = at + 1 + len(word)
        points = _AT_START + _WHOLE_WORD if bounded[end : end + 1] in ("", " ") else _AT_START
    else:
        at = lowered.find(word)
        if at >= 0:
            points = _INSIDE
        else:
            places = _scattered_positions(spaced, bounded)
            at = places[0]
            points = _SCATTERED + _score_positions(places, bounded)
    return points - _LATE * at - _LONG * len(lowered)


def _positions(word: str, spaced: str, lowered: str, bounded: str) -> Iterable[int]:
    at = bounded.find(" " + spaced)
    if at < 0:
        at = lowered.find(word)
    return range(at, at + len(word)) if at >= 0 else _scattered_positions(spaced, bounded)


def _scattered_positions(spaced: str, bounded: str) -> list[int]:
    """Where the letters of a word are: at beginnings of words as far as that goes, else the first ones."""
    return _walk(spaced, bounded, boundaries=True) or _walk(spaced, bounded, boundaries=False)


def _walk(spaced: str, bounded: str, *, boundaries: bool) -> list[int]:
    places: list[int] = []
    at = 0
    for letter in spaced:
        if boundaries and bounded[at + 1 : at + 2] != letter:
            place = bounded.find(" " + letter, at)
            place = place + 1 if place >= 0 else bounded.find(letter, at + 1)
        else:
            place = bounded.find(letter, at + 1)
        if place < 0:
            return []
        places.append(place - 1)
        at = place
    return places


def _score_positions(places: list[int], bounded: str) -> float:
    points = 0.0
    before = -2
    for place in places:
        if bounded[place] == " ":
            points += _AT_BOUNDARY
        if place == before + 1:
            points += _ADJACENT
        before = place
    return points


def _bounded(lowered: str) -> str:
    """The text with a space for every separator, and one before it: ``bounded[n + 1]`` is ``text[n]``."""
    return " " + _spaced(lowered)


def _spaced(text: str) -> str:
    return _SEPARATORS.sub(" ", text)


def _lower(text: str) -> str:
    """Lower case of the same length."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)
