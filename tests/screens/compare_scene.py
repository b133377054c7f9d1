"""Helpers for tests of the compare screen: pick models, ask, wait for the end, read the ranking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from screens.playground_scene import scripted
from screens.stage import SIZE, Stage, shown, staged, wait_until
from zaguan_tui.app.app import ZaguanApp
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.compare.lanes.lane_view import LaneView
from zaguan_tui.screens.compare.ranking.view import RankingView
from zaguan_tui.screens.compare.screen import CompareScreen


def model(number: int) -> str:
    """The id of the scripted gateway's model of that number."""
    return f"maker-{number % 20}/model-{number:03}"


class CompareScene:
    """The Compare view of an app that runs, on a stage or on a real gateway."""

    def __init__(self, app: ZaguanApp, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def screen(self) -> CompareScreen:
        """The screen, also while a sheet lies over it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, CompareScreen))

    @property
    def prompt(self) -> Prompt:
        return self.screen.query_one(Prompt)

    @property
    def open(self) -> bool:
        """Whether conversations can be read and kept."""
        return bool(self.screen.session.ready.snapshot.value)

    @property
    def lanes(self) -> list[LaneView]:
        """The lanes in their places."""
        return list(self.screen.query(LaneView))

    @property
    def ranking(self) -> str:
        return shown(self.screen.query_one(RankingView))

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

    async def wait_for_text(self, words: str, timeout: float = 10.0) -> None:
        await self.until(lambda: words in self.text, timeout)

    async def pick(self, *models: str) -> None:
        """Compare exactly these, by the sheet and the keyboard."""
        await self.press("ctrl+o")
        await self.wait_for_text("Models to compare")
        sheet: Any = self.app.screen
        for previous in [lane.model for lane in self.screen.comparison.setup.lanes]:
            await self._toggle(sheet, previous)
        for name in models:
            await self._toggle(sheet, name)
        await self.press("f2")
        await self.until(lambda: len(self.lanes) == len(models))

    async def _toggle(self, sheet: Any, name: str) -> None:
        sheet.query_one("Input").value = name
        await self.pilot.pause()
        await self.press("enter")
        await self.until(lambda: self.app.screen is sheet)

    async def send(self, text: str) -> None:
        """Ask, and wait until a round is under way or over."""
        await self.until(lambda: self.open)
        before = len(self.screen.comparison.turns)
        self.prompt.focus()
        self.prompt.write(text)
        await self.press("enter")
        await self.until(lambda: len(self.screen.comparison.turns) > before)

    async def wait_until_ended(self, timeout: float = 30.0) -> None:
        """Wait until every answer has ended and is painted."""
        await self.until(lambda: self.screen.comparison.progress is None, timeout)
        await asyncio.sleep(0.35)
        await self.pilot.pause()

    async def ask(self, text: str, timeout: float = 30.0) -> None:
        """Ask, and wait until every answer has ended."""
        await self.send(text)
        await self.wait_until_ended(timeout)


@asynccontextmanager
async def open_compare(
    *scripts: list[Any], lanes: int = 2, models: int = 8, size: tuple[int, int] = SIZE, **options: Any
) -> AsyncIterator[tuple[CompareScene, Stage]]:
    """The Compare view on a stage whose gateway answers ``scripts`` in the order of the lanes."""
    async with staged("compare", prepare=scripted(*scripts, models=models), size=size, **options) as play:
        scene = CompareScene(play.app, play.pilot)
        await scene.until(lambda: scene.screen.comparison.setup.lanes and scene.open)
        await scene.pick(*map(model, range(lanes)))
        yield scene, play
