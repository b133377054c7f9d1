"""Live figures of a streaming answer: time to first token, tokens per second, tokens, elapsed time."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

from zaguan_tui.client.types.answers.usage import Usage

WINDOW_S: Final = 3.0
"""The pace *now* is that of the last three seconds."""

_SLOT_S: Final = 0.1
_CHARACTERS_PER_TOKEN: Final = 4.0


@dataclass(frozen=True, slots=True)
class MeterReading:
    """One reading. Times in seconds since the request was sent, paces in tokens a second.

    ``tokens_per_s`` is the pace of the last seconds, ``tokens_per_s_overall`` that since the first token.
    ``estimated`` says that ``tokens_out`` is counted by us (about four characters a token), not by the
    server.
    """

    elapsed_s: float = 0.0
    ttft_s: float | None = None
    tokens_per_s: float | None = None
    tokens_per_s_overall: float | None = None
    tokens_in: int | None = None
    tokens_out: int = 0
    reasoning_tokens: int | None = None
    cached_tokens: int | None = None
    chunks: int = 0
    since_last_s: float | None = None
    estimated: bool = True


class StreamMeter:
    """Counts the pieces of an answer. Moments are those of one monotonic clock, in seconds."""

    __slots__ = ("_chunks", "_estimate", "_first_at", "_last_at", "_slots", "_started_at", "_usage")

    def __init__(self, started_at: float) -> None:
        self._started_at = started_at
        self._first_at: float | None = None
        self._last_at: float | None = None
        self._estimate = 0.0
        self._chunks = 0
        self._slots: deque[list[float]] = deque()
        self._usage: Usage | None = None

    def send(self, at: float) -> None:
        """The request goes out ``at``: times run from here, not from the moment the answer was awaited."""
        self._started_at = at

    def count(self, piece: str, at: float) -> None:
        """Count a piece of text or reasoning that came ``at``."""
        if self._first_at is None:
            self._first_at = at
        self._last_at = at
        self._chunks += 1
        weight = estimate_tokens(piece)
        self._estimate += weight
        if self._slots and at - self._slots[-1][0] < _SLOT_S:
            self._slots[-1][1] += weight
        else:
            self._slots.append([at, weight])
            while self._slots[0][0] < at - WINDOW_S:
                self._slots.popleft()

    def set_usage(self, usage: Usage) -> None:
        """Take the server's own count."""
        self._usage = usage

    def read(self, now: float) -> MeterReading:
        """The figures as they stand."""
        usage = self._usage or Usage()
        counted = usage.completion_tokens
        out = counted if counted is not None else round(self._estimate)
        return MeterReading(
            elapsed_s=max(0.0, now - self._started_at),
            ttft_s=None if self._first_at is None else self._first_at - self._started_at,
            tokens_per_s=self._pace_now(now),
            tokens_per_s_overall=self._pace_overall(out),
            tokens_in=usage.prompt_tokens,
            tokens_out=out,
            reasoning_tokens=usage.reasoning_tokens,
            cached_tokens=usage.cached_tokens,
            chunks=self._chunks,
            since_last_s=None if self._last_at is None else max(0.0, now - self._last_at),
            estimated=counted is None,
        )

    def _pace_now(self, now: float) -> float | None:
        if self._first_at is None:
            return None
        begin = max(self._first_at, now - WINDOW_S)
        if now - begin < _SLOT_S:
            return None
        return sum(weight for at, weight in self._slots if at >= begin) / (now - begin)

    def _pace_overall(self, tokens: int) -> float | None:
        if self._first_at is None or self._last_at is None or self._last_at - self._first_at < _SLOT_S:
            return None
        return tokens / (self._last_at - self._first_at)


def estimate_tokens(text: str) -> float:
    """About how many tokens ``text`` is: four ASCII characters a token, one and a half of the others."""
    if text.isascii():
        return len(text) / _CHARACTERS_PER_TOKEN
    plain = sum(character < "\x80" for character in text)
    return plain / _CHARACTERS_PER_TOKEN + (len(text) - plain) / 1.5
