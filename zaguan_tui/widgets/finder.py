"""The search behind a picker: fuzzy over the names of its items, best fit first."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from zaguan_tui.text.fuzzy import FuzzyIndex, match
from zaguan_tui.widgets.picker import MOST_SHOWN, Found, Item, Search


def finder(items: Sequence[Item]) -> Search:
    """A search over ``items``; an empty text finds all of them in their own order.

    Only what a picker can show is looked at for the places to mark.
    """
    index = FuzzyIndex([item.name for item in items])

    def search(text: str) -> Sequence[Found]:
        if not text.strip():
            return [Found(item) for item in items]
        found = [items[place] for place, _ in index.search(text)]
        shown = [Found(item, _positions(text, item)) for item in found[:MOST_SHOWN]]
        return shown + [Found(item) for item in found[MOST_SHOWN:]]

    return search


def with_typed_text(search: Search) -> Search:
    """The same search, which offers the text itself, last, if it is one word and the key of no item."""

    def search_or_take(text: str) -> Sequence[Found]:
        found = search(text)
        key = text.strip()
        if not key or " " in key or any(one.item.key == key for one in found):
            return found
        return [*found, Found(Item(key, key, Content.styled("as typed", "$ink-soft")), typed=True)]

    return search_or_take


def _positions(text: str, item: Item) -> tuple[int, ...]:
    fit = match(text, item.name)
    return fit.positions if fit is not None else ()
