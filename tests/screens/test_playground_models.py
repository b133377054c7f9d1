"""Picking one of hundreds of models, and one of the earlier conversations."""

from __future__ import annotations

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, scripted, well
from screens.stage import SMALL
from zaguan_tui.widgets.picker import Picker


async def test_five_hundred_models_are_found_by_a_few_letters(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.until(lambda: scene.screen.chat_session.model)
        before = scene.screen.chat_session.model
        assert len(app.session.app_state.models.catalogue.entries) > 500
        await scene.press("ctrl+o")
        await scene.until(lambda: f"{before} ●" in scene.text)
        await scene.press(*"sonnet 4 5")
        await scene.until(lambda: "anthropic/claude-sonnet-4-5" in scene.text)
        await scene.press(*"zzz")
        await scene.until(lambda: "Fewer letters find more." in scene.text)
        await scene.press("enter")
        assert isinstance(app.screen, Picker), "enter on nothing does nothing"
        await scene.press("escape")
        assert scene.screen.chat_session.model == before
        await scene.press("ctrl+o")
        await scene.press(*"sandbox/echo")
        await scene.press("enter")
        await scene.until(lambda: scene.screen.chat_session.model == "sandbox/echo")
        assert "sandbox/echo · band A · 131k context · free" in scene.text


async def test_the_picker_moves_with_the_cursor_keys_and_keeps_its_columns_when_small() -> None:
    async with playing(models=300, size=SMALL) as (scene, _):
        await scene.press("ctrl+o")
        await scene.until(lambda: "the first 200 of 300" in scene.text)
        await scene.press("down", "down", "pagedown", "up")
        await scene.press("enter")
        assert scene.screen.chat_session.model != "maker-0/model-000"


async def test_a_gateway_without_models_says_why() -> None:
    from screens.stage import staged
    from zaguan_tui.client.errors.exceptions import APIError, ErrorKind

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
        await scene.until(lambda: scene.screen.chat_session.model == "sandbox/echo")


async def test_a_link_opens_a_chat_with_that_model() -> None:
    async with playing(well(), models=3) as (scene, play):
        await play.press("f5")
        await play.app.open_link("model:maker-2/model-002")
        await scene.until(lambda: scene.screen.chat_session.model == "maker-2/model-002")
        assert "maker-2/model-002" in scene.text


async def test_models_that_come_late_appear_in_the_open_picker_and_the_text_stays() -> None:
    from screens.stage import staged
    from zaguan_tui.client.types.models.models import Model

    async with staged("playground", prepare=scripted(models=0)) as play:
        scene = Scene(play.app, play.pilot)
        play.session.app_state.models.store.forget()
        await scene.press("ctrl+o")
        assert isinstance(play.screen, Picker)
        assert "Asking the gateway for its models" in scene.text
        await scene.press(*"beta")
        play.gateway.models = [Model(id=name) for name in ("maker/alpha", "maker/beta-1", "maker/beta-2")]
        await play.session.app_state.models.refresh()
        await scene.until(lambda: "2 of 3" in scene.text or "that fit, 3 in all" in scene.text)
        await scene.press("down")
        play.gateway.models.append(Model(id="maker/beta-0"))
        await play.session.app_state.models.refresh()
        await scene.until(lambda: "maker/beta-0" in scene.text)
        await scene.press("enter")
        assert scene.screen.chat_session.model == "maker/beta-2", "the highlight stays on what it was on"


async def test_what_does_not_chat_comes_last_and_is_marked() -> None:
    from zaguan_tui.screens.chat.finders import make_model_search
    from zaguan_tui.state.models.entry import ModelEntry

    entries = [ModelEntry("a/tts-1"), ModelEntry("b/old", deprecated=True), ModelEntry("c/chat")]
    found = make_model_search(entries)("")
    assert [one.item.key for one in found] == ["c/chat", "b/old", "a/tts-1"]
    assert ["not for chat?" in one.item.detail.plain for one in found] == [False, False, True]


async def test_what_is_pasted_into_a_picker_is_harmless() -> None:
    from textual import events

    async with playing(models=3) as (scene, _):
        await scene.press("ctrl+o")
        field = scene.app.screen.query_one("Input")
        field.post_message(events.Paste("model\x1b[31m-\x07002"))
        await scene.pilot.pause()
        assert "002" in field.value  # type: ignore[attr-defined]
        assert "\x1b" not in field.value  # type: ignore[attr-defined]
