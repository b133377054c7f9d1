"""Fields beside a parameter's name: words to choose from, JSON in short, or a reason."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.state.chat.parameters.form import Option
from zaguan_tui.text.cells import cells
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.foreign_text import foreign_line

GAP = "  "


class ChoiceField(Static, can_focus=True):
    """A few words of which one holds. What cannot be chosen is passed over."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("parameters.words")]

    class Chosen(Message):
        """Another word holds."""

        def __init__(self, value: str) -> None:
            super().__init__()
            self.value = value

    def __init__(self) -> None:
        super().__init__(classes="words")
        self._options: tuple[Option, ...] = ()
        self._value = ""

    def show(self, options: tuple[Option, ...], value: str) -> None:
        """Show these words, one of them chosen."""
        if (options, value) != (self._options, self._value):
            self._options, self._value = options, value
            self.update(Content(GAP).join([self._word(option) for option in options]))

    def action_step(self, step: int) -> None:
        """Choose the next word, or the one before."""
        free = [option.value for option in self._options if option.obstacle is None]
        if not free:
            return
        place = free.index(self._value) if self._value in free else 0
        self._choose(free[(place + step) % len(free)])

    def on_click(self, event: events.Click) -> None:
        """Choose the word under the pointer."""
        at = 0
        for option in self._options:
            end = at + cells(self._word(option).plain)
            if event.y == 0 and at <= event.x < end and option.obstacle is None:
                self._choose(option.value)
            at = end + len(GAP)

    def _choose(self, value: str) -> None:
        if value != self._value:
            self.post_message(self.Chosen(value))

    def _word(self, option: Option) -> Content:
        label = clean_line(option.label, 32)
        if option.value == self._value:
            return Content.styled(f"● {label}", "$ink-soft" if not option.value else "bold $primary")
        if option.obstacle is not None:
            return Content.styled(f"⊘ {label}", "$ink-faint")
        return Content.styled(label, "$ink-soft")


class ActivatableLine(Static, can_focus=True):
    """A line that enter does something with: opens an editor, or chooses another model."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("parameters.line")]

    class Open(Message):
        """Enter was pressed, or the line was clicked."""

    def action_open(self) -> None:
        """Say so."""
        self.post_message(self.Open())

    def on_click(self) -> None:
        """A click is as good."""
        self.post_message(self.Open())


class JsonLine(ActivatableLine):
    """A JSON value in a few words."""

    def show(self, summary_text: str) -> None:
        """Show the value."""
        if summary_text:
            self.update(foreign_line(summary_text, "$foreground"))
        else:
            self.update(Content.styled("enter writes it", "$ink-faint"))


class ObstacleLine(ActivatableLine):
    """Why a parameter cannot be set."""

    def show(self, reason: str) -> None:
        """Say why."""
        self.update(Content.assemble(("⊘ ", "$ink-faint"), foreign_line(reason, "$ink-faint")))
