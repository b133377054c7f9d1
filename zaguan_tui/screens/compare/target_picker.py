"""Sheet that picks the models to compare: enter adds one or removes it."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.finders import make_model_search
from zaguan_tui.screens.chat.models.lines import COLUMNS
from zaguan_tui.screens.chat.models.virtual_lines import make_virtual_items
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.prompt_request import ModelTarget, target_key
from zaguan_tui.state.comparison.setup import MAX_TARGETS, MIN_TARGETS
from zaguan_tui.widgets.foreign_text import identifier
from zaguan_tui.widgets.match_list import (
    MAX_SHOWN,
    PickerMatch,
    highlighted_key,
    make_search_widgets,
    move_highlight,
    render_name,
    show_matches,
)
from zaguan_tui.widgets.sheet import Sheet
from zaguan_tui.widgets.watching import watcher_of

NO_MORE = f"{MAX_TARGETS} models are the most that can be read side by side: take one out first."
MIN_NAME_WIDTH, MAX_NAME_WIDTH = 24, 44


class TargetPicker(Sheet[tuple[ModelTarget, ...] | None]):
    """Dismisses with the targets, or ``None`` when they are left as they were."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_for("edit"),
        *(binding for binding in bindings_for("picker") if binding.id != "picker.close"),
    ]
    AUTO_FOCUS = "Input"

    def __init__(
        self,
        app_state: AppState,
        targets: Sequence[ModelTarget],
        dialect: Dialect,
        why_none: Callable[[], str],
    ) -> None:
        super().__init__()
        self._models, self._virtuals = app_state.models, app_state.virtual_models
        self._targets, self._dialect, self._why_none = list(targets), dialect, why_none
        self._load()
        self._limit_reached = False

    def compose(self) -> ComposeResult:
        """The chosen models, the search text, the matches."""
        with Vertical(classes="sheet picker lanes-sheet") as sheet:
            sheet.border_title = "Models to compare"
            sheet.border_subtitle = "enter puts in and takes out · f2 or ctrl+s compares · esc leaves it"
            yield Static("", classes="lanes-chosen")
            yield from make_search_widgets()

    def on_mount(self) -> None:
        """Follow the catalogue for as long as the sheet is open."""
        stores = (self._models.store, self._virtuals.store)
        on_change: Callable[[object], None] = watcher_of(self, lambda _snapshot: self._reload())
        self._unsubscribe = [store.watch(on_change, now=False) for store in stores]
        self.call_after_refresh(self._show)

    def on_unmount(self) -> None:
        """Unsubscribe."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def on_resize(self) -> None:
        """Draw for another width."""
        self.call_after_refresh(self._show)

    def action_move(self, step: int) -> None:
        """Move the highlight while the cursor stays in the text."""
        move_highlight(self.query_one(OptionList), step)

    def action_keep(self) -> None:
        """Compare the chosen models."""
        self.dismiss(tuple(self._targets))

    @on(Input.Changed)
    def _typed(self) -> None:
        self._show()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._toggle(highlighted_key(self.query_one(OptionList)))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._toggle(event.option.id)

    def _toggle(self, model: str | None) -> None:
        """Add a model, or remove it; the search text is cleared for the next one."""
        if model is None:
            return
        self._limit_reached = False
        if any(target.model == model for target in self._targets):
            self._targets = [target for target in self._targets if target.model != model]
        elif len(self._targets) < MAX_TARGETS:
            self._targets.append(ModelTarget(model, self._dialect))
        else:
            self._limit_reached = True
        field = self.query_one(Input)
        if field.value and not self._limit_reached:
            field.value = ""
        else:
            self._show(keep=model)

    def _reload(self) -> None:
        self._load()
        self._show()

    def _load(self) -> None:
        entries, virtuals = self._models.catalogue.entries, self._virtuals.all
        self._search = make_model_search(entries, make_virtual_items(self._virtuals))
        self._total = len({entry.id for entry in entries} | {virtual.id for virtual in virtuals})

    def _show(self, keep: str | None = None) -> None:
        if not self.is_attached:
            return
        matches = list(self._search(self.query_one(Input).value))
        chosen = {target.model for target in self._targets}
        options = self.query_one(OptionList)
        available = options.size.width - len(COLUMNS) - 14
        cells = min(max(MIN_NAME_WIDTH, available), MAX_NAME_WIDTH)
        heading = Content.styled(" " * (cells + 4) + COLUMNS, "$ink-faint")
        self.query_one(".picker-columns", Static).update(heading)
        render = partial(_line, chosen=chosen, cells=cells)
        show_matches(options, matches[:MAX_SHOWN], render, keep=keep, total=self._total)
        self.query_one(".lanes-chosen", Static).update(self._format_chosen())
        matching = sum(not one.typed for one in matches)
        count = f"{matching} of {self._total}" if self._total else self._why_none()
        self.query_one(".picker-count", Static).update(Content.styled(count, "$ink-soft"))

    def _format_chosen(self) -> Content:
        if self._limit_reached:
            return Content.styled(NO_MORE, "$warning")
        if not self._targets:
            return Content.styled(f"None yet: pick {MIN_TARGETS} to {MAX_TARGETS}.", "$ink-soft")
        names = Content.styled("  ·  ", "$ink-faint").join(
            [identifier(target.model, "$ink-strong") for target in self._targets]
        )
        count = f"{len(self._targets)} of {MAX_TARGETS}: "
        return Content.assemble((count, "$ink-soft"), names)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of the targets as they are picked now."""
        return tuple(map(target_key, self._targets))


def _line(match: PickerMatch, chosen: Container[str], cells: int) -> Content:
    name = render_name(match).truncate(cells, ellipsis=True)
    mark = ("● ", "$success") if match.item.key in chosen else ("○ ", "$ink-faint")
    space = " " * max(1, cells + 2 - name.cell_length)
    return Content.assemble(mark, name, space, match.item.detail)
