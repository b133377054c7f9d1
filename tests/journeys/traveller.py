"""A person in front of the app, in verbs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO, Any

from screens.playground_scene import Scene
from screens.stage import shown, wait_until
from textual.pilot import Pilot

from zaguan_tui.app.app import ZaguanApp

KEY = "journey-key"


class Traveller:
    """Presses keys and reads the screen, and knows nothing else."""

    def __init__(self, app: ZaguanApp, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot
        self.playground = Scene(app, pilot)

    async def presses(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def types(self, text: str) -> None:
        await self.presses(*text)

    async def sees(self, words: str, within: float = 15.0) -> None:
        await wait_until(self.pilot, lambda: words in shown(self.app.screen), within)

    async def sees_no_more(self, words: str, within: float = 15.0) -> None:
        await wait_until(self.pilot, lambda: words not in shown(self.app.screen), within)

    @property
    def screen(self) -> str:
        return shown(self.app.screen)


@asynccontextmanager
async def traveller(app: ZaguanApp, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Traveller]:
    """Somebody sits down in front of ``app``."""
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Traveller(app, pilot)


class Gateway:
    """A sandbox on a port of its own that can be killed and started again."""

    def __init__(self, time_scale: float = 1.0) -> None:
        self.port = 0
        self._time_scale = time_scale
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, on the same port as before; returns when it listens."""
        command = [sys.executable, "-m", "zaguan_tui.sandbox", "--announce"]
        command += ["--api-key", KEY, "--port", str(self.port), "--time-scale", str(self._time_scale)]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = _required(self._child.stdout).readline()
        self.port = int(json.loads(line)["base_url"].rpartition(":")[2])

    def kill(self) -> None:
        """As ``kill -9`` does it."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            _required(self._child.stdin).close()
            _required(self._child.stdout).close()
            self._child = None


def _required(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
