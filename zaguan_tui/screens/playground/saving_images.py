"""Saves an image of an answer to a file."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from textual.screen import Screen

from zaguan_tui.state.chat.message import Attachment, Message
from zaguan_tui.text.format import size
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.foreign_text import foreign, foreign_line

NO_IMAGE = "There is nothing to save: the answer holds no image."
ONLY_LINKS = "The image came as a link, which is not opened from here; its address stands below the answer."


async def save_image(screen: Screen[Any], message: Message) -> None:
    """Ask which image and where to, write it, and say what was written or why not."""
    from zaguan_tui.screens.modals.save_file import SaveSheet, find_free_path

    images = [image for image in message.attachments if image.data]
    if not images:
        _warn(screen, ONLY_LINKS if message.attachments else NO_IMAGE)
        return
    image = await _chosen(screen, images)
    if image is None:
        return
    try:
        data = await asyncio.to_thread(base64.b64decode, image.data, validate=True)
    except (binascii.Error, ValueError):
        _warn(screen, f"{image.name} is damaged: what came of it is no Base64.")
        return
    stem, _, ending = image.name.rpartition(".")
    path = await asyncio.to_thread(find_free_path, Path.cwd(), stem or "image", f".{ending}")
    about = foreign(f"{image.media_type}, {size(len(data))}", "$ink-soft")
    target = await screen.app.push_screen_wait(SaveSheet("Save the image", path, about))
    if target is not None:
        await _write(screen, target, data)


async def _chosen(screen: Screen[Any], images: Sequence[Attachment]) -> Attachment | None:
    from zaguan_tui.widgets.finder import make_search
    from zaguan_tui.widgets.picker import Picker, PickerItem

    if len(images) == 1:
        return images[0]
    items = [
        PickerItem(
            str(place), image.name, foreign_line(f"{image.media_type}, {size(image.size)}", "$ink-soft")
        )
        for place, image in enumerate(images)
    ]
    picked = await screen.app.push_screen_wait(
        Picker("Save which image?", make_search(items), total=len(items))
    )
    return None if picked is None else images[int(picked)]


async def _write(screen: Screen[Any], target: Path, data: bytes) -> None:
    from zaguan_tui.state.core.atomic_file import write_new_file

    try:
        place = await asyncio.to_thread(lambda: write_new_file(target.absolute(), data))
    except (OSError, RuntimeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        _warn(screen, f"{target} could not be written: {why}.")
        return
    screen.notify(clean_line(f"Wrote {size(len(data))} to {place}"), title="Saved", markup=False)


def _warn(screen: Screen[Any], sentence: str) -> None:
    screen.notify(clean_line(sentence), severity="warning", markup=False)
