"""Merging of messages events (wire reference §4.1, Anthropic docs)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zaguan_tui.client.streaming.endings import Ending, ending_for, knows_reason
from zaguan_tui.client.streaming.events import (
    ImageReceived,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    UsageUpdate,
)
from zaguan_tui.client.streaming.merge.blocks import BLOCK_TYPES, BlockMerge, type_for
from zaguan_tui.client.streaming.merge.message_result import MessageResult
from zaguan_tui.client.streaming.timings import StreamTimer, estimate_tokens
from zaguan_tui.client.types.answers.usage import Usage, read_usage
from zaguan_tui.client.types.core.base import Drift
from zaguan_tui.client.types.core.primitives import foreign_word

if TYPE_CHECKING:
    from zaguan_tui.client.streaming.outcome import StreamOutcome

_SILENT = frozenset({"ping", "error", ""})


class MessageMerge:
    """Events in, deltas out, and the merged message at any time. Never raises on what a server sends.

    An event is what its data says it is; the ``event:`` line counts when the data has no type.
    """

    __slots__ = (
        "_blocks",
        "_facts",
        "_numbered_once",
        "_open_blocks",
        "_raw_usage",
        "_seen",
        "_stop_details",
        "drift",
        "failure",
        "stop_reason",
        "usage",
        "whole",
    )

    def __init__(self, drift: Drift) -> None:
        self.drift = drift
        self.failure: object = None
        self.whole = False
        self.usage: Usage | None = None
        self.stop_reason: str | None = None
        self._stop_details: dict[str, Any] | None = None
        self._facts: dict[str, str] = {}
        self._blocks: list[BlockMerge] = []
        self._open_blocks: dict[int, BlockMerge] = {}
        self._numbered_once = True
        self._raw_usage: dict[str, Any] = {}
        self._seen = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing that belongs to an answer has come."""
        return not self._seen

    @property
    def is_complete(self) -> bool:
        """Whether the stop reason has come."""
        return self.stop_reason is not None

    def feed(self, data: dict[str, Any], event: str, out: list[StreamEvent]) -> bool:
        """Merge one event's data and append its deltas; ``True`` for ``message_stop``."""
        kind = data.get("type") or event
        if kind == "content_block_delta":
            delta = data.get("delta")
            if type(delta) is dict:
                self._feed_delta(self._index(data), delta, out)
            else:
                self.drift.say("a block delta is no object")
        elif kind == "content_block_start":
            start = data.get("content_block")
            self._open(self._index(data, opening=True), start if isinstance(start, dict) else {}, out)
        elif kind == "content_block_stop":
            self._stop(self._index(data))
        elif kind == "message_start":
            self._start_message(data.get("message"), out)
        elif kind == "message_delta":
            self._end_message(data, out)
        elif kind == "message_stop":
            return True
        elif kind == "message":
            self._take_whole(data, out)
        elif not isinstance(kind, str) or kind not in _SILENT:
            self.drift.say(f"unknown event: {foreign_word(kind)}")
        return False

    def flush(self, out: list[StreamEvent]) -> None:
        """Nothing is ever held back. A stop reason by which the server broke off becomes the failure."""
        if self.failure is None and self.ending() is Ending.ERROR_FRAME:
            self.failure = {"message": f"stop reason: {self.stop_reason}"}

    def ending(self) -> Ending:
        """The ending that the stop reason stands for."""
        return ending_for(self.stop_reason, has_calls=any(block.is_call for block in self._blocks))

    def result(self, outcome: StreamOutcome, timer: StreamTimer) -> MessageResult:
        """Everything so far as one value."""
        merges = self._blocks
        if self._numbered_once:
            merges = sorted(merges, key=lambda merge: merge.index)
        blocks = tuple(merge.block() for merge in merges)
        text = "".join(block.text for block in blocks if block.type == "text")
        reasoning = "".join(merge.joined for merge in merges if merge.is_reasoning)
        calls = tuple(block.call for block in blocks if block.call is not None)
        characters = len(text) + len(reasoning) + sum(len(call.arguments) for call in calls)
        tokens = self.usage.completion_tokens if self.usage and self.is_complete else None
        if tokens is not None and self.usage is not None and not reasoning:
            tokens = max(0, tokens - (self.usage.reasoning_tokens or 0))
        return MessageResult(
            text=text,
            reasoning=reasoning,
            tool_calls=calls,
            blocks=blocks,
            usage=self.usage,
            ending=outcome.ending,
            stop_reason=self.stop_reason,
            stop_sequence=self._facts.get("stop_sequence"),
            stop_details=self._stop_details,
            model=self._facts.get("model"),
            id=self._facts.get("id"),
            role=self._facts.get("role"),
            request_id=outcome.request_id,
            error=outcome.error,
            timings=timer.read(
                outcome.now,
                tokens=tokens,
                estimate=estimate_tokens(characters, timer.deltas),
                chunks=outcome.chunks,
            ),
            notes=self.drift.notes,
            requested_model=outcome.requested_model,
            end_marker=outcome.end_marker,
        )

    def _index(self, data: dict[str, Any], *, opening: bool = False) -> int:
        """The number of the block that an event is about; without one a new block, or the newest."""
        index = data.get("index")
        if type(index) is int:
            return index
        self.drift.say("a block without an index")
        if opening:
            return max(self._open_blocks, default=-1) + 1
        return self._blocks[-1].index if self._blocks else 0

    def _open(self, index: int, start: dict[str, Any], out: list[StreamEvent]) -> BlockMerge:
        """Open a block. A number in use begins another block and ends the one before (common: Ollama)."""
        self._seen = True
        before = self._open_blocks.get(index)
        if before is not None:
            self.drift.say("a block number was used twice")
            if before.repeats(start):
                return before
            self._stop(index)
            self._numbered_once = False
        calls = sum(block.is_call for block in self._blocks)
        block = self._open_blocks[index] = BlockMerge(index, start, calls)
        self._blocks.append(block)
        if block.is_call:
            out.append(ToolCallDelta(block.position, block.id, block.name, "", index))
        elif block.joined:
            kind = ReasoningDelta if block.is_reasoning else TextDelta
            out.append(kind(block.joined, index))
        elif block.type == "image":
            out.extend(ImageReceived(image, index) for image in block.block().images)
        return block

    def _stop(self, index: int) -> None:
        block = self._open_blocks.get(index)
        if block is not None and not block.stopped:
            block.stopped = True
            block.check(self.drift)

    def _feed_delta(self, index: int, delta: dict[str, Any], out: list[StreamEvent]) -> None:
        block = self._open_blocks.get(index)
        kind = delta.get("type")
        usual = BLOCK_TYPES.get(kind) if type(kind) is str else None
        if block is None or (block.type != usual and not block.accepts(delta)):
            block = self._open(index, {"type": type_for(delta)}, out)
        if type(text := delta.get("text")) is str:
            block.append(text)
            out.append(TextDelta(text, index))
        elif type(thinking := delta.get("thinking")) is str:
            block.append(thinking)
            out.append(ReasoningDelta(thinking, index))
        elif type(piece := delta.get("partial_json")) is str:
            block.append(piece)
            if block.is_call and piece:
                out.append(ToolCallDelta(block.position, block.id, block.name, piece, index))
        elif type(signature := delta.get("signature")) is str:
            block.signature = signature
        elif "citation" in delta:
            block.cite(delta["citation"])
        else:
            self.drift.say(f"unknown block delta: {foreign_word(delta.get('type'))}")

    def _start_message(self, message: object, out: list[StreamEvent]) -> None:
        if not isinstance(message, dict):
            self.drift.say("message_start without a message")
            return
        self._seen = True
        self._take_facts(message, "id", "model", "role")
        self._count(message.get("usage"), out)
        content = message.get("content")
        for index, block in enumerate(content if isinstance(content, list) else ()):
            if isinstance(block, dict):
                self._open(index, block, out)
        self._take_stop(message)

    def _end_message(self, data: dict[str, Any], out: list[StreamEvent]) -> None:
        self._seen = True
        delta = data.get("delta")
        if isinstance(delta, dict):
            self._take_stop(delta)
        self._count(data.get("usage"), out)

    def _take_whole(self, message: dict[str, Any], out: list[StreamEvent]) -> None:
        self.whole = True
        self.drift.say("the server answered in one piece")
        self._start_message(message, out)
        for index in self._open_blocks:
            self._stop(index)

    def _take_stop(self, holder: dict[str, Any]) -> None:
        reason = holder.get("stop_reason")
        if isinstance(reason, str) and reason:
            self.stop_reason = reason
            if not knows_reason(reason):
                self.drift.say(f"unknown stop reason: {foreign_word(reason)}")
        self._take_facts(holder, "stop_sequence")
        details = holder.get("stop_details")
        if isinstance(details, dict):
            self._stop_details = details

    def _take_facts(self, holder: dict[str, Any], *names: str) -> None:
        for name in names:
            value = holder.get(name)
            if isinstance(value, str) and value:
                self._facts[name] = value

    def _count(self, raw: object, out: list[StreamEvent]) -> None:
        """Counts are cumulative: each replaces its namesake, those not sent again stay (D47)."""
        if not isinstance(raw, dict):
            return
        self._raw_usage.update({key: value for key, value in raw.items() if value is not None})
        usage = read_usage(dict(self._raw_usage), self.drift)
        if usage is not None and usage != self.usage:
            self.usage = usage
            out.append(UsageUpdate(usage))
