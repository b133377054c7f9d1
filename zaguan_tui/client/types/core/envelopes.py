"""Envelopes around a value: bare, ``{data}``, ``{success, data}``, a list, a map by id (`wire.md` 1.4,
6.1).

Unwrapping is bounded: no more than three layers are opened, however deep a hostile body goes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from zaguan_tui.client.types.core.base import Drift
from zaguan_tui.client.types.core.primitives import UnreadableValue, describe, join_path

T = TypeVar("T")

MAX_LAYERS = 3
MOST_ENTRIES = 100_000
"""Entries of one answer that are read, unless the endpoint has fewer (``proposal``)."""

_ODD_SHARE = 4
"""In a map of words up to a quarter may be something else, which is left out with a note."""

COMMON_NAMES = ("data", "items", "results", "result")
"""Members under which any server may put its value."""

ENVELOPE_KEYS = frozenset(
    [
        "object",
        "success",
        "ok",
        "error",
        "errors",
        "message",
        "summary",
        "total",
        "count",
        "timestamp",
        "time",
        "generated_at",
        "updated_at",
        "checked_at",
        "meta",
        "metadata",
        "status",
        "version",
        "has_more",
        "first_id",
        "last_id",
        "next_cursor",
        "page",
        "page_size",
        "request_id",
        "pagination",
        "links",
        "generatedAt",
        "updatedAt",
        "requestId",
        "hasMore",
        "choices",
        "usage",
        "created",
        "detail",
    ]
)
"""Members of a bare map that talk about the answer and are not entries of it."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The entries of a list-like answer and where they were.

    Each entry has its map key, or its position in a list. ``name`` is the member that held them (empty: the
    body was the list or the map), ``around`` the object that held that member, for ``generated_at`` and its
    like. ``is_null`` tells that a null stood in place of the entries. ``unread`` counts the entries beyond
    those that are read of one answer.
    """

    path: str
    entries: list[tuple[str | int, Any]]
    name: str = ""
    around: Mapping[str, Any] = field(default_factory=dict)
    is_null: bool = False
    unread: int = 0

    @property
    def is_map(self) -> bool:
        """Whether the entries came as a map by id."""
        return bool(self.entries) and isinstance(self.entries[0][0], str)

    def path_of(self, key: str | int) -> str:
        """The JSON path of one entry."""
        return join_path(self.path, f"[{key}]" if isinstance(key, int) else key)


@dataclass(frozen=True, slots=True)
class ListRules:
    """What tells the entries of one endpoint from their wrapping.

    ``names`` are the members that may hold the list, beside the common ones. ``is_entry`` tells whether a
    lone object is one entry rather than a map of them. ``is_short`` tells whether a value that is no object
    surely stands for an entry in a bare map (a status word); under one of ``names`` every value of
    ``short_types`` does. ``mixed`` allows both kinds side by side in a bare map. ``is_map_entry`` tells
    whether an object in a bare map is an entry, so that no member of a foreign answer becomes one. ``expand``
    may take an object apart in the endpoint's own way. ``most`` entries are read, no more.
    """

    names: tuple[str, ...]
    is_entry: Callable[[Mapping[str, Any]], bool]
    is_short: Callable[[object], bool] = lambda value: False
    short_types: tuple[type, ...] = ()
    mixed: bool = False
    is_map_entry: Callable[[Mapping[str, Any]], bool] = lambda value: True
    expand: Callable[[Mapping[str, Any]], list[tuple[str | int, Any]] | None] = lambda value: None
    most: int = MOST_ENTRIES


def unwrap_list(body: Any, rules: ListRules) -> Listing:
    """Find the entries in ``body``. An empty list is an answer; a body without any list or map is
    unreadable."""
    path, name = "", ""
    around: Mapping[str, Any] = {}
    value = body
    for _ in range(MAX_LAYERS + 1):
        if isinstance(value, list):
            unread = max(0, len(value) - rules.most)
            return Listing(path, list(enumerate(value[: rules.most])), name, around, unread=unread)
        if not isinstance(value, Mapping):
            break
        expanded = rules.expand(value)
        if expanded is not None:
            return Listing(path, expanded, name, around)
        held = _holder(value, rules)
        if held is None:
            entries = _entries_of_object(value, rules, name)
            if entries is None:
                break
            unread = max(0, len(entries) - rules.most)
            return Listing(path, entries[: rules.most], name, {**around, **value}, unread=unread)
        name, around, path = held, {**around, **value}, join_path(path, held)
        value = value[held]
        if value is None:
            return Listing(path, [], name, around, is_null=True)
    raise UnreadableValue(path, describe(value))


def _holder(value: Mapping[str, Any], rules: ListRules) -> str | None:
    """The member that holds the entries: a list or an object under a known name, else a null under one."""
    names = [name for name in ("data", *rules.names, *COMMON_NAMES[1:]) if name in value]
    for name in names:
        if isinstance(value[name], list | Mapping) and not _is_field(name, value, rules):
            return name
    if not names or rules.is_entry(value) or any(isinstance(item, Mapping) for item in value.values()):
        return None
    return next((name for name in names if value[name] is None), None)


def _is_field(name: str, value: Mapping[str, Any], rules: ListRules) -> bool:
    """Whether ``name`` is a field of a lone entry (a virtual model's ``models``), not the list we look
    for."""
    return name not in COMMON_NAMES and rules.is_entry({k: v for k, v in value.items() if k != name})


def _entries_of_object(
    value: Mapping[str, Any], rules: ListRules, name: str
) -> list[tuple[str | int, Any]] | None:
    """The entries of an object without an inner list: one lone entry or a map of them; ``None``: neither."""
    if rules.is_entry(value):
        return [(0, value)]
    if name in rules.names:
        return [(k, v) for k, v in value.items() if isinstance(v, (Mapping, *rules.short_types))] or (
            None if value else []
        )
    around = ENVELOPE_KEYS.union(COMMON_NAMES, rules.names)
    members = [(k, v) for k, v in value.items() if k not in around]
    objects = {k: v for k, v in members if isinstance(v, Mapping) and rules.is_map_entry(v)}
    if objects and not rules.mixed:
        return list(objects.items())
    others = sum(k not in objects and not rules.is_short(v) for k, v in members)
    if members and others <= len(members) // _ODD_SHARE:
        return list(members)
    if objects:
        return list(objects.items())
    return [] if name and not value else None


def unwrap_object(
    body: Any, names: Iterable[str], is_value: Callable[[Mapping[str, Any]], bool]
) -> Mapping[str, Any]:
    """Find the one object in ``body``: bare, or under ``data``, ``result`` or one of ``names``, up to three
    layers."""
    path, value = "", body
    known = (*names, "data", "result")
    for _ in range(MAX_LAYERS):
        if isinstance(value, list) and len(value) == 1:
            path, value = join_path(path, "[0]"), value[0]
        if not isinstance(value, Mapping):
            break
        inner = next((name for name in known if isinstance(value.get(name), Mapping | list)), None)
        if is_value(value) or inner is None:
            break
        path, value = join_path(path, inner), value[inner]
    if isinstance(value, Mapping) and is_value(value):
        return value
    raise UnreadableValue(path, describe(value))


def read_entries(
    listing: Listing,
    read_one: Callable[[str | int, Any], T],
    drift: Drift,
    identity: Callable[[T], Hashable],
) -> tuple[T, ...]:
    """Read every entry once. Unreadable and repeated ones are left out and noted.

    Raises :class:`UnreadableValue` when there were entries and none could be read: that is no empty list.
    """
    entries_by_key: dict[Hashable, T] = {}
    if listing.is_null:
        drift.say(f"{listing.path}: null in place of a list")
    first: UnreadableValue | None = None
    for key, value in listing.entries:
        try:
            item = read_one(key, value)
        except UnreadableValue as error:
            first = first or error.below(listing.path_of(key))
            drift.say(f"{listing.path_of(key)}: left out, found {error.received}", kind="left out")
            continue
        known = identity(item)
        if known in entries_by_key:
            drift.say(f"{listing.path_of(key)}: left out, repeats an earlier entry", kind="repeated")
        else:
            entries_by_key[known] = item
    if listing.unread:
        drift.say(f"{listing.path}: {listing.unread:,} more entries were not read")
    if first is not None and not entries_by_key:
        raise first
    return tuple(entries_by_key.values())
