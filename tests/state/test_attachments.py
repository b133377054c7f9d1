"""Files for a prompt: told apart by content, refused with a sentence, found below a folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from zaguan_tui.state.chat.attachments import (
    MAX_IMAGE_BYTES,
    MAX_TEXT_BYTES,
    AttachmentError,
    describe_unknown_support,
    explain_unsupported,
    read_attachment,
)
from zaguan_tui.state.chat.file_listing import list_files_below, list_folder, split_typed_path
from zaguan_tui.state.chat.message import Attachment, Dialect
from zaguan_tui.state.models.entry import ModelEntry

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
WEBP = b"RIFF\x10\0\0\0WEBPVP8 " + bytes(9)


def kept(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(9), "image/jpeg"),
        (b"GIF89a" + bytes(9), "image/gif"),
        (WEBP, "image/webp"),
        ("Grüße\n".encode(), "text/plain"),
    ],
)
def test_the_content_decides_not_the_name(tmp_path: Path, data: bytes, media_type: str) -> None:
    attachment = read_attachment(kept(tmp_path, "holiday.txt", data))
    assert attachment.media_type == media_type
    assert attachment.size == len(data)
    assert attachment.name == "holiday.txt"


def test_a_text_is_kept_as_text_without_its_mark(tmp_path: Path) -> None:
    assert read_attachment(kept(tmp_path, "a", b"\xef\xbb\xbfhi\r\n")).data == "hi\r\n"


def refusal(path: Path) -> str:
    with pytest.raises(AttachmentError) as caught:
        read_attachment(path)
    return str(caught.value)


def test_what_cannot_go_is_refused_in_a_sentence(tmp_path: Path) -> None:
    assert "neither a picture nor a text in UTF-8 (byte 3 is not)" in refusal(kept(tmp_path, "a", b"ab\xff"))
    assert "neither a text nor a PNG" in refusal(kept(tmp_path, "b.pdf", b"%PDF-1.7\0\x01"))
    assert refusal(kept(tmp_path, "c", b"")) == "c is empty."
    assert "is a folder" in refusal(tmp_path)
    assert "no such file" in refusal(tmp_path / "gone.png")
    assert "a text file may have 1 MB" in refusal(kept(tmp_path, "d", b"x" * (MAX_TEXT_BYTES + 1)))
    assert "a picture may have 20 MB" in refusal(kept(tmp_path, "e.png", PNG + bytes(MAX_IMAGE_BYTES)))
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == "pipe is no ordinary file.", "and it is not waited for"


def test_a_hostile_name_is_made_harmless(tmp_path: Path) -> None:
    path = kept(tmp_path, "a\x1b]0;own\x07\n```\u202egnp.[red]", b"text")
    name = read_attachment(path).name
    assert name.isprintable()
    assert "\u202e" not in name
    assert "[red]" in name
    broken = tmp_path / os.fsdecode(b"b\xff.txt")
    broken.write_bytes(b"text")
    read_attachment(broken).name.encode("utf-8")


def test_a_model_that_cannot_see_names_the_nearest_that_can() -> None:
    blind = ModelEntry(id="groq/blind", provider="groq", vision=False, input_cost=1.0)
    near = ModelEntry(id="groq/seer", provider="groq", vision=True, input_cost=5.0)
    far = ModelEntry(id="openai/seer", provider="openai", vision=True, input_cost=1.0)
    old = ModelEntry(id="groq/old", provider="groq", vision=True, deprecated=True)
    picture = Attachment("a.png", "image/png", "", 6_000_000)
    text = Attachment("a.txt", "text/plain", "")
    told = explain_unsupported(picture, blind, others=[far, old, blind, near])
    assert told == "groq/blind cannot look at pictures. groq/seer can: ctrl+o picks it."
    assert explain_unsupported(picture, blind) == "groq/blind cannot look at pictures."
    assert explain_unsupported(text, blind) is None
    assert explain_unsupported(picture, near) is None
    assert "up to 5 MB" in (explain_unsupported(picture, near, Dialect.MESSAGES) or "")
    assert "up to 5 MB" in (
        explain_unsupported(picture, ModelEntry(id="x", provider="Anthropic", vision=True)) or ""
    )


def test_what_is_not_said_is_allowed_with_a_note() -> None:
    unknown = ModelEntry(id="x")
    picture = Attachment("a.png", "image/png", "", 10)
    assert explain_unsupported(picture, unknown) is None
    assert "does not say" in (describe_unknown_support(picture, unknown) or "")
    assert describe_unknown_support(picture, ModelEntry(id="x", vision=True)) is None
    assert describe_unknown_support(Attachment("a", "text/plain", ""), unknown) is None


def test_files_are_found_near_ones_first_and_without_what_tools_keep(tmp_path: Path) -> None:
    for name in ("z.txt", "deep/er/a.txt", "deep/b.txt", ".hidden", ".git/c", "node_modules/d", "x/.venv/e"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("hi")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    places = list_files_below(tmp_path)
    assert [place.name for place in places.entries] == ["z.txt", "deep/b.txt", "deep/er/a.txt"]
    assert places.whole
    assert not list_files_below(tmp_path, most=2).whole
    assert list_files_below(tmp_path / "nowhere").entries == ()


def test_one_folder_shows_folders_first(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    kept(tmp_path, "A.txt", b"12")
    kept(tmp_path, ".env", b"12")
    assert [place.name for place in list_folder(tmp_path).entries] == ["b/", "A.txt"]
    assert [place.name for place in list_folder(tmp_path, hidden=True).entries] == ["b/", ".env", "A.txt"]
    assert list_folder(tmp_path / "A.txt").entries == ()


def test_a_typed_path_leads_to_a_folder(tmp_path: Path) -> None:
    assert split_typed_path("main.py", tmp_path) is None
    assert split_typed_path("/etc/ho", tmp_path) == (Path("/etc"), "ho")
    assert split_typed_path("/", tmp_path) == (Path("/"), "")
    assert split_typed_path("../x/y", tmp_path) == (tmp_path / "../x", "y")
    assert split_typed_path("..", tmp_path) == (tmp_path / "..", "")
    assert split_typed_path("~", tmp_path) == (Path.home(), "")
    assert split_typed_path("~/a", tmp_path) == (Path.home(), "a")
    assert split_typed_path("~nobody-is-called-so/a", tmp_path) is None
