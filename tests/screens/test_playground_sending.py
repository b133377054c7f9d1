"""Nothing that was written is lost, sent twice, or sent to where it was not meant for."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from zaguan_tui.client.streaming.events import TextDelta
from zaguan_tui.screens.chat.error_messages import (
    ANSWER_IN_PROGRESS,
    CONVERSATION_DELETED,
    NO_PROMPT,
    OPENING,
)
from zaguan_tui.state.chat.turn_runner import AnswerInProgressError
from zaguan_tui.storage.database import Database
from zaguan_tui.storage.drafts import DraftTable
from zaguan_tui.storage.errors import StorageError


async def test_what_is_typed_right_after_enter_stays() -> None:
    async with playing([TextDelta("Well")]) as (scene, play):
        await scene.until(lambda: scene.ready)
        prompt = scene.prompt
        prompt.write("one")
        prompt.action_send()
        assert prompt.text == "", "the field is empty at once"
        prompt.insert("two")
        prompt.action_send()
        assert prompt.text == "two", "refused at once, and kept"
        await scene.until(lambda: ANSWER_IN_PROGRESS in scene.toasts)
        await scene.until(lambda: play.gateway.chats)
        await scene.over()
        assert prompt.text == "two"
        assert [chat["messages"][-1]["content"] for chat in play.gateway.chats] == ["one"]


@pytest.mark.parametrize(
    ("error", "sentence", "reported"),
    [
        (AnswerInProgressError("conv"), ANSWER_IN_PROGRESS, False),
        (StorageError("The disk is full."), "The disk is full.", False),
        (RuntimeError("a fault"), "Something went wrong here; the prompt is kept.", True),
    ],
)
async def test_a_prompt_that_cannot_be_sent_comes_back(
    error: Exception, sentence: str, reported: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing() as (scene, play):
        await scene.until(lambda: scene.ready)
        faults: list[Exception] = []
        monkeypatch.setattr(play.session, "report_fault", faults.append, raising=False)

        async def send(*_: Any, **__: Any) -> None:
            raise error

        monkeypatch.setattr(play.session.app_state.turns, "send_all", send)
        await scene.write("a long question")
        scene.prompt.action_send()
        scene.prompt.insert("and more")
        await scene.until(lambda: sentence in scene.toasts)
        await scene.pilot.pause()
        assert scene.prompt.text == "a long question\nand more"
        assert not scene.screen.chat_session.answering
        assert scene.screen.chat_session.id is None, "nothing has begun"
        assert faults == ([error] if reported else [])


async def test_the_draft_is_on_disk_until_the_prompt_is(make_app: MakeApp, tmp_path: Path) -> None:
    app = make_app("playground")
    async with app.run_test(size=(100, 30)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        memory = app.session.app_state.conversations._memory
        save, may_save = memory.save, asyncio.Event()

        async def slowly(*saved: Any) -> None:
            await may_save.wait()
            await save(*saved)

        memory.save = slowly
        await scene.write("the question")
        await scene.screen.controllers.drafts.keep()
        await pilot.press("enter")
        await pilot.press(*"more")
        await asyncio.sleep(0.7)
        database = await Database.open(tmp_path / "data" / "zaguan.sqlite")
        drafts = DraftTable(database)
        assert await drafts.read("playground:new") == "the question"
        may_save.set()
        await scene.until(lambda: scene.answers)
        await pilot.pause()
        assert await drafts.read("playground:new") == ""
        assert await drafts.read(f"conversation:{scene.screen.chat_session.id}") == "more"
        await database.close()


async def test_a_prompt_goes_where_it_was_meant_for_whatever_is_opened_meanwhile() -> None:
    async with playing(well("One."), well("Two."), models=3) as (scene, play):
        await scene.ask("first")
        talk, model = scene.screen.chat_session.id, scene.screen.chat_session.model
        await scene.write("second")
        scene.prompt.action_send()
        scene.screen.chat_session.start_new()
        scene.screen.chat_session._model = "maker-2/model-002"
        await scene.until(lambda: len(play.gateway.chats) == 2)
        turns = play.session.app_state.conversations.get(talk).turns
        assert [turn.prompt.text for turn in turns] == ["first", "second"]
        assert play.gateway.chats[1]["model"] == model


async def test_a_new_conversation_right_after_enter_starts_with_an_empty_prompt() -> None:
    async with playing(well("One.")) as (scene, play):
        await scene.until(lambda: scene.ready)
        scene.prompt.write("first")
        scene.prompt.action_send()
        scene.prompt.insert("for the first talk")
        talk = scene.screen.chat_session.id
        await scene.press("ctrl+n")
        await scene.until(
            lambda: scene.screen.chat_session.id is None and not scene.screen.controllers.sender.opening
        )
        assert scene.prompt.text == ""
        await scene.until(lambda: play.gateway.chats)
        await play.app.open_link(f"chat:{talk}")
        await scene.until(lambda: "One." in scene.text)
        assert scene.prompt.text == "for the first talk"


async def test_nothing_is_sent_while_another_conversation_is_being_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with playing(well("One.")) as (scene, play):
        await scene.until(lambda: scene.ready)
        may_open = asyncio.Event()

        async def open_slowly(conversation_id: str) -> None:
            await may_open.wait()
            raise KeyError(conversation_id)

        monkeypatch.setattr(play.session.app_state.conversations, "open", open_slowly)
        scene.screen.open_link("conv_slow")
        await scene.pilot.pause()
        scene.prompt.write("where to?")
        scene.prompt.action_send()
        assert scene.prompt.text == "where to?"
        await scene.until(lambda: OPENING in scene.toasts)
        assert not play.gateway.chats
        may_open.set()
        await scene.until(lambda: CONVERSATION_DELETED in scene.toasts)
        scene.prompt.action_send()
        await scene.until(lambda: play.gateway.chats)


async def test_a_retry_is_refused_while_an_answer_comes_or_nothing_was_asked() -> None:
    from state.scripted_chat import Pause

    async with playing([TextDelta("Well"), Pause(999)]) as (scene, play):
        await scene.until(lambda: scene.ready)
        await scene.press("ctrl+g")
        await scene.until(lambda: NO_PROMPT in scene.toasts)
        await scene.send("one")
        await scene.press("ctrl+g")
        await scene.until(lambda: ANSWER_IN_PROGRESS in scene.toasts)
        assert len(play.gateway.chats) == 1


async def test_changes_to_a_conversation_that_is_gone_are_told() -> None:
    async with playing(well("One.")) as (scene, play):
        await scene.ask("first")
        await play.session.app_state.conversations.remove(scene.screen.chat_session.id)
        scene.screen.open_link("maker-0/model-000")
        await scene.until(lambda: CONVERSATION_DELETED in scene.toasts)


@pytest.mark.parametrize("leave", ["key", "exit"])
async def test_the_last_words_are_kept_when_one_leaves(make_app: MakeApp, tmp_path: Path, leave: str) -> None:
    app = make_app("playground")
    async with app.run_test(size=(100, 30)) as pilot:
        scene = Scene(app, pilot)
        await scene.until(lambda: scene.screen.controllers.drafts.open)
        await pilot.press(*"last words")
        await (pilot.press("ctrl+q") if leave == "key" else asyncio.sleep(0))
        app.exit()
    database = await Database.open(tmp_path / "data" / "zaguan.sqlite")
    assert await DraftTable(database).read("playground:new") == "last words"
    await database.close()


async def test_the_clock_of_the_screen_ticks_once_a_second() -> None:
    async with playing() as (scene, _):
        screen = scene.screen
        assert sum(timer._interval == 1.0 for timer in screen._timers) == 1


async def test_models_are_watched_while_the_screen_is_shown_also_when_left_over_a_sheet() -> None:
    async with playing() as (scene, play):
        poller = play.session.app_state.models.poller
        assert poller.visible == 1
        await scene.press("f1")
        assert poller.visible == 1, "a sheet changes nothing"
        await play.app.open_link("room:providers")
        assert poller.visible == 0
        await play.app.open_link("room:playground")
        assert poller.visible == 1
