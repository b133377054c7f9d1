"""The shell: every room by every way, history, alerts, pausing, themes, leaving."""

from __future__ import annotations

import pytest
from state.fake_gateway import breaker

from screens.playground_scene import Scene, playing, well
from screens.stage import Stage, staged
from zaguan_tui.features.registry import list_tabs
from zaguan_tui.screens.modals.alerts import AlertsScreen
from zaguan_tui.theme.themes import OWN_THEMES
from zaguan_tui.widgets.tabs import ScreenTabs


def here(play: Stage) -> str:
    return str(play.screen.feature.name)


async def test_every_room_by_digit_function_key_alt_digit_and_link() -> None:
    async with staged("overview") as play:
        for screen in list_tabs():
            await play.press("escape", screen.digit)
            assert here(play) == screen.name
        for number, screen in enumerate(list_tabs(), 1):
            await play.press("f12" if number == 1 else f"f{number}")
            assert here(play) == screen.name
        for screen in list_tabs():
            await play.press(f"alt+{screen.digit}")
            assert here(play) == screen.name
        await play.app.open_link("room:jobs")
        assert here(play) == "jobs"


async def test_function_keys_and_alt_digits_work_while_one_writes() -> None:
    async with playing() as (scene, play):
        for number in (1, 6, 7, 10):
            screen = list_tabs()[number - 1]
            await play.press("h", "f12" if number == 1 else f"f{number}")
            assert here(play) == screen.name
            await play.press("f2", "i", f"alt+{screen.digit}")
            assert here(play) == screen.name
            await play.press("f2")
        assert set(scene.prompt.text) == {"h", "i"}


async def test_every_room_by_a_click_on_its_tab() -> None:
    async with staged("overview") as play:
        for screen in list_tabs():
            tabs = play.screen.query_one(ScreenTabs)
            x = play.text("ScreenTabs").index(f"{screen.digit} {screen.title}")
            await play.pilot.click(tabs, offset=(x + 1, 0))
            await play.pilot.pause()
            assert here(play) == screen.name


async def test_rooms_to_come_say_so() -> None:
    async with staged("overview") as play:
        for screen in list_tabs():
            if screen.promise:
                await play.press(screen.digit)
                assert f"{screen.title} is still to come." in play.text()
                assert screen.promise.split(":")[0][:40] in play.text()


async def test_back_and_forward() -> None:
    async with staged("overview") as play:
        await play.press("5", "3", "left_square_bracket")
        assert here(play) == "providers"
        await play.press("left_square_bracket", "left_square_bracket", "left_square_bracket")
        assert here(play) == "overview"
        await play.press("right_square_bracket", "right_square_bracket")
        assert here(play) == "models"
        await play.press("right_square_bracket")
        assert here(play) == "models"


async def test_alerts_tell_what_happened_and_open_it() -> None:
    async with staged("overview") as play:
        await play.press("a")
        assert "Nothing has happened since the start." in play.text()
        await play.press("enter", "escape")
        assert here(play) == "overview"
        play.gateway.breakers = [breaker("groq", "open"), breaker("openai")]
        await play.clock.advance(30)
        await play.clear_toasts()
        await play.press("a")
        assert isinstance(play.screen, AlertsScreen)
        assert "groq" in play.text(".alerts")
        await play.press("enter")
        await play.until(lambda: here(play) == "providers")


async def test_polling_pauses_and_goes_on() -> None:
    async with staged("overview") as play:
        await play.press("P")
        assert "Polling paused. P resumes." in play.text()
        await play.clock.advance(1)
        before = play.gateway.calls.total()
        await play.clock.advance(60)
        assert play.gateway.calls.total() == before
        await play.until(lambda: "paused" in play.text("StatusHeader"))
        await play.press("P")
        await play.clock.advance(30)
        assert play.gateway.calls.total() > before


async def test_every_theme_can_be_worn_with_an_answer_on_screen() -> None:
    text = "# T\n\n`code` [l](http://x)\n\n> q\n\n| a |\n| - |\n| 1 |\n\n```python\ndef f(): ...\n```\n"
    async with playing(well(text)) as (scene, play):
        await scene.ask("go")
        names = sorted(play.app.available_themes)
        assert {theme.name for theme in OWN_THEMES} <= set(names)
        for name in names:
            play.app.theme = name
            await play.pilot.pause()
            assert "def f(): ..." in play.text()


async def test_leaving_by_ctrl_q_and_by_ctrl_c_twice() -> None:
    async with playing() as (scene, play):
        await scene.press("ctrl+c")
        assert "Press ctrl+c again to quit." in scene.toasts
        assert play.app.is_running
        await scene.pilot.press("ctrl+c")
        await scene.pilot.pause()
        assert play.app.return_code == 130 or play.app.return_value == 130
    async with playing() as (scene, play):
        await scene.press("ctrl+q")
        assert play.app._exit


@pytest.mark.parametrize("size", [(40, 10), (20, 5), (200, 60)])
async def test_no_size_is_too_small(size: tuple[int, int]) -> None:
    async with playing(well("A longer answer. " * 30), size=size) as (scene, play):
        await scene.ask("go")
        for key in ("f1", "escape", "ctrl+p", "escape", "ctrl+o", "escape", "f5"):
            await play.press(key)


async def test_what_the_key_bar_shows_can_be_clicked() -> None:
    async with playing(models=3) as (scene, play):
        bar = play.text("KeyBar")
        await play.pilot.click("KeyBar", offset=(bar.index("^o"), 0))
        await play.pilot.pause()
        await scene.until(lambda: "Type a few letters" in scene.text)
        assert isinstance(scene, Scene)
