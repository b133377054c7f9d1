"""Merging of one content block of a messages stream from its deltas (wire reference §4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zaguan_tui.client.streaming.json_text import UNREADABLE, arguments_text, parse_json
from zaguan_tui.client.types.answers.citations import read_citations
from zaguan_tui.client.types.answers.message_block import CALL_TYPE, REASONING_TYPES, MessageBlock
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.client.types.core.base import Drift

_TYPE_BY_DELTA = {
    "text": "text",
    "citation": "text",
    "thinking": "thinking",
    "signature": "thinking",
    "partial_json": CALL_TYPE,
}


BLOCK_TYPES: Mapping[object, str] = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "input_json_delta": CALL_TYPE,
}
"""The usual block of each type of delta."""


class BlockMerge:
    """A block while its deltas arrive. ``position`` counts the tool calls before it."""

    __slots__ = (
        "_citations",
        "_has_deltas",
        "_pieces",
        "_start",
        "index",
        "position",
        "signature",
        "stopped",
        "type",
    )

    def __init__(self, index: int, start: dict[str, Any], position: int) -> None:
        kind = start.get("type")
        self.index = index
        self.position = position
        self.type = kind if isinstance(kind, str) and kind else "text"
        self.stopped = False
        self.signature: str | None = _text(start.get("signature")) or None
        self._start = start
        self._citations: list[Any] = []
        self._has_deltas = False
        self._pieces: list[str] = []
        if self.type == "text" or self.type in REASONING_TYPES:
            opening = _text(start.get("text")) or _text(start.get("thinking"))
            if opening:
                self._pieces.append(opening)

    @property
    def is_call(self) -> bool:
        """Whether the caller is asked to run a tool."""
        return self.type == CALL_TYPE

    @property
    def is_reasoning(self) -> bool:
        """Whether the block's text is reasoning."""
        return self.type in REASONING_TYPES

    @property
    def id(self) -> str | None:
        """The id of a tool call."""
        return _text(self._start.get("id")) or None

    @property
    def name(self) -> str:
        """The name of the tool."""
        return _text(self._start.get("name"))

    @property
    def joined(self) -> str:
        """Text, reasoning or the JSON text of the input, as far as it has come."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    def append(self, piece: str) -> None:
        """The next piece of text, reasoning or JSON."""
        self._has_deltas = True
        self._pieces.append(piece)

    def cite(self, citation: Any) -> None:
        """A source for the text; ``None`` is none."""
        if citation is not None:
            self._has_deltas = True
            self._citations.append(citation)

    def arguments(self) -> str:
        """The input as JSON text: its pieces, or the whole that came at the start; none at all is ``{}``."""
        given = self.joined if self.joined.strip() else self._start.get("input")
        text = arguments_text(given)
        return text if text.strip() else "{}"

    def accepts(self, delta: dict[str, Any]) -> bool:
        """Whether a delta fits the type of this block; a block of an unknown type takes all."""
        if "partial_json" in delta:
            return self._takes_json()
        if "text" in delta:
            return not (self.is_reasoning or self.is_call)
        if "thinking" in delta:
            return not (self.type == "text" or self.is_call)
        return True

    def repeats(self, start: dict[str, Any]) -> bool:
        """Whether a start says again what began this block, of which nothing has come since."""
        return not (self.stopped or self._has_deltas) and start == self._start

    def check(self, drift: Drift) -> None:
        """At the block's stop: note an input that is no JSON."""
        if self.joined.strip() and self._takes_json() and parse_json(self.joined) is UNREADABLE:
            drift.say("a tool input is no JSON")

    def block(self) -> MessageBlock:
        """The block so far."""
        is_text = not self._takes_json()
        citations = [*_listed(self._start.get("citations")), *self._citations]
        return MessageBlock(
            index=self.index,
            type=self.type,
            text=self.joined if is_text else "",
            signature=self.signature,
            call=ToolCall(self.id, self.name, self.arguments()) if self.is_call else None,
            citations=read_citations({"citations": citations}),
            whole=self.stopped,
            raw=self._raw(citations, is_text=is_text),
        )

    def _takes_json(self) -> bool:
        return self.type != "text" and not self.is_reasoning

    def _raw(self, citations: list[Any], *, is_text: bool) -> dict[str, Any]:
        raw = dict(self._start, type=self.type)
        if not is_text:
            if "input" in raw or self._pieces:
                value = parse_json(self.arguments())
                raw["input"] = {} if value is UNREADABLE else value
        elif self.type != "redacted_thinking":
            raw[self.type] = self.joined
        if self.signature is not None:
            raw["signature"] = self.signature
        if citations:
            raw["citations"] = citations
        return raw


def type_for(delta: dict[str, Any]) -> str:
    """The type of a block that a delta fits, for a delta whose block was never opened (``proposal``)."""
    return next((kind for key, kind in _TYPE_BY_DELTA.items() if key in delta), "text")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
