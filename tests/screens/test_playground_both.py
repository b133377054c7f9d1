"""One prompt in both dialects: two answers side by side, and what is the same in them."""

from __future__ import annotations

from typing import Any

from state.scripted_chat import Pause

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from screens.stage import deceivers
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import ReasoningDelta, StreamEnded, TextDelta
from zaguan_tui.screens.chat.answers.answer import AnswerView
from zaguan_tui.screens.playground.dialect_comparison.screen import DialectComparisonScreen
from zaguan_tui.state.chat.message import Dialect, MessageStatus

HOSTILE = "\x1b[31m[red]\u202eevil[/]\x07"


def flat(scene: Scene) -> str:
    return " ".join(scene.text.split())


def over(scene: Scene) -> bool:
    screen = scene.app.screen
    assert isinstance(screen, DialectComparisonScreen)
    return all(answer.status is MessageStatus.ENDED for answer in screen._answers.values())


async def both(scene: Scene, text: str) -> DialectComparisonScreen:
    """Write, and send in both dialects."""
    await scene.until(lambda: scene.ready)
    await scene.write(text)
    await scene.press("alt+s")
    await scene.until(lambda: isinstance(scene.app.screen, DialectComparisonScreen))
    screen = scene.app.screen
    assert isinstance(screen, DialectComparisonScreen)
    return screen


async def test_the_prompt_goes_out_twice_and_the_answers_stand_side_by_side() -> None:
    async with playing(well("The same words."), well("The very same words.")) as (scene, play):
        screen = await both(scene, "Say it")
        await scene.until(lambda: over(scene) and "fields differ" in scene.text)
        assert [chat.get("dialect") for chat in play.gateway.chats] == [None, "messages"]
        assert scene.prompt.text == ""
        left, right = screen.query(AnswerView)
        assert left.region.y == right.region.y
        assert left.region.right <= right.region.x
        assert "The same words." in scene.text
        assert "The very same words." in scene.text
        assert "≠ text" in scene.text
        assert "= stop reason" in scene.text
        assert "The texts part at word 2" in flat(scene)
        await scene.press("escape")
        assert len(scene.answers) == 2
        answers = scene.screen.chat_session.conversation.turns[-1].answers
        assert [answer.dialect for answer in answers] == [Dialect.CHAT, Dialect.MESSAGES]


async def test_equal_answers_are_called_equal() -> None:
    async with playing(well(), well()) as (scene, _):
        await both(scene, "Say it")
        await scene.until(lambda: "fields are the same." in scene.text)
        assert "The texts are the same, word for word." in scene.text
        await scene.press("y")
        assert "=\ttext\t12 characters\t12 characters" in scene.app.clipboard


async def test_narrow_they_are_stacked() -> None:
    async with playing(well("One."), well("Two."), size=(80, 24)) as (scene, _):
        screen = await both(scene, "Say it")
        await scene.until(lambda: over(scene) and "fields differ" in scene.text)
        left, right = screen.query(AnswerView)
        assert left.region.x == right.region.x
        assert left.region.bottom <= right.region.y
        assert not any(len(line) > 80 for line in scene.text.splitlines())


async def test_both_stream_live_and_can_be_stopped() -> None:
    slow: list[Any] = [TextDelta("Begun. "), Pause(60), TextDelta("Done."), StreamEnded(Ending.FINISHED)]
    async with playing(list(slow), list(slow)) as (scene, play):
        await both(scene, "Say it")
        await scene.until(lambda: scene.text.count("Begun.") == 2)
        await play.clock.advance(1)
        await scene.until(lambda: scene.text.count("streaming") == 2)
        await scene.press("ctrl+g")
        assert "have to be over first" in scene.toasts
        await scene.press("x")
        await scene.until(lambda: over(scene) and scene.text.count("stopped by you") >= 2)
        assert "Begun." in scene.text


