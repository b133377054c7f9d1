"""Images and sources of an answer: kind, size and address shown, images saved on a key."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from screens.playground_scene import playing
from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.client.streaming.events import ImageReceived, StreamEnded, TextDelta
from zaguan_tui.client.types.answers.answer_images import AnswerImage
from zaguan_tui.client.types.answers.citations import Citation
from zaguan_tui.screens.chat.answers.extras import MOST_SOURCES, extra_lines
from zaguan_tui.screens.playground.controllers.answers import NO_IMAGE, ONLY_LINKS
from zaguan_tui.state.chat.message import Attachment, Message, Role

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PNG = AnswerImage("image/png", PIXEL)
END = StreamEnded(Ending.FINISHED)
SOURCE = Citation("https://example.org/rain", "Rain report")


def lines(**facts: Any) -> list[str]:
    from datetime import UTC, datetime

    message = Message("m", Role.ASSISTANT, "", datetime(2026, 3, 1, tzinfo=UTC), **facts)
    return [line.plain for line in extra_lines(message, "alt+i")]


def test_an_image_is_shown_with_kind_and_size() -> None:
    assert lines(attachments=(Attachment("image-1.png", "image/png", PIXEL, 70),)) == [
        "▣ image-1.png  image/png, 70 B  alt+i saves"
    ]
    assert lines(attachments=(Attachment("image-1.bin", "image/*", PIXEL, 70),)) == [
        "▣ image-1.bin  an image of unknown kind, 70 B  alt+i saves"
    ]


def test_a_link_is_shown_and_not_offered_for_saving() -> None:
    link = Attachment("image-1.bin", "image/*", "", 0, "https://example.org/\u202ea.png")
    (line,) = lines(attachments=(link,))
    assert "https://example.org/‹U+202E›a.png" in line
    assert "alt+i" not in line


def test_sources_are_shown_with_title_and_address() -> None:
    assert lines(citations=(Citation("https://example.org/rain", "[b]Rain[/b] report"), Citation("b:c"))) == [
        "2 sources",
        " 1 [b]Rain[/b] report  https://example.org/rain",
        " 2 b:c",
    ]
    many = lines(citations=tuple(Citation(f"https://example.org/{n}") for n in range(MOST_SOURCES + 5)))
    assert many[-1] == "… 5 more sources; an export has them all"


async def test_an_answer_that_is_an_image_is_shown_and_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with playing([ImageReceived(PNG), SOURCE, END], [TextDelta("No picture."), END]) as (scene, _):
        await scene.ask("draw")
        assert "▣ image-1.png  image/png, 70 B  alt+i saves" in scene.text
        assert "1 Rain report  https://example.org/rain" in scene.text
        await scene.press("alt+i")
        await scene.until(lambda: "Save the image" in scene.text)
        await scene.press("enter")
        await scene.until(lambda: "image-1.png" in scene.toasts)
        assert (tmp_path / "image-1.png").read_bytes() == base64.b64decode(PIXEL)
        await scene.ask("and in words")
        await scene.press("alt+i")
        await scene.until(lambda: NO_IMAGE in scene.toasts)


async def test_one_of_several_images_is_chosen_and_a_damaged_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    damaged = AnswerImage("image/webp", "not base64!")
    link = AnswerImage(url="https://example.org/a.png")
    script = [ImageReceived(PNG), ImageReceived(damaged), ImageReceived(link), END]
    async with playing(script, [ImageReceived(link), END]) as (scene, _):
        await scene.ask("draw")
        await scene.press("alt+i")
        await scene.until(lambda: "Save which image?" in scene.text)
        await scene.press("down", "enter")
        await scene.until(lambda: "image-2.webp is damaged" in scene.toasts)
        await scene.ask("again")
        await scene.press("alt+i")
        await scene.until(lambda: ONLY_LINKS in scene.toasts)
