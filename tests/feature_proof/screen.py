"""The screen of uptime: one line."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from feature_proof.state import UptimeState
from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.common.base_screen import BaseScreen


class UptimeScreen(BaseScreen):
    """How many checks there were."""

    NAME = "uptime"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("uptime")]

    def compose_screen(self) -> ComposeResult:
        self.target = "the gateway"
        yield Static("", id="uptime")

    def on_mount(self) -> None:
        self.follow(self.app_state.get(UptimeState).store, self._draw)

    def open_link(self, target: str) -> None:
        self.target = target
        self._draw()

    def disabled_reason(self, action_id: str) -> str:
        checks = self.app_state.get(UptimeState).checks
        return "there was no check yet." if action_id == "uptime.note" and not checks else ""

    async def action_note(self) -> None:
        await self.app_state.get(UptimeState).write()

    def action_erase(self) -> None:
        raise AssertionError("read-only mode lets nothing through that changes the gateway")

    def _draw(self, _snapshot: Any = None) -> None:
        checks = self.app_state.get(UptimeState).checks
        self.query_one("#uptime", Static).update(f"{checks} checks of {self.target}")
