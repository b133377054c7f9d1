"""Nothing configured, no key: one key press later a gateway lives, a model answers, providers move."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeys.traveller import traveller
from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.settings import Settings
from zaguan_tui.services import LiveSession

pytestmark = pytest.mark.live


async def test_from_nothing_to_an_answer_to_the_providers_and_back(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "config.toml", tmp_path / "data")
    launch = LaunchRequest(settings=Settings(), origins=Origins(), paths=paths)
    app = ZaguanApp(LiveSession(launch), AppOptions(animation="none"))
    async with traveller(app) as person:
        await person.sees("Try the sandbox")
        await person.presses("enter")
        await person.sees("● live")
        await person.sees("openai/gpt-4o-mini")
        await person.presses("tab", "enter")
        await person.sees("● finished")
        await person.sees("tok/s")
        await person.presses("escape", "5")
        await person.sees("healthy")
        await person.sees("Groq")
        await person.presses("left_square_bracket")
        await person.sees("● finished")
        await person.presses("ctrl+o")
        await person.types("claude haiku")
        await person.presses("enter")
        await person.sees("anthropic/claude-haiku")
        await person.presses("f1")
        await person.sees("Playground · help")
        await person.presses("escape", "ctrl+n")
        await person.sees("Try one of these")
        await person.presses("ctrl+r", "enter")
        await person.sees("● finished")
