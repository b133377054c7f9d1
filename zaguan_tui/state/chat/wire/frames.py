"""The frame log of one stream, bounded: beginning and end are stored, the middle is counted.

Taking a frame costs an append; what it means is read when somebody looks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias, overload

MAX_KEPT_SIZE: Final = 4_000_000
"""Bytes of frames kept for one answer: half of it for the beginning, half for the end."""

OVERHEAD: Final = 160
"""Bytes a kept frame takes beside its data."""

STALL_S: Final = 1.0
"""A silence longer than this is a stall, whatever the rhythm."""

STALL_TIMES_MEDIAN: Final = 10
MIN_STALL_S: Final = 0.2
"""A silence that nobody notices is none."""

MIN_GAPS_FOR_MEDIAN: Final = 20
"""So many gaps make a rhythm."""

SAME_READ_S: Final = 0.001
"""Frames closer than this came in one read: no gap is between them."""

MAX_STALLS: Final = 500
MAX_SLOTS: Final = 1_024
FIRST_SLOT_S: Final = 0.01
_BUCKETS_PER_OCTAVE: Final = 4


class Frame(NamedTuple):
    """One frame. Seconds are since the request; ``gap_s`` is to the frame before.

    ``raw`` is not redacted: what is shown or copied goes through :meth:`~.record.WireRecord.text_of`.
    """

    number: float
    at_s: float
    gap_s: float
    event: str
    raw: str


class Stall(NamedTuple):
    """A stall: from ``at_s`` on nothing came for ``length_s``."""

    number: float
    at_s: float
    length_s: float


class OmittedFrames(NamedTuple):
    """The number of frames between the beginning and the end that are not stored."""

    number: float
    at_s: float
    until_s: float
    frames: int
    size: int


class StreamEnd(NamedTuple):
    """The stream is over. ``mark`` is the frame that said so: ``[DONE]``, ``message_stop``, ``error``, or
    nothing; ``reason`` what the line says: ``end``, ``closed`` (by us), or what went wrong.
    """

    number: float
    at_s: float
    mark: str
    reason: str


WireEntry: TypeAlias = Frame | Stall | OmittedFrames | StreamEnd


@dataclass(slots=True, eq=False)
class FrameLog(Sequence[WireEntry]):
    """The rows of one stream, oldest first: frames, stalls between them, the gap in the middle, the end.

    ``frames`` and ``size`` count everything that came, kept or not; ``longest`` is the longest silence
    between two frames, and ``stalls`` the first five hundred that are too long.
    """

    limit: int = MAX_KEPT_SIZE
    frames: int = 0
    size: int = 0
    first_s: float | None = None
    last_s: float = 0.0
    longest: Stall | None = None
    stalls: list[Stall] = field(default_factory=list)
    stall_count: int = 0
    end: StreamEnd | None = None
    left_out: OmittedFrames | None = None
    slot_s: float = FIRST_SLOT_S
    slots: list[int] = field(default_factory=list)
    _head: list[WireEntry] = field(default_factory=list)
    _tail: list[WireEntry] = field(default_factory=list)
    _head_size: int = 0
    _tail_size: int = 0
    _gaps: dict[int, int] = field(default_factory=dict)
    _gap_count: int = 0

    def __len__(self) -> int:
        return len(self._head) + (self.left_out is not None) + len(self._tail) + (self.end is not None)

    @overload
    def __getitem__(self, place: int) -> WireEntry: ...
    @overload
    def __getitem__(self, place: slice) -> list[WireEntry]: ...
    def __getitem__(self, place: int | slice) -> WireEntry | list[WireEntry]:
        if isinstance(place, slice):
            return [self[index] for index in range(*place.indices(len(self)))]
        if place < 0:
            place += len(self)
        if 0 <= place < len(self._head):
            return self._head[place]
        place -= len(self._head)
        if self.left_out is not None:
            if place == 0:
                return self.left_out
            place -= 1
        if 0 <= place < len(self._tail):
            return self._tail[place]
        if place == len(self._tail) and self.end is not None:
            return self.end
        raise IndexError(place)

    def __iter__(self) -> Iterator[WireEntry]:
        yield from self._head
        if self.left_out is not None:
            yield self.left_out
        yield from self._tail
        if self.end is not None:
            yield self.end

    @property
    def stored_frames(self) -> list[Frame]:
        """The stored frames, without markers of what was left out."""
        return [row for row in self if isinstance(row, Frame)]

    @property
    def kept_size(self) -> int:
        """Bytes that are kept, about."""
        return self._head_size + self._tail_size

    @property
    def median_gap_s(self) -> float | None:
        """The usual silence between two reads; ``None`` before there are enough of them."""
        if self._gap_count < MIN_GAPS_FOR_MEDIAN:
            return None
        seen = 0
        for bucket in sorted(self._gaps):
            seen += self._gaps[bucket]
            if 2 * seen >= self._gap_count:
                return float(2.0 ** ((bucket + 0.5) / _BUCKETS_PER_OCTAVE))
        return None

    @property
    def stall_from_s(self) -> float:
        """From how long on a silence is a stall, now."""
        median = self.median_gap_s
        if median is None:
            return STALL_S
        return min(STALL_S, max(MIN_STALL_S, STALL_TIMES_MEDIAN * median))

    def take(self, at_s: float, event: str, raw: str) -> None:
        """One more frame came."""
        number = self.frames
        gap = at_s - self.last_s
        size = OVERHEAD + len(raw)
        self.frames = number + 1
        self.size += len(raw) if raw.isascii() else len(raw.encode("utf-8", "surrogatepass"))
        if number == 0:
            self.first_s = at_s
        else:
            self._measure(number, gap)
        self.last_s = at_s
        self._count(at_s)
        self._keep(Frame(number, at_s, gap, event, raw), size)

    def finish(self, at_s: float, mark: str, reason: str) -> None:
        """The stream is over; only the first call counts."""
        if self.end is not None:
            return
        at_s = max(at_s, self.last_s)
        if self.frames and not mark:
            self._measure(self.frames, at_s - self.last_s)
        self.end = StreamEnd(self.frames, at_s, mark, reason)

    def _measure(self, number: int, gap: float) -> None:
        """Note a silence, and whether it is a stall by the rhythm so far."""
        if gap <= SAME_READ_S:
            return
        silence = Stall(number - 0.5, self.last_s, gap)
        if self.longest is None or gap > self.longest.length_s:
            self.longest = silence
        if gap > MIN_STALL_S and gap > self.stall_from_s:
            self.stall_count += 1
            if len(self.stalls) < MAX_STALLS:
                self.stalls.append(silence)
            self._keep(silence, OVERHEAD)
        bucket = math.floor(math.log2(gap) * _BUCKETS_PER_OCTAVE)
        self._gaps[bucket] = self._gaps.get(bucket, 0) + 1
        self._gap_count += 1

    def _count(self, at_s: float) -> None:
        """Count it in its slice of time. Slices double their width when there are too many."""
        slot = int(at_s / self.slot_s)
        while slot >= MAX_SLOTS:
            self.slot_s *= 2
            self.slots = [sum(self.slots[place : place + 2]) for place in range(0, len(self.slots), 2)]
            slot = int(at_s / self.slot_s)
        if slot >= len(self.slots):
            self.slots.extend([0] * (slot + 1 - len(self.slots)))
        self.slots[slot] += 1

    def _keep(self, row: Frame | Stall, size: int) -> None:
        if not self._tail and self._head_size + size <= self.limit // 2:
            self._head.append(row)
            self._head_size += size
            return
        self._tail.append(row)
        self._tail_size += size
        if self._tail_size > self.limit // 2 and len(self._tail) > 1:
            self._evict_oldest()

    def _evict_oldest(self) -> None:
        """Let the oldest quarter of the end go, in one step."""
        places, frames, octets = 0, 0, 0
        while self._tail_size > self.limit * 3 // 8 and places < len(self._tail) - 1:
            row = self._tail[places]
            places += 1
            if isinstance(row, Frame):
                frames += 1
                octets += len(row.raw)
                self._tail_size -= OVERHEAD + len(row.raw)
            else:
                self._tail_size -= OVERHEAD
        first, last = self._tail[0], self._tail[places]
        before = self.left_out or OmittedFrames(first.number - 0.25, first.at_s, first.at_s, 0, 0)
        self.left_out = before._replace(
            until_s=last.at_s, frames=before.frames + frames, size=before.size + octets
        )
        del self._tail[:places]
