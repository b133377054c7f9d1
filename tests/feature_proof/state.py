"""What is known of uptime: a poller, a table, an alert, and items for the palette."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from feature_proof.feature import UptimeSettings
from zaguan_tui.config.settings import Settings
from zaguan_tui.features.feature import PaletteItem
from zaguan_tui.state.alerts.alert import Alert, Severity
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.poller import Poller
from zaguan_tui.state.core.store import Store
from zaguan_tui.state.subject import StateContext, Subject


class UptimeState(Subject):
    """Counts the checks of the present gateway."""

    def __init__(self, context: StateContext) -> None:
        self._context = context
        self.checks = 0
        self.store: Store[int] = Store("uptime")
        self.poller = context.polling.poller(
            self.store, self._check, interval=20.0, hidden_interval=None, timeout=5.0
        )

    @classmethod
    def build(cls, context: StateContext) -> UptimeState:
        return cls(context)

    @property
    def pollers(self) -> tuple[Poller[Any], ...]:
        return (self.poller,)

    def apply(self, settings: Settings) -> None:
        self.poller.set_interval(settings.section(UptimeSettings).seconds, None)

    def reset(self) -> None:
        self.checks = 0

    async def write(self) -> None:
        database, now = await self._context.database.wait(), self._context.clock.now().timestamp()
        await database.write(("INSERT INTO uptime VALUES (?, ?)", (now, self.checks)))

    async def _check(self) -> int:
        self._context.client_handle.required()
        self.checks += 1
        if self.checks == 1:
            alert = Alert(0, self._context.clock.now(), Severity.NOTE, "Uptime is measured")
            self._context.alerts.add([alert])
        return self.checks


def list_palette_items(_app_state: AppState) -> Iterator[PaletteItem]:
    yield PaletteItem("Uptime of groq", "checks", "uptime:groq")
