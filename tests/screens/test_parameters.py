"""The form of the parameters: what is greyed and why, what is typed wrong, presets, JSON, what goes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.widgets import TextArea

from screens.conftest import MakeApp
from screens.playground_scene import Scene, well
from screens.stage import SIZE, SMALL, Stage, staged
from zaguan_tui.client.types.models.capabilities import Capability
from zaguan_tui.client.types.models.models import Model
from zaguan_tui.client.types.models.virtual_models import VirtualModel, VirtualTarget
from zaguan_tui.screens.chat.parameters.json_sheet import JsonSheet
from zaguan_tui.screens.chat.parameters.preset_sheet import PresetSheet
from zaguan_tui.screens.chat.parameters.row import ParameterRow
from zaguan_tui.screens.chat.parameters.sheet import ParametersSheet
from zaguan_tui.state.chat.message import Dialect

MINI = "openai/gpt-4o-mini"
FITS = '{"items": [{"name": "tea", "price": 1.5}]}'
FITS_NOT = '{"items": [{"name": "tea", "price": "much"}]}'


def capable(*scripts: list[Any], virtual: list[VirtualModel] | None = None) -> Any:
    """A gateway with a model that cannot reason, one that can, one that can do nothing, one nobody knows."""

    def prepare(gateway: Any) -> None:
        gateway.scripts = [list(script) for script in scripts]
        names = (MINI, "openai/o4-mini", "groq/plain", "maker/unknown")
        gateway.models = [Model(id=name, provider=name.partition("/")[0]) for name in names]
        able = {"tools": True, "features": ("json_mode", "structured_outputs"), "input_cost_per_1m": 1.0}
        gateway.capabilities = [
            Capability(model_id=MINI, reasoning=False, max_output_tokens=16_384, **able),
            Capability(model_id="openai/o4-mini", reasoning=True, **able),
            Capability(model_id="groq/plain", reasoning=False, tools=False, features=("prompt_caching",)),
        ]
        gateway.virtual = virtual

    return prepare


@asynccontextmanager
async def tuning(
    *scripts: list[Any], size: tuple[int, int] = SIZE, virtual: list[VirtualModel] | None = None
) -> AsyncIterator[tuple[Scene, Stage]]:
    async with staged("playground", prepare=capable(*scripts, virtual=virtual), size=size) as play:
        scene = Scene(play.app, play.pilot)
        await scene.until(lambda: scene.screen.chat_session.model == MINI and scene.ready)
        yield scene, play


def row(scene: Scene, name: str) -> ParameterRow:
    return scene.app.screen.query_one(f"#row-{name}", ParameterRow)


async def open_form(scene: Scene, key: str = "alt+p") -> None:
    await scene.press(key)
    await scene.until(lambda: isinstance(scene.app.screen, ParametersSheet))
    await scene.pilot.pause()


async def go(scene: Scene, name: str) -> None:
    row(scene, name).stop.focus()
    await scene.pilot.pause()


async def keep(scene: Scene) -> None:
    await scene.press("f2")
    await scene.until(lambda: scene.app.screen is scene.screen)
    await scene.until(lambda: not any(worker.group == "pick" for worker in scene.app.workers))
    await scene.pilot.pause()


async def test_what_a_model_cannot_is_greyed_with_the_reason_and_the_nearest_that_can() -> None:
    async with tuning() as (scene, _):
        await open_form(scene)
        await go(scene, "reasoning_effort")
        assert f"⊘ {MINI} has no reasoning; nearest that has: openai/o4-mini – enter chooses it" in scene.text
        assert not row(scene, "reasoning_effort")._field.display
        await scene.press("enter")
        assert "openai/o4-mini · chat dialect" in scene.text
        assert row(scene, "reasoning_effort")._field.has_focus
        await scene.press("right", "right", "right")
        await keep(scene)
        assert scene.screen.chat_session.model == "openai/o4-mini"
        assert scene.screen.chat_session.params == {"reasoning_effort": "low"}
        assert "openai/o4-mini · reasoning_effort low" in scene.text


async def test_what_is_typed_wrong_is_said_beside_the_field_and_escape_leaves_all_as_it_was() -> None:
    async with tuning() as (scene, _):
        await open_form(scene)
        await scene.press(*"0,2")
        assert "✖ Not a number. Write the point as a point." in scene.text
        await scene.press("f2")
        assert isinstance(scene.app.screen, ParametersSheet), "nothing wrong is kept"
        await scene.press("down", *"1.5")
        assert "✖ Only 0 to 1." in scene.text
        await scene.press("up", "up", "down")
        assert row(scene, "temperature").stop.has_focus, "the list goes round"
        await scene.press("escape")
        assert scene.app.screen is scene.screen
        assert scene.screen.chat_session.params == {}


async def test_only_what_differs_stands_beside_the_model_and_goes_out() -> None:
    async with tuning(well(), well()) as (scene, play):
        await scene.send("a")
        assert set(play.gateway.chats[-1]) == {"model", "messages"}
        await scene.over()
        await scene.press("escape")
        await open_form(scene, "p")
        await scene.press(*"0.2", "enter", "down", "down", "down", "down")
        await scene.press(*"7", "down", *"300", "down", *"END, \\n")
        await keep(scene)
        assert f'{MINI} · temperature 0.2 · seed 7 · max_tokens 300 · stop "END", "\\n"' in scene.text
        await scene.send("b")
        sent = play.gateway.chats[-1]
        assert (sent["temperature"], sent["seed"], sent["max_tokens"]) == (0.2, 7, 300)
        assert sent["stop"] == ["END", "\n"]
        await scene.over()
        assert scene.screen.chat_session.conversation is not None
        assert scene.screen.chat_session.conversation.params["seed"] == 7
        await open_form(scene)
        await scene.press("alt+k")
        await keep(scene)
        assert scene.screen.chat_session.params == {}


async def test_tools_are_written_as_json_with_line_and_column_and_an_example() -> None:
    async with tuning(well()) as (scene, play):
        await open_form(scene)
        await go(scene, "tools")
        await scene.press("enter")
        await scene.until(lambda: isinstance(scene.app.screen, JsonSheet))
        await scene.until(lambda: "Empty: it is not sent. alt+x writes an example." in scene.text)
        area = scene.app.screen.query_one(TextArea)
        area.text = '[\n  {"name": }\n]'
        await scene.until(lambda: "✖ line 2, column 12: expecting value." in scene.text)
        await scene.press("f2")
        await scene.until(lambda: area.cursor_location == (1, 11))
        await scene.press("alt+x")
        await scene.until(lambda: "✓ 1 tool: get_weather" in scene.text)
        await scene.press("f2")
        await scene.until(lambda: isinstance(scene.app.screen, ParametersSheet))
        await go(scene, "tool_choice")
        await scene.press("left")
        assert "● only get_weather" in scene.text
        await keep(scene)
        assert "1 tool · tool get_weather" in scene.text
        await scene.send("a")
        assert play.gateway.chats[-1]["tools"][0]["function"]["name"] == "get_weather"
        assert play.gateway.chats[-1]["tool_choice"]["function"] == {"name": "get_weather"}


async def test_json_is_tidied_and_left_as_it_was() -> None:
    async with tuning() as (scene, _):
        await open_form(scene)
        await go(scene, "provider_specific_params")
        await scene.press("enter")
        await scene.until(lambda: isinstance(scene.app.screen, JsonSheet))
        area = scene.app.screen.query_one(TextArea)
        area.text = '{"a":[1,2]}'
        await scene.press("alt+t")
        assert area.text == '{\n  "a": [\n    1,\n    2\n  ]\n}'
        area.text = "[1]"
        await scene.until(lambda: "✖ an object is needed, {…}, and this is a list." in scene.text)
        await scene.press("escape", "escape")
        assert scene.screen.chat_session.params == {}


async def test_a_model_without_tools_greys_them_and_keeps_them_here() -> None:
    async with tuning(well()) as (scene, play):
        tool = {"type": "function", "function": {"name": "look", "parameters": {}}}
        await scene.screen.chat_session.set_params({"tools": [tool], "seed": 3})
        await scene.choose("groq/plain")
        await scene.until(lambda: "groq/plain · seed 3 · ⊘ not sent: tools" in scene.text)
        await open_form(scene)
        await go(scene, "tools")
        assert "⊘ groq/plain calls no tools; nearest that calls them: " in scene.text
        await go(scene, "response_format")
        assert "⊘ groq/plain has no JSON mode; nearest that has one: " in scene.text
        await scene.press("escape")
        await scene.send("a")
        assert "tools" not in play.gateway.chats[-1]
        assert play.gateway.chats[-1]["seed"] == 3
        assert "tools" in scene.screen.chat_session.params


async def test_what_is_not_said_of_a_model_is_allowed_and_marked() -> None:
    async with tuning() as (scene, _):
        await scene.choose("maker/unknown")
        await open_form(scene)
        await go(scene, "tools")
        assert row(scene, "tools")._field.display
        assert "default none · not said whether this model can" in scene.text


async def test_presets_are_kept_loaded_and_deleted() -> None:
    async with tuning() as (scene, _):
        await open_form(scene)
        await scene.press(*"0.2", "alt+p")
        await scene.until(lambda: "None yet: s keeps the parameters of the form" in scene.text)
        await scene.press("s")
        await scene.until(lambda: "Keep the preset as" in scene.text)
        await scene.press(*"exact", "enter")
        await scene.until(lambda: "temperature 0.2" in scene.text and "exact" in scene.text)
        await scene.press("escape", "alt+k", *"1", "alt+p")
        await scene.until(lambda: isinstance(scene.app.screen, PresetSheet) and "exact" in scene.text)
        await scene.press("s")
        await scene.until(lambda: "Keep the preset as" in scene.text)
        await scene.press(*"exact", "enter")
        await scene.until(lambda: "Replace it?" in scene.text)
        await scene.press("n")
        await scene.until(lambda: isinstance(scene.app.screen, PresetSheet))
        await scene.press("j", "k", "enter")
        await scene.until(lambda: isinstance(scene.app.screen, ParametersSheet))
        await keep(scene)
        assert scene.screen.chat_session.params == {"temperature": 0.2}
        await open_form(scene)
        await scene.press("alt+p")
        await scene.until(lambda: isinstance(scene.app.screen, PresetSheet) and "exact" in scene.text)
        await scene.press("x")
        await scene.until(lambda: "Delete this preset?" in scene.text)
        await scene.press("y")
        await scene.until(lambda: "None yet" in scene.text)


async def test_a_preset_that_is_none_and_a_form_that_is_wrong_say_so() -> None:
    async with tuning() as (scene, play):
        await play.session.app_state.library.save("preset", "broken [red]\x1b[2J", "[1]")
        await open_form(scene)
        await scene.press(*"9", "alt+p")
        await scene.until(lambda: "cannot be read" in scene.text)
        assert "\x1b" not in scene.text
        await scene.press("enter")
        assert "This preset cannot be read: it is no JSON object." in scene.toasts
        await scene.press("s")
        assert "Something in the form is not right yet" in scene.toasts


async def test_the_schema_is_written_and_answers_are_checked_both_ways() -> None:
    async with tuning(well(FITS), well(FITS_NOT), well("no JSON")) as (scene, play):
        await open_form(scene)
        await go(scene, "response_format")
        await scene.press("right", "right")
        assert "✖ The schema is missing: enter on the next line writes it." in scene.text
        await scene.press("down", "enter")
        await scene.until(lambda: isinstance(scene.app.screen, JsonSheet))
        await scene.press("alt+x")
        await scene.until(lambda: "✓ shopping_list: items" in scene.text)
        await scene.press("f2")
        await scene.until(lambda: isinstance(scene.app.screen, ParametersSheet))
        await keep(scene)
        assert "JSON schema" in scene.text
        await scene.ask("one")
        assert play.gateway.chats[-1]["response_format"]["json_schema"]["name"] == "shopping_list"
        await scene.until(lambda: "✓ fits the schema" in scene.text)
        await scene.ask("two")
        sentence = "✖ not the JSON that was asked for: $.items[0].price is not a number."
        await scene.until(lambda: sentence in scene.text)
        await scene.ask("three")
        await scene.until(lambda: "asked for: line 1, column 1: expecting value." in scene.text)


async def test_the_dialect_changes_and_says_what_it_has_no_word_for() -> None:
    async with tuning(well()) as (scene, play):
        await scene.screen.chat_session.set_params({"seed": 3, "temperature": 0.5})
        await scene.press("alt+d")
        await scene.until(lambda: f"{MINI} · messages · temperature 0.5 · ⊘ not sent: seed" in scene.text)
        assert "Prompts go to /v1/messages now. Not sent in this dialect: seed." in scene.toasts
        await scene.send("a")
        sent = play.gateway.chats[-1]
        assert (sent["dialect"], sent["temperature"], "seed" in sent) == ("messages", 0.5, False)
        await scene.over()
        await scene.press("escape", "d")
        await scene.until(lambda: scene.screen.chat_session.dialect is Dialect.CHAT)
        await open_form(scene)
        await scene.press("alt+d")
        assert "POST /v1/messages" in scene.text
        await keep(scene)
        assert scene.screen.chat_session.dialect is Dialect.MESSAGES


async def test_words_are_chosen_with_the_pointer_too() -> None:
    async with tuning() as (scene, _):
        await open_form(scene)
        await go(scene, "verbosity")
        words = row(scene, "verbosity")._field
        await scene.pilot.click(words, offset=("● not sent  low  medium".index("medium") + 1, 0))
        await scene.pilot.pause()
        assert "● medium" in scene.text


async def test_on_a_small_terminal_the_form_has_all_it_needs() -> None:
    async with tuning(size=SMALL) as (scene, _):
        await open_form(scene)
        await scene.press(*"3")
        assert "✖ Only 0 to 2." in scene.text
        await scene.press("up")
        await scene.until(lambda: "additional_fields" in scene.text)
        assert "An object whose fields go into the request as they are" in scene.text
        await go(scene, "reasoning_effort")
        await scene.until(lambda: "that has: openai/o4-mini – enter chooses it" in scene.text)
        assert "f2 keeps · alt+p presets · alt+d dialect · alt+k clears · esc leaves" in scene.text


async def test_virtual_models_are_offered_with_their_route() -> None:
    fast = VirtualModel(
        id="fast",
        strategy="fallback",
        targets=(VirtualTarget(model="openai/o4-mini"), VirtualTarget(model=MINI)),
    )
    off = VirtualModel(id="off", enabled=False)
    async with tuning(well(), virtual=[fast, off]) as (scene, play):
        await scene.press("ctrl+o")
        await scene.until(lambda: f"virtual  fallback: openai/o4-mini → {MINI}" in scene.text)
        assert "virtual  ⊘ switched off" in scene.text
        await scene.press(*"fast", "enter")
        await scene.until(lambda: "fast · virtual → 2 models" in scene.text)
        await open_form(scene)
        assert row(scene, "reasoning_effort")._field.display, "one of its models can"
        await scene.press("escape")
        await scene.send("a")
        assert play.gateway.chats[-1]["model"] == "fast"


async def test_a_gateway_without_virtual_models_has_none_and_says_nothing() -> None:
    async with tuning() as (scene, play):
        await scene.until(lambda: play.gateway.calls["virtual"] == 1)
        await scene.press("ctrl+o")
        await scene.until(lambda: "4 of 4" in scene.text)
        assert scene.toasts == ""


async def test_a_virtual_model_answers_in_both_dialects(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.until(
            lambda: scene.screen.chat_session.model and app.session.app_state.virtual_models.all
        )
        await scene.press("ctrl+o")
        await scene.press(*"echo")
        await scene.until(lambda: "virtual" in scene.text)
        await scene.press("escape")
        await scene.choose("echo")
        answer = await scene.ask("say this")
        assert (answer.message.model, answer.message.answered_by) == ("echo", "sandbox/echo")
        assert "echo · answered by sandbox/echo" in scene.text
        await scene.press("alt+d")
        await scene.until(lambda: scene.screen.chat_session.dialect is Dialect.MESSAGES)
        answer = await scene.ask("and this")
        assert answer.message.dialect is Dialect.MESSAGES
        assert answer.message.answered_by == "sandbox/echo"
        assert "and this" in answer.copy_text


async def test_the_sandbox_answers_with_json_that_fits(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose(MINI)
        await open_form(scene)
        await go(scene, "schema")
        await scene.press("enter")
        await scene.until(lambda: isinstance(app.screen, JsonSheet))
        await scene.press("alt+x", "f2")
        await scene.until(lambda: isinstance(app.screen, ParametersSheet))
        await keep(scene)
        await scene.ask("Make a shopping list.")
        await scene.until(lambda: "✓ fits the schema" in scene.text)
