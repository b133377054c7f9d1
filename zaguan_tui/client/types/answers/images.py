"""`/v1/images`: made, edited and varied pictures (`wire.md` 3.5, D65; ``OpenAI spec``)."""

from __future__ import annotations

import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zaguan_tui.client.types.answers.usage import Usage, read_usage
from zaguan_tui.client.types.core.base import Answer, Drift, FieldTable
from zaguan_tui.client.types.core.envelopes import ListRules, read_entries, unwrap_list
from zaguan_tui.client.types.core.primitives import UnreadableValue, describe, filled_text
from zaguan_tui.client.types.core.times import instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One picture, by ``url`` or in ``b64_json``.

    A ``url`` lives for about an hour and belongs to another origin: it is fetched without any key.
    """

    url: str | None = field(default=None, repr=False)
    b64_json: str | None = field(default=None, repr=False)
    revised_prompt: str | None = None

    def content(self) -> bytes | None:
        """The picture's bytes, ``None`` when there is only a ``url``; raises ``ValueError`` for damaged
        base64."""
        return None if self.b64_json is None else decode_base64(self.b64_json)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageList(Answer):
    """The pictures of one call. ``background``, ``output_format``, ``quality``, ``size``: as made."""

    data: tuple[Image, ...] = ()
    created: datetime | None = None
    background: str | None = None
    output_format: str | None = None
    quality: str | None = None
    size: str | None = None
    usage: Usage | None = None


def decode_base64(text: str) -> bytes:
    """The bytes of a base64 text; a ``data:`` URL counts too. Raises ``ValueError`` when it is damaged."""
    if text.startswith("data:"):
        text = text.partition(",")[2]
    return binascii.a2b_base64("".join(text.split()), strict_mode=True)


_IMAGE = FieldTable(
    {
        "url": (filled_text, ("url",)),
        "b64_json": (filled_text, ("b64_json", "b64", "base64")),
        "revised_prompt": (filled_text, ("revised_prompt",)),
    }
)
_AROUND = FieldTable(
    {
        "created": (instant, ("created", "created_at")),
        **{name: (filled_text, (name,)) for name in ("background", "output_format", "quality", "size")},
    }
)
_RULES = ListRules(
    names=("images",), is_entry=lambda value: bool({"url", "b64_json", "b64Json"} & value.keys())
)


def read_images(body: Any) -> ImageList:
    """Read the pictures; one with neither url nor data is left out with a note.

    Raises :class:`UnreadableValue` when there is no list of pictures.
    """
    drift = Drift()
    listing = unwrap_list(body, _RULES)
    numbered = iter(range(len(listing.entries)))
    images = read_entries(
        listing,
        lambda key, value: (next(numbered), read_image(value, drift, listing.path_of(key))),
        drift,
        lambda item: item[0],
    )
    around = listing.around
    return ImageList(
        data=tuple(image for _, image in images),
        usage=read_usage(around.get("usage"), drift),
        **_AROUND.read(around, drift, ""),
        notes=drift.notes,
        raw=body,
    )


def read_image(value: Any, drift: Drift, path: str = "") -> Image:
    """Read one picture; raises :class:`UnreadableValue` when it has neither ``url`` nor data."""
    values = _IMAGE.read(value, drift, path) if isinstance(value, Mapping) else {}
    if values.get("url") is None and values.get("b64_json") is None:
        raise UnreadableValue("", describe(value))
    return Image(**values)
