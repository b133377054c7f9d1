"""A streaming answer: texts that grow piece by piece, and what of them is not on disk yet.

Appending costs what is appended. The whole text is joined when somebody asks for it, and the joined text
takes the place of its pieces, so that asking ten times a second stays cheap.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.state.chat.answer_masks import MakeMask, NoMask, PieceMask
from zaguan_tui.state.chat.answer_parts import image_attachment, with_ids
from zaguan_tui.state.chat.message import Attachment, Message, MessageStatus, Role, new_id
from zaguan_tui.state.chat.prompt_request import ModelTarget
from zaguan_tui.state.chat.stream_meter import StreamMeter
from zaguan_tui.text.surrogates import PairJoiner, repair

if TYPE_CHECKING:
    from zaguan_tui.client.types.answers.answer_images import AnswerImage

MOST_CHARACTERS: Final = 1_000_000
"""Text, reasoning and tool calls of one answer together: about 250,000 tokens."""


class PartialText:
    """A text made of pieces, in which ``mask`` masks secrets."""

    __slots__ = ("_joiner", "_mask", "_pieces", "_unsaved", "length")

    def __init__(self, mask: PieceMask | None = None) -> None:
        self._mask = mask or NoMask()
        self._pieces: list[str] = []
        self._unsaved: list[str] = []
        self._joiner = PairJoiner()
        self.length = 0

    def append(self, piece: str) -> str:
        """Add a piece; returns what can be shown of it (a half character waits for its other half, and what
        may begin a secret for what follows).
        """
        return self._add(self._mask.feed(piece[:MOST_CHARACTERS]))

    def release(self) -> str:
        """Nothing follows: add what the mask held back; returns what can be shown of it."""
        return self._add(self._mask.flush())

    def _add(self, piece: str) -> str:
        whole = self._joiner.feed(piece)
        if whole:
            self._pieces.append(whole)
            self._unsaved.append(whole)
            self.length += len(whole)
        return whole

    def join(self) -> str:
        """The whole text so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def take_unsaved(self) -> str:
        """What was added since this was last asked."""
        unsaved, self._unsaved = "".join(self._unsaved), []
        return unsaved

    def move_to(self, other: PartialText) -> None:
        """Give everything to the end of ``other``, and be empty."""
        self.release()
        text = self.join()
        self._pieces, self._unsaved, self.length = [], [], 0
        other.append(text)


@dataclass(slots=True)
class _PartialToolCall:
    id: str
    name: str
    mask: PieceMask
    arguments: list[str] = field(default_factory=list)


class LiveMessage:
    """One streaming answer, in the turn ``turn_id`` of the conversation ``conversation_id``.

    ``rewrite_due`` says that what is on disk cannot be mended by appending: the row must be written anew.
    """

    def __init__(
        self,
        message: Message,
        conversation_id: str,
        turn_id: str,
        gauge: StreamMeter,
        make_mask: MakeMask = NoMask,
    ) -> None:
        self._message = message
        self.id = message.id
        self.conversation_id = conversation_id
        self.turn_id = turn_id
        self.gauge = gauge
        self.text = PartialText(make_mask())
        self.reasoning = PartialText(make_mask())
        self._make_mask = make_mask
        self.rewrite_due = False
        self.pieces_saved = 0
        self._calls: dict[int, _PartialToolCall] = {}
        self._images: list[Attachment] = []
        self._call_characters = 0

    @property
    def too_large(self) -> bool:
        """Whether there is more of it than any model says."""
        return self.text.length + self.reasoning.length + self._call_characters > MOST_CHARACTERS

    def begin(self, request_id: str | None) -> None:
        """The server has begun to answer."""
        self._message = replace(self._message, status=MessageStatus.STREAMING, request_id=request_id)
        self.rewrite_due = True

    def text_became_reasoning(self) -> None:
        """All text so far turned out to be reasoning."""
        self.text.move_to(self.reasoning)
        self.rewrite_due = True

    def grow_call(self, call: int, call_id: str | None, name: str, arguments: str) -> str:
        """More of the tool call number ``call`` came; ``call_id`` and ``name`` are what is known by now.

        Returns what can be shown of the new piece of its arguments.
        """
        growing = self._calls.get(call)
        if growing is None:
            growing = self._calls[call] = _PartialToolCall("", "", self._make_mask())
        growing.id, growing.name = call_id or "", repair(name)
        shown = growing.mask.feed(arguments[:MOST_CHARACTERS])
        growing.arguments.append(shown)
        self._call_characters += len(arguments)
        self.rewrite_due = True
        return shown

    def release(self) -> tuple[str, str]:
        """Nothing follows: text and reasoning that were held back, since they could have become a secret."""
        return self.text.release(), self.reasoning.release()

    def add_image(self, image: AnswerImage) -> None:
        """An image of the answer came."""
        self._images.append(image_attachment(image, len(self._images) + 1))
        self.rewrite_due = True

    def message(self) -> Message:
        """The answer as it stands."""
        return replace(
            self._message,
            text=self.text.join(),
            reasoning=self.reasoning.join(),
            tool_calls=with_ids(
                self.id,
                [
                    ToolCall(call.id, call.name, repair("".join(call.arguments)))
                    for call in self._calls.values()
                ],
            ),
            attachments=tuple(self._images),
        )

    def take_piece(self) -> tuple[str, str] | None:
        """Text and reasoning that are not on disk yet, ``None`` when all is; ask only when no rewrite is
        due.
        """
        text, reasoning = self.text.take_unsaved(), self.reasoning.take_unsaved()
        return (text, reasoning) if text or reasoning else None

    def take_whole(self) -> Message:
        """The answer as it stands, to be written whole: nothing is unsaved afterwards."""
        self.take_piece()
        self.rewrite_due = False
        return self.message()


def make_pending_answer(lane: ModelTarget, now: datetime) -> Message:
    """An answer that was asked of a model and has not begun."""
    return Message(
        new_id("msg"),
        Role.ASSISTANT,
        "",
        now,
        status=MessageStatus.WAITING,
        model=lane.model,
        params=dict(lane.params),
        dialect=lane.dialect,
        run=lane.run,
    )
