"""Images a model answers with in a chat or a message, in the forms servers use (``common``: OpenRouter's
``images``, content parts, Anthropic's and Gemini's blocks)."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class AnswerImage:
    """One image: its bytes as Base64 in ``data``, or a link in ``url``, which is foreign text.

    ``media_type`` is the server's word, or read from the first bytes; ``None`` where neither tells.
    """

    media_type: str | None = None
    data: str = field(default="", repr=False)
    url: str = ""

    @property
    def size(self) -> int:
        """The number of bytes of the image; 0 for a link."""
        return max(0, len(self.data) * 3 // 4 - self.data[-2:].count("="))

    def decode(self) -> bytes:
        """The bytes. Raises :class:`ValueError` for a link and for what is no Base64."""
        if not self.data:
            raise ValueError("the image is a link")
        return base64.b64decode(self.data, validate=True)


_MAGIC = (
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
    (b"<svg", "image/svg+xml"),
)
_URL_SAFE = str.maketrans("-_", "+/")
_PART_TYPES = ("image", "image_url", "output_image", "generated_image")


def read_images(holder: Mapping[str, Any]) -> tuple[AnswerImage, ...]:
    """The images in a message or a delta: in ``images``, and among the parts of its content; each once."""
    images: list[AnswerImage] = []
    listed = holder.get("images")
    for entry in listed if isinstance(listed, list) else [listed]:
        images += read_image(entry)
    content = holder.get("content")
    for part in content if isinstance(content, list) else [content]:
        if isinstance(part, Mapping) and (part.get("type") in _PART_TYPES or _inline_data(part)):
            images += read_image(part)
    return merge_images(images)


def merge_images(*groups: Iterable[AnswerImage]) -> tuple[AnswerImage, ...]:
    """All of them, each once: some servers repeat an image with the last chunk."""
    return tuple(dict.fromkeys(image for group in groups for image in group))


def read_image(entry: object) -> list[AnswerImage]:
    """The image in an entry, in a list; an empty one for what holds none."""
    if isinstance(entry, str):
        return _from_text(entry, None)
    if not isinstance(entry, Mapping):
        return []
    for key in ("image_url", "source", "inline_data", "inlineData", "image"):
        inner = entry.get(key)
        if isinstance(inner, Mapping | str) and (images := read_image(inner)):
            return images
    kind = next(
        (v for k in ("media_type", "mime_type", "mimeType") if isinstance(v := entry.get(k), str)), None
    )
    for key in ("b64_json", "data", "base64", "result"):
        if isinstance(data := entry.get(key), str) and data:
            return _from_text(data, kind) if data.startswith("data:") else _from_base64(data, kind)
    url = entry.get("url")
    return _from_text(url, kind) if isinstance(url, str) else []


def _inline_data(part: Mapping[str, Any]) -> bool:
    return "inline_data" in part or "inlineData" in part


def _from_text(text: str, kind: str | None) -> list[AnswerImage]:
    """A data URL, or a link."""
    head, comma, body = text.partition(",")
    if head.startswith("data:") and comma and head.endswith(";base64"):
        named = head.removeprefix("data:").removesuffix(";base64").partition(";")[0]
        return _from_base64(body, kind or named or None)
    return [AnswerImage(kind, url=text)] if text.startswith(("https://", "http://")) else []


def _from_base64(data: str, kind: str | None) -> list[AnswerImage]:
    if kind is not None and not kind.startswith("image/"):
        return []
    data = "".join(data.split()).translate(_URL_SAFE)
    return [AnswerImage(kind or _media_type(data), data)] if data else []


def _media_type(data: str) -> str | None:
    try:
        first = base64.b64decode(data[:16], validate=True)
    except ValueError:  # binascii.Error is one, and so is the refusal of letters beyond ASCII
        return None
    return next((kind for magic, kind in _MAGIC if first.startswith(magic)), None)
