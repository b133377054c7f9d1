"""OpenAI chat completion: whole, or as the chunks of a stream (OpenAI spec, wire.md 3.1)."""

from __future__ import annotations

import json
import math
import uuid
from dataclasses import replace
from functools import cached_property
from json.encoder import encode_basestring
from typing import Any

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.chat.model_exchange import CALLS, LENGTH, GeneratedAnswer, GeneratedCall
from zaguan_tui.sandbox.engine.chat.request import ChatRequest
from zaguan_tui.sandbox.engine.chat.wire import AnswerContext, Piece, pieces_of, tokens_of
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.providers.failures import Failure
from zaguan_tui.sandbox.engine.seeds import stream

DONE = b"data: [DONE]\n\n"
_FINISH = {CALLS: "tool_calls", LENGTH: "length"}


class Completion:
    """The answer to one chat request: its choices, its tokens, and its shape on the wire."""

    terminal = DONE
    broken = b'data: {"id": "chatcmpl-broken", "choices": [{"index": 0, "delta": {"con\n\n'

    def __init__(self, request: ChatRequest, model: ModelData, brief: AnswerContext) -> None:
        self.id = f"chatcmpl-{uuid.uuid4().hex[:24]}"
        self.model = model
        self.brief = brief
        self._include_usage = request.include_usage
        self._logprobs = request.logprobs
        seed = brief.seed if request.question.seed is None else request.question.seed
        ready = brief.generated
        self.choices = [ready] if ready is not None else _generate_choices(request, model, seed)
        kind = "chat.completion.chunk"
        head = {"id": self.id, "object": kind, "created": brief.created, "model": model.id}
        self._head = json.dumps(head, separators=(",", ":"))[:-1]
        self._tail = ',"usage":null}' if request.include_usage else "}"

    @cached_property
    def pieces(self) -> list[Piece]:
        """All tokens in sending order; several choices take turns."""
        return pieces_of(self.choices)

    def fill(self, generated: GeneratedAnswer, pieces: list[Piece], tokens: Tokens | None) -> None:
        """Take the answer of a real server so far; ``pieces`` may still grow."""
        self.choices, self.pieces = [generated], pieces
        self.brief = replace(self.brief, measured=tokens)

    def opening(self) -> bytes:
        """The first frame of every choice: the role."""
        frames = []
        for index, choice in enumerate(self.choices):
            content = "null" if choice.calls else '""'
            frames.append(self._frame(index, f'{{"role":"assistant","content":{content}}}'))
        return b"".join(frames)

    def frame(self, piece: Piece) -> bytes:
        """The frame that carries one token; a tool call's first token has its id and name before it."""
        if piece.kind == "call":
            head = self._call_head(piece) if piece.opens else b""
            custom = self.choices[piece.choice].calls[piece.call].custom
            place, field = ("custom", "input") if custom else ("function", "arguments")
            arguments = f'"{place}":{{"{field}":{encode_basestring(piece.text)}}}'
            delta = f'{{"tool_calls":[{{"index":{piece.call},{arguments}}}]}}'
            return head + self._frame(piece.choice, delta)
        field = "reasoning_content" if piece.kind == "reasoning" else "content"
        logprobs = "null"
        if self._logprobs is not None and piece.kind == "text":
            logprobs = json.dumps({"content": [_logprob(piece.text, self._logprobs)], "refusal": None})
        delta = f'{{"{field}":{encode_basestring(piece.text)}}}'
        return self._frame(piece.choice, delta, logprobs=logprobs)

    def closing(self) -> bytes:
        """The finish of every choice, and the usage chunk when it was asked for; no terminal marker."""
        frames = [
            self._frame(index, "{}", f'"{_finish(choice)}"') for index, choice in enumerate(self.choices)
        ]
        if self._include_usage:
            usage = json.dumps(self.usage())
            frames.append(f'data: {self._head},"choices":[],"usage":{usage}}}\n\n'.encode())
        return b"".join(frames)

    def whole(self) -> dict[str, Any]:
        """The answer in one piece."""
        return {
            "id": self.id,
            "object": "chat.completion",
            "created": self.brief.created,
            "model": self.model.id,
            "choices": [self._whole_choice(index, choice) for index, choice in enumerate(self.choices)],
            "usage": self.usage(),
            "system_fingerprint": "fp_sandbox",
        }

    def usage(self) -> dict[str, Any]:
        """The usage object; reasoning tokens are part of the completion's, cached ones of the prompt's."""
        tokens = tokens_of(self)
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

    def failure(self, failure: Failure, provider: str, name: str) -> bytes:
        """The error frame of OpenAI's streams."""
        error = {
            "message": failure.describe(name),
            "type": failure.type,
            "code": failure.code,
            "provider": provider,
        }
        return f"data: {json.dumps({'error': error})}\n\n".encode()

    def _call_head(self, piece: Piece) -> bytes:
        call = _wire_call(self.choices[piece.choice].calls[piece.call], "")
        return self._frame(piece.choice, json.dumps({"tool_calls": [{"index": piece.call, **call}]}))

    def _frame(self, index: int, delta: str, finish: str = "null", logprobs: str = "null") -> bytes:
        """One frame, put together from JSON texts: this runs once a token."""
        choice = f'{{"index":{index},"delta":{delta},"logprobs":{logprobs},"finish_reason":{finish}}}'
        return f'data: {self._head},"choices":[{choice}]{self._tail}\n\n'.encode()

    def _whole_choice(self, index: int, choice: GeneratedAnswer) -> dict[str, Any]:
        text = None if choice.calls else "".join(choice.text)
        message: dict[str, Any] = {"role": "assistant", "content": text, "refusal": None}
        if choice.reasoning:
            message["reasoning_content"] = "".join(choice.reasoning)
        if choice.calls:
            message["tool_calls"] = [_wire_call(call, "".join(call.arguments)) for call in choice.calls]
        logprobs = None
        if self._logprobs is not None:
            rows = [_logprob(token, self._logprobs) for token in choice.text]
            logprobs = {"content": rows, "refusal": None}
        return {"index": index, "message": message, "logprobs": logprobs, "finish_reason": _finish(choice)}


