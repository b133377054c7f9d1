"""Pick one of many by typing a few letters: 500 models in one box, the best fit on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.widgets.match_list import (
    MAX_SHOWN,
    PickerMatch,
    Search,
    highlighted_key,
    make_search_widgets,
    move_highlight,
    render_name,
    show_matches,
)
from zaguan_tui.widgets.sheet import Sheet

MIN_NAME_WIDTH, MAX_NAME_WIDTH = 24, 46


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
            yield from make_search_widgets()

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
        move_highlight(self.query_one(OptionList), step)

    @property
    def _highlighted(self) -> str | None:
        return highlighted_key(self.query_one(OptionList))

    def _show(self, text: str, keep: str | None = None) -> None:
        matches = list(self._search(text))
        if not text.strip():
            matches.sort(key=lambda match: match.item.key != self._current)
        shown = matches[:MAX_SHOWN]
        if any(match.typed and match.item.key == keep for match in shown):
            keep = None
        show_matches(self.query_one(OptionList), shown, self._line, keep=keep, total=self._total)
        count = self._count(shown, matches)
        self.query_one(".picker-count", Static).update(Content.styled(count, "$ink-soft"))

    def _count(self, shown_matches: Sequence[PickerMatch], matches: Sequence[PickerMatch]) -> str:
        shown, fitting = (sum(not one.typed for one in some) for some in (shown_matches, matches))
        if not self._total:
            return self._empty
        if not fitting:
            typed = " ↓ and enter take it as typed." if matches else ""
            return f"None of {self._total} fits. Fewer letters find more.{typed}"
        if shown < fitting == self._total:
            return f"the first {shown} of {fitting}; type to find the others"
        if shown < fitting:
            return f"the best {shown} of {fitting} that fit, {self._total} in all"
        return f"{fitting} of {self._total}"

    def _line(self, match: PickerMatch) -> Content:
        name = render_name(match)
        if match.item.key == self._current:
            name = Content.assemble(name, (" ●", "$primary"))
        space = " " * max(1, self._name_cells + 2 - name.cell_length)
        return Content.assemble(name, space, match.item.detail)
