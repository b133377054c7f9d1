"""Asking and being answered: what one sees while it streams, after it, and what can be done meanwhile."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from state.scripted_chat import Pause

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import ReasoningDelta, StreamEnded, TextBecameReasoning, TextDelta
from zaguan_tui.screens.chat.answers.markdown import AnswerMarkdown
from zaguan_tui.screens.chat.answers.rendered_block import RenderedBlock
from zaguan_tui.storage.conversations import ConversationTable
from zaguan_tui.storage.database import Database

MARKDOWN = "# Title\n\nA *word* and `code`.\n\n- one\n- two\n\n```python\nprint(1)\n```\n\nThe end."


@pytest.mark.live
async def test_an_answer_of_the_sandbox_streams_and_is_kept(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app("playground")
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/markdown")
        await scene.send("go")
        await scene.until(lambda: "streaming" in scene.text or "● finished" in scene.text)
        await scene.until(lambda: scene.screen.query("AnswerMarkdown, RenderedBlock"))
        await asyncio.sleep(0.6)
        database = await Database.open(tmp_path / "data" / "zaguan.sqlite")
        stored = await ConversationTable(database).recent(1)
        await database.close()
        assert stored, "it is on disk while it streams"
        await scene.over()
        line_text = scene.text
        for part in ("● finished", "first token", "tok/s", " in ", " out", "req "):
            assert part in line_text
        assert "Everything at once" in scene.answer.copy_text


async def test_a_conversation_remembers_and_has_a_system_prompt() -> None:
    async with playing(well("One."), well("Two.")) as (scene, play):
        await scene.press("ctrl+y")
        await scene.press(*"Be brief.")
        await scene.press("f2")
        assert "system: Be brief." in scene.text
        await scene.ask("first?")
        await scene.ask("second?")
        messages = [(message["role"], message["content"]) for message in play.gateway.chats[-1]["messages"]]
        assert messages == [
            ("system", "Be brief."),
            ("user", "first?"),
            ("assistant", "One."),
            ("user", "second?"),
        ]
        assert len(scene.answers) == 2


async def test_reasoning_is_folded_and_unfolds() -> None:
    async with playing(
        [ReasoningDelta("Hm.\nLet me see."), TextDelta("Four."), StreamEnded(Ending.FINISHED)]
    ) as (scene, _):
        await scene.ask("2+2?")
        assert "▸ reasoning" in scene.text
        assert "Let me see." not in scene.text
        await scene.press("ctrl+e")
        assert "▾ reasoning" in scene.text
        assert "Let me see." in scene.text
        await scene.press("ctrl+e")
        assert "Let me see." not in scene.text


async def test_text_that_was_reasoning_moves_up() -> None:
    async with playing(
        [TextDelta("I wonder\n\n"), TextBecameReasoning(), TextDelta("Yes."), StreamEnded(Ending.FINISHED)]
    ) as (scene, _):
        await scene.ask("well?")
        assert "I wonder" not in scene.text
        assert "Yes." in scene.text
        assert "▸ reasoning" in scene.text


async def test_escape_stops_and_keeps_what_came_and_again_leaves_the_prompt() -> None:
    async with playing([TextDelta("Half an"), Pause(999), TextDelta(" answer")]) as (scene, play):
        await scene.send("go on")
        await scene.until(lambda: "Half an" in scene.text)
        assert scene.screen.check_action("stop", ()) is True
        await scene.press("escape")
        await scene.over()
        assert "stopped by you" in scene.text
        assert "Half an" in scene.text
        assert scene.answer.message.ending is Ending.CANCELLED
        assert play.gateway.streams[0].closed, "the connection is closed"
        assert scene.prompt.has_focus
        await scene.press("escape")
        assert not scene.prompt.has_focus
        await scene.press("5")
        assert play.screen.feature.name == "providers"
        await scene.press("2")
        assert "Half an" in scene.text


async def test_a_second_prompt_waits_for_the_first_answer() -> None:
    async with playing([TextDelta("Well"), Pause(999)]) as (scene, play):
        await scene.send("one")
        await scene.write("two")
        await scene.press("enter")
        assert "An answer is still coming. Escape stops it." in scene.toasts
        assert scene.prompt.text == "two"
        assert len(play.gateway.chats) == 1


async def test_retry_asks_again() -> None:
    async with playing(well("No."), well("Yes.")) as (scene, play):
        await scene.ask("sure?")
        await scene.press("ctrl+g")
        await scene.until(lambda: len(scene.answers) == 2)
        await scene.over()
        assert "Yes." in scene.text
        assert play.gateway.chats[0]["messages"] == play.gateway.chats[1]["messages"]


async def test_rooms_can_be_changed_and_the_terminal_resized_while_it_streams() -> None:
    paragraphs = [f"Paragraph {n} of the answer.\n\n" for n in range(12)]
    script: list[Any] = []
    for paragraph in paragraphs:
        script += [TextDelta(paragraph), Pause(1)]
    async with playing([*script, StreamEnded(Ending.FINISHED)]) as (scene, play):
        await scene.send("write")
        await play.clock.advance(3)
        await scene.press("f5")
        await play.clock.advance(3)
        await play.resize(80, 24)
        await scene.press("f2")
        await play.clock.advance(3)
        await play.resize(50, 12)
        await play.resize(200, 50)
        await play.clock.advance(9)
        await scene.over()
        text = scene.text
        assert [f"Paragraph {n} of" in text for n in range(12)] == [True] * 12
        assert text.count("Paragraph 7 of") == 1


@pytest.mark.parametrize("step", [3, 40])
async def test_markdown_streamed_in_pieces_equals_markdown_shown_at_once(step: int) -> None:
    pieces = [TextDelta(MARKDOWN[at : at + step]) for at in range(0, len(MARKDOWN), step)]
    paused = [part for piece in pieces for part in (piece, Pause(0.01))]
    async with playing([*paused, StreamEnded(Ending.FINISHED)]) as (scene, play):
        await scene.send("go")
        for _ in range(len(pieces) + 2):
            await play.clock.advance(0.01)
            await asyncio.sleep(0.01)
        await scene.over()
        streamed = play.text("#transcript")
        await scene.answer._body.show(MARKDOWN)
        await scene.pilot.pause()
        at_once = play.text("#transcript")
        assert streamed == at_once
        assert "print(1)" in streamed
        assert "```" not in streamed


async def test_the_reader_keeps_the_place_until_end_is_pressed() -> None:
    lines = "".join(f"Line {n}.\n\n" for n in range(60))
    async with playing(
        [TextDelta(lines), Pause(1), TextDelta(lines), Pause(1), StreamEnded(Ending.FINISHED)]
    ) as (scene, play):
        await scene.send("go")
        transcript = scene.screen.transcript
        await scene.until(lambda: transcript.max_scroll_y > 20)
        assert transcript.scroll_y == transcript.max_scroll_y
        transcript.scroll_to(y=10, animate=False)
        await scene.pilot.pause()
        transcript.release_anchor()
        before = transcript.max_scroll_y
        await play.clock.advance(1)
        await scene.until(lambda: transcript.max_scroll_y > before)
        assert transcript.scroll_y == 10
        await play.clock.advance(2)
        await scene.over()
        assert transcript.scroll_y == 10, "the end of the stream does not steal the place either"
        transcript.action_follow()
        await scene.pilot.pause()
        assert transcript.scroll_y == transcript.max_scroll_y


async def test_an_empty_failure_gives_the_prompt_back() -> None:
    error = APIError("Slow down.", status=429, kind=ErrorKind.RATE_LIMIT, request_id="req_429")
    async with playing([error], well()) as (scene, _):
        await scene.ask("a long question")
        assert "✖ no answer" in scene.text
        assert "req_429" in scene.text
        assert scene.prompt.text == "a long question"
        await scene.press("enter")
        await scene.until(lambda: len(scene.answers) == 2)
        await scene.over()
        assert "Hello there." in scene.text


async def test_what_is_written_meanwhile_is_not_overwritten_by_a_prompt_given_back() -> None:
    error = APIError("Down.", status=500, kind=ErrorKind.SERVER)
    async with playing([Pause(1), error]) as (scene, play):
        await scene.send("first")
        await scene.write("second thoughts")
        await play.clock.advance(2)
        await scene.over()
        assert scene.prompt.text == "second thoughts"


async def test_the_meter_keeps_its_columns_while_it_streams() -> None:
    script: list[Any] = []
    for _ in range(40):
        script += [TextDelta("word " * 40), Pause(0.25)]
    async with playing([*script, StreamEnded(Ending.FINISHED)]) as (scene, play):
        await scene.send("go")
        places = set()
        for _ in range(30):
            await play.clock.advance(0.25)
            await scene.pilot.pause()
            line = next((line for line in scene.text.splitlines() if "◌ streaming" in line), "")
            if "tok/s" in line:
                places.add((line.index("first token"), line.index("tok/s"), line.index(" out"), len(line)))
        assert len(places) == 1, places


async def test_a_long_answer_in_many_parts_is_whole_at_every_width() -> None:
    paragraphs = [
        f"Paragraph {n}. " + "Some more words to fill it. " * 8 + f"End {n}.\n\n" for n in range(40)
    ]
    script = [part for paragraph in paragraphs for part in (TextDelta(paragraph), Pause(0.05))]
    async with playing([*script, StreamEnded(Ending.FINISHED)], size=(90, 24)) as (scene, play):
        await scene.send("go")
        for width in (90, 60, 120):
            await play.resize(width, 24)
            for _ in range(14):
                await play.clock.advance(0.05)
                await asyncio.sleep(0.02)
        await scene.over()
        for width in (50, 90):
            await play.resize(width, 1000)
            await scene.pilot.pause(0.1)
            seen = " ".join(scene.text.split())
            assert all(f"Paragraph {n}." in seen and f"End {n}." in seen for n in range(40)), width
        assert scene.screen.query(RenderedBlock)
        assert len(scene.screen.query(AnswerMarkdown)) == 2


async def test_leaving_while_it_streams_is_quiet() -> None:
    script = [part for n in range(400) for part in (TextDelta(f"Paragraph {n}.\n\n"), Pause(0.01))]
    async with playing(script) as (scene, play):
        await scene.send("go")
        for _ in range(20):
            await play.clock.advance(0.05)
            await asyncio.sleep(0.01)
        await scene.pilot.press("ctrl+q")
    assert play.app.fault is None


async def test_another_conversation_is_opened_while_one_streams_and_back() -> None:
    script = [part for n in range(9) for part in (TextDelta(f"Paragraph {n}.\n\n"), Pause(1))]
    async with playing(well("Other."), [*script, StreamEnded(Ending.FINISHED)]) as (scene, play):
        await scene.ask("the other one")
        other = scene.screen.chat_session.id
        await scene.press("ctrl+n")
        await scene.send("the long one")
        long = scene.screen.chat_session.id
        await play.clock.advance(2)
        await play.app.open_link(f"chat:{other}")
        await scene.until(lambda: "Other." in scene.text)
        await play.clock.advance(3)
        await scene.pilot.pause(0.1)
        assert "Paragraph" not in scene.text
        await play.app.open_link(f"chat:{long}")
        await scene.until(lambda: "Paragraph 3." in scene.text)
        await play.clock.advance(9)
        await scene.over()
        await scene.pilot.pause(0.1)
        assert [scene.text.count(f"Paragraph {n}.") for n in range(9)] == [1] * 9
        assert "● finished" in scene.text
