"""Pictures of the playground that may not change unnoticed: empty, streaming, failed, compared, tapped.

They are drawn on a stage with a clock that stands still. After a change of looks: ``pytest
tests/screens/test_snapshots.py --snapshot-update``, and look at every picture that changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import textual
from state.scripted_chat import Pause
from textual.pilot import Pilot

from screens.compare_scene import CompareScene, model
from screens.playground_scene import Scene, scripted, well
from screens.stage import make_stage, shown, wait_until
from screens.test_playground_wire import tapped
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.events import TextDelta

DRAWN_WITH = "8.2.8"
"""The Textual that drew the pictures; another one may space a span differently and mean nothing by it."""

SIZES = [(80, 24), (120, 40)]
ANSWER = """Breakers stop calls to a provider that keeps failing.

1. **closed**: calls pass, outcomes are counted
2. **open**: calls are refused at once

```python
if breaker.allows():
    call()
```
"""

Script = Callable[[Pilot[Any]], Awaitable[None]]


def scene_of(pilot: Pilot[Any]) -> Scene:
    return Scene(pilot.app, pilot)  # type: ignore[arg-type]  # the pilot's app is the stage's


async def still(pilot: Pilot[Any]) -> None:
    """Until nothing moves any more."""
    for _ in range(3):
        await asyncio.sleep(0.15)
        await pilot.pause()


async def empty(pilot: Pilot[Any]) -> None:
    scene = scene_of(pilot)
    await scene.until(lambda: scene.ready)


async def streaming(pilot: Pilot[Any]) -> None:
    scene = scene_of(pilot)
    await scene.send("What does a breaker do?")
    await scene.until(lambda: "call()" in scene.text)


async def failed(pilot: Pilot[Any]) -> None:
    scene = scene_of(pilot)
    await scene.ask("What does a breaker do?")


async def compared(pilot: Pilot[Any]) -> None:
    scene = CompareScene(pilot.app, pilot)  # type: ignore[arg-type]  # the pilot's app is the stage's
    await scene.until(lambda: scene.screen.comparison.setup.lanes and scene.open)
    await scene.pick(*map(model, range(2)))
    await scene.ask("Why?")


async def wire_tapped(pilot: Pilot[Any]) -> None:
    await tapped(scene_of(pilot))


STATES: dict[str, tuple[str, Script, list[list[Any]]]] = {
    "empty": ("playground", empty, []),
    "streaming": ("playground", streaming, [[TextDelta(ANSWER), TextDelta("\nAnd so"), Pause(999)]]),
    "error": (
        "playground",
        failed,
        [
            [
                APIError(
                    "Insufficient credits",
                    status=402,
                    kind=ErrorKind.INSUFFICIENT_CREDITS,
                    request_id="req_402",
                )
            ]
        ],
    ),
    "wire-tap": ("playground", wire_tapped, [well(ANSWER)]),
    "compare": ("compare", compared, [well(ANSWER), well("Because.")]),
}


@pytest.mark.skipif(textual.__version__ != DRAWN_WITH, reason=f"drawn with Textual {DRAWN_WITH}")
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("state", list(STATES))
def test_the_playground_looks_as_it_did(state: str, size: tuple[int, int], snap_compare: Any) -> None:
    screen, script, scripts = STATES[state]
    stage = make_stage(screen, prepare=scripted(*scripts, models=6))

    async def play(pilot: Pilot[Any]) -> None:
        await stage.clock.settle()
        await wait_until(pilot, lambda: "50%" in shown(stage.screen))
        await script(pilot)
        await still(pilot)

    assert snap_compare(stage.app, terminal_size=size, run_before=play)
