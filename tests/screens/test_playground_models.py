"""Picking one of hundreds of models, and one of the earlier conversations."""

from __future__ import annotations

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from screens.stage import SMALL
from zaguan_tui.widgets.picker import Picker


async def test_five_hundred_models_are_found_by_a_few_letters(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.until(lambda: scene.room.desk.model)
        before = scene.room.desk.model
        assert len(app.session.house.models.catalogue.entries) > 500
        await scene.press("ctrl+o")
        await scene.until(lambda: f"{before} ●" in scene.text)
        await scene.press(*"sonnet 4 5")
        await scene.until(lambda: "anthropic/claude-sonnet-4-5" in scene.text)
        await scene.press(*"zzz")
        await scene.until(lambda: "Fewer letters find more." in scene.text)
        await scene.press("enter")
        assert isinstance(app.screen, Picker), "enter on nothing does nothing"
        await scene.press("escape")
        assert scene.room.desk.model == before
        await scene.press("ctrl+o")
        await scene.press(*"sandbox/echo")
        await scene.press("enter")
        await scene.until(lambda: scene.room.desk.model == "sandbox/echo")
        assert "sandbox/echo · band A · 131k context · free" in scene.text


async def test_the_picker_moves_with_the_cursor_keys_and_keeps_its_columns_when_small() -> None:
    async with playing(models=300, size=SMALL) as (scene, _):
        await scene.press("ctrl+o")
        await scene.until(lambda: "the first 200 of 300" in scene.text)
        await scene.press("down", "down", "pagedown", "up")
        await scene.press("enter")
        assert scene.room.desk.model != "maker-0/model-000"


async def test_a_gateway_without_models_says_why() -> None:
    from screens.stage import staged
    from zaguan_tui.client.errors import APIError, ErrorKind

    def prepare(gateway: object) -> None:
        gateway.errors["models"] = lambda: APIError("No.", status=401, kind=ErrorKind.AUTHENTICATION)  # type: ignore[attr-defined]

    async with staged("playground", prepare=prepare) as play:
        await play.until(lambda: "✖" in play.text("#model-line"))
        await play.press("a", "enter")
        scene = Scene(play.app, play.pilot)
        assert "Pick a model first: ctrl+o." in scene.toasts
        assert scene.prompt.text == "a"


async def test_earlier_conversations_are_listed_and_opened(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        await scene.ask("the first talk")
        await scene.press("ctrl+n")
        await scene.ask("the second talk")
        await scene.press("ctrl+r")
        await scene.until(lambda: "the first talk" in scene.text)
        await scene.press(*"first")
        await scene.press("enter")
        await scene.until(lambda: len(scene.answers) == 1 and "the first talk" in scene.answer.copy_text)
        await scene.press("ctrl+r")
        await scene.until(lambda: "the first talk ●" in scene.text)


async def test_a_new_conversation_begins_with_the_model_of_the_last(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        await scene.ask("hello")
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.until(lambda: scene.room.desk.model == "sandbox/echo")


async def test_a_link_opens_a_chat_with_that_model() -> None:
    async with playing(well(), models=3) as (scene, play):
        await play.press("f5")
        await play.app.open_link("model:maker-2/model-002")
        await scene.until(lambda: scene.room.desk.model == "maker-2/model-002")
        assert "maker-2/model-002" in scene.text
