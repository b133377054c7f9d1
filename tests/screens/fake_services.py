"""Services of a screen without a terminal, for tests of controllers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from textual.content import Content

from zaguan_tui.screens.common.screen_services import ScreenServices


class FakeServices(ScreenServices):
    """Keeps notices, copies and sheets; answers each sheet with the next of ``results``.

    ``"offered"`` as a result stands for the path that a sheet for saving offers.
    """

    def __init__(self, *results: Any) -> None:
        self.results = list(results)
        self.notices: list[str] = []
        self.copies: list[str] = []
        self.sheets: list[Any] = []
        self.tasks: list[asyncio.Task[Any]] = []

    def bind_actions(self, commands: Mapping[str, Callable[..., object]]) -> None:
        pass

    def inform(self, sentence: str, *, timeout: float | None = None) -> None:
        self.notices.append(sentence)

    def warn(self, sentence: str) -> None:
        self.notices.append(sentence)

    def copy(self, text: str, description: str = "") -> None:
        self.copies.append(text)

    def run(self, group: str, work: Any, *arguments: Any, exclusive: bool = False) -> None:
        self.tasks.append(asyncio.ensure_future(work(*arguments)))

    def cancel(self, group: str) -> None:
        pass

    async def show_sheet(self, sheet: Any) -> Any:
        self.sheets.append(sheet)
        result = self.results.pop(0)
        return sheet._path if result == "offered" else result

    async def settle(self) -> None:
        """Wait for all work that was started."""
        while self.tasks:
            await self.tasks.pop(0)


async def save(services: ScreenServices, write: Callable[[Path], str], *suffixes: str) -> None:
    """Save a file named ``name`` through the service."""
    await services.save_file("Save", "name", suffixes, Content(""), write, (ValueError,))
