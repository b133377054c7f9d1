"""``MessageResult``: a messages stream so far, at its end or before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zaguan_tui.client.streaming.timings import Timings
from zaguan_tui.client.types.answers.message_block import citations_of, images_of

if TYPE_CHECKING:
    from zaguan_tui.client.errors.exceptions import APIError
    from zaguan_tui.client.streaming.endings import Ending
    from zaguan_tui.client.types.answers.answer_images import AnswerImage
    from zaguan_tui.client.types.answers.citations import Citation
    from zaguan_tui.client.types.answers.message_block import MessageBlock
    from zaguan_tui.client.types.answers.tool_call import ToolCall
    from zaguan_tui.client.types.answers.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageResult:
    """Everything that arrived, merged.

    ``text`` and ``reasoning`` join the blocks of their kind, ``tool_calls`` are the ``tool_use`` blocks, and
    ``blocks`` holds all of them in order. ``ending`` is ``None`` only while the stream still runs; ``error``
    is set for an error frame, and for a truncated stream when the connection failed; it is never raised.
    ``end_marker`` tells whether ``message_stop`` came. ``usage`` counts the cached part into the prompt.
    """

    text: str = ""
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    blocks: tuple[MessageBlock, ...] = ()
    usage: Usage | None = None
    ending: Ending | None = None
    stop_reason: str | None = None
    stop_sequence: str | None = None
    stop_details: Mapping[str, Any] | None = None
    model: str | None = None
    id: str | None = None
    role: str | None = None
    request_id: str | None = None
    error: APIError | None = None
    timings: Timings = field(default_factory=Timings)
    notes: tuple[str, ...] = ()
    requested_model: str | None = None
    end_marker: bool = False

    @property
    def images(self) -> tuple[AnswerImage, ...]:
        """The images of the answer."""
        return images_of(self.blocks)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The sources its texts name, each once."""
        return citations_of(self.blocks)
