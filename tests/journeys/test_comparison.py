"""Keyboard alone: from nothing to a blind comparison of three models, voted on, kept, written to files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from screens.stage import wait_until

from journeys.traveller import traveller
from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.settings import Settings
from zaguan_tui.services import LiveSession

pytestmark = pytest.mark.live


def launched(folder: Path) -> ZaguanApp:
    paths = Paths(folder / "config.toml", folder / "data")
    launch = LaunchRequest(settings=Settings(), origins=Origins(), paths=paths)
    return ZaguanApp(LiveSession(launch), AppOptions(animation="none"))


async def test_from_nothing_to_a_comparison_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with traveller(launched(tmp_path)) as person:
        await person.sees("Try the sandbox")
        await person.presses("enter")
        await person.sees("● live")
        await person.sees("openai/gpt-4o-mini")
        await person.types("Say hello in five words")
        await person.presses("alt+c")
        await person.sees("2 models of 6")
        await person.sees("Say hello in five words")
        await person.presses("ctrl+o")
        await person.sees("Models to compare")
        await person.types("sandbox/echo")
        await person.presses("enter")
        await person.sees("3 of 6")
        await person.presses("f2")
        await person.sees("3 models of 6")
        await person.presses("alt+u", "alt+v")
        await person.sees("3 runs each")
        await person.sees("blind")
        await person.presses("enter")
        await person.sees("vote with a–c", within=40)
        assert "gpt-4o-mini" not in person.screen
        assert person.screen.count("3/3") == 3
        await person.presses("s", "b")
        await person.sees("your vote")
        await person.sees("openai/gpt-4o-mini")
        await person.presses("e")
        await person.sees("Export the comparison")
        await person.presses("enter")
        await wait_until(person.pilot, (tmp_path / "comparison-say-hello-in-five-words.json").exists, 15)
        told = json.loads((tmp_path / "comparison-say-hello-in-five-words.json").read_text())
        (prompt,) = told["prompts"]
        assert len(prompt["answers"]) == 9
        assert prompt["vote"] is not None
        assert (
            "### sandbox/echo (chat), run 3"
            in (tmp_path / "comparison-say-hello-in-five-words.md").read_text()
        )
    async with traveller(launched(tmp_path)) as person:
        await person.sees("Try the sandbox")
        await person.presses("enter")
        await person.sees("● live")
        await person.presses("alt+c")
        await person.sees("models of 6")
        await person.presses("ctrl+r")
        await person.sees("1 of 1")
        await person.presses("enter")
        await person.sees("your vote")
        assert person.screen.count("3/3") == 3
