"""One page of a list, and the reader of things that stand alone or in such a page (`wire.md` 9, ``OpenAI
spec``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from zaguan_tui.client.types.core.base import NO_ID, Answer, Drift, FieldTable, content_id, numbered_id
from zaguan_tui.client.types.core.envelopes import (
    Listing,
    ListRules,
    read_entries,
    unwrap_list,
    unwrap_object,
)
from zaguan_tui.client.types.core.primitives import (
    UnreadableValue,
    describe,
    filled_text,
    flag,
    free_object,
    identifier,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Answer):
    """A thing with an ``id`` of its own, unique in its list. ``raw`` is the object as sent.

    Where a server names no id, and nothing is ever asked for by it (events, steps), the id is made of the
    content and ``has_own_id`` false.
    """

    id: str

    @property
    def has_own_id(self) -> bool:
        """Whether the id is the server's own, good for asking."""
        return not self.id.startswith(NO_ID)


E = TypeVar("E", bound=Entity)
Build = Callable[[Mapping[str, Any], dict[str, Any], Drift, str], E]
"""Makes a value of an entry, its read fields (``id`` included), the drift notes and the entry's path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Answer, Generic[E]):
    """One page in the server's order. ``has_more`` is ``None`` when the server does not say.

    ``first_id`` and ``last_id`` are the server's own words; some lists come without them.
    """

    data: tuple[E, ...] = ()
    has_more: bool | None = None
    first_id: str | None = None
    last_id: str | None = None

    @property
    def next_cursor(self) -> str | None:
        """What ``after`` must be to get the next page: the server's ``last_id``, else the last item's id."""
        if self.last_id or not self.data:
            return self.last_id
        return self.data[-1].id if self.data[-1].has_own_id else None


_PAGE = FieldTable(
    {
        "has_more": (flag, ("has_more",)),
        "first_id": (identifier, ("first_id",)),
        "last_id": (identifier, ("last_id",)),
    }
)


class EntryReader(Generic[E]):
    """Reads one kind of thing: an object with an id, bare or wrapped, alone or in a page.

    ``names`` are the members under which servers wrap it (``batch``, ``batches``), ``build`` makes the value.
    ``needs_id`` is false for things that nothing is asked for by id: one without an id is read all the same.
    """

    def __init__(
        self, names: tuple[str, ...], fields: FieldTable, build: Build[E], *, needs_id: bool = True
    ) -> None:
        self._names = names
        self._telling = frozenset() if needs_id else fields.names - {"id"}
        self._fields = fields
        self._build = build
        self._rules = ListRules(names=names, is_entry=_has_id)

    def one(self, body: Any) -> E:
        """The thing in ``body``; raises :class:`UnreadableValue` when there is none."""
        drift = Drift()
        entry = unwrap_object(body, self._names, _has_id)
        return replace(self.entry(entry, drift), notes=drift.notes)

    def page(self, body: Any) -> Page[E]:
        """The page in ``body``. Unreadable things are left out with a note.

        Raises :class:`UnreadableValue` when there is no list, or nothing in it can be read.
        """
        drift = Drift()
        listing = unwrap_list(body, self._rules)
        made: Counter[str] = Counter()
        data = read_entries(
            listing,
            lambda key, value: self._listed(key, value, drift, listing, made),
            drift,
            lambda item: item.id,
        )
        return Page(data=data, notes=drift.notes, raw=body, **_PAGE.read(listing.around, drift, ""))

    def entry(self, entry: Mapping[str, Any], drift: Drift, path: str = "", key: str | None = None) -> E:
        """The thing in ``entry`` itself, whose id may also be its ``key`` in a map."""
        values = self._fields.read(entry, drift, path)
        values["id"] = values.get("id") or filled_text(key)
        if values["id"] is None and values.keys() & self._telling:
            values["id"] = content_id(entry)
        if values["id"] is None:
            raise UnreadableValue("id", describe(entry.get("id")))
        return self._build(entry, values, drift, path)

    def _listed(self, key: str | int, value: Any, drift: Drift, listing: Listing, made: Counter[str]) -> E:
        if not isinstance(value, Mapping):
            raise UnreadableValue("", describe(value))
        item = self.entry(value, drift, listing.path_of(key), key if isinstance(key, str) else None)
        if item.has_own_id:
            return item
        made[item.id] += 1
        return replace(item, id=numbered_id(item.id, made[item.id]))


def _has_id(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("id", value.get("Id", value.get("ID"))), str | int)


def objects(value: Any, key: str = "") -> tuple[Mapping[str, Any], ...]:
    """A list of JSON objects, bare or as ``{data: […]}``; one object alone counts as a list of it, and what
    is no object among them is passed over."""
    if value is None:
        return ()
    if isinstance(value, Mapping):
        inner = value.get("data")
        value = inner if isinstance(inner, list) else [value] if value else []
    items = [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
    if not items and value != []:
        raise UnreadableValue("", describe(value))
    return tuple(free_object(item) for item in items)
