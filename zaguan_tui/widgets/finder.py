"""The search behind a picker: fuzzy over the names of its items, best fit first."""

from __future__ import annotations

from collections.abc import Sequence

from zaguan_tui.text.fuzzy import FuzzyIndex
from zaguan_tui.widgets.picker import Found, Item, Search


def finder(items: Sequence[Item]) -> Search:
    """A search over ``items``; an empty text finds all of them in their own order."""
    index = FuzzyIndex([item.name for item in items])

    def search(text: str) -> Sequence[Found]:
        if not text.strip():
            return [Found(item) for item in items]
        return [Found(items[match.index], match.positions) for match in index.search(text)]

    return search
