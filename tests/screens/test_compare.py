"""Compare: lanes stream side by side and below each other, one model's failure is not the others', files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from state.scripted_chat import Pause
from textual.actions import parse
from textual.binding import Binding
from textual.widgets import Input

from screens.compare_scene import CompareScene, model, open_compare
from screens.playground_scene import playing, well
from screens.stage import StageGateway, deceivers, staged
from zaguan_tui.app.app import ZaguanApp
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import ReasoningDelta, StreamEnded, TextDelta, UsageUpdate
from zaguan_tui.client.types.answers.usage import Usage
from zaguan_tui.client.types.models.capabilities import Capability
from zaguan_tui.client.types.models.models import Model
from zaguan_tui.client.types.models.virtual_models import VirtualModel, VirtualTarget
from zaguan_tui.screens.compare.default_models import choose_default_models
from zaguan_tui.screens.compare.screen import CompareScreen
from zaguan_tui.state.models.entry import ModelEntry

HELD = [TextDelta("half"), Pause(60), TextDelta(" rest"), StreamEnded(Ending.FINISHED)]


def refused(status: int, kind: ErrorKind) -> APIError:
    return APIError(f"said {status}", status=status, kind=kind, request_id=f"req_{status}")


def columns(scene: CompareScene) -> list[tuple[int, int, int]]:
    return [(lane.region.x, lane.region.y, lane.region.width) for lane in scene.lanes]


async def test_two_lanes_stream_side_by_side() -> None:
    async with open_compare(HELD, well("All of it.")) as (scene, play):
        await scene.send("hello")
        await scene.wait_for_text("half")
        await scene.wait_for_text("All of it.")
        (left, top, _), (right, same_top, _) = columns(scene)
        assert left < right
        assert top == same_top
        await scene.wait_for_text("run 1 of 1")
        assert "◌0/1" in scene.ranking, "the ranking is live"
        await play.advance(61)
        await scene.wait_until_ended()
        assert "half rest" in scene.text
        assert scene.ranking.count("1/1") == 2
        assert [call["model"] for call in play.gateway.chats] == [model(0), model(1)]


async def test_six_lanes_on_a_large_terminal() -> None:
    scripts = [well(f"This is answer {n}.") for n in range(6)]
    async with open_compare(*scripts, lanes=6, size=(200, 60)) as (scene, _):
        await scene.ask("hello")
        for n in range(6):
            assert f"This is answer {n}." in scene.text
        assert len({top for _, top, _ in columns(scene)}) == 2
        assert all(width >= 36 for _, _, width in columns(scene))
        assert len(scene.ranking.splitlines()) == 8, "a rule, a heading, six lanes"


async def test_lanes_are_stacked_where_they_would_be_too_narrow() -> None:
    scripts = [well(f"This is answer {n}.") for n in range(3)]
    async with open_compare(*scripts, lanes=3, size=(80, 24)) as (scene, play):
        await scene.ask("hello")
        assert [width for _, _, width in columns(scene)] == [38, 39, 78] or min(
            width for _, _, width in columns(scene)
        ) >= 36
        assert all(f"This is answer {n}." in scene.text for n in range(3)), scene.text
        await play.resize(60, 24)
        assert len({left for left, _, _ in columns(scene)}) == 1, "one below the other"
        await scene.press("r")
        assert "TTFT" in scene.text, "the ranking is one key away"
        await play.resize(120, 40)
        assert len({top for _, top, _ in columns(scene)}) == 1


async def test_every_lane_that_fails_says_why_and_the_others_go_on() -> None:
    scripts = [
        [refused(402, ErrorKind.INSUFFICIENT_CREDITS)],
        [refused(403, ErrorKind.BAND_ACCESS)],
        [refused(429, ErrorKind.RATE_LIMIT)],
        [TextDelta("cut he")],
        well("All of it."),
    ]
    async with open_compare(*scripts, lanes=5, size=(200, 60)) as (scene, _):
        await scene.ask("hello")
        assert "All of it." in scene.text
        assert "cut he" in scene.text
        endings = [lane.message.ending for lane in scene.lanes if lane.message is not None]
        assert endings == [*[Ending.FAILED] * 3, Ending.TRUNCATED, Ending.FINISHED]
        assert scene.ranking.count("1 of 1") == 4
        assert scene.ranking.count("0 of 1") == 1
        assert "truncated" in scene.ranking
        sentences = {lane.message.problem.sentence for lane in scene.lanes[:4]}  # type: ignore[union-attr]
        assert len(sentences) == 4, "each its own"


async def test_a_prompt_that_nobody_answered_comes_back() -> None:
    scripts = [[refused(402, ErrorKind.INSUFFICIENT_CREDITS)] for _ in range(2)]
    async with open_compare(*scripts) as (scene, _):
        await scene.ask("hello")
        await scene.until(lambda: scene.prompt.text == "hello")


async def test_escape_stops_all_and_x_the_focused_one() -> None:
    async with open_compare(list(HELD), list(HELD), list(HELD), lanes=3) as (scene, _):
        await scene.press("plus", "plus")
        await scene.send("hello")
        await scene.until(lambda: scene.text.count("half") == 3)
        await scene.press("l", "x")
        await scene.until(lambda: scene.lanes[1].message.ending is Ending.CANCELLED)  # type: ignore[union-attr]
        assert scene.screen.comparison.progress is not None
        await scene.press("escape")
        await scene.wait_until_ended()
        assert [lane.message.ending for lane in scene.lanes] == [Ending.CANCELLED] * 3  # type: ignore[union-attr]
        assert len(scene.screen.comparison.turns[0].answers) == 3, "no further run began"


async def test_the_focus_moves_and_one_answer_can_be_shown_alone() -> None:
    async with open_compare(well("First."), well("Second."), well("Third."), lanes=3) as (scene, _):
        await scene.ask("hello")
        assert scene.screen.focused is scene.lanes[0], "who asks reads next"
        await scene.press("l", "right")
        assert scene.screen.focused is scene.lanes[2]
        await scene.press("l")
        assert scene.screen.focused is scene.lanes[0]
        await scene.press("h", "enter")
        assert "Third." in scene.text
        assert "First." not in scene.text
        await scene.press("h")
        assert "Second." in scene.text, "the one shown alone changes with the focus"
        await scene.press("y")
        assert scene.app.clipboard == "Second."
        await scene.press("escape")
        assert "First." in scene.text
        assert scene.screen.focused is scene.lanes[1]
        await scene.press("tab", "tab")
        assert scene.screen.focused is scene.prompt
        await scene.press("escape")
        assert scene.screen.focused is scene.lanes[0]
        await scene.press("i")
        assert scene.screen.focused is scene.prompt


async def test_lanes_scroll_on_their_own() -> None:
    long = "\n\n".join(f"Paragraph {n}." for n in range(60))
    async with open_compare(well(long), well("Short.")) as (scene, _):
        await scene.ask("hello")
        await scene.press("g")
        assert "Paragraph 0." in scene.text
        await scene.press("j", "j", "pagedown", "k")
        assert "Paragraph 0." not in scene.text
        assert "Short." in scene.text
        await scene.press("G")
        assert "Paragraph 59." in scene.text


async def test_reasoning_unfolds_in_its_lane() -> None:
    thinks = [ReasoningDelta("Let me see."), *well("Done.")]
    async with open_compare(thinks, well("Done too.")) as (scene, _):
        await scene.ask("hello")
        assert "Let me see." not in scene.text
        await scene.press("ctrl+e")
        assert "Let me see." in scene.text
        await scene.press("l", "ctrl+e")
        assert "nothing to unfold" in scene.toasts


async def test_the_dialect_of_one_lane() -> None:
    async with open_compare(well("One."), well("Two.")) as (scene, play):
        await scene.press("escape", "l", "d")
        await scene.ask("hello")
        assert [call.get("dialect") for call in play.gateway.chats] == [None, "messages"]
        assert f"{model(1)} messages" in scene.text


async def test_the_picker_says_why_no_more() -> None:
    async with open_compare(lanes=6) as (scene, _):
        await scene.press("ctrl+o")
        await scene.wait_for_text("6 of 6")
        await scene.press(*"model-006", "enter")
        await scene.wait_for_text("most that can be read side by side")
        await scene.press("escape")
        assert len(scene.lanes) == 6


async def test_the_picker_offers_virtual_models_although_the_chat_was_never_shown() -> None:
    def prepare(gateway: StageGateway) -> None:
        gateway.scripts = [well("One."), well("Two.")]
        gateway.models = [Model(id=model(n), provider="groq") for n in range(3)]
        targets = tuple(VirtualTarget(model=model(n)) for n in range(2))
        gateway.virtual = [VirtualModel(id="fast", strategy="fallback", targets=targets)]

    async with staged("compare", prepare=prepare) as play:
        scene = CompareScene(play.app, play.pilot)
        await scene.until(lambda: scene.screen.comparison.setup.lanes and scene.open)
        await scene.press("ctrl+o")
        await scene.wait_for_text(f"virtual  fallback: {model(0)} →")
        await scene.press("escape")
        await scene.pick("fast", model(2))
        await scene.ask("hello")
        assert [call["model"] for call in play.gateway.chats] == ["fast", model(2)]


async def test_one_model_is_nothing_to_compare() -> None:
    async with open_compare(lanes=1) as (scene, play):
        await scene.wait_for_text("one more to compare with")
        scene.prompt.write("hello")
        await scene.press("enter")
        assert "Pick at least two models first" in scene.toasts
        assert scene.prompt.text == "hello"
        assert not play.gateway.chats


async def test_it_begins_with_models_of_two_makers_neither_resold() -> None:
    def prepare(gateway: StageGateway) -> None:
        names = (
            "openai/gpt-4o-mini",
            "openai/gpt-4.1-mini",
            "openrouter/openai/gpt-4.1-mini",
            "openrouter/anthropic/claude-3-5-haiku",
            "anthropic/claude-3-5-haiku-20241022",
        )
        gateway.models = [Model(id=name, provider=name.partition("/")[0]) for name in names]

    async with staged("compare", prepare=prepare) as play:
        scene = CompareScene(play.app, play.pilot)
        await scene.until(lambda: len(scene.lanes) == 2)
        keys = [lane.key for lane in scene.lanes]
        assert keys == ["chat:openai/gpt-4o-mini", "chat:anthropic/claude-3-5-haiku-20241022"]


def test_a_copy_of_a_re_seller_is_better_than_nothing() -> None:
    names = ("openai/gpt-4o-mini", "openrouter/openai/gpt-4o-mini", "openrouter/openai/gpt-4.1-mini")
    entries = [ModelEntry(name, name.partition("/")[0]) for name in names]
    assert choose_default_models(entries) == ["openai/gpt-4o-mini", "openrouter/openai/gpt-4.1-mini"]
    assert choose_default_models(entries[:2]) == ["openai/gpt-4o-mini"], "the same model is no comparison"


async def test_the_draft_of_the_chat_is_handed_over() -> None:
    async with playing(well("One."), well("Two."), models=8) as (chat, play):
        chat.screen.open_link(model(3))
        await chat.until(lambda: chat.screen.chat_session.model == model(3))
        await chat.screen.chat_session.set_params({"temperature": 0.2})
        await chat.screen.chat_session.set_system_prompt("Be brief.")
        await chat.write("Which is faster?")
        await chat.press("alt+c")
        scene = CompareScene(play.app, play.pilot)
        await scene.until(lambda: scene.prompt.text == "Which is faster?")
        await scene.wait_for_text("temperature 0.2")
        await scene.wait_for_text("Be brief.")
        assert scene.lanes[0].key == f"chat:{model(3)}"
        await scene.pick(model(3), model(4))
        await scene.press("enter")
        await scene.until(lambda: len(play.gateway.chats) == 2)
        await scene.wait_until_ended()
        assert [call["temperature"] for call in play.gateway.chats] == [0.2, 0.2]
        assert {call["messages"][0]["content"] for call in play.gateway.chats} == {"Be brief."}


async def test_the_system_prompt_can_be_edited() -> None:
    async with open_compare(well("One."), well("Two.")) as (scene, play):
        await scene.press("ctrl+y")
        await scene.wait_for_text("What every model reads")
        await scene.press(*"Be kind.", "f2")
        await scene.ask("hello")
        assert play.gateway.chats[0]["messages"][0] == {"role": "system", "content": "Be kind."}


async def test_a_new_comparison_begins_with_the_same_lanes() -> None:
    async with open_compare(well("One."), well("Two."), well("Three."), well("Four.")) as (scene, _):
        await scene.ask("the first question")
        await scene.press("ctrl+n")
        await scene.until(lambda: "One." not in scene.text)
        assert len(scene.lanes) == 2, "the lanes stay"
        await scene.ask("the second question")
        assert "Three." in scene.text
        assert "One." not in scene.text


async def test_prompts_and_runs_can_be_leafed_through() -> None:
    scripts = [well(f"Answer {n}.") for n in range(6)]
    async with open_compare(*scripts) as (scene, _):
        await scene.press("alt+u")
        await scene.until(lambda: scene.screen.comparison.setup.runs == 3)
        scene.prompt.blur()
        await scene.press("escape", "minus")
        await scene.until(lambda: scene.screen.comparison.setup.runs == 2)
        await scene.ask("first question")
        assert "Answer 2." in scene.text
        assert "run 2 of 2" in scene.text
        await scene.press("comma")
        await scene.wait_for_text("Answer 0.")
        assert "Answer 2." not in scene.text
        await scene.press("full_stop")
        await scene.wait_for_text("Answer 2.")
        await scene.press("minus")
        await scene.until(lambda: scene.screen.comparison.setup.runs == 1)
        await scene.ask("second question")
        await scene.wait_for_text("Answer 4.")
        await scene.press("K")
        await scene.wait_for_text("first question")
        await scene.wait_for_text("prompt 1 of 2")
        await scene.wait_for_text("Answer 3.")
        await scene.press("J")
        await scene.wait_for_text("second question")


async def test_asking_again_adds_a_run() -> None:
    async with open_compare(*(well(f"Answer {n}.") for n in range(4))) as (scene, _):
        await scene.press("escape", "ctrl+g")
        assert "Nothing has been asked here yet." in scene.toasts
        await scene.ask("hello")
        await scene.press("ctrl+g")
        await scene.until(lambda: len(scene.screen.comparison.turns[0].answers) == 4)
        await scene.wait_until_ended()
        assert scene.ranking.count("2/2") == 2


async def test_the_comparison_is_written_to_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    usage = UsageUpdate(Usage(prompt_tokens=7, completion_tokens=3))
    async with open_compare([usage, *well("One.")], well("Two.")) as (scene, _):
        await scene.press("escape", "e")
        assert "nothing to export yet" in scene.toasts
        await scene.ask("Hello, you two")
        for name in ("comparison-hello-you-two", "comparison-hello-you-two-2"):
            await scene.press("e")
            await scene.wait_for_text("Export the comparison")
            await scene.press("enter")
            await scene.until((tmp_path / f"{name}.json").exists)
            data = json.loads((tmp_path / f"{name}.json").read_text())
            assert [answer["text"] for answer in data["prompts"][0]["answers"]] == ["One.", "Two."]
            assert "> One." in (tmp_path / f"{name}.md").read_text()
        await scene.press("alt+x")
        await scene.wait_for_text("Export the comparison")
        sheet = scene.app.screen
        sheet.query_one(Input).value = str(tmp_path / "comparison-hello-you-two.md")
        await scene.press("enter")
        await scene.until((tmp_path / "comparison-hello-you-two-3.json").exists)
        assert "> One." in (tmp_path / "comparison-hello-you-two.md").read_text(), "never overwritten"


async def test_what_models_say_is_literal_and_harmless() -> None:
    hostile = "[red]x[/red] \x1b[31mred\x1b[0m \x1b]52;c;aGk=\x07 \u202eabc " + "y" * 20_000
    async with open_compare(well(hostile), [refused(403, ErrorKind.BAND_ACCESS)]) as (scene, _):
        await scene.ask("[bold]\x1b[31mhello")
        assert not deceivers(scene.text)
        await scene.press("g")
        assert "[red]x[/red]" in scene.text
        assert "[bold]" in scene.text


async def test_all_models_are_asked_with_the_same_parameters() -> None:
    def prepare(gateway: StageGateway) -> None:
        gateway.scripts = [well("One."), well("Two.")]
        gateway.models = [Model(id=model(n), provider="groq") for n in range(3)]
        gateway.capabilities = [Capability(model_id=model(0), tools=True, reasoning=False)]

    async with staged("compare", prepare=prepare) as play:
        scene = CompareScene(play.app, play.pilot)
        await scene.until(lambda: scene.screen.comparison.setup.lanes and scene.open)
        await scene.pick(model(0), model(1))
        await scene.press("alt+p")
        await scene.wait_for_text("Parameters")
        await scene.press(*"0.3", "f2")
        await scene.wait_for_text("temperature 0.3")
        await scene.screen.comparison.set_params({"temperature": 0.3, "reasoning_effort": "low"})
        await scene.screen.app_state.models.refresh()
        await scene.wait_for_text("⊘ not sent: reasoning_effort")
        await scene.ask("hello")
        asked = [(call["temperature"], call.get("reasoning_effort")) for call in play.gateway.chats]
        assert asked == [(0.3, None), (0.3, "low")]


async def test_on_the_sandbox_two_models_answer_and_are_there_after_a_restart(
    make_app: Callable[..., ZaguanApp],
) -> None:
    async with make_app("compare").run_test(size=(120, 40), notifications=True) as pilot:
        scene = CompareScene(cast(ZaguanApp, pilot.app), pilot)
        await scene.until(lambda: scene.screen.comparison.ready and scene.open, 30)
        await scene.pick("sandbox/echo", "sandbox/markdown")
        await scene.ask("Say hello to both", 60)
        assert scene.ranking.count("1/1") == 2
        assert scene.ranking.count("0 of 1") == 2
        assert "tok/s" in scene.text
        kept = scene.screen.comparison.id
    async with make_app("compare").run_test(size=(120, 40), notifications=True) as pilot:
        scene = CompareScene(cast(ZaguanApp, pilot.app), pilot)
        await scene.until(lambda: scene.screen.comparison.ready and scene.open, 30)
        await scene.press("ctrl+r")
        await scene.wait_for_text("Say hello to both")
        await scene.press("enter")
        await scene.until(lambda: scene.screen.comparison.id == kept)
        await scene.wait_for_text("Say hello to both")
        assert scene.ranking.count("1/1") == 2
        await scene.press("ctrl+n")
        await scene.until(lambda: scene.screen.comparison.id is None)
        await scene.app.open_link(f"comparison:{kept}")
        await scene.until(lambda: scene.screen.comparison.id == kept)
        await scene.app.open_link("comparison:conv_gone")
        await scene.until(lambda: "not kept any more" in scene.toasts)


async def test_actions_that_cannot_run_say_why() -> None:
    async with open_compare(HELD, HELD) as (scene, play):
        bindings = cast(list[Binding], CompareScreen.BINDINGS)
        names = [parse(binding.action)[1] for binding in bindings]
        assert [name for name in names if not hasattr(scene.screen, f"action_{name}")] == []
        reason = scene.screen.disabled_reason
        assert reason("compare.again") == "Nothing has been asked here yet."
        assert reason("compare.export") == "There is nothing to export yet: ask something first."
        assert reason("compare.copy") == "Go to an answer first: h and l step from one to the next."
        assert reason("compare.lanes") == reason("compare.parameters") == ""
        await scene.send("hello")
        busy = "Answers are still coming. Escape stops all of them, x the focused one."
        assert reason("compare.again") == reason("compare.lanes") == reason("compare.dialect") == busy
        assert reason("compare.vote") == "One votes when all answers are there."
        await scene.wait_for_text("half")
        assert reason("compare.copy") == "There is nothing to copy yet."
        assert reason("compare.export") == reason("compare.run_before") == ""
        await play.advance(61)
        await scene.wait_until_ended()
        assert reason("compare.again") == reason("compare.vote") == reason("compare.copy") == ""
