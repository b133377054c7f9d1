"""Whatever a model says is literal, aligned and harmless; long answers stay quick."""

from __future__ import annotations

import time

from textual.geometry import Offset

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from screens.stage import deceivers
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import ReasoningDelta, StreamEnded, TextDelta
from zaguan_tui.screens.chat.answers.markdown import TableCells, estimate_widgets
from zaguan_tui.state.chat.message import Message, Role

TRAPS = (
    "[red]red[/] [/] [/nothing] [@click=app.quit]quit[/]",
    "\x1b[31mred\x1b[0m \x1b]0;owned\x07 \x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\",
    "invoice\u202efdp.exe \u2066isolated\u2069 \ufeffzero",
    "\x9b31m c1 \x9d0;t\x9c \x00 \x7f \x0e",
    "漢字かな한국어 👩‍🚀 🇩🇪 e\u0301",
)


async def test_hostile_text_in_every_place() -> None:
    for trap in (" ".join(TRAPS[:3]), " ".join(TRAPS[3:])):
        script = [ReasoningDelta(trap), TextDelta(trap), TextDelta("\n\n| a | b |\n| - | - |\n| "),
                  TextDelta(trap.replace("\n", " ")), TextDelta(" | 2 |\n\n```[red]\n"), TextDelta(trap),
                  TextDelta("\n```\n\nThe end."), StreamEnded(Ending.FINISHED)]  # fmt: skip
        error = APIError(trap, status=500, kind=ErrorKind.SERVER, request_id=trap)
        async with playing(script, [error], size=(100, 50)) as (scene, play):
            await scene.ask(trap)
            await scene.press("ctrl+e")
            assert "The end." in scene.text
            assert not deceivers(scene.text)
            cells = scene.screen.query_one(TableCells).children[-2]
            await scene.pilot.hover(cells, offset=Offset(1, 0))
            await scene.pilot.pause(0.1)
            await scene.ask(trap)
            assert not deceivers(scene.text)
            assert not deceivers(scene.answers[0].copy_text)
            await scene.press("escape", "enter", "enter")
            await play.resize(60, 20)
            assert not deceivers(scene.text)


async def test_hostile_model_names_and_titles() -> None:
    from screens.stage import staged
    from zaguan_tui.client.types.models.models import Model

    def prepare(gateway: object) -> None:
        gateway.scripts = [well()]  # type: ignore[attr-defined]
        gateway.capabilities = []  # type: ignore[attr-defined]
        gateway.models = [Model(id=trap) for trap in TRAPS]  # type: ignore[attr-defined]

    async with staged("playground", prepare=prepare) as play:
        scene = Scene(play.app, play.pilot)
        await scene.until(lambda: scene.screen.chat_session.model)
        await scene.ask("[/] title")
        for keys in (["ctrl+o"], ["escape", "ctrl+r"], ["escape", "ctrl+p", "c", "h", "a"]):
            await scene.press(*keys)
            await scene.pilot.pause(0.2)
            assert not deceivers(scene.text)
        await scene.press("escape")


async def test_the_hostile_model_of_the_sandbox(make_app: MakeApp) -> None:
    app = make_app("playground", time_scale=8.0)
    async with app.run_test(size=(120, 40)) as pilot:
        scene = Scene(app, pilot)
        await scene.choose("sandbox/hostile")
        await scene.ask("hello", timeout=40)
        assert "Tags that close nothing: [/] [/bold] [/red]" in scene.answer.copy_text
        assert not deceivers(scene.text)
        await scene.press("escape", "g")
        assert not deceivers(scene.text)
        assert "Hostile [red]heading[/red]" in scene.text


async def test_one_line_of_a_hundred_thousand_letters() -> None:
    line = "x" * 100_000
    pieces = [TextDelta(line[at : at + 4000]) for at in range(0, len(line), 4000)]
    async with playing([*pieces, StreamEnded(Ending.FINISHED)]) as (scene, _):
        await scene.ask("long")
        assert scene.answer.copy_text == line
        began = time.perf_counter()
        await scene.press(*"quick")
        assert time.perf_counter() - began < 5
        assert scene.prompt.text == "quick"


async def test_a_very_long_list_becomes_plain_and_says_so() -> None:
    text = "Before.\n\n" + "".join(f"{n}. item number {n}\n" for n in range(1, 1001)) + "\nAfter."
    assert estimate_widgets(text) > 1000
    async with playing(well(text)) as (scene, _):
        await scene.ask("list")
        assert len(list(scene.answer.walk_children())) < 40
        assert scene.answer.copy_text == text
        assert "After." in scene.text
        await scene.press("escape", "g")
        assert "This part is long: it is shown as plain text." in scene.text


async def test_five_hundred_turns_open_quickly_and_typing_stays_quick() -> None:
    async with playing(well()) as (scene, _):
        await scene.ask("hello")
        app_state = scene.app.session.app_state
        conversation = app_state.conversations.get(scene.screen.chat_session.id)
        turn = conversation.turns[0]
        answer = turn.answer
        text = "# Title\n\nSome *words*.\n\n- one\n- two\n- three\n\n```python\nprint(1)\n```\n"
        from dataclasses import replace

        turns = tuple(
            replace(
                turn,
                id=f"turn_{n}",
                prompt=Message(f"msg_p{n}", Role.USER, f"question {n}", turn.prompt.at),
                answers=(replace(answer, id=f"msg_a{n}", text=text),),
            )
            for n in range(500)
        )
        app_state.conversations._put(replace(conversation, id="conv_long", turns=turns))
        began = time.perf_counter()
        await scene.app.open_link("chat:conv_long")
        await scene.until(
            lambda: scene.screen.chat_session.id == "conv_long" and "question 499" in scene.text
        )
        opened = time.perf_counter() - began
        began = time.perf_counter()
        for letter in "abcdefghij" * 2:
            await scene.pilot.press(letter)
        typed = (time.perf_counter() - began) / 20
        assert "turns are kept but not shown" in scene.screen.query_one("EarlierTurns").render().plain  # type: ignore[union-attr]
        assert len(list(scene.screen.walk_children())) < 600
        assert opened < 10
        assert typed < 1


async def test_a_link_opens_nothing_and_is_shown_as_it_is() -> None:
    async with playing(well("[bank](http://evil.example/[/]\u202e)\n")) as (scene, play):
        await scene.ask("link?")
        opened: list[str] = []
        play.app.open_url = lambda url, **_: opened.append(url)  # type: ignore[method-assign]
        block = scene.answer.query_one("MarkdownParagraph")
        await scene.pilot.click(block, offset=(1, 0))
        await scene.until(lambda: "evil.example" in scene.toasts)
        assert opened == []
        assert "evil.example" in play.app.clipboard
        assert not deceivers(scene.text)
