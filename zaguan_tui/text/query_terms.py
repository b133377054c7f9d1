"""The terms of a filter, each of which holds for a row or does not. A row is a mapping of field names to
values.

Texts are compared without case. An unknown value (``None``, no number where one is compared) fulfils neither
a condition on its field nor the opposite of that condition; ``field:-`` finds it, ``!field:-`` all others.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

Row: TypeAlias = Mapping[str, object]

_FIGURES: Final = (int, float, type(None))
_MISSING_SIGNS: Final = frozenset(("-", "–"))
_MISSING_WORDS: Final = _MISSING_SIGNS | {"none", "missing"}
_YES: Final = frozenset(("yes", "true", "y", "on", "1"))
_NO: Final = frozenset(("no", "false", "n", "off", "0"))
_NUMBER: Final = re.compile(
    r"\$?([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?)\s*([kmgbt]?)(?:%|ms)?", re.IGNORECASE
)
_SCALES: Final = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "b": 1e9, "t": 1e12}
_COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}


class Term(Protocol):
    """One condition."""

    def holds(self, row: Row) -> bool | None:
        """Whether ``row`` fulfils it; ``None`` when that is unknown, which no filter lets through."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """It stands in one of the row's texts, or its letters do, in order, from the beginning of a word on.

    A filter has no ranking to bury what fits badly, so letters strewn anywhere are not enough.
    """

    text: str
    _letters: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        first, *rest = map(re.escape, self.text.lower())
        strewn = "".join(f"[^{letter}]*+{letter}" for letter in rest)
        # A plain first letter lets the search run along the text at the speed of C.
        pattern = rf"{first}(?:{''.join(rest)}|(?<![^\W_]{first}){strewn})"
        object.__setattr__(self, "_letters", re.compile(pattern))

    def holds(self, row: Row) -> bool:
        """Whether ``row`` fulfils it."""
        search = self._letters.search
        for value in row.values():
            if isinstance(value, str):  # most are: spelled out because every key press asks every row
                if search(value.lower()):
                    return True
            elif not isinstance(value, _FIGURES) and any(search(text.lower()) for text in _texts(value)):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Phrase:
    """It stands as it is in one of the row's texts."""

    text: str

    def holds(self, row: Row) -> bool:
        """Whether ``row`` fulfils it."""
        wanted = self.text.lower()
        return any(
            wanted in text.lower()
            for value in row.values()
            if not isinstance(value, _FIGURES)
            for text in _texts(value)
        )


@dataclass(frozen=True, slots=True)
class FieldContains:
    """The field contains one of the texts; with ``whole`` it is one of them."""

    name: str
    texts: tuple[str, ...]
    whole: bool = False

    def holds(self, row: Row) -> bool | None:
        """Whether ``row`` fulfils it; ``None`` where the field is unknown and was not looked for as such."""
        value = row.get(self.name)
        if value is None:
            return True if any(text.lower() in _MISSING_WORDS for text in self.texts) else None
        return any(_fits(value, text.lower(), self.whole) for text in self.texts)


@dataclass(frozen=True, slots=True)
class FieldCompares:
    """The field's number stands in this relation to the limit."""

    name: str
    sign: str
    limit: float

    def holds(self, row: Row) -> bool | None:
        """Whether ``row`` fulfils it; ``None`` where the field is unknown or no number."""
        value = row.get(self.name)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
            return None
        return _COMPARISONS[self.sign](value, self.limit)


@dataclass(frozen=True, slots=True)
class Not:
    """The other term does not hold. What is unknown stays so."""

    term: Term

    def holds(self, row: Row) -> bool | None:
        """Whether ``row`` fulfils it."""
        holds = self.term.holds(row)
        return None if holds is None else not holds


def read_number(text: str) -> float | None:
    """``200k``, ``1.5M``, ``$0.15``, ``5%``, ``800ms`` as a number; ``None`` for anything else.

    The signs for per cent, dollars and milliseconds are decoration: a field has one unit.
    """
    found = _NUMBER.fullmatch(text.replace(",", "").replace("_", "").strip())
    return float(found[1]) * _SCALES[found[2].lower()] if found else None


def _fits(value: object, wanted: str, whole: bool) -> bool:
    if wanted in _MISSING_SIGNS:
        return False
    if isinstance(value, bool):
        return wanted in (_YES if value else _NO)
    if isinstance(value, (int, float)):
        return read_number(wanted) == value
    return any(wanted == text.lower() if whole else wanted in text.lower() for text in _texts(value))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (Sequence, frozenset, set)) and not isinstance(value, bytes):
        for part in value:
            if isinstance(part, str):
                yield part
