"""Conversations on the screen: search, rename, fork, edit, choose, delete, undo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input, OptionList, TextArea

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from screens.stage import deceivers
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import StreamEnded, TextDelta
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.playground.history.rows import TitleIndex, render_row
from zaguan_tui.screens.playground.history.sheet import HistorySheet
from zaguan_tui.state.chat.message import Attachment, Message, Role
from zaguan_tui.state.conversations.conversation import Conversation, ConversationKind, Turn
from zaguan_tui.state.conversations.search import ConversationSummary, SearchHit

NOW = datetime(2026, 3, 1, 14, 3, tzinfo=UTC)
HOSTILE = "[red]x[/] \x1b[31m\x1b]52;c;eA==\x07 \u202eabc 名前"


def talk(
    name: str, *pairs: tuple[str, str], at: int = 0, kind: ConversationKind = ConversationKind.CHAT
) -> Conversation:
    """A conversation as it might be stored."""
    turns = tuple(
        Turn(
            f"turn_{name}{number}",
            Message(f"msg_{name}{number}p", Role.USER, asked, NOW),
            (
                Message(
                    f"msg_{name}{number}a",
                    Role.ASSISTANT,
                    text,
                    NOW,
                    ending=Ending.FINISHED,
                    model="sandbox/echo",
                ),
            ),
        )
        for number, (asked, text) in enumerate(pairs)
    )
    moment = datetime.fromtimestamp(1_700_000_000 + at, UTC)
    return Conversation(f"conv_{name}", name, "sandbox/echo", moment, moment, turns=turns, kind=kind)


@asynccontextmanager
async def open_playground(
    make_app: MakeApp, *stored: Conversation, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[Scene]:
    """The screen on the sandbox, with these conversations in its file."""
    app = make_app("playground")
    async with app.run_test(size=size, notifications=True) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/echo")
        for conversation in stored:
            await app.session.app_state.conversations.adopt(conversation)
        yield scene


async def look(scene: Scene, typed: str = "") -> None:
    """Open the history and type."""
    await scene.press("ctrl+r")
    await scene.until(lambda: isinstance(scene.app.screen, HistorySheet) and "Reading …" not in scene.text)
    await scene.press(*typed)


def sheet_of(scene: Scene) -> HistorySheet:
    assert isinstance(scene.app.screen, HistorySheet)
    return scene.app.screen


def listed(scene: Scene) -> list[str]:
    return [row.title for row in sheet_of(scene)._rows]


def markdown_in(folder: Path) -> list[Path]:
    return list(folder.glob("*.md"))


TIDES = talk(
    "Tides", ("why are there tides", "the moon pulls at the sea"), ("and the sun", "it pulls, too"), at=1
)
POEM = talk("A poem", ("write about the sea", "blue and wide"), at=2)
WHICH = talk("Which is best", ("say hello", "hello"), at=3, kind=ConversationKind.COMPARISON)


async def test_what_was_said_is_found_and_opened_at_its_turn(make_app: MakeApp) -> None:
    async with open_playground(make_app, TIDES, POEM, WHICH) as scene:
        await look(scene)
        assert listed(scene) == ["Which is best", "A poem", "Tides"]
        assert "▣ Which is best" in scene.text
        assert "2 turns" in scene.text
        await scene.press(*"sea")
        await scene.until(lambda: "2 of 3 fit, 2 by what was said" in scene.text)
        assert "» write about the sea" in scene.text
        assert "« the moon pulls at the sea" in scene.text
        await scene.press(*" moon")
        await scene.until(lambda: listed(scene) == ["Tides"])
        await scene.until(lambda: "❯ why are there tides" in scene.text)
        await scene.press("enter")
        await scene.until(lambda: scene.screen.chat_session.id == "conv_Tides" and len(scene.answers) == 2)
        await scene.until(lambda: scene.screen.focused is scene.answers[0])


async def test_titles_come_first_then_what_was_said(make_app: MakeApp) -> None:
    named = talk("The sea", ("hello", "there"), at=0)
    async with open_playground(make_app, named, POEM) as scene:
        await look(scene, "sea")
        await scene.until(lambda: listed(scene) == ["The sea", "A poem"])


async def test_a_conversation_is_renamed_in_the_list_and_in_the_room(make_app: MakeApp) -> None:
    async with open_playground(make_app, TIDES, POEM) as scene:
        await look(scene, "tides")
        await scene.press("alt+t")
        await scene.until(lambda: "Rename" in scene.text)
        await scene.press("end", *" of the moon", "enter")
        await scene.until(lambda: isinstance(scene.app.screen, HistorySheet))
        await scene.until(lambda: "Tides of the moon" in listed(scene))
        await scene.press("enter")
        await scene.until(
            lambda: "Tides of the moon" in scene.text and scene.screen.chat_session.id == "conv_Tides"
        )
        await scene.press("escape", "T")
        await scene.until(lambda: "Rename" in scene.text)
        scene.app.screen.query_one(Input).value = "Ebb and flow"
        await scene.press("enter")
        await scene.until(lambda: "Ebb and flow" in str(scene.screen.query_one("#title-line").render()))
        stored = await scene.app.session.app_state.conversations.search.listed()
        assert stored[1].title == "Ebb and flow"


async def test_what_was_deleted_comes_back(make_app: MakeApp) -> None:
    async with open_playground(make_app, TIDES, POEM) as scene:
        await look(scene)
        await scene.press("down", "alt+d")
        await scene.until(lambda: listed(scene) == ["A poem"])
        assert "Deleted “Tides”. alt+u brings it back." in scene.toasts
        await scene.press("alt+u")
        await scene.until(lambda: listed(scene) == ["A poem", "Tides"])
        assert sheet_of(scene).query_one(OptionList).highlighted == 1
        await scene.press("alt+d")
        await scene.until(lambda: listed(scene) == ["A poem"])
        await scene.press("escape", "escape", "u")
        await scene.until(lambda: scene.screen.chat_session.id == "conv_Tides")
        await scene.until(lambda: "it pulls, too" in scene.text)
        await scene.press("escape", "u")
        await scene.until(lambda: "Nothing was deleted that could come back." in scene.toasts)


async def test_the_conversation_on_the_desk_is_deleted(make_app: MakeApp) -> None:
    async with open_playground(make_app, TIDES) as scene:
        await scene.app.open_link("chat:conv_Tides")
        await scene.until(lambda: len(scene.answers) == 2)
        await look(scene)
        await scene.press("alt+d")
        await scene.until(lambda: "No conversation is kept yet." in scene.text)
        await scene.press("escape")
        await scene.until(lambda: scene.screen.chat_session.id is None and not scene.answers)
        await scene.press("alt+u")
        await scene.until(lambda: len(scene.answers) == 2)


async def test_two_thousand_conversations_stay_quick(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [
        ConversationSummary(f"conv_{n}", f"Talk {n} about things", "a/b", ConversationKind.CHAT, NOW, n)
        for n in range(2_000)
    ]
    index = TitleIndex(many)
    assert len(index.find("")) == 2_000
    assert [row.listed.id for row in index.find("1234 things")] == ["conv_1234"]

    async def list_many() -> list[ConversationSummary]:
        return many

    async with open_playground(make_app, TIDES) as scene:
        monkeypatch.setattr(scene.app.session.app_state.conversations.search, "listed", list_many)
        await look(scene)
        await scene.until(lambda: "2,000 conversations; the first 60 are shown" in scene.text)
        await scene.press(*["pagedown"] * 6)
        await scene.until(lambda: sheet_of(scene).query_one(OptionList).option_count == 120)
        assert sheet_of(scene).query_one(OptionList).highlighted == 59
        await scene.press("pagedown")
        assert sheet_of(scene).query_one(OptionList).highlighted == 69


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_the_history_fits_every_terminal(make_app: MakeApp, size: tuple[int, int]) -> None:
    hostile = replace(talk("x", (HOSTILE, HOSTILE * 30)), title=HOSTILE)
    async with open_playground(make_app, TIDES, hostile, size=size) as scene:
        await look(scene, "abc")
        await scene.until(lambda: "by what was said" in scene.text and len(listed(scene)) == 1)
        assert not deceivers(scene.text)
        assert "[red]x[/]" in scene.text
        assert "alt+t title" in scene.text
        assert "1 turn" in scene.text


@pytest.mark.parametrize("width", [40, 60, 90, 160])
def test_a_line_of_the_list_fits_its_width(width: int) -> None:
    one = ConversationSummary(
        "conv_1", "名前" * 40, "maker/" + "long-" * 20, ConversationKind.CHAT, NOW, 12, forked=True
    )
    hit = SearchHit("conv_1", "turn_1", "word " * 30, ((0, 4),), True, 3)
    (row,) = TitleIndex([one]).find("名", [hit])
    for line in render_row(row, "名", NOW, width, current=True).split("\n"):
        assert line.cell_length <= width


def test_a_long_model_is_cut_with_an_ellipsis_and_left_out_where_nothing_of_it_would_stand() -> None:
    one = ConversationSummary(
        "conv_1", "A title", "openai/gpt-4o-mini", ConversationKind.CHAT, NOW, 1, forked=False
    )
    (row,) = TitleIndex([one]).find("")
    assert render_row(row, "", NOW, 90, current=False).plain.endswith("openai/gpt-4o-mini")
    assert render_row(row, "", NOW, 60, current=False).plain.endswith("openai/gpt-…")
    assert "openai" not in render_row(row, "", NOW, 50, current=False).plain


async def test_a_fork_takes_all_up_to_the_focused_answer() -> None:
    async with playing(well("One."), well("Two."), well("Three.")) as (scene, _):
        await scene.ask("first")
        await scene.ask("second")
        source = scene.screen.chat_session.id
        await scene.write("a draft")
        scene.answers[0].focus()
        await scene.press("f")
        await scene.until(lambda: scene.screen.chat_session.id != source)
        await scene.until(lambda: len(scene.answers) == 1)
        assert scene.prompt.text == "", "the draft stays where it was written"
        assert "⎇" in scene.text
        assert "A fork with one turn; the other conversation is as it was." in scene.toasts
        await scene.ask("another way")
        assert "Three." in scene.text
        await scene.app.open_link(f"chat:{source}")
        await scene.until(lambda: "Two." in scene.text)
        assert scene.prompt.text == "a draft"


async def test_a_prompt_is_edited_and_sent_again_in_a_fork() -> None:
    async with playing(well("One."), well("Two."), well("Three."), well("Four.")) as (scene, play):
        await scene.ask("first")
        await scene.ask("second")
        source = scene.screen.chat_session.id
        await scene.press("escape", "E")
        await scene.until(lambda: scene.prompt.text == "second")
        assert scene.screen.focused is scene.prompt
        await scene.press("!", "enter")
        await scene.until(lambda: "Three." in scene.text)
        assert [m["content"] for m in play.gateway.chats[-1]["messages"]] == ["first", "One.", "second!"]
        assert scene.screen.chat_session.id != source
        scene.answers[0].focus()
        await scene.press("E")
        await scene.until(lambda: scene.prompt.text == "first")
        assert scene.screen.chat_session.id is None, "before the first prompt there is nothing to fork"


async def test_the_files_of_an_edited_prompt_come_with_it() -> None:
    async with playing(well("One.")) as (scene, _):
        await scene.until(lambda: scene.ready)
        scene.screen.controllers.attachments.add([Attachment("notes.txt", "text/plain", "hello", 5)])
        await scene.ask("first")
        assert not scene.screen.controllers.attachments.files
        await scene.press("escape", "E")
        await scene.until(lambda: scene.prompt.text == "first")
        assert [file.name for file in scene.screen.controllers.attachments.files] == ["notes.txt"]


async def test_the_focused_answer_is_asked_for_again_in_its_place() -> None:
    async with playing(well("One."), well("Two."), well("Uno."), well("Three.")) as (scene, play):
        await scene.ask("first")
        await scene.ask("second")
        scene.answers[0].focus()
        await scene.press("ctrl+g")
        await scene.until(lambda: "Uno." in scene.text)
        assert [view.message.text for view in scene.answers if view.message.text] == ["One.", "Uno.", "Two."]
        assert [m["content"] for m in play.gateway.chats[-1]["messages"]] == ["first"]
        await scene.until(lambda: "answer 2 of 2 · counts" in scene.text)
        assert scene.text.count("answer 1 of 2") == 1
        await scene.ask("third")
        sent = [m["content"] for m in play.gateway.chats[-1]["messages"]]
        assert sent == ["first", "Uno.", "second", "Two.", "third"]


async def test_another_answer_is_chosen_and_what_follows_is_asked_after_it() -> None:
    async with playing(well("One."), well("Uno."), well("Next."), well("Again.")) as (scene, play):
        await scene.ask("first")
        await scene.press("ctrl+g")
        await scene.until(lambda: "Uno." in scene.text and "answer 2 of 2 · counts" in scene.text)
        await scene.over()
        await scene.press("escape", "left")
        await scene.until(lambda: "answer 1 of 2 · counts" in scene.text)
        assert scene.screen.focused is scene.answers[0]
        await scene.press("left")
        await scene.until(lambda: "There is no other answer on that side." in scene.toasts)
        await scene.ask("second")
        assert [m["content"] for m in play.gateway.chats[-1]["messages"]] == ["first", "One.", "second"]
        scene.answers[-1].focus()
        await scene.press("right")
        await scene.until(lambda: "There is one answer to this prompt" in scene.toasts)
        scene.answers[0].focus()
        await scene.press("ctrl+g")
        await scene.until(lambda: "answer 3 of 3 · counts" in scene.text)


async def test_nothing_to_do_is_said() -> None:
    async with playing() as (scene, _):
        await scene.until(lambda: scene.ready)
        await scene.press("escape", "f", "E", "T", "e", "left", "u")
        await scene.until(lambda: "Nothing was deleted" in scene.toasts)
        assert scene.toasts.count("Nothing has been asked here yet.") >= 4


async def test_a_conversation_is_exported_and_imported_again(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with open_playground(make_app, TIDES) as scene:
        await scene.app.open_link("chat:conv_Tides")
        await scene.until(lambda: len(scene.answers) == 2)
        for _ in range(2):
            await scene.press("alt+x")
            await scene.until(lambda: "● Markdown" in scene.text)
            await scene.press("enter")
            await scene.until(lambda: not isinstance(scene.app.screen.focused, Input))
        await scene.until(lambda: (folder / "tides-2.md").exists())
        assert "# Tides" in (folder / "tides.md").read_text()
        await scene.press("escape", "e")
        await scene.until(lambda: "● Markdown" in scene.text)
        await scene.press("alt+o")
        await scene.until(lambda: "● JSON" in scene.text)
        await scene.press("enter")
        await scene.until(lambda: (folder / "tides.json").exists())
        await scene.until(lambda: "tides.json" in scene.toasts)
        await scene.press("escape", "I")
        await scene.until(lambda: "The path of a file" in scene.text)
        await scene.press(*"tides.jso", "enter")
        await scene.until(lambda: "tides.jso could not be read: No such file or directory." in scene.text)
        await scene.press("n", "enter")
        await scene.until(lambda: "Imported 2 turns." in scene.toasts)
        await scene.until(
            lambda: scene.screen.chat_session.id not in (None, "conv_Tides") and len(scene.answers) == 2
        )
        assert "it pulls, too" in scene.text


async def test_what_an_import_leaves_out_is_listed(make_app: MakeApp) -> None:
    async with open_playground(make_app) as scene:
        await scene.press("escape", "I")
        await scene.until(lambda: "The path of a file" in scene.text)
        good = '{"model": "sandbox/echo", "messages": [{"role": "user", "content": "a [b]question[/b]"}]}'
        scene.app.screen.query_one(TextArea).text = f'{good}\n{{"messages": \n{{"answer": 1}}\n{good}'
        await scene.press("f2")
        await scene.until(lambda: "Imported 2 conversations" in scene.toasts)
        await scene.until(lambda: "Not taken over" in scene.toasts)
        assert "This is no JSON: expecting value at line 2, column 14." in scene.toasts
        assert "The value at line 3 has no “messages”." in scene.toasts


async def test_pasted_messages_are_imported_and_their_last_prompt_asked(make_app: MakeApp) -> None:
    async with open_playground(make_app) as scene:
        await scene.press("escape", "I")
        await scene.until(lambda: "The path of a file" in scene.text)
        field = scene.app.screen.query_one(TextArea)
        field.text = '[{"role": "user", "content": 5}]'
        await scene.press("f2")
        await scene.until(lambda: "✖ [0].content has to be a text or a list of parts" in scene.text)
        field.text = (
            '{"model": "sandbox/echo", "messages": [{"role": "user", "content": "an imported question"}]}'
        )
        await scene.press("f2")
        await scene.until(lambda: "The last prompt has no answer yet: ctrl+g asks." in scene.toasts)
        await scene.until(lambda: "an imported question" in scene.text)
        await scene.press("ctrl+g")
        await scene.until(lambda: scene.answers and "an imported question" in scene.answer.copy_text)


async def test_a_secret_does_not_go_into_an_export(
    make_app: MakeApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_playground(make_app) as scene:
        scene.app.session._redactor.learn("sk-very-secret")  # type: ignore[attr-defined]  # the live one
        await scene.ask("my key is sk-very-secret")
        await scene.press("alt+x")
        await scene.until(lambda: "● Markdown" in scene.text)
        await scene.press("enter")
        await scene.until(lambda: "Exported" in scene.toasts)
    (written,) = markdown_in(tmp_path)
    assert "sk-very-secret" not in written.read_text() + written.name
    assert "my key is" in written.read_text()


async def test_half_an_answer_is_reopened_as_what_it_is_and_can_be_continued() -> None:
    cut: list[Any] = [TextDelta("Half an ans"), StreamEnded(Ending.TRUNCATED)]
    async with playing(cut, well("wer.")) as (scene, _):
        await scene.ask("go")
        half = scene.screen.chat_session.id
        await scene.press("ctrl+n")
        await scene.until(lambda: not scene.answers)
        await scene.app.open_link(f"chat:{half}")
        await scene.until(lambda: "Half an ans" in scene.text)
        assert "✖ truncated" in scene.text
        assert "continues" in scene.text
        await scene.press("alt+n")
        await scene.until(lambda: "wer." in scene.text)


async def test_the_title_stands_above_the_conversation() -> None:
    async with playing(well(), size=(80, 24)) as (scene, _):
        await scene.ask("why is the sea salty?")
        await scene.until(
            lambda: "why is the sea salty?" in str(scene.screen.query_one("#title-line").render())
        )
        await scene.press("ctrl+n")
        await scene.until(lambda: not str(scene.screen.query_one("#title-line").render()))
        assert scene.screen.query_one(Prompt).has_focus
