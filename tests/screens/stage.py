"""A stage for rooms: the real app on a gateway of plain objects, with a clock that moves when told to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from state.fake_gateway import FakeGateway
from state.scripted_chat import ScriptedStream
from textual.pilot import Pilot
from textual.widget import Widget

from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.features.feature import load
from zaguan_tui.features.registry import FEATURES
from zaguan_tui.screens.common.connection_info import ConnectionInfo, NewConnection
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.turn_runner import TurnRunner
from zaguan_tui.state.core.clock import FakeClock
from zaguan_tui.state.core.store import Problem, Store

SIZE = (120, 40)
SMALL = (80, 24)


class StageGateway(FakeGateway):
    """Answers what it is told to; chats play ``scripts``, one a call, and are noted in ``chats``."""

    def __init__(self, clock: FakeClock, base_url: str = "http://127.0.0.1:8787") -> None:
        super().__init__(clock, base_url)
        self.scripts: list[list[Any]] = []
        self.chats: list[dict[str, Any]] = []
        self.streams: list[ScriptedStream] = []

    def chat_stream(self, *, model: str, messages: Sequence[Mapping[str, Any]], **params: Any) -> Any:
        self.chats.append({"model": model, "messages": list(messages), **params})
        stream = ScriptedStream(self.scripts.pop(0), self.clock)
        self.streams.append(stream)
        return stream

    def messages_stream(self, *, model: str, messages: Sequence[Mapping[str, Any]], **params: Any) -> Any:
        return self.chat_stream(model=model, messages=messages, dialect="messages", **params)


class StageSession:
    """The composition root of a stage: conversations in memory, no client library, no sandbox, no file."""

    def __init__(self, gateway: StageGateway | None, frame: ConnectionInfo) -> None:
        self.clock = gateway.clock if gateway else FakeClock()
        self.gateway = gateway
        self.app_state = AppState.build(clock=self.clock, seed=7)
        self.frame: Store[ConnectionInfo] = Store("connection")
        self.ready: Store[bool] = Store("conversations")
        self.wanted: list[NewConnection] = []
        self.refuse: Problem | None = None
        self.frame.succeed(frame, self.clock.now())

    async def open(self) -> None:
        self.app_state.open_storage(kinds=[load(feature.state) for feature in FEATURES if feature.state])
        if self.gateway is not None and (chat := self.app_state.chat) is not None:
            explain = self.app_state.client_handle.explain  # without a tap: a stage has no wire
            chat.turns = TurnRunner(self.gateway, chat.conversations, self.clock, explain)
        self.ready.succeed(True, self.clock.now())
        self.app_state.start()
        if self.gateway is not None:
            self.app_state.connect(self.gateway)

    async def open_unencrypted(self) -> None:
        pass

    def report_fault(self, error: Exception) -> None:
        raise AssertionError(f"a part of the program failed: {error!r}") from error

    async def connect(self, wanted: NewConnection) -> Problem | None:
        self.wanted.append(wanted)
        return self.refuse

    async def try_sandbox(self, scenario: str = "calm") -> Problem | None:
        return self.refuse

    async def close(self) -> None:
        await self.app_state.aclose()


@dataclass
class Stage:
    """One app on a stage. ``pilot`` is there once it :meth:`runs <run>`."""

    app: ZaguanApp
    session: StageSession
    gateway: StageGateway
    clock: FakeClock
    pilot: Pilot[Any] = field(init=False)

    @property
    def screen(self) -> Any:
        return self.app.screen

    async def advance(self, seconds: float) -> None:
        """Step the clock, and let the app paint what came of it."""
        await self.clock.advance(seconds)
        await self.tick()

    async def tick(self) -> None:
        """As if a second had passed for the room's own timer."""
        self.screen.tick()
        await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)
        await self.pilot.pause()

    async def clear_toasts(self) -> None:
        """Take the toasts away, which lie over whatever is in the corner."""
        self.app.clear_notifications()
        await self.pilot.pause()

    def text(self, selector: str | None = None) -> str:
        """What stands on the screen, or within one widget, line by line."""
        return shown(self.screen if selector is None else self.screen.query_one(selector))

    async def until(self, predicate: Callable[[], Any], timeout: float = 5.0) -> None:
        await wait_until(self.pilot, predicate, timeout)


async def wait_until(pilot: Pilot[Any], predicate: Callable[[], Any], timeout: float = 5.0) -> None:
    """Wait until ``predicate`` holds; fails with the screen's text when it does not within ``timeout`` s."""
    until = time.monotonic() + timeout
    while not predicate():
        if time.monotonic() > until:
            raise AssertionError(f"it did not come to pass within {timeout:g} s:\n{shown(pilot.app.screen)}")
        await asyncio.sleep(0.02)
        await pilot.pause()


def shown(widget: Widget) -> str:
    """The text of a widget as the compositor paints it: clipped, scrolled, with everything inside it."""
    screen = widget.screen
    left, top, width, height = widget.region if widget is not screen else screen.size.region
    lines = ["".join(segment.text for segment in strip) for strip in screen._compositor.render_strips()]
    return "\n".join(_cut(line, left, left + width) for line in lines[top : top + height])


def deceivers(text: str) -> set[str]:
    """The characters of a screen's text that a terminal could take for a command, or that reorder others."""
    return {
        character
        for character in text
        if (character < " " and character != "\n")
        or "\x7f" <= character <= "\x9f"
        or character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    }


def _cut(line: str, start: int, end: int) -> str:
    """The part of a line between two cells."""
    from rich.cells import cell_len

    kept, at = [], 0
    for character in line:
        width = cell_len(character)
        if start <= at < end or (not width and kept):
            kept.append(character)
        at += width
    return "".join(kept).rstrip()


def make_stage(
    first_screen: str = "providers",
    *,
    frame: ConnectionInfo | None = None,
    connected: bool = True,
    prepare: Callable[[StageGateway], object] | None = None,
    **options: Any,
) -> Stage:
    """An app on a stage, not running yet. ``prepare`` sets the gateway up before the first poll."""
    clock = FakeClock()
    gateway = StageGateway(clock)
    if prepare is not None:
        prepare(gateway)
    frame = frame or ConnectionInfo("work", "prod", "127.0.0.1:8787", configured=connected)
    session = StageSession(gateway if connected else None, frame)
    session.clock = clock
    app = ZaguanApp(session, AppOptions(first_screen=first_screen, animation="none", **options))
    return Stage(app, session, gateway, clock)


@asynccontextmanager
async def staged(
    first_screen: str = "providers", *, size: tuple[int, int] = SIZE, **options: Any
) -> AsyncIterator[Stage]:
    """Raise a stage and run it: ``async with staged("providers", prepare=…) as play``; see ``make_stage``.

    The first polls have been answered and painted when it begins. Not a fixture: Textual's context variables
    must be set and reset in the test's own context.
    """
    made = make_stage(first_screen, **options)
    async with made.app.run_test(size=size, notifications=True) as made.pilot:
        await made.clock.settle()
        await made.pilot.pause()
        yield made
