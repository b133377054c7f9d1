"""``Timings``: time to first token, pace and gaps of a stream."""

from __future__ import annotations

from dataclasses import dataclass

GAP_THRESHOLD_S = 1.0
"""A pause between two pieces that is worth being listed, in seconds."""

GAPS_KEPT = 64
"""So many gaps are listed; the longest is known in any case."""

_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Gap:
    """A pause between two pieces: when it began (seconds after the request) and its length in seconds."""

    at_s: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Timings:
    """How a stream ran, in seconds since the request was sent; connecting is included.

    ``ttft_s`` is the time to the first piece of text, reasoning, refusal or tool call. ``duration_s`` runs to
    the ending, or to now. ``tokens_per_s`` is the pace from the first piece to the last, ``None`` when
    everything came at once; ``tokens_estimated`` says that the server counted no tokens and they were
    estimated. ``gaps`` lists pauses longer than a second, the first 64. ``chunks`` counts the frames with
    data.
    """

    ttft_s: float | None = None
    duration_s: float | None = None
    tokens_per_s: float | None = None
    tokens_estimated: bool = False
    longest_gap_s: float | None = None
    gaps: tuple[Gap, ...] = ()
    chunks: int = 0


def estimate_tokens(characters: int, pieces: int) -> int:
    """Tokens by rule of thumb: four characters each, but no fewer than the pieces that came."""
    return max(pieces, round(characters / _CHARACTERS_PER_TOKEN)) if characters else 0


class StreamTimer:
    """Takes the times. ``deltas`` counts marks, one for every network read that brought something to show."""

    __slots__ = ("_ended", "_first", "_gaps", "_last", "_longest", "_started", "_threshold", "deltas")

    def __init__(self, started: float, threshold: float = GAP_THRESHOLD_S) -> None:
        self._started = started
        self._threshold = threshold
        self._first: float | None = None
        self._last = started
        self._longest: float | None = None
        self._gaps: list[Gap] = []
        self._ended: float | None = None
        self.deltas = 0

    def mark(self, now: float) -> None:
        """Something to show arrived at ``now``."""
        self.deltas += 1
        if self._first is None:
            self._first = self._last = now
            return
        gap = now - self._last
        if self._longest is None or gap > self._longest:
            self._longest = gap
        if gap > self._threshold and len(self._gaps) < GAPS_KEPT:
            self._gaps.append(Gap(self._last - self._started, gap))
        self._last = now

    def end(self, now: float) -> None:
        """The stream is over; only the first call counts."""
        if self._ended is None:
            self._ended = now

    def since_start(self, now: float) -> float:
        """Seconds from the request to ``now``."""
        return now - self._started

    def read(self, now: float, *, tokens: int | None, estimate: int, chunks: int) -> Timings:
        """The timings so far. ``tokens`` is the server's count of what was streamed, ``estimate`` stands in
        for it.
        """
        counted = estimate if tokens is None else tokens
        first = self._first
        window = 0.0 if first is None else self._last - first
        return Timings(
            ttft_s=None if first is None else first - self._started,
            duration_s=(now if self._ended is None else self._ended) - self._started,
            tokens_per_s=counted / window if window > 0 and counted > 0 else None,
            tokens_estimated=tokens is None,
            longest_gap_s=self._longest,
            gaps=tuple(self._gaps),
            chunks=chunks,
        )
