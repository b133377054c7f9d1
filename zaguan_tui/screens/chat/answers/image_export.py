"""Saves an image of an answer to a file."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Sequence
from pathlib import Path

from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.modals.save_file import find_free_path
from zaguan_tui.state.chat.message import Attachment, Message
from zaguan_tui.text.format import size
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.foreign_text import foreign, foreign_line
from zaguan_tui.widgets.match_list import PickerItem, make_search
from zaguan_tui.widgets.picker import Picker


async def save_image(services: ChatServices, message: Message) -> None:
    """Choose an image and a path, write the file, and notify the outcome."""
    image = await _choose(services, [image for image in message.attachments if image.data])
    if image is None:
        return
    try:
        data = await asyncio.to_thread(base64.b64decode, image.data, validate=True)
    except (binascii.Error, ValueError):
        services.warn(f"{image.name} is damaged: what came of it is no Base64.")
        return
    stem, _, suffix = image.name.rpartition(".")
    path = await asyncio.to_thread(find_free_path, Path.cwd(), stem or "image", f".{suffix}")
    about = foreign(f"{image.media_type}, {size(len(data))}", "$ink-soft")
    if (place := await services.save("Save the image", path, about, data)) is not None:
        services.inform(clean_line(f"Wrote {size(len(data))} to {place}"), title="Saved")


async def _choose(services: ChatServices, images: Sequence[Attachment]) -> Attachment | None:
    if len(images) <= 1:
        return images[0] if images else None
    items = [
        PickerItem(
            str(number), image.name, foreign_line(f"{image.media_type}, {size(image.size)}", "$ink-soft")
        )
        for number, image in enumerate(images)
    ]
    chosen = await services.show_sheet(Picker("Save which image?", make_search(items), total=len(items)))
    return None if chosen is None else images[int(chosen)]
