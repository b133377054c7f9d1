"""Fuzzy search over the names of items, best fit first, and the list that shows the matches of a picker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from zaguan_tui.text.fuzzy import QUERY_LIMIT, FuzzyIndex
from zaguan_tui.text.fuzzy import match as match_text
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.safe_input import SafeInput

MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class PickerItem:
    """Something to pick: its key, the name that is searched, and what stands beside it on the line."""

    key: str
    name: str
    detail: Content = field(default_factory=Content)


@dataclass(frozen=True, slots=True)
class PickerMatch:
    """An item that fits, with the places in its name where it fits. ``typed``: it is the text itself."""

    item: PickerItem
    positions: tuple[int, ...] = ()
    typed: bool = False


Search = Callable[[str], Sequence[PickerMatch]]


def make_search_widgets() -> Iterator[Widget]:
    """A line to type on, the heading of the columns, the matches, and their number."""
    yield SafeInput(placeholder="Type a few letters …", max_length=QUERY_LIMIT, compact=True)
    yield Static("", classes="picker-columns")
    yield OptionList(compact=True, markup=False)
    yield Static("", classes="picker-count")


def show_matches(
    options: OptionList,
    matches: Sequence[PickerMatch],
    render: Callable[[PickerMatch], Content],
    *,
    keep: str | None,
    total: int,
) -> None:
    """Show these; the highlight is on the key ``keep``, else on the best fit.

    Where nothing of a list of ``total`` fits, one slip of enter does not take the text itself.
    """
    options.set_options([Option(render(match), id=match.item.key) for match in matches])
    if matches:
        keys = [match.item.key for match in matches]
        best = None if matches[0].typed and total else 0
        options.highlighted = keys.index(keep) if keep in keys else best


def move_highlight(options: OptionList, step: int) -> None:
    """Move the highlight while the cursor stays in the text."""
    if options.option_count:
        options.highlighted = min(options.option_count - 1, max(0, (options.highlighted or 0) + step))


def highlighted_key(options: OptionList) -> str | None:
    """The key of the highlighted match, if one is."""
    return None if options.highlighted is None else options.get_option_at_index(options.highlighted).id


def render_name(match: PickerMatch) -> Content:
    """The name of a match, the letters that fit marked."""
    name = Content(clean_line(match.item.name))
    for place in match.positions:
        name = name.stylize("bold $primary", place, place + 1)
    return name


def make_search(items: Sequence[PickerItem]) -> Search:
    """A search over ``items``; an empty text finds all of them in their own order.

    Only what a picker can show is looked at for the places to mark.
    """
    index = FuzzyIndex([item.name for item in items])

    def search(text: str) -> Sequence[PickerMatch]:
        if not text.strip():
            return [PickerMatch(item) for item in items]
        matching = [items[place] for place, _ in index.search(text)]
        shown = [PickerMatch(item, _positions(text, item)) for item in matching[:MAX_SHOWN]]
        return shown + [PickerMatch(item) for item in matching[MAX_SHOWN:]]

    return search


def with_typed_text(search: Search) -> Search:
    """The same search, which offers the text itself, last, if it is one word and the key of no item."""

    def search_or_take(text: str) -> Sequence[PickerMatch]:
        matches = search(text)
        key = text.strip()
        if not key or " " in key or any(one.item.key == key for one in matches):
            return matches
        return [
            *matches,
            PickerMatch(PickerItem(key, key, Content.styled("as typed", "$ink-soft")), typed=True),
        ]

    return search_or_take


def _positions(text: str, item: PickerItem) -> tuple[int, ...]:
    fit = match_text(text, item.name)
    return fit.positions if fit is not None else ()
