"""List of alerts; enter opens what an alert is about."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.state.alerts.alert import Alert, Severity
from zaguan_tui.state.app_state import AppState
from zaguan_tui.text.format import age
from zaguan_tui.widgets.foreign_text import foreign_line
from zaguan_tui.widgets.sheet import Sheet
from zaguan_tui.widgets.watching import watcher_of

_MARKS = {
    Severity.GOOD: ("●", "success"),
    Severity.NOTE: ("◌", "ink-soft"),
    Severity.WARNING: ("▲", "warning"),
    Severity.CRITICAL: ("✖", "error"),
}


class AlertsScreen(Sheet[str | None]):
    """Newest first; what still holds is bold. Dismisses with the link to open, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("alerts")]

    def __init__(self, app_state: AppState) -> None:
        super().__init__()
        self._app_state = app_state

    def compose(self) -> ComposeResult:
        """A framed list."""
        with Vertical(classes="sheet alerts") as sheet:
            sheet.border_title = "Alerts"
            sheet.border_subtitle = "enter opens · esc closes"
            yield OptionList(compact=True, markup=False)

    def on_mount(self) -> None:
        """Follow the log while the sheet is open."""
        self._unsubscribe = self._app_state.alerts.watch(watcher_of(self, self._show), now=False)
        self._show(self._app_state.alerts.entries)

    def on_unmount(self) -> None:
        """Watch no more."""
        self._unsubscribe()

    def action_move(self, step: int) -> None:
        """Move by one."""
        options = self.query_one(OptionList)
        options.action_cursor_down() if step > 0 else options.action_cursor_up()

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        chosen = next(
            (alert for alert in self._app_state.alerts.entries if str(alert.id) == event.option.id), None
        )
        self.dismiss(chosen.link if chosen is not None and chosen.link else None)

    def _show(self, alerts: tuple[Alert, ...]) -> None:
        now = self._app_state.clock.now()
        options = self.query_one(OptionList)
        place = options.highlighted
        highlighted = options.get_option_at_index(place).id if place is not None else None
        if not alerts:
            nothing = Content.styled("Nothing has happened since the start.", "$ink-soft")
            options.set_options([Option(nothing, disabled=True)])
            return
        options.set_options([Option(_line(alert, now), id=str(alert.id)) for alert in alerts])
        ids = [str(alert.id) for alert in alerts]
        options.highlighted = ids.index(highlighted) if highlighted in ids else 0


def _line(alert: Alert, now: datetime) -> Content:
    shape, color = _MARKS[alert.severity]
    weight = "bold " if alert.lasting else ""
    when = age((now - alert.at).total_seconds())
    return Content.assemble(
        (f"{shape} ", f"${color}"),
        (f"{when:<14}", "$ink-soft"),
        foreign_line(alert.title, f"{weight}$foreground"),
        "  ",
        foreign_line(alert.sentence, "$ink-soft"),
    )
