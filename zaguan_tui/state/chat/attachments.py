"""Attachments of a prompt: files read, classified by content, and checked against what a model accepts.

Names are a file's own; contents decide the type, for an ending proves nothing. Reading belongs in a thread.
"""

from __future__ import annotations

import base64
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from zaguan_tui.state.chat.message import Attachment, Dialect
from zaguan_tui.state.models.entry import ModelEntry
from zaguan_tui.text.format import size
from zaguan_tui.text.sanitize import clean_line, reveal

MAX_IMAGE_BYTES: Final = 20_000_000
"""Bytes of one picture (OpenAI docs)."""

MAX_ANTHROPIC_IMAGE_BYTES: Final = 5_000_000
"""Bytes of one picture for Anthropic's models (Anthropic docs)."""

MAX_TEXT_BYTES: Final = 1_000_000
MAX_FILES: Final = 20
MAX_NAME_LENGTH: Final = 120

_ANTHROPIC: Final = "anthropic"
_BYTE_ORDER_MARK: Final = "\ufeff"


class AttachmentError(Exception):
    """A file cannot go with a prompt. The message is the sentence for a person."""


def read_attachment(path: Path) -> Attachment:
    """Read a file: a picture or a text. Raises :class:`AttachmentError`. Blocks: call it in a thread."""
    name = make_display_name(path)
    try:
        facts = path.stat()
        if stat.S_ISDIR(facts.st_mode):
            raise AttachmentError(f"{name} is a folder: attach the files in it.")
        if not stat.S_ISREG(facts.st_mode):
            raise AttachmentError(f"{name} is no ordinary file.")
        with path.open("rb") as opened:
            data = opened.read(MAX_IMAGE_BYTES + 1)
    except OSError as error:
        raise AttachmentError(f"{name} cannot be read: {(error.strerror or str(error)).lower()}.") from error
    except ValueError as error:  # a name with a NUL in it
        raise AttachmentError(f"{name} is no name of a file.") from error
    return _make_attachment(name, data, max(facts.st_size, len(data)))


def make_display_name(path: Path) -> str:
    """The name as it is shown and sent: on one line, with nothing in it that could deceive."""
    return clean_line(reveal(path.name or str(path)), MAX_NAME_LENGTH)


def detect_image_type(data: bytes) -> str | None:
    """The media type of a picture by its first bytes; ``None`` for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def explain_unsupported(
    attachment: Attachment,
    entry: ModelEntry | None,
    dialect: Dialect = Dialect.CHAT,
    others: Iterable[ModelEntry] = (),
) -> str | None:
    """Why a model cannot take a file, and which one near it can; ``None`` when nothing speaks against it."""
    if not attachment.is_image or entry is None:
        return None
    if entry.vision is False:
        near = find_nearest_vision_model(entry, others)
        hint = f" {reveal(near.id)} can: ctrl+o picks it." if near is not None else ""
        return f"{reveal(entry.id)} cannot look at pictures.{hint}"
    anthropic = dialect is Dialect.MESSAGES or (entry.provider or "").casefold() == _ANTHROPIC
    if anthropic and attachment.size > MAX_ANTHROPIC_IMAGE_BYTES:
        limit = size(MAX_ANTHROPIC_IMAGE_BYTES)
        return f"{attachment.name} is {size(attachment.size)}; this model takes pictures up to {limit}."
    return None


def describe_unknown_support(attachment: Attachment, entry: ModelEntry | None) -> str | None:
    """A note where nothing is known of what a model can look at."""
    if attachment.is_image and (entry is None or entry.vision is None):
        return "The gateway does not say whether this model can look at pictures."
    return None


def find_nearest_vision_model(entry: ModelEntry, others: Iterable[ModelEntry]) -> ModelEntry | None:
    """The model most like ``entry`` that can look at pictures: same provider, same band, nearest price."""
    seeing = [other for other in others if other.vision and other.listed and not other.deprecated]
    price = entry.input_cost or 0.0

    def distance(other: ModelEntry) -> tuple[bool, bool, float, str]:
        far = abs((other.input_cost or 0.0) - price)
        return other.provider != entry.provider, other.band != entry.band, far, other.id

    return min(seeing, key=distance, default=None)


def _make_attachment(name: str, data: bytes, octets: int) -> Attachment:
    if not data:
        raise AttachmentError(f"{name} is empty.")
    if (media_type := detect_image_type(data)) is not None:
        if octets > MAX_IMAGE_BYTES:
            raise AttachmentError(f"{name} is {size(octets)}; a picture may have {size(MAX_IMAGE_BYTES)}.")
        return Attachment(name, media_type, base64.b64encode(data).decode("ascii"), octets)
    if b"\0" in data[:MAX_TEXT_BYTES]:
        raise AttachmentError(f"{name} is neither a text nor a PNG, JPEG, GIF or WebP picture.")
    if octets > MAX_TEXT_BYTES:
        raise AttachmentError(f"{name} is {size(octets)}; a text file may have {size(MAX_TEXT_BYTES)}.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AttachmentError(
            f"{name} is neither a picture nor a text in UTF-8 (byte {error.start + 1:,} is not)."
        ) from error
    return Attachment(name, "text/plain", text.removeprefix(_BYTE_ORDER_MARK), octets)


def find_pasted_image(text: str) -> Path | None:
    """The picture that a pasted path names, if there is one. Blocks: call it in a thread."""
    try:
        path = Path(text).expanduser()
        if not path.is_file():
            return None
        with path.open("rb") as opened:
            return path if detect_image_type(opened.read(16)) is not None else None
    except (OSError, ValueError, RuntimeError):
        return None