async def test_leaving_early_lets_them_run_on() -> None:
    slow: list[Any] = [TextDelta("Begun. "), Pause(5), TextDelta("Done."), StreamEnded(Ending.FINISHED)]
    async with playing(list(slow), list(slow)) as (scene, play):
        await both(scene, "Say it")
        await scene.press("escape")
        assert not isinstance(scene.app.screen, DialectComparisonScreen)
        await play.clock.advance(6)
        await scene.until(lambda: scene.text.count("Begun. Done.") == 2)


async def test_an_empty_prompt_asks_the_last_question_and_then_shows_what_there_is() -> None:
    async with playing(well(), well("A."), well("B."), well("C."), well("D.")) as (scene, play):
        await scene.ask("Say it")
        await scene.press("escape", "b")
        await scene.until(lambda: isinstance(scene.app.screen, DialectComparisonScreen))
        await scene.until(lambda: over(scene))
        assert [chat["messages"][-1]["content"] for chat in play.gateway.chats] == ["Say it"] * 3
        await scene.press("escape", "b")
        await scene.until(lambda: isinstance(scene.app.screen, DialectComparisonScreen))
        await scene.until(lambda: "fields differ" in scene.text)
        assert len(play.gateway.chats) == 3
        await scene.press("ctrl+g")
        await scene.until(lambda: len(play.gateway.chats) == 5)
        await scene.until(lambda: isinstance(scene.app.screen, DialectComparisonScreen))


async def test_at_the_end_the_table_is_in_sight() -> None:
    long = "A paragraph.\n\n" * 14
    for size, seen in (((120, 40), "request id"), ((80, 24), "fields differ")):
        async with playing(well(long), well(f"{long}More."), size=size) as (scene, _):
            await both(scene, "Say it")
            await scene.until(lambda: over(scene) and "fields differ" in scene.text)
            await scene.until(lambda seen=seen: seen in scene.text and "≠ text" in scene.text)


async def test_parameters_that_a_dialect_drops_are_named() -> None:
    async with playing(well(), well()) as (scene, _):
        await scene.until(lambda: scene.ready)
        await scene.screen.chat_session.set_params({"seed": 7, "temperature": 0.1, "top_k": 3})
        await both(scene, "Say it")
        assert "not sent as messages: seed" in flat(scene)
        assert "not sent as chat: top_k" in flat(scene)


async def test_one_that_fails_says_so_and_the_other_goes_on() -> None:
    refused = APIError("No messages here.", status=500, kind=ErrorKind.SERVER)
    async with playing(well("Fine."), [refused]) as (scene, _):
        await both(scene, "Say it")
        await scene.until(lambda: over(scene) and "fields differ" in scene.text)
        assert "Fine." in scene.text
        assert "✖ no answer" in scene.text
        assert "≠ stop reason" in scene.text


async def test_hostile_answers_are_harmless() -> None:
    script = [ReasoningDelta(HOSTILE), TextDelta(f"{HOSTILE} one"), StreamEnded(Ending.FINISHED)]
    other = [TextDelta(f"{HOSTILE} two"), StreamEnded(Ending.FINISHED)]
    async with playing(script, other) as (scene, _):
        await both(scene, "Say it")
        await scene.until(lambda: over(scene) and "fields differ" in scene.text)
        await scene.press("end")
        assert "[red]" in scene.text
        assert not deceivers(scene.text)
        assert "≠ thinking" in scene.text


async def test_both_dialects_of_a_real_gateway(make_app: MakeApp) -> None:
    app = make_app("playground")
    async with app.run_test(size=(140, 44)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        await both(scene, "one two three four")
        await scene.until(lambda: over(scene) and "stop reason" in scene.text, 30)
        await scene.press("end")
        assert "the same in other words" in scene.text
        assert "end_turn" in scene.text
        assert "= text" in scene.text
        await scene.until(lambda: "= credits           1" in scene.text, 30)
