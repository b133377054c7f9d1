"""The filter grammar of every list.

::

    sonnet gpt          each word, or its letters in order from the beginning of a word, in a text of the row
    "gpt-4o mini"       exactly this
    provider:groq       the field contains it;  provider:groq,xai  one of them;  provider:-  it is missing
    band=A              the field is exactly it
    ctx>=200k out<=5    comparisons, with k, M, G and the signs %, $, ms
    !preview !vision:no the opposite of what follows (of a word: it does not stand there as it is)

All terms must hold. A row whose field is unknown fulfils neither a condition on it nor the opposite:
``ctx>=200k`` and ``!ctx>=200k`` both leave it out, ``ctx:-`` finds it. A field may be named by the beginning
of its name. What cannot be read is never an error: it is left out, with a note that says where and why,
because people read the list while they are still typing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from zaguan_tui.text.fuzzy import QUERY_LIMIT
from zaguan_tui.text.query_terms import (
    FieldCompares,
    FieldContains,
    Not,
    Phrase,
    Row,
    Term,
    Word,
    read_number,
)

_TERM: Final = re.compile(
    r"""(?P<not>!?)
    (?:(?P<field>[^\W\d][\w.\-]*)(?P<sign>>=|<=|!=|[:=<>]))?
    (?P<value>(?:"[^"]*(?:"|$)|[^\s"])*)""",
    re.VERBOSE,
)
_SPACE: Final = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a filter that was left out or read otherwise: ``sentence`` says what, at ``position``."""

    position: int
    length: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Query:
    """A filter that was read. ``text`` is as it was typed."""

    text: str
    terms: tuple[Term, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether every row fulfils it."""
        return not self.terms

    @property
    def words(self) -> tuple[str, ...]:
        """The words and phrases looked for, for showing where they were found."""
        return tuple(term.text for term in self.terms if isinstance(term, (Word, Phrase)))

    @property
    def note(self) -> str:
        """The first note's sentence, empty when all was read."""
        return self.notes[0].sentence if self.notes else ""

    def matches(self, row: Row) -> bool:
        """Whether every term holds for ``row``, a mapping of field names to texts, numbers, flags or
        ``None``.
        """
        return all(term.holds(row) for term in self.terms)


def parse(text: str, fields: Sequence[str] | None = None) -> Query:
    """Read a filter. ``fields`` are the names a row has; ``None`` accepts every name. Never raises."""
    reader = _Reader(None if fields is None else {name.lower(): name for name in fields})
    if (left_out := len(text) - QUERY_LIMIT) > 0:
        sentence = f"Only the first {QUERY_LIMIT} characters are used; {left_out:,} are left out."
        reader.notes.append(Note(QUERY_LIMIT, left_out, sentence))
    terms = tuple(term for found in _tokens(text[:QUERY_LIMIT]) if (term := reader.read(found)) is not None)
    return Query(text, terms, tuple(reader.notes))


def _tokens(text: str) -> Iterator[re.Match[str]]:
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        at = space.end() if space else at
        found = _TERM.match(text, at)
        if found is None or at >= len(text):
            return
        yield found
        at = max(found.end(), at + 1)


class _Reader:
    """Makes terms of tokens, and notes of what cannot be read."""

    def __init__(self, fields: dict[str, str] | None) -> None:
        self._fields = fields
        self.notes: list[Note] = []

    def read(self, found: re.Match[str]) -> Term | None:
        """The term of a token, ``None`` when it is left out."""
        if found["value"].count('"') % 2:
            self._note(found, 'The quotation mark " is not closed.')
        negative = bool(found["not"])
        term = self._field_term(found) if found["field"] else self._text_term(found["value"], negative)
        return Not(term) if term is not None and negative else term

    def _text_term(self, value: str, negative: bool) -> Term | None:
        text = _unquoted(value)
        if not text:
            return None
        return Phrase(text) if negative or '"' in value else Word(text)

    def _field_term(self, found: re.Match[str]) -> Term | None:
        sign, value = found["sign"], found["value"]
        name = self._known(found)
        if name is None:
            if sign == ":" and value:
                return Phrase(found["field"] + sign + _unquoted(value))
            return None
        if not value:
            self._note(found, f"Nothing follows {found['field']}{sign}")
            return None
        if sign in ("=", "!=") and read_number(value) is None:
            same = FieldContains(name, (_unquoted(value),), whole=True)
            return Not(same) if sign == "!=" else same
        if sign != ":":
            return self._comparison(found, name)
        parts = (value,) if '"' in value else tuple(part for part in value.split(",") if part)
        return FieldContains(name, tuple(map(_unquoted, parts))) if parts else None

    def _comparison(self, found: re.Match[str], name: str) -> Term | None:
        limit = read_number(_unquoted(found["value"]))
        if limit is None:
            self._note(found, f"{found['value']} is not a number; {found['field']}{found['sign']} needs one.")
            return None
        return FieldCompares(name, found["sign"], limit)

    def _known(self, found: re.Match[str]) -> str | None:
        given = found["field"].lower()
        if self._fields is None:
            return str(found["field"])
        if given in self._fields:
            return self._fields[given]
        longer = [name for key, name in self._fields.items() if key.startswith(given)]
        if len(longer) == 1:
            return longer[0]
        if longer:
            self._note(found, f"{found['field']} may be {' or '.join(longer)}.")
        else:
            self._note(found, f"There is no field {found['field']}; {self._suggestion(given)}")
        return None

    def _suggestion(self, given: str) -> str:
        from difflib import get_close_matches

        fields = self._fields or {}
        near = get_close_matches(given, fields, n=1, cutoff=0.5)
        return f"did you mean {fields[near[0]]}?" if near else f"there are {', '.join(fields.values())}."

    def _note(self, found: re.Match[str], sentence: str) -> None:
        self.notes.append(Note(found.start(), len(found[0]), sentence))


def _unquoted(value: str) -> str:
    return value.replace('"', "")
