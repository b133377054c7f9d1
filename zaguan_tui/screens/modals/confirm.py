"""Sheet that asks before something that cannot be undone: the safe button has the focus."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.state.core.store import Problem
from zaguan_tui.widgets.foreign_text import foreign
from zaguan_tui.widgets.sheet import Sheet


class ConfirmScreen(Sheet[bool]):
    """Dismisses with ``True`` only when the person says so; enter and escape both mean no."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("confirm")]
    AUTO_FOCUS = "#no"

    def __init__(self, title: str, body: Content, yes: str, no: str = "No, leave it") -> None:
        super().__init__()
        self._title, self._body, self._yes, self._no = title, body, yes, no

    def compose(self) -> ComposeResult:
        """What would happen, and two answers."""
        with Vertical(classes="sheet confirm") as sheet:
            sheet.border_title = self._title
            sheet.border_subtitle = "y yes · n or esc no"
            yield Static(self._body)
            with Horizontal(classes="buttons gap"):
                yield Button(self._no, id="no", compact=True)
                yield Button(self._yes, id="yes", compact=True, variant="warning")

    @on(Button.Pressed)
    def _answered(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")


async def confirm_unencrypted(app: App[Any], problem: Problem) -> bool:
    """Ask whether the key may travel unencrypted; the focus is on the answer that sends nothing."""
    body = Content("\n").join([foreign(problem.sentence), foreign(problem.next_step, "$ink-soft")])
    return await app.push_screen_wait(ConfirmScreen("Unencrypted", body, "Yes, send the key"))
