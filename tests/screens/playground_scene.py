"""Verbs for tests of the playground: ask, wait for the end, read the answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from screens.stage import SIZE, Stage, shown, staged, wait_until
from zaguan_tui.app.app import ZaguanApp
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import StreamEnded, TextDelta
from zaguan_tui.client.types.models.models import Model
from zaguan_tui.screens.chat.answers.answer import AnswerView
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.playground.screen import PlaygroundScreen
from zaguan_tui.state.chat.message import MessageStatus


def well(text: str = "Hello there.") -> list[Any]:
    """A script that says ``text`` in small pieces and ends properly."""
    return [
        *(TextDelta(text[at : at + 7]) for at in range(0, len(text), 7)),
        StreamEnded(Ending.FINISHED),
    ]


def scripted(*scripts: list[Any], models: int = 1) -> Callable[[Any], None]:
    """Set a gateway up with these answers and so many models."""

    def prepare(gateway: Any) -> None:
        gateway.scripts = [list(script) for script in scripts]
        gateway.models = [Model(id=f"maker-{n % 20}/model-{n:03}", provider="groq") for n in range(models)]
        gateway.capabilities = []

    return prepare


class Scene:
    """The playground of an app that runs, on a stage or on a real gateway."""

    def __init__(self, app: ZaguanApp, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def screen(self) -> PlaygroundScreen:
        """The screen, also while a sheet lies over it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, PlaygroundScreen))

    @property
    def ready(self) -> bool:
        """Whether a prompt can be sent, now or after the answer that is coming."""
        screen = self.screen
        return screen.chat_session.model is not None and screen.controllers.sender.ready

    @property
    def prompt(self) -> Prompt:
        return self.screen.query_one(Prompt)

    @property
    def answers(self) -> list[AnswerView]:
        return list(self.screen.query(AnswerView))

    @property
    def answer(self) -> AnswerView:
        return self.answers[-1]

    @property
    def text(self) -> str:
        return shown(self.app.screen)

    @property
    def toasts(self) -> str:
        return "\n".join(f"{notice.title}: {notice.message}" for notice in self.app._notifications)

    async def until(self, predicate: Callable[[], Any], timeout: float = 10.0) -> None:
        await wait_until(self.pilot, predicate, timeout)

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def write(self, text: str) -> None:
        """Put text into the prompt as a paste would."""
        self.prompt.focus()
        self.prompt.write(text)
        await self.pilot.pause()

    async def send(self, text: str) -> None:
        """Ask, and wait until the answer has a place on the screen."""
        await self.until(lambda: self.ready)
        before = len(self.answers)
        await self.write(text)
        await self.press("enter")
        await self.until(lambda: len(self.answers) > before)

    async def ask(self, text: str, timeout: float = 20.0) -> AnswerView:
        """Ask, and wait until the answer is over."""
        await self.send(text)
        await self.over(timeout)
        return self.answer

    async def over(self, timeout: float = 20.0) -> None:
        await self.until(lambda: self.answer.message.status is MessageStatus.ENDED, timeout)
        await asyncio.sleep(0.1)
        await self.pilot.pause()

    async def choose(self, model: str) -> None:
        """Talk to this model from now on."""
        await self.until(lambda: self.ready)
        self.screen.open_link(model)
        await self.until(lambda: self.screen.chat_session.model == model)


@asynccontextmanager
async def playing(
    *scripts: list[Any], models: int = 1, size: tuple[int, int] = SIZE, **options: Any
) -> AsyncIterator[tuple[Scene, Stage]]:
    """A playground on a stage whose gateway answers ``scripts``."""
    async with staged("playground", prepare=scripted(*scripts, models=models), size=size, **options) as play:
        scene = Scene(play.app, play.pilot)
        await scene.until(lambda: scene.screen.chat_session.model)
        yield scene, play
