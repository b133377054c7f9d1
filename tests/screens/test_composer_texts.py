"""Texts that are not typed: the library with its variables, the external editor, earlier prompts."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.drivers.headless_driver import HeadlessDriver

from screens.conftest import MakeApp
from screens.playground_scene import Scene, playing, well
from screens.stage import SMALL, deceivers
from zaguan_tui.screens.chat.composer.fill_sheet import FillSheet, VariableField
from zaguan_tui.screens.chat.composer.library_sheet import LibrarySheet
from zaguan_tui.screens.modals.ask_text import AskTextScreen
from zaguan_tui.screens.modals.confirm import ConfirmScreen


async def open_library(scene: Scene) -> LibrarySheet:
    await scene.press("alt+l")
    await scene.until(
        lambda: isinstance(scene.app.screen, LibrarySheet) and scene.app.screen.query("#kept-prompt")
    )
    await scene.pilot.pause()
    assert isinstance(scene.app.screen, LibrarySheet)
    return scene.app.screen


async def back(scene: Scene) -> None:
    await scene.until(lambda: scene.app.screen is scene.screen)
    await scene.pilot.pause()


async def test_a_prompt_is_kept_and_taken_again() -> None:
    async with playing() as (scene, _):
        await scene.write("Explain it\nlike I am five.")
        await open_library(scene)
        assert "None yet: s keeps the present one." in scene.text
        await scene.press("s")
        await scene.until(lambda: isinstance(scene.app.screen, AskTextScreen))
        await scene.press(*"simply", "enter")
        await scene.until(lambda: isinstance(scene.app.screen, LibrarySheet) and "simply" in scene.text)
        assert "like I am five." in scene.text, "the text stands below"
        await scene.press("escape")
        await back(scene)
        await scene.write("")
        await open_library(scene)
        await scene.press("enter")
        await back(scene)
        await scene.until(lambda: scene.prompt.text == "Explain it\nlike I am five.")


async def test_system_prompts_are_in_the_other_list() -> None:
    async with playing(size=SMALL) as (scene, _):
        await scene.screen.app_state.library.save("system", "pirate", "You are a pirate.")
        await scene.press("escape", "l")
        await scene.until(lambda: "pirate" in scene.text)
        await scene.press("right")
        assert "You are a pirate." in scene.text
        await scene.press("enter")
        await back(scene)
        await scene.until(lambda: scene.screen.chat_session.system_prompt == "You are a pirate.")
        assert "system: You are a pirate." in scene.text
        await open_library(scene)
        await scene.press("right", "s")
        await scene.until(lambda: isinstance(scene.app.screen, AskTextScreen))
        await scene.press("escape")
        await scene.until(lambda: isinstance(scene.app.screen, LibrarySheet))


async def test_nothing_written_is_not_kept() -> None:
    async with playing() as (scene, _):
        await open_library(scene)
        await scene.press("s")
        await scene.until(lambda: "There is no prompt to keep" in scene.toasts)
        await scene.press("x", "enter")
        assert isinstance(scene.app.screen, LibrarySheet), "an empty list has nothing to take or delete"


async def test_deleting_and_replacing_ask_first() -> None:
    async with playing() as (scene, _):
        library = scene.screen.app_state.library
        await library.save("prompt", "one", "first")
        await scene.write("second")
        await open_library(scene)
        await scene.press("s")
        await scene.until(lambda: isinstance(scene.app.screen, AskTextScreen))
        await scene.press(*"one", "enter")
        await scene.until(lambda: isinstance(scene.app.screen, ConfirmScreen))
        await scene.press("n")
        await scene.until(lambda: isinstance(scene.app.screen, LibrarySheet))
        assert await library.text("prompt", "one") == "first"
        await scene.press("x")
        await scene.until(lambda: isinstance(scene.app.screen, ConfirmScreen))
        await scene.press("y")
        await scene.until(lambda: isinstance(scene.app.screen, LibrarySheet) and "None yet" in scene.text)
        assert await library.names("prompt") == ()


async def test_variables_are_asked_for_and_remembered() -> None:
    async with playing(well()) as (scene, play):
        await scene.screen.app_state.library.save(
            "prompt", "translate", "Say {{text}} in {{language|French}}."
        )
        await open_library(scene)
        await scene.press("enter")
        await scene.until(
            lambda: isinstance(scene.app.screen, FillSheet) and scene.app.screen.query(VariableField)
        )
        await scene.pilot.pause()
        assert "Say  in French." in scene.text
        await scene.press(*"{{language}}", "enter")
        assert "Say {{language}} in French." in scene.text, "a value is not read again"
        await scene.press(*"Dutch", "enter")
        await back(scene)
        await scene.until(lambda: scene.prompt.text == "Say {{language}} in Dutch.")
        await scene.press("enter")
        await scene.until(lambda: play.gateway.chats)
        await scene.until(lambda: scene.answers)
        await scene.over()
        await open_library(scene)
        await scene.press("enter")
        await scene.until(lambda: isinstance(scene.app.screen, FillSheet) and "in Dutch." in scene.text)
        await scene.press("ctrl+s")
        await back(scene)
        await scene.until(lambda: scene.prompt.text == "Say {{language}} in Dutch.")
        await open_library(scene)
        await scene.press("enter")
        await scene.until(lambda: isinstance(scene.app.screen, FillSheet))
        await scene.press("escape")
        await scene.until(lambda: isinstance(scene.app.screen, LibrarySheet))


async def test_what_is_kept_is_literal_and_harmless() -> None:
    async with playing(size=SMALL) as (scene, _):
        hostile = "[red]{{na me|\x1b[31m[/]}} \x1b]0;own\x07 \u202egnp"
        await scene.screen.app_state.library.save("prompt", "[bold]\x1b[2J name[/]", hostile)
        await open_library(scene)
        await scene.until(lambda: "[bold]" in scene.text)
        assert "[red]" in scene.text
        assert not deceivers(scene.text)
        await scene.press("enter")
        await scene.until(lambda: isinstance(scene.app.screen, FillSheet) and "na me" in scene.text)
        assert not deceivers(scene.text)
        await scene.press("f2")
        await back(scene)
        await scene.pilot.pause()
        assert not deceivers(scene.text)


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that writes down what it was given, and appends a line. The terminal can be lent."""
    script = tmp_path / "my editor"
    script.write_text(
        '#!/bin/sh\ncp "$2" "$(dirname "$0")/seen"\nstat -c %a "$2" > "$(dirname "$0")/mode"\n'
        'echo "$2" > "$(dirname "$0")/path"\necho "added outside" >> "$2"\nexit ${EDITOR_CODE:-0}\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("VISUAL", f"'{script}' --wait")
    monkeypatch.setattr(HeadlessDriver, "can_suspend", property(lambda self: True))
    return tmp_path


def gone_file(editor: Path) -> Path:
    return Path((editor / "path").read_text().strip())


async def test_the_editor_outside_gets_the_prompt_and_gives_it_back(editor: Path) -> None:
    async with playing() as (scene, _):
        await scene.write("written here\n")
        await scene.press("alt+e")
        await scene.until(lambda: scene.prompt.text == "written here\nadded outside\n")
        assert (editor / "seen").read_text() == "written here\n"
        assert (editor / "mode").read_text().strip() == "600"
        assert not gone_file(editor).exists(), "the file is gone"
        assert scene.prompt.has_focus


async def test_the_editor_adds_no_line_of_its_own(editor: Path) -> None:
    async with playing() as (scene, _):
        await scene.press("alt+e")
        await scene.until(lambda: scene.prompt.text == "added outside")


async def test_an_editor_that_fails_leaves_the_prompt(editor: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR_CODE", "3")
    async with playing() as (scene, _):
        await scene.write("mine")
        await scene.press("alt+e")
        await scene.until(lambda: "ended with code 3; the prompt is as it was." in scene.toasts)
        assert scene.prompt.text == "mine"


@pytest.mark.parametrize(
    ("visual", "sentence"),
    [
        ("", "No editor is set."),
        ("no-such-editor-here", "The editor no-such-editor-here did not start: no such file"),
        ("'unclosed", "$VISUAL or $EDITOR is no command"),
    ],
)
async def test_without_an_editor_it_is_said(
    editor: Path, monkeypatch: pytest.MonkeyPatch, visual: str, sentence: str
) -> None:
    monkeypatch.setenv("VISUAL", visual)
    monkeypatch.delenv("EDITOR", raising=False)
    async with playing() as (scene, _):
        await scene.press("alt+e")
        await scene.until(lambda: sentence in scene.toasts)


async def test_a_terminal_that_cannot_be_lent_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "true")
    async with playing() as (scene, _):
        await scene.press("alt+e")
        await scene.until(lambda: "This terminal cannot be lent to an editor." in scene.toasts)


async def test_what_was_asked_survives_the_program(make_app: MakeApp) -> None:
    async def asked(do: Any) -> None:
        app = make_app("playground")
        async with app.run_test(size=(120, 40), notifications=True) as pilot:
            await do(Scene(app, pilot))

    async def first(scene: Scene) -> None:
        await scene.ask("Say one.")
        await scene.ask("Say two.")
        await scene.ask("Say one.")

    async def second(scene: Scene) -> None:
        await scene.until(lambda: scene.prompt._sent_prompts)
        await scene.press("up")
        assert scene.prompt.text == "Say one."
        await scene.press("up")
        assert scene.prompt.text == "Say two."
        await scene.press("up")
        assert scene.prompt.text == "Say two.", "each once"
        await scene.press("down", "down")
        assert scene.prompt.text == ""

    await asked(first)
    await asked(second)


async def test_a_letter_with_alt_is_a_key_and_no_letter() -> None:
    async with playing() as (scene, _):
        await scene.press(*"abc")
        scene.app.post_message(events.Key("alt+l", "l"))  # as a real terminal tells it
        await scene.until(lambda: isinstance(scene.app.screen, LibrarySheet))
        assert scene.prompt.text == "abc"
