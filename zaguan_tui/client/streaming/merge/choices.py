"""Merging of one choice of a chat stream from its deltas."""

from __future__ import annotations

from typing import Any

from zaguan_tui.client.streaming.endings import Ending, ending_for, knows_reason
from zaguan_tui.client.streaming.events import (
    ImageReceived,
    ReasoningDelta,
    RefusalDelta,
    StreamEvent,
    TextBecameReasoning,
    TextDelta,
)
from zaguan_tui.client.streaming.merge.content_parts import flat_text, read_content
from zaguan_tui.client.streaming.merge.reasoning import Piece, Pieces, ThinkTags, reasoning_of
from zaguan_tui.client.streaming.merge.tool_calls import ToolCallMerger
from zaguan_tui.client.types.answers.answer_images import AnswerImage, read_images
from zaguan_tui.client.types.answers.citations import CITATION_KEYS, Citation, merge_citations, read_citations
from zaguan_tui.client.types.core.base import Drift
from zaguan_tui.client.types.core.primitives import foreign_word

_SOURCE_KEYS = frozenset(CITATION_KEYS)


class ChoiceMerge:
    """Text, reasoning, refusal, tool calls, images and sources of one choice, valid at every moment.

    ``finish_reason`` is the server's word, ``None`` while it has not come. ``raw_text`` is the content as
    sent, think tags included. Oddities go into ``drift``.
    """

    __slots__ = (
        "_drift",
        "_raw",
        "_reasoning",
        "_refusal",
        "_tags",
        "_text",
        "audio",
        "calls",
        "citations",
        "finish_reason",
        "images",
        "index",
        "logprobs",
        "role",
    )

    def __init__(self, index: int, drift: Drift) -> None:
        self.index = index
        self.role: str | None = None
        self.finish_reason: str | None = None
        self.calls = ToolCallMerger()
        self.logprobs: list[Any] = []
        self.audio: dict[str, Any] = {}
        self.images: tuple[AnswerImage, ...] = ()
        self.citations: tuple[Citation, ...] = ()
        self._drift = drift
        self._tags = ThinkTags()
        self._text: list[str] = []
        self._raw: list[str] = []
        self._reasoning: list[str] = []
        self._refusal: list[str] = []

    @property
    def text(self) -> str:
        """The answer so far, without reasoning."""
        return _joined(self._text)

    @property
    def raw_text(self) -> str:
        """The content so far, as sent."""
        return _joined(self._raw)

    @property
    def reasoning(self) -> str:
        """The reasoning so far."""
        return _joined(self._reasoning)

    @property
    def refusal(self) -> str:
        """The refusal so far."""
        return _joined(self._refusal)

    @property
    def is_empty(self) -> bool:
        """Whether nothing to show has come."""
        return not (self._raw or self._reasoning or self._refusal or len(self.calls) or self.images)

    def ending(self) -> Ending:
        """The ending that the finish reason, or its absence behind an end marker, stands for."""
        return ending_for(self.finish_reason, has_calls=len(self.calls) > 0)

    def feed(self, delta: dict[str, Any], out: list[StreamEvent]) -> None:
        """Merge one delta, or one whole message, and append its events to ``out``."""
        content = delta.get("content")
        reasoning = reasoning_of(delta)
        if reasoning:
            self._tags.forbid_lone_close()
            self._reasoning.append(reasoning)
            out.append(ReasoningDelta(reasoning, self.index))
        if content:
            if type(content) is str:
                self._feed_text(content, out)
            else:
                self._feed_parts(delta, out, reasoned=bool(reasoning))
        # Most deltas hold the content alone, or beside the role.
        if len(delta) > 1 or not content:
            self._feed_rest(delta, out)

    def finish(self, reason: object) -> None:
        """Take a finish reason."""
        if not isinstance(reason, str):
            self._drift.field("choices", "finish_reason", type(reason).__name__)
            return
        if not knows_reason(reason):
            self._drift.say(f"unknown finish reason: {foreign_word(reason)}")
        self.finish_reason = reason

    def flush(self, out: list[StreamEvent]) -> None:
        """Give out what the tag reader held back; the text is over."""
        self._take(self._tags.close(), out)

    def _feed_text(self, content: str, out: list[StreamEvent]) -> None:
        self._raw.append(content)
        if self._tags.clear and "<" not in content:
            self._text.append(content)
            out.append(TextDelta(content, self.index))
        else:
            before = self._text[-1][-1:] if self._text else ""
            self._take(self._tags.feed(content, before), out)

    def _feed_parts(self, delta: dict[str, Any], out: list[StreamEvent], *, reasoned: bool) -> None:
        content = delta["content"]
        parts = read_content(content)
        pictured = self._feed_images(delta, out)
        self.citations = merge_citations(self.citations, read_citations(delta))
        if parts == ("", "", ""):
            if content not in ([], {}) and not pictured:
                self._drift.field("delta", "content", type(content).__name__)
            return
        if parts.reasoning and not reasoned:
            self._tags.forbid_lone_close()
            self._reasoning.append(parts.reasoning)
            out.append(ReasoningDelta(parts.reasoning, self.index))
        if parts.text:
            self._feed_text(parts.text, out)
        if parts.refusal:
            self._refuse(parts.refusal, out)

    def _feed_rest(self, delta: dict[str, Any], out: list[StreamEvent]) -> None:
        role = delta.get("role")
        if role and role != self.role:
            if self.role is not None:
                self._drift.say("the role changed within a choice")
            elif isinstance(role, str):
                self.role = role
        refusal = delta.get("refusal")
        if refusal and (text := flat_text(refusal)):
            self._refuse(text, out)
        calls = delta.get("tool_calls")
        if calls:
            self._call(calls, out)
        function_call = delta.get("function_call")
        if function_call:
            self._call([{"function": function_call}], out)
        audio = delta.get("audio")
        if isinstance(audio, dict):
            self._feed_audio(audio)
        if "images" in delta:
            self._feed_images(delta, out)
        if not _SOURCE_KEYS.isdisjoint(delta):
            self.citations = merge_citations(self.citations, read_citations(delta))

    def _refuse(self, text: str, out: list[StreamEvent]) -> None:
        self._refusal.append(text)
        out.append(RefusalDelta(text, self.index))

    def _call(self, calls: object, out: list[StreamEvent]) -> None:
        try:
            out.extend(self.calls.feed(calls, self.index))
        except ValueError as error:
            self._drift.say(f"unreadable tool call: {error}")

    def _feed_images(self, delta: dict[str, Any], out: list[StreamEvent]) -> bool:
        """Take the images of a delta; tells whether it holds any."""
        images = read_images(delta)
        for image in images:
            if image not in self.images:
                self.images += (image,)
                out.append(ImageReceived(image, self.index))
        return bool(images)

    def _feed_audio(self, audio: dict[str, Any]) -> None:
        """Audio comes as base64 pieces and a transcript that grows with them; the rest replaces."""
        for key, value in audio.items():
            before = self.audio.get(key)
            grows = key in ("data", "transcript") and isinstance(before, str) and isinstance(value, str)
            self.audio[key] = before + value if grows else value

    def _take(self, pieces: Pieces, out: list[StreamEvent]) -> None:
        for piece, text in pieces:
            if piece is Piece.TEXT:
                self._text.append(text)
                out.append(TextDelta(text, self.index))
            elif piece is Piece.REASONING:
                self._reasoning.append(text)
                out.append(ReasoningDelta(text, self.index))
            else:
                self._reasoning.append(self.text.strip())
                self._text.clear()
                out.append(TextBecameReasoning(self.index))


def _joined(pieces: list[str]) -> str:
    """The pieces as one text, kept so: reading a result again and again costs what is new."""
    if len(pieces) > 1:
        pieces[:] = ["".join(pieces)]
    return pieces[0] if pieces else ""
