"""Sheets: the safe answer has the focus, escape changes nothing, and pasted text is harmless."""

from __future__ import annotations

from textual import events
from textual.content import Content

from screens.playground_scene import playing
from screens.stage import staged
from zaguan_tui.screens.common.connection_info import UNENCRYPTED, ConnectionInfo
from zaguan_tui.screens.modals.confirm import ConfirmScreen
from zaguan_tui.state.core.store import Problem


async def answers(*keys: str) -> list[bool | None]:
    given: list[bool | None] = []
    async with staged("overview") as play:
        play.app.push_screen(ConfirmScreen("Sure?", Content("It [/] cannot be undone."), "Yes"), given.append)
        await play.pilot.pause()
        assert play.screen.focused.id == "no"
        assert "It [/] cannot be undone." in play.text()
        await play.press(*keys)
    return given


async def test_only_a_clear_yes_is_a_yes() -> None:
    assert await answers("enter") == [False]
    assert await answers("escape") == [False]
    assert await answers("n") == [False]
    assert await answers("y") == [True]
    assert await answers("tab", "enter") == [True]


async def test_a_key_in_clear_is_asked_about_first() -> None:
    problem = Problem("far.example is reached over plain http.", "Use https.", kind=UNENCRYPTED)
    async with staged("overview", connected=False, frame=ConnectionInfo("p", problem=problem)) as play:
        opened: list[bool] = []

        async def note() -> None:
            opened.append(True)

        play.session.open_unencrypted = note  # type: ignore[method-assign]
        await play.until(lambda: isinstance(play.screen, ConfirmScreen))
        assert play.screen.focused.id == "no"
        assert "far.example is reached over plain http." in play.text()
        await play.press("enter")
        assert opened == []


async def test_the_system_prompt_is_kept_or_left() -> None:
    async with playing() as (scene, _):
        await scene.press("ctrl+y")
        await scene.press("a", "enter", "b", "escape")
        assert scene.screen.chat_session.system_prompt == ""
        await scene.press("ctrl+y")
        area = scene.app.screen.focused
        assert area is not None
        area.post_message(events.Paste("Say \x1b[31mred\x1b[0m [/]."))
        await scene.pilot.pause()
        await scene.press("ctrl+s")
        assert "\x1b" not in scene.screen.chat_session.system_prompt
        assert "[/]" in scene.screen.chat_session.system_prompt
        assert "system: Say" in scene.text
        await scene.press("ctrl+y")
        assert "[/]." in scene.text
