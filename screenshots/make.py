"""Make the pictures of the README from the real app on the sandbox, with a fixed seed and world clock.

    pip install -e '.[screenshots]' && python screenshots/make.py [NAME …]

Every picture is written as SVG, and as PNG where Pillow and the DejaVu fonts are installed. Needs no network
beyond loopback; the outage takes half a minute, because a real circuit breaker has to open first.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot
from textual.strip import Strip

from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.loader import load
from zaguan_tui.config.paths import Paths
from zaguan_tui.features.registry import FEATURES
from zaguan_tui.sandbox.embedded import EmbeddedSandbox
from zaguan_tui.services import LiveSession
from zaguan_tui.theme.themes import DARK, LIGHT

HERE = Path(__file__).parent
START = "2026-11-20T14:30:00Z"
SEED = 7
QUESTION = "Explain circuit breakers"

Script = Callable[[Pilot[int]], Awaitable[None]]


@dataclass(frozen=True)
class Picture:
    """One picture: name, screen, terminal size, scenario, theme, and what is done before it is taken."""

    name: str
    screen: str
    script: Script
    size: tuple[int, int] = (120, 40)
    scenario: str = "calm"
    theme: str = DARK


async def until(pilot: Pilot[int], text: str, seconds: float = 30.0) -> None:
    """Wait until ``text`` (a regular expression) stands on the screen."""
    for _ in range(int(seconds / 0.1)):
        await pilot.pause(0.1)
        if re.search(text, shown(pilot)):
            return
    raise TimeoutError(f"{text!r} never came; on screen was:\n{shown(pilot)}")


def shown(pilot: Pilot[int]) -> str:
    """The screen as plain text."""
    return "\n".join(strip.text for strip in lines_of(pilot))


def lines_of(pilot: Pilot[int]) -> list[Strip]:
    """The screen as Textual paints it, sheets and toasts included."""
    return pilot.app.screen._compositor.render_strips()


async def greeting(pilot: Pilot[int]) -> None:
    """The playground before the first word."""
    await until(pilot, "band A")


async def answer(pilot: Pilot[int]) -> None:
    """A question and its answer."""
    await until(pilot, "band A")
    await pilot.press(*_keys(QUESTION), "enter")
    await until(pilot, "● finished")


async def reasoning(pilot: Pilot[int]) -> None:
    """A model that thinks, with its thoughts unfolded."""
    await until(pilot, "band A")
    await pilot.press("ctrl+o", *_keys("sandbox/thinker"), "enter")
    await until(pilot, "sandbox/thinker")
    await pilot.press(*_keys("Which is larger, 9.9 or 9.11?"), "enter")
    await until(pilot, "● finished")
    await pilot.press("ctrl+e")
    await pilot.pause(0.3)


async def wire(pilot: Pilot[int]) -> None:
    """An answer, and beside it every frame it came in."""
    await answer(pilot)
    await pilot.press("escape", "w")
    await until(pilot, "\\[DONE\\]")


async def receipt(pilot: Pilot[int]) -> None:
    """What an answer cost, and the ledger's row that says so."""
    await answer(pilot)
    await until(pilot, "credit · ")
    await pilot.pause(2)
    await pilot.press("escape", "dollar_sign")
    await until(pilot, "Ledger")


async def parameters(pilot: Pilot[int]) -> None:
    """The form made from what the model can do."""
    await until(pilot, "band A")
    await pilot.press("alt+p")
    await until(pilot, "temperature")


async def comparison(pilot: Pilot[int]) -> None:
    """Three models on one prompt, ranked."""
    await until(pilot, "models of 6")
    await pilot.press("ctrl+o")
    await until(pilot, "Models to compare")
    await pilot.press(*_keys("gemini-2.5-flash"))
    await pilot.pause(0.5)
    await pilot.press("enter", "f2")
    await until(pilot, "3 models of 6")
    await pilot.press(*_keys(QUESTION), "enter")
    await until(pilot, "0 of 1[^$]*0 of 1[^$]*0 of 1")
    await pilot.pause(3)


async def narrow_comparison(pilot: Pilot[int]) -> None:
    """Two models on one prompt, where eighty columns are all there is."""
    await until(pilot, "models of 6")
    await pilot.press(*_keys(QUESTION), "enter")
    await until(pilot, "finished[^$]*finished")
    await pilot.press("r")
    await until(pilot, "TTFT")
    await pilot.pause(1)


async def realtime(pilot: Pilot[int]) -> None:
    """A turn of a realtime session, and its events."""
    await until(pilot, "realtime")
    await pilot.press("ctrl+n")
    await until(pilot, "● open")
    await pilot.press(*_keys("What does a circuit breaker do?"), "enter")
    await until(pilot, "● finished", 60)
    await pilot.pause(0.5)


async def both(pilot: Pilot[int]) -> None:
    """One prompt as chat and as messages, and what differs."""
    await until(pilot, "band A")
    await pilot.press("ctrl+o", *_keys("anthropic/claude-sonnet-4-5"), "enter")
    await until(pilot, "claude-sonnet-4")
    await pilot.press(*_keys(QUESTION), "alt+s")
    await until(pilot, "fields differ|fields are the same", 60)
    await pilot.pause(1)


