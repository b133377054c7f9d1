"""The prompt library: prompts on one side, system prompts on the other, the highlighted text below."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.state.chat.library import Library, LibraryItem
from zaguan_tui.state.chat.templates import fill_template, find_variables
from zaguan_tui.widgets.foreign_text import foreign, foreign_line
from zaguan_tui.widgets.sheet import Sheet

Kind = Literal["prompt", "system"]
SHOWN = 4_000
NAMES: dict[Kind, str] = {"prompt": "prompt", "system": "system prompt"}
TITLES: dict[Kind, str] = {"prompt": "Prompts", "system": "System prompts"}


@dataclass(frozen=True, slots=True)
class LibraryChoice:
    """The chosen text, variables filled in."""

    kind: Kind
    text: str


class LibraryList(OptionList):
    """The names of one kind."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(compact=True, markup=False, id=f"kept-{kind}", classes="panel")
        self.kind: Kind = kind
        self.border_title = TITLES[kind]
        self.items: tuple[LibraryItem, ...] = ()

    def show(self, items: tuple[LibraryItem, ...], chosen: str | None = None) -> None:
        """Show these, with one of them highlighted."""
        self.items = items
        if not items:
            nothing = Content.styled("None yet: s keeps the present one.", "$ink-faint")
            self.set_options([Option(nothing, disabled=True)])
            return
        self.set_options([Option(foreign_line(one.name), id=str(place)) for place, one in enumerate(items)])
        names = [one.name for one in items]
        self.highlighted = names.index(chosen) if chosen in names else 0

    @property
    def chosen(self) -> LibraryItem | None:
        """The highlighted one."""
        index = self.highlighted
        return self.items[index] if index is not None and index < len(self.items) else None


class LibrarySheet(Sheet[LibraryChoice | None]):
    """Dismisses with what to use. ``written`` is what can be kept of each kind."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("library")]
    AUTO_FOCUS = "#kept-prompt"

    def __init__(self, library: Library, written: dict[Kind, str]) -> None:
        super().__init__()
        self._library, self._written = library, written

    def compose(self) -> ComposeResult:
        """Two lists side by side, and the text."""
        with Vertical(classes="sheet library") as sheet:
            sheet.border_title = "Library"
            sheet.border_subtitle = "enter takes · s keeps · x deletes · ←→ other list · esc closes"
            with Horizontal(classes="library-lists"):
                yield LibraryList("prompt")
                yield LibraryList("system")
            with VerticalScroll(classes="library-text", can_focus=False):
                yield Static("", id="library-text")

    async def on_mount(self) -> None:
        """Read the library."""
        for one in self.query(LibraryList):
            one.show(await self._library.list(one.kind))
        self._preview()

    def action_move(self, step: int) -> None:
        """Move by one."""
        library_list = self._focused_list
        library_list.action_cursor_down() if step > 0 else library_list.action_cursor_up()

    def action_other(self) -> None:
        """Go to the other list."""
        next(one for one in self.query(LibraryList) if one is not self._focused_list).focus()

    @work(group="library", exclusive=True, exit_on_error=False)
    async def action_take(self) -> None:
        """Use the highlighted text; its variables are asked for."""
        library_list = self._focused_list
        if (item := library_list.chosen) is None:
            return
        given: dict[str, str] = {}
        if find_variables(item.text):
            from zaguan_tui.screens.chat.composer.fill_sheet import FillSheet

            place = f"{library_list.kind}/{item.name}"
            sheet = FillSheet(item.name, item.text, await self._remembered(place))
            values = await self.app.push_screen_wait(sheet)
            if values is None:
                return
            await self._library.save("values", place, json.dumps(values))
            given = values
        self.dismiss(LibraryChoice(library_list.kind, fill_template(item.text, given)))

    @work(group="library", exclusive=True, exit_on_error=False)
    async def action_keep(self) -> None:
        """Save the present text under a name."""
        from zaguan_tui.screens.modals.ask_text import AskTextScreen

        library_list = self._focused_list
        text, noun = self._written[library_list.kind], NAMES[library_list.kind]
        if not text.strip():
            ScreenServices(self).inform(f"There is no {noun} to keep: write one first.")
            return
        explanation = "What stands in {{braces}} or {{braces|with a default}} is asked for at every use."
        name = await self.app.push_screen_wait(AskTextScreen(f"Keep the {noun} as", explanation))
        if name is None or not await self._may_replace(library_list, name, text):
            return
        problem = await self._library.save(library_list.kind, name, text)
        if problem is not None:
            ScreenServices(self).warn_of(problem)
        library_list.show(await self._library.list(library_list.kind), name)
        self._preview()

    @work(group="library", exclusive=True, exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the highlighted text, once that was confirmed."""
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        library_list = self._focused_list
        if (item := library_list.chosen) is None:
            return
        name = foreign_line(item.name, "bold")
        body = Content.assemble(name, f" goes from the {TITLES[library_list.kind].lower()}.")
        sheet = ConfirmScreen(f"Delete this {NAMES[library_list.kind]}?", body, "Yes, delete it")
        if await self.app.push_screen_wait(sheet):
            problem = await self._library.remove(library_list.kind, item.name)
            await self._library.remove("values", f"{library_list.kind}/{item.name}")
            if problem is not None:
                ScreenServices(self).warn_of(problem)
            library_list.show(await self._library.list(library_list.kind))
            self._preview()

    @property
    def _focused_list(self) -> LibraryList:
        focused = self.focused
        return focused if isinstance(focused, LibraryList) else self.query_one("#kept-prompt", LibraryList)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        self._preview()

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_take()

    def on_descendant_focus(self) -> None:
        """The text is that of the list with the focus."""
        self._preview()

    def _preview(self) -> None:
        item = self._focused_list.chosen
        text = foreign(item.text[:SHOWN], "$foreground") if item is not None else Content("")
        self.query_one("#library-text", Static).update(text)

    async def _may_replace(self, library_list: LibraryList, name: str, text: str) -> bool:
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        before = await self._library.text(library_list.kind, name)
        if before is None or before == text:
            return True
        body = Content.assemble(foreign_line(name, "bold"), " is kept already; what it says now would go.")
        sheet = ConfirmScreen("Replace it?", body, "Yes, replace it")
        return await self.app.push_screen_wait(sheet)

    async def _remembered(self, place: str) -> dict[str, str]:
        """The values of the last time."""
        try:
            values = json.loads(await self._library.text("values", place) or "{}")
        except ValueError:
            return {}
        return {str(name): str(value) for name, value in values.items()} if isinstance(values, dict) else {}
