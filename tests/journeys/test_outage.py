"""A provider fails: its breaker opens, everybody hears which, the countdown runs, it comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from screens.playground_scene import Scene, well
from screens.stage import Stage, staged
from state.fake_gateway import breaker, provider

pytestmark = pytest.mark.live


def state(play: Stage, name: str, **fields: Any) -> None:
    """The gateway now says this of groq's breaker."""
    fields.setdefault("last_state_change_at", play.clock.now())
    play.gateway.breakers = [breaker("groq", name, **fields), breaker("openai")]


async def test_a_breaker_opens_probes_and_closes_while_somebody_chats() -> None:
    def prepare(gateway: Any) -> None:
        gateway.scripts = [well("All is well.")]

    async with staged("playground", prepare=prepare) as play:
        scene = Scene(play.app, play.pilot)
        await scene.until(lambda: scene.screen.chat_session.model)
        await scene.ask("how are you?")
        play.gateway.providers = [provider("groq", "down", error_rate=0.8), provider("openai")]
        state(
            play, "open", opened_at=play.clock.now(), next_attempt_at=play.clock.now() + timedelta(seconds=30)
        )
        await play.clock.advance(31)
        await play.until(lambda: "groq" in scene.toasts, 5)
        await scene.press("a")
        assert "groq" in scene.text
        await scene.press("escape", "5")
        state(
            play, "open", opened_at=play.clock.now(), next_attempt_at=play.clock.now() + timedelta(seconds=40)
        )
        await play.advance(6)
        first = play.text()
        assert "open" in first
        await play.advance(5)
        assert play.text() != first, "the countdown runs"
        state(play, "half_open")
        await play.advance(6)
        assert "half-open" in play.text()
        state(play, "closed")
        play.gateway.providers = [provider("groq"), provider("openai")]
        await play.advance(6)
        assert "half-open" not in play.text("LiveTable")
        assert "closed" in play.text("LiveTable")
        await play.press("2")
        assert "All is well." in play.text()
