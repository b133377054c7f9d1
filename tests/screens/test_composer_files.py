"""Files beside the prompt: chosen, checked, shown, sent, and given back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual import events

from screens.playground_scene import Scene, playing, well
from screens.stage import SMALL, Stage, deceivers
from zaguan_tui.client.errors.exceptions import APIError, ErrorKind
from zaguan_tui.client.types.models.capabilities import Capability
from zaguan_tui.client.types.models.models import Model
from zaguan_tui.client.types.models.virtual_models import VirtualModel, VirtualTarget
from zaguan_tui.screens.chat.composer.chips import AttachmentChips
from zaguan_tui.screens.chat.composer.file_picker import FilePicker
from zaguan_tui.screens.modals.confirm import ConfirmScreen

PNG = b"\x89PNG\r\n\x1a\n" + bytes(400)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to choose from, which is the present one."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "chart.png").write_bytes(PNG)
    (tmp_path / "notes.md").write_text("remember the milk\n")
    (tmp_path / "docs" / "deep.txt").write_text("down here\n")
    (tmp_path / ".secret").write_text("no")
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def chosen(scene: Scene, *keys: str) -> None:
    """Type into the picker and take what fits best."""
    await scene.until(lambda: isinstance(scene.app.screen, FilePicker) and "of " in scene.text)
    await scene.press(*keys)
    await scene.until(lambda: scene.app.screen._highlighted)
    await scene.press("enter")
    await scene.until(lambda: scene.app.screen is scene.screen)


def attached(scene: Scene) -> list[str]:
    return [attachment.name for attachment in scene.screen.controllers.attachments.files]


async def paste(scene: Scene, text: str) -> None:
    scene.prompt.focus()
    scene.prompt.post_message(events.Paste(text))
    await scene.pilot.pause()


async def test_an_at_at_the_start_of_a_word_chooses_a_file() -> None:
    async with playing(well()) as (scene, play):
        await scene.press(*"see ", "@")
        await chosen(scene, *"notes")
        await scene.until(lambda: attached(scene))
        assert scene.prompt.text == "see ", "the @ has done its work"
        assert "▤ notes.md 18 B ×" in scene.text
        await scene.press("h", "i", "enter")
        await scene.until(lambda: scene.answers)
        await scene.over()
        sent = play.gateway.chats[0]["messages"][-1]["content"]
        assert sent == "see hi\n\nnotes.md:\n```\nremember the milk\n```"
        assert attached(scene) == []
        assert "▤ notes.md 18 B" in scene.text, "it stands under the prompt that was sent"
        assert not scene.screen.query_one(AttachmentChips).display


async def test_an_at_inside_a_word_is_an_at() -> None:
    async with playing() as (scene, _):
        await scene.press(*"me@host", "space", *"a.b@c")
        assert scene.app.screen is scene.screen
        assert scene.prompt.text == "me@host a.b@c"


async def test_escape_leaves_what_was_typed() -> None:
    async with playing() as (scene, _):
        await scene.press("@")
        await scene.until(lambda: isinstance(scene.app.screen, FilePicker))
        await scene.press(*"dataclass", "escape")
        await scene.until(lambda: scene.app.screen is scene.screen)
        await scene.until(lambda: scene.prompt.text == "@dataclass")
        assert attached(scene) == []


async def test_the_key_attaches_also_while_writing_and_a_path_leads_elsewhere(folder: Path) -> None:
    async with playing() as (scene, _):
        await scene.press(*"abc", "alt+a")
        await scene.until(lambda: "3 of 3" in scene.text)
        assert ".secret" not in scene.text
        await scene.press(".", "/", "d")
        await scene.until(lambda: "docs/" in scene.text and "folder" in scene.text)
        await scene.press("enter")
        await scene.until(lambda: "deep.txt" in scene.text and "notes.md" not in scene.text)
        await chosen(scene, "d")
        await scene.until(lambda: attached(scene) == ["deep.txt"])
        assert scene.prompt.text == "abc"
        await scene.press("alt+a")
        await scene.until(lambda: isinstance(scene.app.screen, FilePicker))
        await scene.press(".", "/", ".", "s")
        await scene.until(lambda: ".secret" in scene.text)
        await scene.press("escape")


async def test_files_go_away_with_backspace_and_the_mouse() -> None:
    async with playing() as (scene, _):
        for name in ("notes", "deep"):
            await scene.press("alt+a")
            await chosen(scene, *name)
        await scene.until(lambda: attached(scene) == ["notes.md", "deep.txt"])
        await scene.press("x", "backspace")
        assert len(attached(scene)) == 2, "there was text to delete"
        await scene.press("backspace")
        assert attached(scene) == ["notes.md"]
        chips = scene.screen.query_one(AttachmentChips)
        cross = scene.text.splitlines()[chips.region.y].index("×")
        await scene.pilot.click(chips, offset=(cross - chips.region.x, 0))
        await scene.pilot.pause()
        assert attached(scene) == []
        assert not chips.display


async def test_a_picture_goes_to_a_model_that_can_look() -> None:
    async with playing(well()) as (scene, play):
        await scene.press(*"what", "alt+a")
        await chosen(scene, *"chart")
        await scene.until(lambda: attached(scene))
        assert "does not say whether this model can look" in scene.toasts
        await scene.press("enter")
        await scene.until(lambda: scene.answers)
        await scene.over()
        text, picture = play.gateway.chats[0]["messages"][-1]["content"]
        assert text == {"type": "text", "text": "what"}
        assert picture["image_url"]["url"].startswith("data:image/png;base64,iVBOR")


async def with_capabilities(play: Stage) -> None:
    play.gateway.models = [Model(id="a/blind", provider="a"), Model(id="a/seer", provider="a")]
    play.gateway.capabilities = [
        Capability(model_id="a/blind", vision=False),
        Capability(model_id="a/seer", vision=True),
    ]
    await play.session.app_state.models.refresh()


async def test_a_model_that_cannot_look_is_refused_with_the_nearest_that_can() -> None:
    async with playing(well()) as (scene, play):
        await with_capabilities(play)
        await scene.choose("a/blind")
        await scene.press("alt+a")
        await chosen(scene, *"chart")
        await scene.until(lambda: "a/blind cannot look at pictures. a/seer can: ctrl+o" in scene.toasts)
        assert attached(scene) == []
        await scene.choose("a/seer")
        await scene.press("alt+a")
        await chosen(scene, *"chart")
        await scene.until(lambda: attached(scene))
        await scene.choose("a/blind")
        await scene.write("what is it?")
        await scene.press("enter")
        assert scene.prompt.text == "what is it?", "nothing goes out that would fail"
        assert not play.gateway.chats


async def test_a_file_alone_is_a_prompt() -> None:
    def refused() -> list[object]:
        return [APIError("no", kind=ErrorKind.INSUFFICIENT_CREDITS, status=402)]

    async with playing(refused(), well()) as (scene, play):
        await scene.press("enter")
        assert scene.screen.chat_session.id is None, "nothing is no prompt"
        await scene.press("alt+a")
        await chosen(scene, *"notes")
        await scene.until(lambda: attached(scene))
        await scene.press("space", "enter")
        await scene.until(lambda: scene.answers)
        await scene.over()
        assert play.gateway.chats[0]["messages"][-1]["content"] == "notes.md:\n```\nremember the milk\n```"
        assert scene.prompt.text == ""
        assert scene.screen.chat_session.conversation.title == "notes.md"
        await scene.until(lambda: attached(scene) == ["notes.md"])
        await scene.press("enter")
        await scene.until(lambda: len(scene.answers) == 2)
        assert attached(scene) == []
        await scene.over()
        asked = scene.screen.query(".asked").last()
        assert asked.content_size.height == 1, "no empty line above the file"
        await scene.press("up")
        assert scene.prompt.text == "", "there is no text to walk to"


async def test_a_picture_is_checked_against_the_models_of_a_virtual_one() -> None:
    async with playing() as (scene, play):
        await with_capabilities(play)
        play.gateway.virtual = [
            VirtualModel(id="blinds", targets=(VirtualTarget(model="a/blind"),)),
            VirtualModel(id="some", targets=(VirtualTarget(model="a/blind"), VirtualTarget(model="a/seer"))),
        ]
        await play.session.app_state.virtual_models.refresh()
        await scene.choose("blinds")
        await scene.press("alt+a")
        await chosen(scene, *"chart")
        await scene.until(lambda: "blinds cannot look at pictures. a/seer can: ctrl+o" in scene.toasts)
        assert attached(scene) == []
        await scene.choose("some")
        await scene.press("alt+a")
        await chosen(scene, *"chart")
        await scene.until(lambda: attached(scene))
        assert "does not say whether" not in scene.toasts


async def test_what_cannot_go_is_told(folder: Path) -> None:
    (folder / "core.bin").write_bytes(b"\0\1\2")
    async with playing() as (scene, _):
        await scene.press("alt+a")
        await chosen(scene, *"core")
        await scene.until(lambda: "core.bin is neither a text nor a PNG" in scene.toasts)
        assert attached(scene) == []


async def test_files_come_back_with_a_prompt_that_failed() -> None:
    def refused() -> list[object]:
        return [APIError("no", kind=ErrorKind.INSUFFICIENT_CREDITS, status=402)]

    async with playing(refused(), well()) as (scene, play):
        await scene.press("alt+a")
        await chosen(scene, *"notes")
        await scene.until(lambda: attached(scene))
        await scene.ask("read it")
        await scene.until(lambda: scene.prompt.text == "read it")
        assert attached(scene) == ["notes.md"]
        await scene.press("enter")
        await scene.until(lambda: len(scene.answers) == 2)
        assert play.gateway.chats[1] == play.gateway.chats[0]


async def test_every_conversation_has_its_own_files() -> None:
    async with playing(well()) as (scene, _):
        await scene.ask("hello")
        await scene.press("alt+a")
        await chosen(scene, *"notes")
        await scene.until(lambda: attached(scene))
        first = scene.screen.chat_session.id
        await scene.press("ctrl+n")
        await scene.until(lambda: scene.screen.chat_session.id is None)
        await scene.until(lambda: not scene.screen.query_one(AttachmentChips).display)
        scene.screen.open_link(str(first))
        await scene.until(lambda: attached(scene) == ["notes.md"])


async def test_a_pasted_path_of_a_picture_is_offered(folder: Path) -> None:
    async with playing() as (scene, _):
        path = folder / "my chart.png"
        path.write_bytes(PNG)
        await paste(scene, str(path).replace(" ", "\\ "))
        await scene.until(lambda: isinstance(scene.app.screen, ConfirmScreen))
        assert "my chart.png is a picture" in scene.text
        await scene.press("y")
        await scene.until(lambda: attached(scene) == ["my chart.png"])
        assert scene.prompt.text == ""
        await paste(scene, f"file://{folder}/chart.png")
        await scene.until(lambda: isinstance(scene.app.screen, ConfirmScreen))
        await scene.press("n")
        await scene.until(lambda: scene.app.screen is scene.screen)
        assert scene.prompt.text.startswith("file://")
        assert len(attached(scene)) == 1


async def test_other_pastes_are_only_text(folder: Path) -> None:
    async with playing() as (scene, _):
        for text in (str(folder / "notes.md"), "/no/such/thing.png", "chart.png", "/a\n/b"):
            await paste(scene, text)
        await scene.pilot.pause(0.2)
        assert scene.app.screen is scene.screen


async def test_hostile_names_are_literal_and_harmless(folder: Path) -> None:
    (folder / "[red]\x1b]0;own\x07[bold\u202egnp.txt").write_text("text")
    (folder / os.fsdecode(b"b\xffad.txt")).write_text("text")
    async with playing(well(), size=SMALL) as (scene, play):
        await scene.press(*"see ", "@")
        await scene.until(lambda: "5 of 5" in scene.text)
        assert "[red]" in scene.text
        assert not deceivers(scene.text)
        await chosen(scene, *"red")
        await scene.until(lambda: attached(scene))
        await scene.press("alt+a")
        await chosen(scene, *"ad.txt")
        await scene.until(lambda: len(attached(scene)) == 2)
        assert not deceivers(scene.text)
        await scene.press("x", "enter")
        await scene.until(lambda: scene.answers)
        await scene.over()
        assert not deceivers(scene.text)
        play.gateway.chats[0]["messages"][-1]["content"].encode("utf-8")


async def test_many_files_say_how_many_more(folder: Path) -> None:
    async with playing(size=SMALL) as (scene, _):
        names = [f"a-rather-long-name-of-a-file-{n}.txt" for n in range(5)]
        for name in names:
            (folder / name).write_text("x")
            await scene.screen.controllers.attachments.attach(Path(name))
        await scene.pilot.pause()
        line = scene.text.splitlines()[scene.screen.query_one(AttachmentChips).region.y]
        assert "+4 more" in line
        assert len(line) <= 80