def _generate_choices(request: ChatRequest, model: ModelData, seed: int) -> list[GeneratedAnswer]:
    from zaguan_tui.sandbox.engine.chat.generation import generate  # imports the text engine, which is large

    return [generate(request.question, model, seed + index) for index in range(request.choices)]


def _finish(choice: GeneratedAnswer) -> str:
    return _FINISH.get(choice.ending, "stop")


def _wire_call(call: GeneratedCall, arguments: str) -> dict[str, Any]:
    kind, field = ("custom", "input") if call.custom else ("function", "arguments")
    return {"id": f"call_{call.id}", "type": kind, kind: {"name": call.name, field: arguments}}


def _logprob(token: str, alternatives: int) -> dict[str, Any]:

    return token_row(token, alternatives)


_OTHERS = (" the", " a", " and", " of", " to", ",", ".", " is", " in", " that", " it", "\n", " for", " as",
           " on", " with", " this", " are", " be", " or", " an")  # fmt: skip


def token_row(token: str, alternatives: int) -> dict[str, Any]:
    """One entry of ``logprobs.content`` with its ``alternatives`` best tokens, itself first (OpenAI spec)."""
    rng = stream(0, "logprob", token)
    share = 0.55 + 0.449 * rng.random()
    row = _row(token, share)
    top = [row] if alternatives else []
    remaining = 1.0 - share
    for alternative in [word for word in _OTHERS if word != token][: max(0, alternatives - 1)]:
        remaining *= 0.4 + 0.3 * rng.random()
        top.append(_row(alternative, max(remaining, 1e-9)))
    return {**row, "top_logprobs": top}


def _row(token: str, share: float) -> dict[str, Any]:
    return {"token": token, "logprob": round(math.log(share), 6), "bytes": list(token.encode())}
