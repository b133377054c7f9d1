"""The form for the variables of a text: a field for each, and the filled text below as it will be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static, TextArea

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.state.chat.templates import TemplateVariable, fill_template, find_variables
from zaguan_tui.widgets.foreign_text import foreign, foreign_line
from zaguan_tui.widgets.safe_text_area import SafeTextArea
from zaguan_tui.widgets.sheet import Sheet

SHOWN = 4_000


class VariableField(SafeTextArea):
    """What stands for one variable: enter goes on, ctrl+j breaks the line."""

    def __init__(self, variable: TemplateVariable, text: str, go_on: Callable[[VariableField], None]) -> None:
        super().__init__(text)
        self.variable = variable
        self.placeholder = foreign_line(variable.default)
        self._go_on = go_on

    async def _on_key(self, event: events.Key) -> None:
        if event.key in ("enter", "ctrl+j"):
            event.prevent_default().stop()
            self._go_on(self) if event.key == "enter" else self.insert("\n")
        else:
            await super()._on_key(event)


class FillSheet(Sheet[dict[str, str] | None]):
    """Dismisses with the values by name; ``remembered`` are those of the last time."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("fill")]
    AUTO_FOCUS = "VariableField"

    def __init__(self, title: str, text: str, remembered: Mapping[str, str]) -> None:
        super().__init__()
        self._title, self._text, self._remembered = title, text, remembered

    def compose(self) -> ComposeResult:
        """A field for every variable, then the text."""
        with Vertical(classes="sheet fill") as sheet:
            sheet.border_title = foreign_line(self._title, limit=60)
            sheet.border_subtitle = "enter goes on · ctrl+s inserts · esc closes"
            with VerticalScroll(classes="fill-values"):
                for variable in find_variables(self._text):
                    yield Static(foreign_line(variable.name, "$ink-soft"), classes="fill-name")
                    yield VariableField(variable, self._remembered.get(variable.name, ""), self._go_on)
            with VerticalScroll(classes="fill-preview", can_focus=False):
                yield Static("", id="fill-text")

    def on_mount(self) -> None:
        """Show the text as it stands."""
        self._preview()

    def action_take(self) -> None:
        """Give the values back."""
        self.dismiss(self._values)

    @property
    def _values(self) -> dict[str, str]:
        return {value.variable.name: value.text for value in self.query(VariableField)}

    @on(TextArea.Changed)
    def _preview(self) -> None:
        text = fill_template(self._text, self._values)
        self.query_one("#fill-text", Static).update(foreign(text[:SHOWN], "$foreground"))

    def _go_on(self, value: VariableField) -> None:
        values = list(self.query(VariableField))
        after = values.index(value) + 1
        if after == len(values):
            self.action_take()
        else:
            values[after].focus()
