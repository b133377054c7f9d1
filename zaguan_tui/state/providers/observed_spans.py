"""Observed spans: stretches of time in which the breakers were polled without a gap."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_SPAN_S = timedelta(hours=1)
"""A longer watch is kept in pieces that touch, so that one that lasts for weeks can be forgotten by age."""

_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class ObservedSpan:
    """From the first to the last good poll of a stretch without a gap."""

    start: datetime
    end: datetime


class ObservedSpans:
    """The newest spans. A failed poll, or a silence longer than ``gap_after_s``, ends one."""

    def __init__(self, gap_after_s: float) -> None:
        self._gap_after = timedelta(seconds=gap_after_s)
        self._spans: deque[ObservedSpan] = deque(maxlen=_KEPT)
        self._broken = True

    def note(self, at: datetime) -> None:
        """A good poll."""
        last = None if self._broken or not self._spans else self._spans[-1]
        self._broken = False
        if last is None or not last.end <= at <= last.end + self._gap_after:
            self._spans.append(ObservedSpan(at, at))
        elif at - last.start > MAX_SPAN_S:
            self._spans.append(ObservedSpan(last.end, at))
        else:
            self._spans[-1] = ObservedSpan(last.start, at)

    def interrupt(self) -> None:
        """A poll failed."""
        self._broken = True

    def since(self, moment: datetime) -> tuple[ObservedSpan, ...]:
        """The spans that reach beyond ``moment``, oldest first."""
        return tuple(span for span in self._spans if span.end >= moment)


def merge_spans(spans: Iterable[ObservedSpan]) -> tuple[ObservedSpan, ...]:
    """The same time in as few spans as there are gaps; ``spans`` come in order."""
    joined: list[ObservedSpan] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            joined[-1] = ObservedSpan(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
