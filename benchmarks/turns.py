"""A hundred turns of one chat: do the app's tasks and its memory reach a plateau?

    pip install -e '.[bench]' && python benchmarks/turns.py [TURNS]

The real app runs without a terminal on the real sandbox, and a short prompt is sent again and again. Every
mounted widget is an asyncio task and a part of what a key press costs; a line for each ten turns. Limit: no
more tasks at the end than after half of the turns, give or take one answer.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
import time
from pathlib import Path

import psutil
from textual.pilot import Pilot

from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.settings import Settings
from zaguan_tui.sandbox.embedded import EmbeddedSandbox
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.services import LiveSession
from zaguan_tui.state.chat.message import MessageStatus

EVERY = 10
SIZE = (120, 40)
PROMPT, MODEL = "Write 40 words about rain.", "sandbox/fast-1000"
ANSWER_S = 60.0
ONE_ANSWER = 12
"""Tasks of an answer that is unfolded."""


def make_app(folder: Path, sandbox: EmbeddedSandbox) -> ZaguanApp:
    """The app on a sandbox, with files of its own."""
    launch = LaunchRequest(
        settings=Settings(),
        origins=Origins(),
        paths=Paths(folder / "config.toml", folder / "data"),
        demo=sandbox.scenario,
        sandbox=sandbox,
    )
    return ZaguanApp(LiveSession(launch), AppOptions(first_screen="playground", animation="none"))


async def ask(app: ZaguanApp, pilot: Pilot[int]) -> None:
    """Send one prompt and wait for the end of its answer."""
    transcript = app.screen.query_one(Transcript)
    before = transcript.newest
    prompt = app.screen.query_one(Prompt)
    prompt.focus()
    prompt.write(PROMPT)
    await pilot.pause(0.1)
    await pilot.press("enter")
    async with asyncio.timeout(ANSWER_S):
        while (view := transcript.newest) is before or view is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        while view.message.status is not MessageStatus.ENDED:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await pilot.pause(0.1)


async def run(turns: int) -> list[int]:
    """Ask so many times; how many tasks there were after each turn."""
    tasks: list[int] = []
    with tempfile.TemporaryDirectory() as folder:
        sandbox = EmbeddedSandbox(scenario="calm", seed=7)
        sandbox.spawn()
        app = make_app(Path(folder), sandbox)
        try:
            async with app.run_test(size=SIZE) as pilot:
                async with asyncio.timeout(ANSWER_S):
                    while not app.session.app_state.models.catalogue.entries:
                        await pilot.pause(0.1)
                await pilot.pause(1.0)
                await app.open_link(f"model:{MODEL}")
                await pilot.pause(1.0)
                print(f"before   {len(asyncio.all_tasks()):4} tasks", flush=True)
                for turn in range(1, turns + 1):
                    began = time.perf_counter()
                    await ask(app, pilot)
                    tasks.append(len(asyncio.all_tasks()))
                    if turn % EVERY == 0:
                        gc.collect()
                        widgets = sum(1 for _ in app.screen.walk_children(with_self=True))
                        size = psutil.Process().memory_info().rss / 1e6
                        print(
                            f"turn {turn:4}{tasks[-1]:4} tasks   {widgets:4} widgets   {size:6.1f} MB   "
                            f"{time.perf_counter() - began:4.1f} s the last turn",
                            flush=True,
                        )
        finally:
            sandbox.stop()
    return tasks


def main(turns: int) -> int:
    """Run, and compare both halves; 1 if the second has more tasks."""
    tasks = asyncio.run(run(turns))
    half = len(tasks) // 2
    first, second = max(tasks[:half], default=0), max(tasks[half:], default=0)
    print(f"most tasks: {first} in the first half, {second} in the second")
    return 0 if second <= first + ONE_ANSWER else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
