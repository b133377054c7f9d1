"""The gateway is killed while somebody watches and chats, and comes back on the same port."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from journeys.traveller import KEY, Gateway, traveller
from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.settings import PollSettings, Settings
from zaguan_tui.screens.common.connection_info import NewConnection
from zaguan_tui.services import LiveSession

pytestmark = pytest.mark.live


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    started = Gateway()
    started.start()
    yield started
    started.kill()


async def test_killed_in_the_middle_and_back_without_a_key_press(gateway: Gateway, tmp_path: Path) -> None:
    settings = Settings(poll=PollSettings(providers=1, providers_hidden=1, credits=5, timeout=2))
    paths = Paths(tmp_path / "config.toml", tmp_path / "data")
    session = LiveSession(LaunchRequest(settings=settings, origins=Origins(), paths=paths))
    app = ZaguanApp(session, AppOptions(animation="none", first_screen="playground"))
    async with traveller(app) as person:
        await person.sees("Try the sandbox")
        assert await session.connect(NewConnection(gateway.address, KEY)) is None
        await person.presses("escape")
        await person.sees("● live")
        await person.playground.choose("sandbox/long-list")
        await person.playground.send("count")
        await person.sees("streaming")
        await person.sees("1. ")
        gateway.kill()
        await person.playground.over()
        answer = person.playground.answer
        assert answer.message.ending is Ending.TRUNCATED
        assert "1. " in answer.copy_text, "what came is kept"
        assert "✖ truncated" in person.screen
        await person.presses("escape", "5")
        await person.sees("reconnecting")
        await person.sees("Groq")
        assert "Traceback" not in person.screen
        gateway.start()
        await person.sees("● live", within=30)
        await person.sees_no_more("reconnecting")
        await person.presses("2", "ctrl+g")
        await person.sees("streaming")
        await person.presses("escape")
        await person.sees("stopped by you")
