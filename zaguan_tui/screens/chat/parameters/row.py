"""One parameter of the form: its name, its field or why there is none, and what may stand there."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from zaguan_tui.screens.chat.parameters.fields import ActivatableLine, ChoiceField, JsonLine, ObstacleLine
from zaguan_tui.state.chat.parameters.form import NOT_SENT, ParameterForm
from zaguan_tui.state.chat.parameters.table import Kind, Parameter
from zaguan_tui.widgets.foreign_text import foreign_line
from zaguan_tui.widgets.safe_input import SafeInput

NOT_SAID = "not said"


class ParameterRow(Horizontal):
    """Draws one parameter of a form, and writes typed text into the form."""

    class Edited(Message):
        """The form has another value."""

    class Activated(Message):
        """Enter was pressed on something that opens."""

        def __init__(self, row: ParameterRow) -> None:
            super().__init__()
            self.row = row

    class Focused(Message):
        """The focus came to this row."""

        def __init__(self, row: ParameterRow) -> None:
            super().__init__()
            self.row = row

    def __init__(self, parameter: Parameter, form: ParameterForm) -> None:
        super().__init__(id=f"row-{parameter.name}", classes="parameter")
        self.parameter, self._form = parameter, form
        self._of = parameter.name
        self._reason = ObstacleLine(classes="reason")
        self._field = self._make_field()
        self._noted: tuple[str, str] = ("", "")

    def compose(self) -> ComposeResult:
        """Name, field, note."""
        yield Static(Content(self._of), classes="parameter-name")
        yield self._field
        yield self._reason
        short = "" if isinstance(self._field, Input) else " -short"
        yield Static("", classes=f"parameter-note{short}")

    def on_mount(self) -> None:
        """Show the value in the form."""
        self.draw()

    @property
    def stop(self) -> Widget:
        """What takes the focus in this row."""
        return self._reason if self._reason.display else self._field

    @property
    def hint(self) -> str:
        """The range of the field; or the error, or why it is disabled."""
        if (obstacle := self._form.obstacle(self._of)) is not None:
            return f"⊘ {obstacle.with_nearest(self.instead)}"
        problem = self._form.problem(self._of)
        return f"✖ {problem}" if problem else self._form.hint(self._of)

    @property
    def instead(self) -> str | None:
        """The model to choose, where this one cannot."""
        obstacle = self._form.obstacle(self._of)
        return self._form.nearest(obstacle.need) if obstacle is not None and obstacle.need else None

    def draw(self) -> None:
        """Show the form as it is now."""
        obstacle = self._form.obstacle(self._of)
        focused = self.has_focus_within
        self._field.display = obstacle is None
        self._reason.display = obstacle is not None
        self.set_class(obstacle is not None, "-greyed")
        if obstacle is not None:
            self._reason.show(obstacle.with_nearest(self.instead))
        if focused and not self.stop.has_focus:
            self.stop.focus()
        self._draw_field()
        self._draw_note("" if obstacle is not None else self._note())

    def _make_field(self) -> Widget:
        kind = self.parameter.kind
        if kind in (Kind.CHOICE, Kind.FLAG):
            return ChoiceField()
        return (
            JsonLine(classes="json-line")
            if kind is Kind.JSON
            else SafeInput(placeholder=NOT_SENT, compact=True)
        )

    def _draw_field(self) -> None:
        text = self._form.text(self._of)
        match self._field:
            case ChoiceField() as words:
                words.show(self._form.options(self._of), text)
            case JsonLine() as line:
                line.show(self._form.summarize(self._of))
            case Input() as field if field.value != text:
                field.value = text

    def _note(self) -> str:
        problem = self._form.problem(self._of)
        if problem is not None:
            return f"✖ {problem}"
        hint = self._form.hint(self._of)
        if isinstance(self._field, Input):
            return hint
        return NOT_SAID if NOT_SAID in hint else ""

    def _draw_note(self, text: str) -> None:
        style = "$error" if text.startswith("✖") else "$ink-faint"
        if (text, style) != self._noted:
            self._noted = (text, style)
            note = self.query_one(".parameter-note", Static)
            note.display = bool(text)
            note.update(foreign_line(text, style))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._form.text(self._of):
            self._form.write(self._of, event.value)
            self.post_message(self.Edited())

    @on(ChoiceField.Chosen)
    def _chosen(self, event: ChoiceField.Chosen) -> None:
        event.stop()
        self._form.write(self._of, event.value)
        self.post_message(self.Edited())

    @on(ActivatableLine.Open)
    def _opened(self, event: ActivatableLine.Open) -> None:
        event.stop()
        self.post_message(self.Activated(self))

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Say where the focus is."""
        self.post_message(self.Focused(self))
