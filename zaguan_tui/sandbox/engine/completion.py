"""One answer as OpenAI's wire wants it: whole, or as the chunks of a stream (OpenAI spec, wire.md 3.1)."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest
from json.encoder import encode_basestring
from typing import Any

from zaguan_tui.sandbox.data import ModelData
from zaguan_tui.sandbox.engine.chat_request import ChatRequest
from zaguan_tui.sandbox.engine.pricing import Tokens

DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice's token pieces in the order they are said, reasoning first."""

    reasoning: tuple[str, ...]
    text: tuple[str, ...]
    finish: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One token of one choice, ready to be sent."""

    choice: int
    reasoning: bool
    text: str


class Completion:
    """The answer to one request: its choices, its tokens, and its shape on the wire."""

    def __init__(
        self, request: ChatRequest, model: ModelData, *, seed: int, created: int, prompt: int
    ) -> None:
        self.id = f"chatcmpl-{uuid.uuid4().hex[:24]}"
        self.model = model
        self.created = created
        self.prompt_tokens = prompt
        self._include_usage = request.include_usage
        seed = seed if request.seed is None else request.seed
        self.choices = [_choose(request, model, seed + index) for index in range(request.choices)]
        head = {"id": self.id, "object": "chat.completion.chunk", "created": created, "model": model.id}
        self._head = json.dumps(head, separators=(",", ":"))[:-1]
        self._tail = ',"usage":null}' if request.include_usage else "}"

    @cached_property
    def pieces(self) -> list[Piece]:
        """All tokens in sending order; several choices take turns."""
        lanes = [
            [Piece(index, True, text) for text in choice.reasoning]
            + [Piece(index, False, text) for text in choice.text]
            for index, choice in enumerate(self.choices)
        ]
        return [piece for turn in zip_longest(*lanes) for piece in turn if piece is not None]

    def tokens(self, delivered: int | None = None) -> Tokens:
        """Tokens of the whole answer, or of its first ``delivered`` pieces."""
        pieces = self.pieces[:delivered]
        return Tokens(self.prompt_tokens, len(pieces), sum(piece.reasoning for piece in pieces))

    def opening(self) -> bytes:
        """The first frame of every choice: who speaks."""
        delta = '{"role":"assistant","content":""}'
        return b"".join(self._frame(index, delta) for index in range(len(self.choices)))

    def frame(self, piece: Piece) -> bytes:
        """The frame that carries one token."""
        field = "reasoning_content" if piece.reasoning else "content"
        delta = f'{{"{field}":{encode_basestring(piece.text)}}}'
        return self._frame(piece.choice, delta)

    def closing(self) -> bytes:
        """The finish of every choice, and the usage chunk when it was asked for; no terminal marker."""
        frames = [self._frame(index, "{}", f'"{choice.finish}"') for index, choice in enumerate(self.choices)]
        if self._include_usage:
            frames.append(
                f'data: {self._head},"choices":[],"usage":{json.dumps(self.usage())}}}\n\n'.encode()
            )
        return b"".join(frames)

    def whole(self) -> dict[str, Any]:
        """The answer in one piece."""
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.created,
            "model": self.model.id,
            "choices": [_whole_choice(index, choice) for index, choice in enumerate(self.choices)],
            "usage": self.usage(),
            "system_fingerprint": "fp_sandbox",
        }

    def usage(self) -> dict[str, Any]:
        """The usage object; reasoning tokens are part of the completion's."""
        tokens = self.tokens()
        return {
            "prompt_tokens": tokens.prompt,
            "completion_tokens": tokens.completion,
            "total_tokens": tokens.total,
            "prompt_tokens_details": {"cached_tokens": tokens.cached, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": tokens.reasoning,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        }

    def _frame(self, index: int, delta: str, finish: str = "null") -> bytes:
        """One frame, put together from JSON texts: this runs once a token."""
        choice = f'{{"index":{index},"delta":{delta},"logprobs":null,"finish_reason":{finish}}}'
        return f'data: {self._head},"choices":[{choice}]{self._tail}\n\n'.encode()


def prompt_tokens(request: ChatRequest) -> int:
    """The stated estimate of the prompt's tokens, by the text engine's rule."""
    from zaguan_tui.sandbox.engine.text import count_message_tokens

    return count_message_tokens(request.messages)


def _choose(request: ChatRequest, model: ModelData, seed: int) -> Choice:
    from zaguan_tui.sandbox.engine.text import answer

    limit = min(request.max_tokens or model.max_output, model.max_output) or None
    given = answer(request.messages, model=model, seed=seed, max_tokens=limit)
    kept, stopped = _until_stop(given.text, request.stop)
    return Choice(given.reasoning, kept, "stop" if stopped else given.finish)


def _until_stop(pieces: tuple[str, ...], stops: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The pieces before the first stop text, and whether one was found."""
    text = "".join(pieces)
    found = [place for place in (text.find(stop) for stop in stops) if place >= 0]
    if not found:
        return pieces, False
    kept: list[str] = []
    room = min(found)
    for piece in pieces:
        if room <= 0:
            break
        kept.append(piece[:room])
        room -= len(piece)
    return tuple(kept), True


def _whole_choice(index: int, choice: Choice) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": "".join(choice.text), "refusal": None}
    if choice.reasoning:
        message["reasoning_content"] = "".join(choice.reasoning)
    return {"index": index, "message": message, "logprobs": None, "finish_reason": choice.finish}
