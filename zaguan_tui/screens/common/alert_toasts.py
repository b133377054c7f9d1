"""Toasts of alerts: one for each change, one digest for a storm, one at a time of a topic."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from textual.notifications import Notification, Notify

from zaguan_tui.state.alerts.alert import Alert, Severity
from zaguan_tui.state.app_state import AppState
from zaguan_tui.text.sanitize import clean, clean_line

if TYPE_CHECKING:
    from textual.app import App

_TOAST_SEVERITY: dict[Severity, Literal["information", "warning", "error"]] = {
    Severity.GOOD: "information",
    Severity.NOTE: "information",
    Severity.WARNING: "warning",
    Severity.CRITICAL: "error",
}
SHOWN_S = 5.0

SAME_EVENT_S = 10.0
"""Critical alerts of one topic this close together are one event (down, then its breaker opens): one bell."""


class AlertToasts:
    """Shows the alerts of a log that ring as toasts of the app."""

    def __init__(self, app: App[int], app_state: AppState) -> None:
        self._app = app
        self._shown: dict[str, Notification] = {}
        self._rung_at: dict[str, datetime] = {}
        self.close = app_state.alerts.on_ring(self._ring)

    def _ring(self, alert: Alert) -> None:
        toast = Notification(
            clean(alert.sentence),
            title=clean_line(alert.title),
            severity=_TOAST_SEVERITY[alert.severity],
            timeout=SHOWN_S,
            markup=False,
        )
        if alert.topic:
            self._replace(alert.topic, toast)
        if not self._app.screen.is_modal:  # over a sheet, the header's count of alerts says enough
            self._app.post_message(Notify(toast))
        if alert.severity is Severity.CRITICAL and self._is_new(alert):
            self._app.bell()

    def _replace(self, topic: str, toast: Notification) -> None:
        """Take away the topic's earlier toast. Textual has no public way to take one toast away."""
        before = self._shown.get(topic)
        if before is not None and before in self._app._notifications:
            self._app._unnotify(before)
        self._shown = {key: shown for key, shown in self._shown.items() if not shown.has_expired}
        self._shown[topic] = toast

    def _is_new(self, alert: Alert) -> bool:
        before = self._rung_at.get(alert.topic) if alert.topic else None
        if before is not None and (alert.at - before).total_seconds() <= SAME_EVENT_S:
            return False
        self._rung_at[alert.topic] = alert.at
        return True
