"""Anthropic message: whole, or as named events (Anthropic docs, wire.md 4.1 and 15)."""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import replace
from functools import cached_property
from hashlib import sha512
from typing import Any

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.chat.generation import generate
from zaguan_tui.sandbox.engine.chat.message_request import MessageRequest
from zaguan_tui.sandbox.engine.chat.model_exchange import CALLS, LENGTH, STOP_TEXT, GeneratedAnswer
from zaguan_tui.sandbox.engine.chat.wire import AnswerContext, Piece, pieces_of, tokens_of
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.providers.failures import Failure

_STOP_REASONS = {CALLS: "tool_use", LENGTH: "max_tokens", STOP_TEXT: "stop_sequence"}
_DELTAS = {
    "reasoning": ("thinking_delta", "thinking"),
    "text": ("text_delta", "text"),
    "call": ("input_json_delta", "partial_json"),
}


class MessageAnswer:
    """The answer to one messages request. Its frames depend on the one before: ask for them in order."""

    terminal = b'event: message_stop\ndata: {"type": "message_stop"}\n\n'
    broken = b'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 0, "del\n\n'

    def __init__(self, request: MessageRequest, model: ModelData, brief: AnswerContext) -> None:
        self.id = f"msg_{uuid.uuid4().hex[:24]}"
        self.model = model
        self.brief = brief
        self.generated = brief.generated or generate(request.question, model, brief.seed)
        self._caches = request.caches
        self._block = -1
        self._open: tuple[str, int] | None = None

    @cached_property
    def pieces(self) -> list[Piece]:
        """All tokens in sending order."""
        return pieces_of([self.generated])

    def fill(self, generated: GeneratedAnswer, pieces: list[Piece], tokens: Tokens | None) -> None:
        """Take the answer of a real server so far; ``pieces`` may still grow."""
        self.generated, self.pieces = generated, pieces
        self.brief = replace(self.brief, measured=tokens)

    def opening(self) -> bytes:
        """``message_start`` and a ping."""
        usage = {**self.usage(), "output_tokens": 1}
        message = {**self._head(), "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}
        return _event("message_start", message=message) + _event("ping")

    def frame(self, piece: Piece) -> bytes:
        """One delta, with the ends and beginnings of blocks that come before it."""
        start = b""
        if self._open != (piece.kind, piece.call):
            start = self._close() + self._begin(piece)
        kind, field = _DELTAS[piece.kind]
        delta = {"type": kind, field: piece.text}
        return start + _event("content_block_delta", index=self._block, delta=delta)

    def closing(self) -> bytes:
        """The end of the last block and ``message_delta`` (with what the Python SDK needs: wire.md 15)."""
        if self._open is None:
            empty = _event("content_block_start", index=0, content_block={"type": "text", "text": ""})
            end = empty + _event("content_block_stop", index=0)
        else:
            end = self._close()
        delta = {"type": "message_delta", **self._stop()}
        return end + _event("message_delta", delta=delta, usage=self.usage())

    def whole(self) -> dict[str, Any]:
        """The answer in one piece."""
        return {**self._head(), "content": self._content(), **self._stop(), "usage": self.usage()}

    def usage(self) -> dict[str, Any]:
        """Anthropic's usage: ``input_tokens`` leaves out what was read from or written to the cache."""
        tokens = tokens_of(self)
        written = 0
        if self._caches and not tokens.cached and "prompt_caching" in self.model.features:
            written = tokens.prompt - tokens.prompt % 128 if tokens.prompt >= 1024 else 0
        return {
            "input_tokens": tokens.prompt - tokens.cached - written,
            "output_tokens": tokens.completion,
            "cache_creation_input_tokens": written,
            "cache_read_input_tokens": tokens.cached,
            "output_tokens_details": {"thinking_tokens": tokens.reasoning},
            "service_tier": "standard",
        }

    def failure(self, failure: Failure, provider: str, name: str) -> bytes:
        """The ``error`` event; it ends the stream."""
        kind = "overloaded_error" if failure.status in (503, 529) else "api_error"
        error = {"type": kind, "message": failure.describe(name), "code": failure.code, "provider": provider}
        return _event("error", error=error)

    def _head(self) -> dict[str, Any]:
        return {"id": self.id, "type": "message", "role": "assistant", "model": self.model.id}

    def _stop(self) -> dict[str, Any]:
        reason = _STOP_REASONS.get(self.generated.ending, "end_turn")
        return {"stop_reason": reason, "stop_sequence": self.generated.stop}

    def _content(self) -> list[dict[str, Any]]:
        blocks: list[dict[str, Any]] = []
        if self.generated.reasoning:
            thinking = "".join(self.generated.reasoning)
            blocks.append({"type": "thinking", "thinking": thinking, "signature": signature(thinking)})
        if self.generated.text or not self.generated.calls:
            blocks.append({"type": "text", "text": "".join(self.generated.text)})
        for call in self.generated.calls:
            row = {"type": "tool_use", "id": f"toolu_{call.id}", "name": call.name}
            blocks.append({**row, "input": _parsed("".join(call.arguments))})
        return blocks

    def _begin(self, piece: Piece) -> bytes:
        self._open = (piece.kind, piece.call)
        self._block += 1
        block: dict[str, Any] = {"type": "text", "text": ""}
        if piece.kind == "reasoning":
            block = {"type": "thinking", "thinking": "", "signature": ""}
        elif piece.kind == "call":
            call = self.generated.calls[piece.call]
            block = {"type": "tool_use", "id": f"toolu_{call.id}", "name": call.name, "input": {}}
        return _event("content_block_start", index=self._block, content_block=block)

    def _close(self) -> bytes:
        if self._open is None:
            return b""
        end = _event("content_block_stop", index=self._block)
        if self._open[0] != "reasoning":
            return end
        signed = {"type": "signature_delta", "signature": signature("".join(self.generated.reasoning))}
        return _event("content_block_delta", index=self._block, delta=signed) + end


def signature(thinking: str) -> str:
    """What a thinking block is signed with: the same text, the same signature."""
    return base64.b64encode(sha512(b"sandbox" + thinking.encode()).digest()).decode()


def _parsed(arguments: str) -> object:
    try:
        return json.loads(arguments)
    except ValueError:
        return {}  # a call cut by max_tokens: Anthropic's whole answers hold what could be read


def _event(name: str, **fields: Any) -> bytes:
    data = json.dumps({"type": name, **fields}, separators=(",", ":"), ensure_ascii=False)
    return f"event: {name}\ndata: {data}\n\n".encode()
