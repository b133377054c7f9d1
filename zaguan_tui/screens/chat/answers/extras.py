"""What an answer holds beside its text: images with kind, size and the key that saves them, and sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from zaguan_tui.screens.chat.composer.chips import IMAGE
from zaguan_tui.screens.chat.next_steps import find_key, get_keymap
from zaguan_tui.state.chat.answer_parts import ANY_IMAGE
from zaguan_tui.state.chat.message import Attachment, Citation, Message
from zaguan_tui.text.format import size
from zaguan_tui.widgets.foreign_text import foreign_line, identifier

SAVE: Final = "answer.save_image"
MOST_SOURCES: Final = 30
MOST_IMAGES: Final = 12
TITLE_CELLS: Final = 60
URL_LENGTH: Final = 300


class AnswerExtras(Static):
    """Shows the images and sources of one answer, a line each."""

    def __init__(self, message: Message) -> None:
        super().__init__("", classes="answer-extras")
        self._answer = message

    def on_mount(self) -> None:
        """Name the key that saves only where it does."""
        can_save = hasattr(self.screen, "action_save_image")
        key = find_key(SAVE, get_keymap(self.app)) if can_save else ""
        self.update(Content("\n").join(list(extra_lines(self._answer, key))))


async def show_extras(answer: Widget, message: Message, above: Widget) -> None:
    """Put the lines above a widget of an answer, if it holds images or names sources."""
    await answer.query(AnswerExtras).remove()
    if message.attachments or message.citations:
        await answer.mount(AnswerExtras(message), before=above)


def extra_lines(message: Message, save_key: str = "") -> Iterator[Content]:
    """A line for every image and every source; ``save_key`` saves the images."""
    images, sources = message.attachments, message.citations
    for image in images[:MOST_IMAGES]:
        line = image_line(image)
        if save_key and image.data:
            line = Content.assemble(line, ("  ", ""), (save_key, "bold $primary"), (" saves", "$ink-soft"))
        yield line
    yield from _rest(len(images) - MOST_IMAGES, "images")
    if sources:
        yield Content.styled("1 source" if len(sources) == 1 else f"{len(sources)} sources", "$ink-soft")
    for number, source in enumerate(sources[:MOST_SOURCES], 1):
        yield _source_line(number, source)
    yield from _rest(len(sources) - MOST_SOURCES, "sources")


def image_line(image: Attachment) -> Content:
    """``▣ image-1.png  image/png, 70 B``, or where it lies when it came as a link."""
    kind = "an image of unknown kind" if image.media_type == ANY_IMAGE else image.media_type
    line = Content.assemble((f"{IMAGE} ", "$primary"), foreign_line(image.name, "$foreground", TITLE_CELLS))
    if image.url:
        address = identifier(image.url[:URL_LENGTH], "$ink-soft")
        return Content.assemble(line, ("  a link that is not opened: ", "$ink-soft"), address)
    return Content.assemble(line, ("  ", ""), foreign_line(f"{kind}, {size(image.size)}", "$ink-soft"))


def _source_line(number: int, source: Citation) -> Content:
    url = identifier(source.url[:URL_LENGTH], "$ink-soft")
    if source.title is None:
        return Content.assemble((f"{number:>2} ", "$ink-faint"), url)
    title = foreign_line(source.title, "$foreground", TITLE_CELLS)
    return Content.assemble((f"{number:>2} ", "$ink-faint"), title, ("  ", ""), url)


def _rest(more: int, what: str) -> Iterator[Content]:
    if more > 0:
        yield Content.styled(f"… {more} more {what}; an export has them all", "$ink-faint")
