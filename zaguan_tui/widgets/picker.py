"""Pick one of many by typing a few letters: 500 models in one box, the best fit on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.text.fuzzy import QUERY_LIMIT
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.safe_input import SafeInput
from zaguan_tui.widgets.sheet import Sheet

MAX_SHOWN = 200
MIN_NAME_WIDTH, MAX_NAME_WIDTH = 24, 46


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


class Picker(Sheet[str | None]):
    """Dismisses with the key of the chosen item, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("picker")]
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        title: str,
        search: Search,
        *,
        total: int,
        current: str | None = None,
        empty: str = "",
        columns: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._search = search
        self._total = total
        self._current = current
        self._empty = empty
        self._columns = columns
        self._name_cells = 0

    def compose(self) -> ComposeResult:
        """A line to type on, a list, and how much of it one sees."""
        with Vertical(classes="sheet picker") as sheet:
            sheet.border_title = self._title
            sheet.border_subtitle = "enter picks · esc closes"
            yield SafeInput(placeholder="Type a few letters …", max_length=QUERY_LIMIT, compact=True)
            yield Static("", classes="picker-columns")
            yield OptionList(compact=True, markup=False)
            yield Static("", classes="picker-count")

    def on_mount(self) -> None:
        """Draw once it is known how much space there is, and again when that changes."""
        self.call_after_refresh(self._begin)

    def on_resize(self) -> None:
        """Other columns for another width."""
        self.call_after_refresh(self._begin)

    def offer(self, search: Search, *, total: int, empty: str = "") -> None:
        """Search other things from now on: what was typed stays, and so does the highlight if it can."""
        self._search, self._total, self._empty = search, total, empty
        if self.query(OptionList):
            self._begin(keep=self._highlighted)

    def _begin(self, keep: str | None = None) -> None:
        names = (len(entry.item.name) for entry in self._search(""))
        available = self.query_one(OptionList).size.width - max(len(self._columns), 30) - 3
        self._name_cells = min(max(MIN_NAME_WIDTH, available), MAX_NAME_WIDTH, max((MIN_NAME_WIDTH, *names)))
        heading = self.query_one(".picker-columns", Static)
        heading.display = bool(self._columns)
        heading.update(Content.styled(" " * (self._name_cells + 2) + self._columns, "$ink-faint"))
        self._show(self.query_one(Input).value, keep)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted)
    def _submitted(self, _event: Input.Submitted) -> None:
        if self._highlighted is not None:
            self.dismiss(self._highlighted)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def action_move(self, step: int) -> None:
        """Move the highlight while the cursor stays in the text."""
        options = self.query_one(OptionList)
        if options.option_count:
            here = options.highlighted or 0
            options.highlighted = min(options.option_count - 1, max(0, here + step))

    @property
    def _highlighted(self) -> str | None:
        options = self.query_one(OptionList)
        return None if options.highlighted is None else options.get_option_at_index(options.highlighted).id

    def _show(self, text: str, keep: str | None = None) -> None:
        found = list(self._search(text))
        if not text.strip():
            found.sort(key=lambda entry: entry.item.key != self._current)
        shown = found[:MAX_SHOWN]
        options = self.query_one(OptionList)
        options.set_options([Option(self._line(entry), id=entry.item.key) for entry in shown])
        if shown:
            keys = [entry.item.key for entry in shown if not entry.typed]
            options.highlighted = keys.index(keep) if keep in keys else self._first_highlight(keys)
        self.query_one(".picker-count", Static).update(Content.styled(self._count(shown, found), "$ink-soft"))

    def _first_highlight(self, keys: Sequence[str]) -> int | None:
        """The best fit. Where nothing of a list fits, one slip of enter does not take the text itself."""
        return 0 if keys or not self._total else None

    def _count(self, shown_items: Sequence[PickerMatch], found_items: Sequence[PickerMatch]) -> str:
        shown, found = (sum(not one.typed for one in items) for items in (shown_items, found_items))
        if not self._total:
            return self._empty
        if not found:
            typed = " ↓ and enter take it as typed." if found_items else ""
            return f"None of {self._total} fits. Fewer letters find more.{typed}"
        if shown < found == self._total:
            return f"the first {shown} of {found}; type to find the others"
        if shown < found:
            return f"the best {shown} of {found} that fit, {self._total} in all"
        return f"{found} of {self._total}"

    def _line(self, entry: PickerMatch) -> Content:
        name = Content(clean_line(entry.item.name))
        for place in entry.positions:
            name = name.stylize("bold $primary", place, place + 1)
        if entry.item.key == self._current:
            name = Content.assemble(name, (" ●", "$primary"))
        space = " " * max(1, self._name_cells + 2 - name.cell_length)
        return Content.assemble(name, space, entry.item.detail)
