"""One content block of an Anthropic message (wire reference §4.1, Anthropic docs)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from zaguan_tui.client.types.answers.answer_images import AnswerImage, read_image
from zaguan_tui.client.types.answers.citations import Citation, merge_citations
from zaguan_tui.client.types.answers.tool_call import ToolCall

REASONING_TYPES = frozenset({"thinking", "redacted_thinking"})
CALL_TYPE = "tool_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBlock:
    """A block of any type; ``type`` is the server's word.

    ``text`` is the text of a text block and the reasoning of a thinking block. ``signature`` belongs to the
    latter and goes back unchanged, as does ``raw``: the whole block as a server would have sent it in one
    piece. ``call`` is set for ``tool_use``. ``whole`` is false when the stream ended inside the block.
    """

    index: int
    type: str
    text: str = ""
    signature: str | None = None
    call: ToolCall | None = None
    citations: tuple[Citation, ...] = ()
    whole: bool = True
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def images(self) -> tuple[AnswerImage, ...]:
        """The image of an ``image`` block."""
        return tuple(read_image(self.raw)) if self.type == "image" else ()


def images_of(blocks: Iterable[MessageBlock]) -> tuple[AnswerImage, ...]:
    """The images of all blocks."""
    return tuple(image for block in blocks for image in block.images)


def citations_of(blocks: Iterable[MessageBlock]) -> tuple[Citation, ...]:
    """The sources of all blocks, each once."""
    return merge_citations(*(block.citations for block in blocks))
