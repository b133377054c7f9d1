"""The form of the parameters: what the model cannot do is greyed with the reason and the nearest that can."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.parameters.row import ParameterRow
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.state.chat.library import Library
from zaguan_tui.state.chat.message import Dialect
from zaguan_tui.state.chat.parameters.form import ParameterForm
from zaguan_tui.state.chat.parameters.table import PARAMETERS, Kind
from zaguan_tui.state.models.entry import ModelEntry
from zaguan_tui.widgets.foreign_text import foreign, identifier
from zaguan_tui.widgets.sheet import Sheet

Lookup = Callable[[str], ModelEntry | None]
PATHS = {Dialect.CHAT: "/v1/chat/completions", Dialect.MESSAGES: "/v1/messages"}


@dataclass(frozen=True, slots=True)
class ParameterChoice:
    """Model, dialect and parameters of the next prompts."""

    model: str | None
    dialect: Dialect
    params: Mapping[str, object]


class ParametersSheet(Sheet[ParameterChoice | None]):
    """Dismisses with the parameters, or ``None`` when it is left as it was.

    ``entry`` gives what is known of a model, ``models`` every model that chats.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("parameters")]
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    def __init__(
        self,
        tuning: ParameterChoice,
        entry: Lookup,
        models: Callable[[], list[ModelEntry]],
        library: Library,
    ) -> None:
        super().__init__()
        self._entry, self._library = entry, library
        model = tuning.model
        self._form = ParameterForm(
            tuning.params, tuning.dialect, model, entry(model) if model else None, models
        )
        self._rows = [ParameterRow(parameter, self._form) for parameter in PARAMETERS]
        self._focused_row = self._rows[0]

    def compose(self) -> ComposeResult:
        """Model and dialect, the form, and help on the focused line."""
        with Vertical(classes="sheet parameters") as sheet:
            sheet.border_title = "Parameters"
            sheet.border_subtitle = "f2 keeps · alt+p presets · alt+d dialect · alt+k clears · esc leaves"
            yield Static("", classes="parameters-head")
            with VerticalScroll(can_focus=False):
                section = ""
                for row in self._rows:
                    if row.parameter.section != section:
                        section = row.parameter.section
                        yield Static(Content.styled(section, "bold $ink-strong"), classes="section")
                    yield row
            yield Static("", classes="parameters-help")

    def on_mount(self) -> None:
        """Begin at the top."""
        self._draw()
        self._rows[0].stop.focus()

    def action_move(self, step: int) -> None:
        """Go to the next line, or the one before."""
        place = self._rows.index(self._focused_row) + step
        self._rows[place % len(self._rows)].stop.focus()

    def action_keep(self) -> None:
        """Dismiss with the parameters, once all of them are valid."""
        problems = self._form.problems()
        wrong = [row for row in self._rows if row.parameter.name in problems]
        if wrong:
            wrong[0].stop.focus()
            ScreenServices(self).warn(f"{wrong[0].parameter.name}: {problems[wrong[0].parameter.name]}")
            return
        self.dismiss(ParameterChoice(self._form.model, self._form.dialect, self._form.params()))

    def action_dialect(self) -> None:
        """Put prompts in the other dialect."""
        other = Dialect.MESSAGES if self._form.dialect is Dialect.CHAT else Dialect.CHAT
        self._form.dialect = other
        self._draw()

    def action_clear(self) -> None:
        """Set everything to its default."""
        self._form.load({})
        self._draw()

    @work(group="sheet", exclusive=True, exit_on_error=False)
    async def action_presets(self) -> None:
        """Load a preset, or save these parameters as one."""
        from zaguan_tui.screens.chat.parameters.preset_sheet import PresetSheet

        present = None if self._form.problems() else self._form.params()
        sheet = PresetSheet(self._library, present)
        if (params := await self.app.push_screen_wait(sheet)) is not None:
            self._form.load(params)
            self._draw()

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_move(1)

    @on(ParameterRow.Edited)
    def _edited(self) -> None:
        self._draw()

    @on(ParameterRow.Focused)
    def _row_focused(self, event: ParameterRow.Focused) -> None:
        self._focused_row = event.row
        self._draw_help()

    @on(ParameterRow.Activated)
    def _row_activated(self, event: ParameterRow.Activated) -> None:
        row = event.row
        if self._form.obstacle(row.parameter.name) is None:
            if row.parameter.kind is Kind.JSON:
                self._write(row)
        elif (model := row.instead) is not None:
            self._form.set_model(model, self._entry(model))
            self._draw()

    @work(group="sheet", exclusive=True, exit_on_error=False)
    async def _write(self, row: ParameterRow) -> None:
        from zaguan_tui.screens.chat.parameters.json_sheet import JsonSheet

        parameter = row.parameter
        sheet = JsonSheet(parameter.name, self._form.text(parameter.name), parameter.help)
        if (written := await self.app.push_screen_wait(sheet)) is not None:
            self._form.put(parameter.name, written.text, written.read)
            self._draw()

    def _draw(self) -> None:
        for row in self._rows:
            row.draw()
        form = self._form
        model = identifier(form.model, "bold $ink-strong") if form.model else Content("no model yet")
        where = Content.assemble(
            (f"{form.dialect} dialect", "$ink-soft"), (f"  POST {PATHS[form.dialect]}", "$ink-faint")
        )
        head = Content.styled(" · ", "$ink-faint").join([model, where])
        self.query_one(".parameters-head", Static).update(head)
        self._draw_help()

    def _draw_help(self) -> None:
        row = self._focused_row
        words = Content.assemble(
            foreign(row.hint, "$error" if row.hint.startswith("✖") else "$foreground"),
            "\n",
            foreign(row.parameter.help, "$ink-soft"),
        )
        self.query_one(".parameters-help", Static).update(words)
