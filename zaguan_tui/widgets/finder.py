"""The search behind a picker: fuzzy over the names of its items, best fit first."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from zaguan_tui.text.fuzzy import FuzzyIndex, match
from zaguan_tui.widgets.picker import MAX_SHOWN, PickerItem, PickerMatch, Search


def make_search(items: Sequence[PickerItem]) -> Search:
    """A search over ``items``; an empty text finds all of them in their own order.

    Only what a picker can show is looked at for the places to mark.
    """
    index = FuzzyIndex([item.name for item in items])

    def search(text: str) -> Sequence[PickerMatch]:
        if not text.strip():
            return [PickerMatch(item) for item in items]
        found = [items[place] for place, _ in index.search(text)]
        shown = [PickerMatch(item, _positions(text, item)) for item in found[:MAX_SHOWN]]
        return shown + [PickerMatch(item) for item in found[MAX_SHOWN:]]

    return search


def with_typed_text(search: Search) -> Search:
    """The same search, which offers the text itself, last, if it is one word and the key of no item."""

    def search_or_take(text: str) -> Sequence[PickerMatch]:
        found = search(text)
        key = text.strip()
        if not key or " " in key or any(one.item.key == key for one in found):
            return found
        return [
            *found,
            PickerMatch(PickerItem(key, key, Content.styled("as typed", "$ink-soft")), typed=True),
        ]

    return search_or_take


def _positions(text: str, item: PickerItem) -> tuple[int, ...]:
    fit = match(text, item.name)
    return fit.positions if fit is not None else ()
