"""Presets of parameters under a name: load, save, delete."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.state.chat.library import Library, LibraryItem
from zaguan_tui.state.chat.parameters.summary import summarize_parameters
from zaguan_tui.state.core.store import Problem
from zaguan_tui.text.cells import left
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.foreign_text import foreign_line
from zaguan_tui.widgets.sheet import Sheet

NAME_CELLS = 24
NONE_YET = "None yet: s keeps the parameters of the form under a name."
UNREADABLE = "cannot be read"


class PresetSheet(Sheet[Mapping[str, object] | None]):
    """Dismisses with the parameters to load. ``present`` are those of the form, ``None`` while it has a
    problem."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("presets")]
    AUTO_FOCUS = "OptionList"

    def __init__(self, library: Library, present: Mapping[str, object] | None) -> None:
        super().__init__()
        self._library, self._present = library, present
        self._presets: tuple[LibraryItem, ...] = ()

    def compose(self) -> ComposeResult:
        """A list with what each sets, and what the form sets now."""
        with Vertical(classes="sheet presets") as sheet:
            sheet.border_title = "Presets"
            sheet.border_subtitle = "enter loads · s keeps the form · x deletes · esc closes"
            yield OptionList(compact=True, markup=False)
            yield Static("", classes="presets-now")

    async def on_mount(self) -> None:
        """Read the presets."""
        now = " · ".join(summarize_parameters(self._present)) if self._present else "only defaults"
        if self._present is None:
            now = "something is not right yet"
        line = Content.assemble(("the form: ", "$ink-faint"), foreign_line(now, "$ink-soft"))
        self.query_one(".presets-now", Static).update(line)
        await self._list()

    def action_move(self, step: int) -> None:
        """Move by one."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if step > 0 else options.action_cursor_up()

    @work(group="presets", exclusive=True, exit_on_error=False)
    async def action_keep(self) -> None:
        """Keep the parameters of the form under a name."""
        from zaguan_tui.screens.modals.ask_text import AskTextScreen

        if not self._present:
            empty = "The form sets nothing, so there is nothing to keep."
            wrong = "Something in the form is not right yet; it can be kept once it is."
            ScreenServices(self).inform(empty if self._present is not None else wrong)
            return
        explanation = "Everything the form sets, tools and schema included."
        name = await self.app.push_screen_wait(AskTextScreen("Keep the preset as", explanation))
        text = json.dumps(self._present, ensure_ascii=False)
        if name is not None and await self._may_replace(name, text):
            self._warn(await self._library.save("preset", name, text))
            await self._list(name)

    @work(group="presets", exclusive=True, exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the highlighted preset, once that was confirmed."""
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        if (preset := self._chosen) is None:
            return
        body = Content.assemble(foreign_line(preset.name, "bold"), " goes from the presets.")
        if await self.app.push_screen_wait(ConfirmScreen("Delete this preset?", body, "Yes, delete it")):
            self._warn(await self._library.remove("preset", preset.name))
            await self._list()

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        preset = self._chosen
        params = None if preset is None else _params(preset.text)
        if params is None:
            ScreenServices(self).warn("This preset cannot be read: it is no JSON object.")
        else:
            self.dismiss(params)

    @property
    def _chosen(self) -> LibraryItem | None:
        index = self.query_one(OptionList).highlighted
        return self._presets[index] if index is not None and index < len(self._presets) else None

    async def _list(self, chosen: str | None = None) -> None:
        self._presets = await self._library.list("preset")
        options = self.query_one(OptionList)
        if not self._presets:
            options.set_options([Option(Content.styled(NONE_YET, "$ink-faint"), disabled=True)])
            return
        options.set_options(
            [Option(_line(preset), id=str(place)) for place, preset in enumerate(self._presets)]
        )
        names = [preset.name for preset in self._presets]
        options.highlighted = names.index(chosen) if chosen in names else 0

    async def _may_replace(self, name: str, text: str) -> bool:
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        before = await self._library.text("preset", name)
        if before is None or before == text:
            return True
        body = Content.assemble(foreign_line(name, "bold"), " is kept already; what it sets now would go.")
        return await self.app.push_screen_wait(ConfirmScreen("Replace it?", body, "Yes, replace it"))

    def _warn(self, problem: Problem | None) -> None:
        if problem is not None:
            ScreenServices(self).warn_of(problem)


def _params(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _line(preset: LibraryItem) -> Content:
    params = _params(preset.text)
    summary_text = (
        UNREADABLE if params is None else " · ".join(summarize_parameters(params)) or "only defaults"
    )
    return Content.assemble(
        (left(clean_line(preset.name, NAME_CELLS), NAME_CELLS), "$foreground"),
        "  ",
        foreign_line(summary_text, "$ink-soft"),
    )
