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
    """What was chosen, variables filled in."""

    kind: Kind
    text: str


class LibraryList(OptionList):
    """The names of one kind."""

    def __init__(self, kind: Kind) -> None:
        super().__init__(compact=True, markup=False, id=f"kept-{kind}", classes="panel")
        self.kind: Kind = kind
        self.border_title = TITLES[kind]
        self.kept: tuple[LibraryItem, ...] = ()

    def show(self, kept: tuple[LibraryItem, ...], chosen: str | None = None) -> None:
        """Show these, with one of them highlighted."""
        self.kept = kept
        if not kept:
            nothing = Content.styled("None yet: s keeps the present one.", "$ink-faint")
            self.set_options([Option(nothing, disabled=True)])
            return
        self.set_options([Option(foreign_line(one.name), id=str(place)) for place, one in enumerate(kept)])
        names = [one.name for one in kept]
        self.highlighted = names.index(chosen) if chosen in names else 0

    @property
    def chosen(self) -> LibraryItem | None:
        """The highlighted one."""
        here = self.highlighted
        return self.kept[here] if here is not None and here < len(self.kept) else None


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
        """Read what is kept."""
        for kept_list in self.query(LibraryList):
            kept_list.show(await self._library.list(kept_list.kind))
        self._preview()

    def action_move(self, step: int) -> None:
        """Move by one."""
        here = self._here
        here.action_cursor_down() if step > 0 else here.action_cursor_up()

    def action_other(self) -> None:
        """Go to the other list."""
        next(kept for kept in self.query(LibraryList) if kept is not self._here).focus()

    @work(group="library", exclusive=True, exit_on_error=False)
    async def action_take(self) -> None:
        """Use the highlighted text; its variables are asked for."""
        here = self._here
        if (kept := here.chosen) is None:
            return
        given: dict[str, str] = {}
        if find_variables(kept.text):
            from zaguan_tui.screens.chat.composer.fill_sheet import FillSheet

            place = f"{here.kind}/{kept.name}"
            sheet = FillSheet(kept.name, kept.text, await self._remembered(place))
            values = await self.app.push_screen_wait(sheet)
            if values is None:
                return
            await self._library.save("values", place, json.dumps(values))
            given = values
        self.dismiss(LibraryChoice(here.kind, fill_template(kept.text, given)))

    @work(group="library", exclusive=True, exit_on_error=False)
    async def action_keep(self) -> None:
        """Keep what is written now under a name."""
        from zaguan_tui.screens.modals.ask_text import AskTextScreen

        here = self._here
        text, noun = self._written[here.kind], NAMES[here.kind]
        if not text.strip():
            self.notify(f"There is no {noun} to keep: write one first.", markup=False)
            return
        explanation = "What stands in {{braces}} or {{braces|with a default}} is asked for at every use."
        name = await self.app.push_screen_wait(AskTextScreen(f"Keep the {noun} as", explanation))
        if name is None or not await self._may_replace(here, name, text):
            return
        problem = await self._library.save(here.kind, name, text)
        if problem is not None:
            self.notify(f"{problem.sentence} {problem.next_step}", severity="warning", markup=False)
        here.show(await self._library.list(here.kind), name)
        self._preview()

    @work(group="library", exclusive=True, exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the highlighted text, once that was confirmed."""
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        here = self._here
        if (kept := here.chosen) is None:
            return
        name = foreign_line(kept.name, "bold")
        body = Content.assemble(name, f" goes from the {TITLES[here.kind].lower()}.")
        sheet = ConfirmScreen(f"Delete this {NAMES[here.kind]}?", body, "Yes, delete it")
        if await self.app.push_screen_wait(sheet):
            problem = await self._library.remove(here.kind, kept.name)
            await self._library.remove("values", f"{here.kind}/{kept.name}")
            if problem is not None:
                self.notify(f"{problem.sentence} {problem.next_step}", severity="warning", markup=False)
            here.show(await self._library.list(here.kind))
            self._preview()

    @property
    def _here(self) -> LibraryList:
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
        kept = self._here.chosen
        text = foreign(kept.text[:SHOWN], "$foreground") if kept is not None else Content("")
        self.query_one("#library-text", Static).update(text)

    async def _may_replace(self, here: LibraryList, name: str, text: str) -> bool:
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        before = await self._library.text(here.kind, name)
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