async def history(pilot: Pilot[int]) -> None:
    """Earlier conversations, found by what was said."""
    await until(pilot, "band A")
    for question in (QUESTION, "What is a rate limit?", "Explain prompt caching", "Why is the sky blue?"):
        await pilot.press("ctrl+n", *_keys(question), "enter")
        await until(pilot, "● finished")
        await pilot.pause(0.5)
    await pilot.press("ctrl+r")
    await until(pilot, "Conversations")
    await pilot.press(*_keys("requests"))
    await pilot.pause(1.5)


async def models(pilot: Pilot[int]) -> None:
    """Picking one of 560 models."""
    await until(pilot, "band A")
    await pilot.press("ctrl+o", *_keys("claude son"))
    await pilot.pause(0.5)


async def calm(pilot: Pilot[int]) -> None:
    """The providers on a quiet day."""
    await until(pilot, "OpenAI +● healthy")
    await pilot.pause(22)


async def outage(pilot: Pilot[int]) -> None:
    """The providers a moment after a breaker opened."""
    await until(pilot, "╱ open", 60)
    await pilot.press("home")
    await pilot.pause(9)


async def help_sheet(pilot: Pilot[int]) -> None:
    """The keys of a room."""
    await until(pilot, "OpenAI +● healthy")
    await pilot.press("question_mark")
    await pilot.pause(0.5)


async def palette(pilot: Pilot[int]) -> None:
    """The command palette."""
    await until(pilot, "OpenAI +● healthy")
    await pilot.press("ctrl+p", *_keys("go"))
    await pilot.pause(1)


async def paint(pilot: Pilot[int]) -> None:
    """A screen as it opens on a connected gateway."""
    await until(pilot, "live")
    await pilot.pause(1)


def _keys(text: str) -> list[str]:
    names = {
        " ": "space",
        ",": "comma",
        ":": "colon",
        "?": "question_mark",
        ".": "full_stop",
        "/": "slash",
        "-": "minus",
    }
    return [names.get(character, character) for character in text]


PICTURES = (
    Picture("playground-120x40", "playground", answer),
    Picture("playground-80x24", "playground", answer, (80, 24)),
    Picture("playground-day-120x40", "playground", answer, theme=LIGHT),
    Picture("playground-empty-120x40", "playground", greeting),
    Picture("reasoning-120x40", "playground", reasoning),
    Picture("wire-120x40", "playground", wire),
    Picture("receipt-120x40", "playground", receipt),
    Picture("parameters-120x40", "playground", parameters),
    Picture("compare-120x40", "compare", comparison),
    Picture("compare-80x24", "compare", narrow_comparison, (80, 24)),
    Picture("realtime-120x40", "realtime", realtime),
    Picture("both-120x40", "playground", both),
    Picture("history-120x40", "playground", history),
    Picture("models-120x40", "playground", models),
    Picture("providers-120x40", "providers", calm),
    Picture("providers-80x24", "providers", calm, (80, 24)),
    Picture("providers-outage-120x40", "providers", outage, scenario="outage"),
    Picture("providers-day-120x40", "providers", calm, theme=LIGHT),
    Picture("help-120x40", "providers", help_sheet),
    Picture("palette-120x40", "providers", palette),
)
PICTURED = frozenset(picture.screen for picture in PICTURES)
PICTURES += tuple(
    Picture(f"{feature.name}-120x40", feature.name, paint)
    for feature in FEATURES
    if not feature.promise and feature.name not in PICTURED
)
"""Screens without a script of their own are taken as they open."""


async def take(picture: Picture) -> None:
    """Run the app, do what the picture asks, write it down."""
    async with EmbeddedSandbox(scenario=picture.scenario, seed=SEED, start_at=START) as sandbox:
        with tempfile.TemporaryDirectory() as folder:
            app = ZaguanApp(LiveSession(_request(sandbox, Path(folder), picture)), _options(picture))
            async with app.run_test(size=picture.size, notifications=True) as pilot:
                await picture.script(pilot)
                svg = app.export_screenshot(title="zaguan-tui")
                _png(lines_of(pilot), HERE / f"{picture.name}.png")
    # The port is another one each time; the picture should not change for that.
    (HERE / f"{picture.name}.svg").write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8787", svg))


def _request(sandbox: EmbeddedSandbox, folder: Path, picture: Picture) -> LaunchRequest:
    paths = Paths(config_file=folder / "config.toml", data_dir=folder, config_named=False)
    loaded = load(paths, {}, {})
    return LaunchRequest(
        settings=loaded.settings,
        origins=loaded.origins,
        paths=paths,
        sandbox=sandbox,
        demo=picture.scenario,
        seed=SEED,
    )


def _options(picture: Picture) -> AppOptions:
    return AppOptions(theme=picture.theme, first_screen=picture.screen, animation="none")


def _png(lines: list[Strip], path: Path) -> None:
    try:
        from png import write_png
    except ImportError:
        print(f"{path.name} is left out: Pillow is not installed")
        return
    write_png(lines, path)


async def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    for picture in PICTURES:
        if not names or picture.name in names:
            await take(picture)
            print(picture.name)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
