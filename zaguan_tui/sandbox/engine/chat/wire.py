"""The interface of wire answers, shared by streaming, faults and billing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal, Protocol

from zaguan_tui.sandbox.engine.chat.model_exchange import GeneratedAnswer
from zaguan_tui.sandbox.engine.ledger.pricing import Tokens
from zaguan_tui.sandbox.engine.providers.failures import Failure

Kind = Literal["reasoning", "text", "call"]


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What an answer needs besides question and model: ``created`` is unix seconds of world time."""

    seed: int
    created: int
    prompt: int
    """Tokens of the prompt, the cached ones included."""
    cached: int = 0
    generated: GeneratedAnswer | None = None
    """The answer of a real server; `None`: the text engine generates it."""
    measured: Tokens | None = None
    """The real server's own count."""
    cacheable: int = 0
    """Tokens of the prompt that the provider caches with this call."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One token of one choice. ``call`` counts that choice's tool calls; ``opens`` marks a call's first."""

    choice: int
    kind: Kind
    text: str
    call: int = -1
    opens: bool = False


class WireAnswer(Protocol):
    """An answer in one dialect. Frames are asked for in the order of ``pieces``."""

    id: str
    brief: AnswerContext
    terminal: bytes
    """The last frame, the one that says the stream is complete."""
    broken: bytes
    """A frame whose data is not JSON."""

    @property
    def pieces(self) -> list[Piece]:
        """All tokens in sending order."""

    def fill(self, generated: GeneratedAnswer, pieces: list[Piece], tokens: Tokens | None) -> None:
        """Take the answer of a real server so far; ``pieces`` may still grow."""

    def opening(self) -> bytes:
        """The frames before the first token."""

    def frame(self, piece: Piece) -> bytes:
        """The frames that carry one token."""

    def closing(self) -> bytes:
        """The frames after the last token, without the terminal one."""

    def whole(self) -> dict[str, Any]:
        """The answer in one piece."""

    def failure(self, failure: Failure, provider: str, name: str) -> bytes:
        """The frame that says the provider failed in the middle."""


def pieces_of(generated: Sequence[GeneratedAnswer]) -> list[Piece]:
    """The tokens of all choices in sending order; several choices take turns."""
    choices = [_pieces_of_choice(index, answer) for index, answer in enumerate(generated)]
    return [piece for turn in zip_longest(*choices) for piece in turn if piece is not None]


def tokens_of(answer: WireAnswer, delivered: int | None = None) -> Tokens:
    """Tokens of the whole answer, or of its first ``delivered`` pieces."""
    if delivered is None and answer.brief.measured is not None:
        return answer.brief.measured
    pieces = answer.pieces[:delivered]
    reasoning = sum(piece.kind == "reasoning" for piece in pieces)
    return Tokens(answer.brief.prompt, len(pieces), reasoning, answer.brief.cached)


def _pieces_of_choice(index: int, generated: GeneratedAnswer) -> list[Piece]:
    pieces = [Piece(index, "reasoning", text) for text in generated.reasoning]
    pieces += [Piece(index, "text", text) for text in generated.text]
    for number, call in enumerate(generated.calls):
        pieces += [
            Piece(index, "call", text, number, place == 0) for place, text in enumerate(call.arguments)
        ]
    return pieces
