"""Help lists exactly the keys that work here; the palette finds every action, room, provider and model."""

from __future__ import annotations

import pytest
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input

from screens.playground_scene import playing, well
from screens.stage import SMALL, staged
from zaguan_tui.actions.registry import ACTIONS, EVERYWHERE
from zaguan_tui.app.workarounds.palette import Palette
from zaguan_tui.screens.modals.help import HelpScreen
from zaguan_tui.text.fuzzy import QUERY_LIMIT


def helped(play: object) -> set[str]:
    """The sentences of the open help sheet."""
    screen = play.screen  # type: ignore[attr-defined]
    assert isinstance(screen, HelpScreen)
    return {text for _, rows in screen._lines for _, text in rows}


async def test_help_lists_exactly_the_active_keys() -> None:
    async with staged("providers") as play:
        active = {
            one.binding.tooltip or one.binding.description
            for one in play.screen.active_bindings.values()
            if one.binding.id is not None and one.enabled
        }
        await play.press("question_mark")
        assert helped(play) == active
        assert "Turn the sorting round." in helped(play)
        assert "Send the prompt." not in helped(play)
        await play.press("escape")
        assert not isinstance(play.screen, HelpScreen)


async def test_help_in_the_prompt_leaves_out_what_would_be_typed() -> None:
    async with playing(size=SMALL) as (scene, play):
        await scene.press("f1")
        told = helped(play)
        assert "Send the prompt." in told
        assert "Go to Jobs." in told, "f6 works while one writes"
        rows = {text: keys for _, lines in play.screen._lines for keys, text in lines}
        assert "6" not in rows["Go to Jobs."].split()
        assert "f6" in rows["Go to Jobs."].split()
        assert "List what happened: breakers, links, credits." not in told
        assert "Go to Requests." not in scene.text
        await scene.press("end")
        assert "Go to Requests." in scene.text, "it scrolls on a small terminal"
        await scene.press("f1")
        assert not isinstance(play.screen, HelpScreen)


async def test_the_palette_finds_every_action_of_the_room_and_of_the_house() -> None:
    async with playing(well()) as (scene, play):
        await scene.ask("hello")
        from zaguan_tui.app.palette import ActionCommands

        provider = ActionCommands(play.screen)
        await provider.startup()
        titles = [command.title for command in provider._commands]
        for action in ACTIONS:
            if action.where == EVERYWHERE and action.id not in ("app.palette", "app.interrupt"):
                assert any(action.title in title for title in titles), action.id
        for title in ("Model", "System", "New", "History", "Reasoning", "Copy", "Again", "Provider groq"):
            assert title in titles
        (stop,) = (command for command in provider._commands if command.title == "Stop")
        assert stop.help.startswith("Not now: "), "nothing streams"


async def test_the_palette_goes_to_rooms_providers_and_models() -> None:
    async with playing(models=40) as (scene, play):
        await scene.press("ctrl+p")
        await scene.until(lambda: "Pick a model" in scene.text)
        await scene.press(*"go prov")
        await scene.until(lambda: "Go to Providers" in scene.text and "Pick a model" not in scene.text)
        await scene.pilot.pause(0.2)
        await scene.press("enter")
        await scene.until(lambda: not isinstance(play.screen, CommandPalette))
        await scene.until(lambda: play.screen.feature.name == "providers")
        await scene.press("ctrl+p")
        await scene.pilot.pause(0.2)
        await scene.press(*"model 017")
        await scene.until(lambda: "Chat with maker-17/model-017" in scene.text)
        await scene.pilot.pause(0.2)
        await scene.press("enter")
        await scene.until(lambda: not isinstance(play.screen, CommandPalette))
        await scene.until(lambda: scene.screen.chat_session.model == "maker-17/model-017")


async def test_what_fits_nothing_leaves_the_palette_open_and_escape_closes_it() -> None:
    async with playing() as (scene, play):
        await scene.press("ctrl+p")
        await scene.press(*"[/]zzz")
        await scene.pilot.pause(0.3)
        assert isinstance(play.screen, CommandPalette)
        await scene.press("escape")
        if isinstance(play.screen, CommandPalette):
            await scene.press("escape")
        assert not isinstance(play.screen, CommandPalette)


async def test_the_palette_takes_a_pasted_page_and_is_closed_once() -> None:
    async with staged("providers") as play:
        await play.press("ctrl+p")
        assert isinstance(play.screen, CommandPalette)
        play.app.post_message(events.Paste("x" * 130_000))
        await play.pilot.pause()
        assert len(play.screen.query_one(Input).value) == QUERY_LIMIT
        await play.press("pagedown", "pageup", "down", "enter")
        palette = play.screen
        palette.dismiss()
        palette.dismiss()
        await play.pilot.pause()
        assert len(play.app.screen_stack) == 1


async def test_the_palette_of_a_room_that_was_left_at_once_is_not_there_any_more() -> None:
    async with staged("providers") as play:
        play.app.action_command_palette()
        await play.app.action_show_screen("models")
        await play.pilot.pause()
        assert play.screen.feature.name == "models"
        await play.app.action_show_screen("providers")
        await play.pilot.pause()
        assert len(play.app.screen_stack) == 1


async def test_a_palette_can_be_opened_while_the_last_one_is_removed() -> None:
    async with staged("providers") as play:
        for _ in range(3):
            play.app.action_command_palette()
            play.screen.dismiss()
        play.app.action_change_theme()
        await play.pilot.pause()
        assert isinstance(play.screen, Palette)
        assert len(play.app.screen_stack) == 2


@pytest.mark.parametrize("refusal", [None, OSError("disk full")])
async def test_a_theme_from_the_palette_is_remembered(refusal: Exception | None) -> None:
    saved: list[str] = []

    def save(name: str) -> None:
        saved.append(name)
        if refusal is not None:
            raise refusal

    async with staged("providers", save_theme=save) as play:
        await play.press("ctrl+t")
        await play.press(*"gruvbox", "enter", "enter")
        await play.until(lambda: saved == ["gruvbox"])
        assert play.app.theme == "gruvbox"
        if refusal is not None:
            await play.until(lambda: "disk full" in play.text())
