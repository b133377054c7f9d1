"""Events of a chat stream: plain slots objects, since one is built for every chunk.

``index`` is the choice (0 unless ``n`` > 1). Deltas of one kind and choice concatenate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from zaguan_tui.client.streaming.endings import Ending
    from zaguan_tui.client.types.answers.answer_images import AnswerImage
    from zaguan_tui.client.types.answers.usage import Usage


@dataclass(slots=True)
class TextDelta:
    """The next piece of the answer."""

    text: str
    index: int = 0


@dataclass(slots=True)
class ReasoningDelta:
    """The next piece of the reasoning, wherever the server put it."""

    text: str
    index: int = 0


@dataclass(slots=True)
class TextBecameReasoning:
    """All text of this choice so far was reasoning: a closing ``</think>`` came that nothing had opened.

    Models whose template opens the tag in the prompt answer so (common); it cannot be known earlier.
    """

    index: int = 0


@dataclass(slots=True)
class RefusalDelta:
    """The next piece of a refusal."""

    text: str
    index: int = 0


@dataclass(slots=True)
class ToolCallDelta:
    """The next piece of a tool call.

    ``call`` is the call's position in its choice, counted in order of opening. ``id`` and ``name`` are what
    is known of the call by now, ``arguments`` is the new piece of its JSON text and may be empty.
    """

    call: int
    id: str | None
    name: str
    arguments: str
    index: int = 0


@dataclass(slots=True)
class ImageReceived:
    """An image that belongs to the answer; it comes whole."""

    image: AnswerImage
    index: int = 0


@dataclass(slots=True)
class UsageUpdate:
    """Token counts as of now; each one replaces the one before."""

    usage: Usage
    index: int = 0


@dataclass(slots=True)
class StreamEnded:
    """Always the last event."""

    ending: Ending
    index: int = 0


StreamEvent: TypeAlias = (
    TextDelta
    | ReasoningDelta
    | TextBecameReasoning
    | RefusalDelta
    | ToolCallDelta
    | ImageReceived
    | UsageUpdate
    | StreamEnded
)
"""Every event a chat stream can yield."""
