"""Helpers for tests of the realtime screen: connect, send, receive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from state.scripted_realtime import USAGE, ScriptedConnection, created, response, sound, spoken

from screens.stage import SIZE, Stage, shown, staged
from zaguan_tui.client.types.models.capabilities import Capability
from zaguan_tui.client.types.models.models import Model
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.realtime.log_view import EventLogView
from zaguan_tui.screens.realtime.screen import RealtimeScreen
from zaguan_tui.screens.realtime.turn_view import TurnView

MODELS = ("groq/llama", "openai/gpt-realtime", "openai/gpt-4o-mini")


class RealtimeScene:
    """The realtime view on a stage whose gateway opens these connections."""

    def __init__(self, play: Stage, connections: list[ScriptedConnection]) -> None:
        self.play = play
        self.connections = connections
        self.opened: list[str] = []

    @property
    def screen(self) -> RealtimeScreen:
        return next(screen for screen in self.play.app.screen_stack if isinstance(screen, RealtimeScreen))

    @property
    def text(self) -> str:
        return shown(self.play.app.screen)

    @property
    def prompt(self) -> Prompt:
        return self.screen.query_one(Prompt)

    @property
    def turns(self) -> list[TurnView]:
        return list(self.screen.query(TurnView))

    @property
    def log(self) -> EventLogView:
        return self.screen.query_one(EventLogView)

    @property
    def events(self) -> list[str]:
        return [entry.label for entry in self.log._rows]

    @property
    def toasts(self) -> str:
        return "\n".join(str(notice.message) for notice in self.play.app._notifications)

    async def press(self, *keys: str) -> None:
        await self.play.press(*keys)

    async def settle(self) -> None:
        """Let what was received be mounted and painted."""
        await self.play.clock.settle()
        await asyncio.sleep(0.25)
        await self.play.pilot.pause()

    async def connect(self, place: int = 0, **fields: Any) -> ScriptedConnection:
        await self.press("ctrl+n")
        await self.play.clock.settle()
        await self.receive(created(**fields), place=place)
        return self.connections[place]

    async def receive(self, *frames: Any, place: int = 0) -> None:
        self.connections[place].hear(*frames)
        await self.settle()

    async def send(self, text: str) -> None:
        self.prompt.focus()
        self.prompt.write(text)
        await self.press("enter")
        await self.settle()

    async def turn(self, text: str = "Hello there.", octets: int = 48_000, number: str = "resp_1") -> None:
        """A whole spoken turn."""
        await self.send("Hi")
        await self.play.clock.advance(0.25)
        await self.receive(
            response(response_id=number), spoken(text, number), sound(b"\1\0" * (octets // 2), number)
        )
        await self.play.clock.advance(0.75)
        await self.receive(response("completed", response_id=number, usage=USAGE))


@asynccontextmanager
async def open_realtime(
    *connections: ScriptedConnection,
    size: tuple[int, int] = SIZE,
    models: tuple[str, ...] = MODELS,
    **options: Any,
) -> AsyncIterator[RealtimeScene]:
    """The realtime view; without connections there is one that opens."""
    given = list(connections) or [ScriptedConnection()]
    left = list(given)
    opened: list[str] = []

    def realtime(*, model: str) -> ScriptedConnection:
        opened.append(model)
        return left.pop(0)

    def prepare(gateway: Any) -> None:
        gateway.realtime = realtime
        gateway.models = [Model(id=name, provider=name.partition("/")[0]) for name in models]
        gateway.capabilities = [
            Capability(model_id=name, features=("realtime",)) for name in models if "realtime" in name
        ]

    async with staged("realtime", prepare=prepare, size=size, **options) as play:
        scene = RealtimeScene(play, given)
        scene.opened = opened
        await play.until(lambda: "◌ no session ·" in scene.text or not models)
        yield scene
