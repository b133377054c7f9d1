"""``Answer``, drift notes, and tables of field spellings, shared by all readers.

The value types are frozen slots dataclasses, not pydantic models, for three measured reasons: the first five
readers run before the first paint and pydantic with one model costs 110 ms of import there against 4 ms;
10,000 capabilities are built in half the time; and ``raw`` has to stay out of ``==`` and ``repr``, so that
two dialects with the same facts are equal and nothing foreign lands in a log. ``pydantic.TypeAdapter`` takes
these dataclasses as they are wherever a schema or a dump is wanted; a test holds that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from zaguan_tui.client.types.core.primitives import Reader, UnreadableValue, fold, join_path

if TYPE_CHECKING:
    from zaguan_tui.client.dispatch.trace import ResponseMeta

MAX_NOTES = 20
"""Kinds of drift listed one by one; what goes beyond is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What every result carries beside its value. None of it takes part in ``==``.

    ``dialect`` names the shape the server spoke where that can be told, ``notes`` what was odd about it (one
    sentence each, for the trust line and the doctor), ``raw`` is the decoded body with everything we do not
    know, ``response`` the status, headers and timing the client adds.
    """

    dialect: str | None = field(default=None, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)
    raw: Any = field(default=None, compare=False, repr=False)
    response: ResponseMeta | None = field(default=None, compare=False, repr=False)


class Drift:
    """Collects what was odd while reading one body; the same oddity in many entries becomes one note.

    ``clean`` takes keys of ours out of the notes. It sees whole sentences, so foreign words are never cut.
    """

    def __init__(self) -> None:
        self.clean: Callable[[str], str] = str
        self._sentences: dict[str, str] = {}
        self._seen: dict[str, int] = {}

    def field(self, path: str, key: str, received: str) -> None:
        """A field whose value could not be read and therefore counts as missing."""
        self.say(f"{join_path(path, key)}: unreadable, found {received}", kind=f"unreadable {key}")

    def say(self, sentence: str, kind: str | None = None) -> None:
        """Note ``sentence``; further ones of the same ``kind`` are only counted."""
        kind = kind or sentence
        self._sentences.setdefault(kind, sentence)
        self._seen[kind] = self._seen.get(kind, 0) + 1

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes, in the order met."""
        lines = [
            sentence if self._seen[kind] == 1 else f"{sentence} (and {self._seen[kind] - 1} more)"
            for kind, sentence in self._sentences.items()
        ]
        if len(lines) > MAX_NOTES:
            lines[MAX_NOTES:] = [f"{len(lines) - MAX_NOTES} more kinds of drift"]
        return tuple(map(self.clean, lines))


class _Spelling(NamedTuple):
    """A field a key stands for, and how good a spelling of it the key is (lower is better)."""

    field: str
    rank: int


class FieldTable:
    """The spellings under which servers send each field of one type.

    ``fields`` maps our name to its reader and the accepted keys in order of preference, each in snake_case.
    The same words are accepted in camelCase, PascalCase and then any other case (`wire.md` 1.4). What is
    null, empty or unreadable loses against any other spelling. A key may belong to one field only.
    """

    def __init__(self, fields: Mapping[str, tuple[Reader, tuple[str, ...]]]) -> None:
        self._readers = {name: reader for name, (reader, _) in fields.items()}
        self._exact: dict[str, _Spelling] = {}
        self._folded: dict[str, _Spelling] = {}
        for name, (_, keys) in fields.items():
            for place, key in enumerate(keys):
                for style, spelled in enumerate(_styles(key)):
                    self._exact.setdefault(spelled, _Spelling(name, place * 4 + style))
                self._folded.setdefault(_squeezed(key), _Spelling(name, place * 4 + 3))

    def read(self, entry: Mapping[str, Any], drift: Drift, path: str) -> dict[str, Any]:
        """The fields of ``entry`` that are there and readable. An unreadable one is a drift note, not the
        end."""
        best: dict[str, tuple[int, str, Any]] = {}
        others: dict[str, list[tuple[int, str, Any]]] = {}
        exact = self._exact
        for key, value in entry.items():
            if value is None:
                continue
            spelling = exact.get(key) or self._folded.get(_squeezed(key))
            if spelling is None:
                continue
            name, rank = spelling
            seen = best.get(name)
            if seen is None:
                best[name] = (rank, key, value)
                continue
            loser = (rank, key, value)
            if rank < seen[0]:
                best[name], loser = loser, seen
            others.setdefault(name, []).append(loser)
        values: dict[str, Any] = {}
        for name, choice in best.items():
            spellings = (choice, *sorted(others[name], key=_rank)) if name in others else (choice,)
            for _, key, value in spellings:
                try:
                    values[name] = self._readers[name](value, key)
                except UnreadableValue as error:
                    drift.field(path, key, error.received)
                    continue
                if values[name] is not None:
                    break
        return values

    @property
    def names(self) -> frozenset[str]:
        """Our names of the fields."""
        return frozenset(self._readers)

    def knows(self, key: str) -> bool:
        """Whether ``key`` is a spelling of one of the fields."""
        return key in self._exact or _squeezed(key) in self._folded

    def recognises(self, value: object) -> bool:
        """Whether ``value`` is an object with at least one key of this table."""
        return isinstance(value, Mapping) and any(self.knows(key) for key in value)


NO_ID = "no-id:"
"""How an id begins that a server did not name."""


def content_id(entry: Mapping[str, Any]) -> str:
    """An id for an entry without one: the same for the same content, so that it is known again."""
    import hashlib  # seldom needed

    try:
        text = json.dumps(entry, sort_keys=True, default=str)
    except (RecursionError, TypeError, ValueError):
        text = ",".join(map(str, entry))
    return NO_ID + hashlib.blake2s(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def numbered_id(made: str, occurrence: int) -> str:
    """The id of an entry whose content has occurred before in the same list, from 1."""
    return made if occurrence == 1 else f"{made}-{occurrence}"


def _rank(choice: tuple[int, str, Any]) -> int:
    return choice[0]


def _styles(key: str) -> tuple[str, str, str]:
    """``max_tokens`` as snake_case, camelCase and PascalCase."""
    pascal = "".join(word[:1].upper() + word[1:] for word in key.split("_"))
    return key, pascal[:1].lower() + pascal[1:], pascal


def _squeezed(key: str) -> str:
    return key.replace("_", "").replace("-", "").lower()


def known_word(value: object, words: Mapping[str, str]) -> tuple[str | None, str]:
    """Our word for a server's (``None`` if unknown) and the server's own, as sent. Case and separators do not
    matter."""
    if value is None:
        return None, ""
    if isinstance(value, bool):
        sent = "true" if value else "false"
    elif isinstance(value, str):
        sent = value
    elif isinstance(value, int | float) and abs(value) < 1e6:
        sent = f"{value:g}"
    else:
        return None, ""
    return words.get(fold(sent)), sent
