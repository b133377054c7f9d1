"""Time series in bounded memory: 15 minutes in fine steps, then a day in coarse ones.

Gaps stay gaps: a poll that failed, and a silence longer than ``gap_after_s``, are points without a value.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice, takewhile
from typing import NamedTuple

FINE_STEP_S = 5
FINE_SPAN_S = 15 * 60
COARSE_STEP_S = 60
COARSE_SPAN_S = 24 * 60 * 60
GAP_AFTER_S = 75.0

_MAX_READINGS = 65_535


class Point(NamedTuple):
    """The readings of one step. ``at`` is its beginning in Unix seconds; the values are ``None`` in a gap."""

    at: float
    low: float | None
    mean: float | None
    high: float | None
    readings: int


class SeriesSpread(NamedTuple):
    """Smallest, mean and largest reading of a stretch, and how many readings it held."""

    low: float
    mean: float
    high: float
    readings: int


class _Ring:
    """A bounded run of steps, oldest overwritten first. A step without readings marks a gap."""

    __slots__ = ("_capacity", "_counts", "_head", "_highs", "_lows", "_means", "_slots", "step_s")

    def __init__(self, step_s: int, span_s: int) -> None:
        self.step_s = step_s
        self._capacity = span_s // step_s
        self._head = 0
        self._slots = array("Q")
        self._lows, self._means, self._highs = array("f"), array("f"), array("f")
        self._counts = array("H")

    def __len__(self) -> int:
        return len(self._slots)

    def add(self, at: float, value: float) -> None:
        """Put a reading into the step of ``at``; one older than the newest step is dropped."""
        slot = int(at // self.step_s)
        newest = self._newest()
        if newest is None or slot > self._slots[newest]:
            self._push(slot, value, 1)
        elif slot == self._slots[newest]:
            self._merge(newest, value)

    def gap(self, at: float) -> None:
        """Mark the step of ``at`` as one without readings; gaps in a row need one mark."""
        slot = int(at // self.step_s)
        newest = self._newest()
        if newest is not None and slot > self._slots[newest] and self._counts[newest]:
            self._push(slot, 0.0, 0)

    def extend(self, later: _Ring) -> None:
        """Put the steps of a later run after ours; it wins where both know a step."""
        for point in later.points():
            slot = int(point.at // self.step_s)
            newest = self._newest()
            if newest is None or slot > self._slots[newest]:
                self._push(slot, 0.0, 0)
            self._fill(point)

    def points(self, *, newest_first: bool = False) -> Iterator[Point]:
        """All steps in order of time."""
        size = len(self._slots)
        order = range(size - 1, -1, -1) if newest_first else range(size)
        for place in order:
            yield self._point((self._head + place) % size)

    def _point(self, index: int) -> Point:
        at, count = float(self._slots[index] * self.step_s), self._counts[index]
        if not count:
            return Point(at, None, None, None, 0)
        return Point(at, self._lows[index], self._means[index], self._highs[index], count)

    def _fill(self, point: Point) -> None:
        """Make ``point`` the newest step."""
        newest = self._newest()
        if newest is None or point.low is None or point.mean is None or point.high is None:
            return
        self._lows[newest], self._means[newest], self._highs[newest] = point.low, point.mean, point.high
        self._counts[newest] = point.readings

    def _newest(self) -> int | None:
        size = len(self._slots)
        return (self._head - 1) % size if size else None

    def _push(self, slot: int, value: float, count: int) -> None:
        values, marks = (self._lows, self._means, self._highs), (self._slots, self._counts)
        if len(self._slots) < self._capacity:
            for numbers in values:
                numbers.append(value)
            for column, cell in zip(marks, (slot, count), strict=True):
                column.append(cell)
            return
        for numbers in values:
            numbers[self._head] = value
        for column, cell in zip(marks, (slot, count), strict=True):
            column[self._head] = cell
        self._head = (self._head + 1) % self._capacity

    def _merge(self, index: int, value: float) -> None:
        count = self._counts[index]
        if not count:
            self._lows[index] = self._means[index] = self._highs[index] = value
        else:
            self._lows[index] = min(self._lows[index], value)
            self._highs[index] = max(self._highs[index], value)
            self._means[index] += (value - self._means[index]) / (count + 1)
        self._counts[index] = min(_MAX_READINGS, count + 1)


class Series:
    """One number over time: 15 min at 5 s, then 24 h at 1 min, at most some 40 KB."""

    __slots__ = ("_coarse", "_fine", "_gap_after_s", "_last", "_last_at")

    def __init__(self, *, gap_after_s: float = GAP_AFTER_S) -> None:
        self._fine = _Ring(FINE_STEP_S, FINE_SPAN_S)
        self._coarse = _Ring(COARSE_STEP_S, COARSE_SPAN_S)
        self._gap_after_s = gap_after_s
        self._last: float | None = None
        self._last_at = 0.0

    def __len__(self) -> int:
        """Steps held, fine and coarse together."""
        return len(self._fine) + len(self._coarse)

    @property
    def last(self) -> float | None:
        """The newest reading; ``None`` if there is none or a gap came after it."""
        return self._last

    def add(self, at: datetime, value: float | None) -> None:
        """Note a reading; ``None`` is a gap."""
        if value is None:
            self.gap(at)
            return
        self._note(at.timestamp(), value, (self._fine, self._coarse))
        self._last = value

    def gap(self, at: datetime) -> None:
        """Note that nothing could be read."""
        for ring in (self._fine, self._coarse):
            ring.gap(at.timestamp())
        self._last = None

    def precede(self, readings: Iterable[tuple[float, float | None]], now: datetime) -> None:
        """Put remembered readings (Unix seconds, oldest first; ``None`` is a gap) before the ones held.

        The time from the last of them to the first one held (or ``now``) is a gap. Those that are not older
        than what is held are left out.
        """
        earlier = Series(gap_after_s=self._gap_after_s)
        rings, coarse = (earlier._fine, earlier._coarse), (earlier._coarse,)
        first = next(self._coarse.points(), None)
        until = first.at if first else now.timestamp()
        for moment, value in readings:
            if moment < until:
                earlier._note(moment, value, rings if moment > until - FINE_SPAN_S else coarse)
        for ring, held in zip(rings, (self._fine, self._coarse), strict=True):
            if until - earlier._last_at >= 2 * ring.step_s:
                ring.gap(earlier._last_at + ring.step_s)
            ring.extend(held)
        self._fine, self._coarse = rings
        self._last_at = self._last_at or earlier._last_at

    def coarse_since(self, moment: datetime) -> tuple[Point, ...]:
        """The coarse steps that reach beyond ``moment``, oldest first; the newest may still be growing."""
        since = moment.timestamp() - COARSE_STEP_S
        newest = takewhile(lambda point: point.at > since, self._coarse.points(newest_first=True))
        return tuple(newest)[::-1]

    def window(self, seconds: float, now: datetime) -> tuple[Point, ...]:
        """The steps of the last ``seconds``, oldest first: fine ones if they reach that far, else coarse."""
        ring = self._fine if seconds <= FINE_SPAN_S else self._coarse
        until = now.timestamp()
        since = until - seconds
        return tuple(point for point in ring.points() if since - ring.step_s < point.at <= until)

    def tail(self, count: int) -> tuple[float | None, ...]:
        """The means of the newest ``count`` fine steps, oldest first; ``None`` marks a gap."""
        newest = islice(self._fine.points(newest_first=True), count)
        return tuple(point.mean for point in newest)[::-1]

    def spread(self, seconds: float, now: datetime) -> SeriesSpread | None:
        """Smallest, mean and largest reading of the last ``seconds``; ``None`` without any."""
        lows, means, highs, counts = [], [], [], []
        for point in self.window(seconds, now):
            if point.low is not None and point.mean is not None and point.high is not None:
                lows.append(point.low)
                means.append(point.mean * point.readings)
                highs.append(point.high)
                counts.append(point.readings)
        if not counts:
            return None
        return SeriesSpread(min(lows), sum(means) / sum(counts), max(highs), sum(counts))

    def _note(self, moment: float, value: float | None, rings: Iterable[_Ring]) -> None:
        silent = self._last_at and moment - self._last_at > self._gap_after_s
        for ring in rings:
            if silent:
                ring.gap(self._last_at + ring.step_s)
            if value is None:
                ring.gap(moment)
            else:
                ring.add(moment, value)
        if value is not None:
            self._last_at = moment
