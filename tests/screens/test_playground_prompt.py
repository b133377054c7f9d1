"""Where one writes: new lines, what was asked before, suggestions, and drafts that survive."""

from __future__ import annotations

import asyncio
from pathlib import Path

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from zaguan_tui.screens.chat.empty_conversation import SUGGESTIONS, Suggestion


async def test_new_lines_and_what_was_asked_before() -> None:
    async with playing(well(), well()) as (scene, play):
        await scene.press("a", "ctrl+j", "b", "alt+enter", "c")
        assert scene.prompt.text == "a\nb\nc"
        await scene.press("enter")
        await scene.until(lambda: scene.answers)
        await scene.over()
        assert play.gateway.chats[0]["messages"][-1]["content"] == "a\nb\nc"
        await scene.ask("second")
        await scene.press(*"draft")
        await scene.press("up")
        assert scene.prompt.text == "second"
        await scene.press("up", "up", "up")
        assert scene.prompt.text == "a\nb\nc"
        await scene.press("down", "down", "down", "down")
        assert scene.prompt.text == "draft", "what was being written comes back"


async def test_enter_can_break_the_line_instead() -> None:
    async with playing(well(), enter_sends=False) as (scene, play):
        await scene.press("a", "enter", "b")
        assert scene.prompt.text == "a\nb"
        assert "ctrl+d sends" in scene.text
        await scene.press("ctrl+d")
        await scene.until(lambda: play.gateway.chats)


async def test_an_empty_prompt_is_not_sent() -> None:
    async with playing() as (scene, play):
        await scene.press("enter", "space", "enter")
        assert not play.gateway.chats
        assert not scene.answers


async def test_suggestions_are_picked_with_tab_or_the_mouse() -> None:
    async with playing(well()) as (scene, play):
        assert SUGGESTIONS[0] in scene.text
        await scene.press("tab")
        assert scene.prompt.text == SUGGESTIONS[0]
        await scene.press(*["tab"] * len(SUGGESTIONS))
        assert scene.prompt.text == SUGGESTIONS[0], "round and round"
        assert [one.has_class("-picked") for one in scene.screen.query(Suggestion)][:2] == [True, False]
        await scene.pilot.click(list(scene.screen.query(Suggestion))[2])
        await scene.pilot.pause()
        assert scene.prompt.text == SUGGESTIONS[2]
        await scene.press("enter")
        await scene.until(lambda: scene.answers)
        await scene.over()
        assert play.gateway.chats[0]["messages"][-1]["content"] == SUGGESTIONS[2]
        assert SUGGESTIONS[1] not in scene.text, "the greeting made room"
        await scene.press("tab")
        assert scene.prompt.text == "", "tab moves again"


async def test_each_conversation_has_its_own_draft() -> None:
    async with playing(well()) as (scene, _):
        await scene.ask("hello")
        await scene.write("for this one")
        await scene.press("ctrl+n")
        assert scene.prompt.text == ""
        await scene.write("for the new one")
        await scene.press("ctrl+r")
        await scene.until(lambda: "Conversations" in scene.text)
        await scene.press("escape")
        assert scene.prompt.text == "for the new one"


async def test_a_draft_survives_the_program(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app("playground")
    async with app.run_test(size=(100, 30)) as pilot:
        scene = Scene(app, pilot)
        await scene.until(lambda: scene.ready)
        for letter in "steady typing without a pause":
            await pilot.press(letter)
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.6)
        stored = await app.session.app_state.conversations.read_draft("playground:new")
        assert stored == "steady typing without a pause"
    app = make_app("playground")
    async with app.run_test(size=(100, 30)) as pilot:
        scene = Scene(app, pilot)
        await scene.until(lambda: scene.prompt.text == "steady typing without a pause")


async def test_only_keys_that_work_while_one_writes_are_named() -> None:
    async with playing(well(), size=(140, 40)) as (scene, play):
        assert "f1 Help" in scene.text
        assert "? Help" not in scene.text
        assert scene.text.splitlines()[1].rstrip().endswith("alt+digit")
        await scene.ask("hello")
        await scene.press("escape")
        assert "? Help" in scene.text
        assert "alt+digit" not in scene.text
        await scene.press("i", "alt+5")
        assert play.screen.feature.name == "providers"
        for width in (60, 80, 95, 110):
            await play.resize(width, 24)
            await play.press("f2")
            row = scene.text.splitlines()[1]
            assert "0" in row.replace("alt+digit", ""), "the hint takes no room from the rooms"
