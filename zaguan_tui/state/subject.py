"""Subjects of the application state: pollers, reset, settings, connection, close; and their context."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from zaguan_tui.config.settings import Settings
    from zaguan_tui.state.alerts.log import AlertLog
    from zaguan_tui.state.client_handle import ClientHandle
    from zaguan_tui.state.core.clock import Clock
    from zaguan_tui.state.core.governor import PollGovernor
    from zaguan_tui.state.core.poller import Poller, PollerFactory
    from zaguan_tui.storage.database import Database


class DatabaseHandle:
    """The history file, which is opened after the first paint."""

    def __init__(self) -> None:
        self._opened = asyncio.Event()
        self._database: Database | None = None

    def set(self, database: Database) -> None:
        """The file is open."""
        self._database = database
        self._opened.set()

    async def wait(self) -> Database:
        """The file, once it is open."""
        await self._opened.wait()
        assert self._database is not None
        return self._database


@dataclass(frozen=True, slots=True)
class StateContext:
    """What a subject is built from. ``redact`` takes secrets out of what is written for others."""

    clock: Clock
    governor: PollGovernor
    client_handle: ClientHandle
    polling: PollerFactory
    alerts: AlertLog
    settings: Settings
    database: DatabaseHandle = field(default_factory=DatabaseHandle)
    redact: Callable[[str], str] = str


class Subject:
    """One subject of the application state. Subclasses override what they need; nothing is required."""

    __slots__ = ()

    @classmethod
    def build(cls, context: StateContext) -> Self:
        """A new subject, for a feature's ``state``; others are added by the application state itself."""
        raise LookupError(f"{cls.__name__} is not part of the application state")

    @property
    def pollers(self) -> tuple[Poller[Any], ...]:
        """The pollers of this subject."""
        return ()

    def set_visible(self, screens: int) -> None:
        """Poll at the pace for so many visible screens."""
        for poller in self.pollers:
            poller.set_visible(screens)

    def reset(self) -> None:
        """Drop everything known: another gateway is coming."""

    def apply(self, settings: Settings) -> None:
        """Take over the settings: pace, limits."""

    def on_connect(self, base_url: str) -> None:
        """Polling of the gateway at this address begins."""

    async def on_disconnect(self) -> None:
        """Polling has ended; the client is still there."""

    async def aclose(self) -> None:
        """The program ends."""
