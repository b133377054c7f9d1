"""Alerts that ring become toasts: one for each change, one digest for a storm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from zaguan_tui.state.alert import Alert, Severity
from zaguan_tui.state.house import House
from zaguan_tui.text.sanitize import clean, clean_line

if TYPE_CHECKING:
    from textual.app import App

_LOUDNESS: dict[Severity, Literal["information", "warning", "error"]] = {
    Severity.GOOD: "information",
    Severity.NOTE: "information",
    Severity.WARNING: "warning",
    Severity.CRITICAL: "error",
}
SHOWN_S = 8.0


class Notices:
    """Stands between the alert log and the app's toasts."""

    def __init__(self, app: App[int], house: House) -> None:
        self._app = app
        self.close = house.alerts.on_ring(self._ring)

    def _ring(self, alert: Alert) -> None:
        loud = _LOUDNESS[alert.severity]
        self._app.notify(
            clean(alert.sentence), title=clean_line(alert.title), severity=loud, timeout=SHOWN_S, markup=False
        )
        if alert.severity is Severity.CRITICAL:
            self._app.bell()
