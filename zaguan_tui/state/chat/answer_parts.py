"""The parts of an answer beside its text, made fit to be stored: tool calls, images, citations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from zaguan_tui.client.types.answers.citations import Citation
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.state.chat.message import Attachment
from zaguan_tui.text.surrogates import repair

if TYPE_CHECKING:
    from zaguan_tui.client.types.answers.answer_images import AnswerImage
    from zaguan_tui.client.types.answers.message_block import MessageBlock

_ENDINGS: Final = {"image/jpeg": "jpg", "image/svg+xml": "svg"}
ANY_IMAGE: Final = "image/*"
"""The media type of an image of which the server does not tell the kind."""


def tool_calls(message_id: str, calls: Iterable[ToolCall]) -> tuple[ToolCall, ...]:
    """The calls of an answer, each under an id of its own."""
    return with_ids(
        message_id,
        [replace(call, name=repair(call.name), arguments=repair(call.arguments)) for call in calls],
    )


def with_ids(message_id: str, calls: Iterable[ToolCall]) -> tuple[ToolCall, ...]:
    """The same calls, with an id made up where a server gave none, or gave one twice: results name it."""
    seen: set[str] = set()
    named = []
    for place, call in enumerate(calls, 1):
        call_id = call.id
        if not call_id or call_id in seen:
            call_id = f"call_{message_id.rpartition('_')[2][:24]}_{place}"
            call = replace(call, id=call_id)
        seen.add(call_id)
        named.append(call)
    return tuple(named)


def kept_blocks(
    blocks: Iterable[MessageBlock], calls: Iterable[ToolCall]
) -> tuple[Mapping[str, object], ...]:
    """The whole blocks of a message as they go back, those of calls under the ids of ``calls``."""
    named = iter(calls)
    whole_blocks: list[Mapping[str, Any]] = []
    for block in blocks:
        raw = block.raw
        if block.call is not None and (call := next(named, None)) is not None and raw.get("id") != call.id:
            raw = {**raw, "id": call.id}
        if block.whole:
            whole_blocks.append(raw)
    return tuple(whole_blocks)


def image_attachment(image: AnswerImage, number: int) -> Attachment:
    """An image of an answer as it is kept; ``number`` counts from 1."""
    kind = (image.media_type or ANY_IMAGE).casefold()
    ending = _ENDINGS.get(kind) or re.sub(r"[^a-z0-9]", "", kind.partition("/")[2])[:5] or "bin"
    url = repair(image.url)
    return Attachment(f"image-{number}.{ending}", repair(kind), image.data, image.size, url)


def image_attachments(images: Iterable[AnswerImage]) -> tuple[Attachment, ...]:
    """The images of an answer as they are kept."""
    return tuple(image_attachment(image, number) for number, image in enumerate(images, 1))


def citations(sources: Iterable[Citation]) -> tuple[Citation, ...]:
    """The sources of an answer as they are kept."""
    return tuple(
        Citation(repair(source.url), None if source.title is None else repair(source.title))
        for source in sources
    )
