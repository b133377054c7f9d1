"""Drawing from a stock of sentences without repeating one before all were used."""

from __future__ import annotations

import random
from collections.abc import Sequence

from zaguan_tui.sandbox.data.knowledge import prose


class Deck:
    """A shuffled stock of sentences; when it runs out it is shuffled again."""

    __slots__ = ("_left", "_rng", "_stock")

    def __init__(self, rng: random.Random, stock: Sequence[str]) -> None:
        self._rng = rng
        self._stock = tuple(stock)
        self._left: list[str] = []

    def draw(self) -> str:
        """The next sentence."""
        if not self._left:
            self._left = self._rng.sample(self._stock, len(self._stock))
        return self._left.pop()


def deck(rng: random.Random, subject: str, role: str) -> Deck:
    """The deck of one role of one subject of the prose (`essay`, `claim`)."""
    return Deck(rng, prose().decks[subject][role])


def filled(sentence: str, topic: str) -> str:
    """`sentence` with the topic in its places: `{t}` as it is, `{T}` with a capital."""
    return sentence.replace("{t}", topic).replace("{T}", titled(topic))


def titled(topic: str) -> str:
    """The topic with a capital first letter."""
    return topic[:1].upper() + topic[1:]
