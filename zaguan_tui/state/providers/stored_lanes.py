"""Rebuilds the lanes of breakers from stored transitions and observed spans."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime

from zaguan_tui.state.providers.breaker_history import UNKNOWN, LaneKey, Span, Transition
from zaguan_tui.state.providers.observed_spans import ObservedSpan


def rebuild_lanes(
    transitions: Iterable[Transition], spans: Sequence[ObservedSpan]
) -> dict[LaneKey, tuple[Span, ...]]:
    """A lane for every breaker that changed; ``transitions`` and ``spans`` come oldest first.

    A state is known within the span in which it changed and nowhere else: a breaker that stood still for a
    whole span may have changed before it, unseen.
    """
    changes: dict[LaneKey, list[Transition]] = {}
    for change in transitions:
        changes.setdefault((change.provider, change.scope), []).append(change)
    return {key: _rebuild_lane(own, spans) for key, own in changes.items()}


def _rebuild_lane(changes: Iterable[Transition], observed: Sequence[ObservedSpan]) -> tuple[Span, ...]:
    starts = [span.start for span in observed]
    within: dict[int, list[Transition]] = {}
    for change in changes:
        seen_at = change.seen_at or change.at
        number = bisect_right(starts, seen_at) - 1
        if number >= 0 and seen_at <= observed[number].end:
            within.setdefault(number, []).append(change)
    lane: list[Span] = []
    for number, inside in within.items():
        since = observed[number].start
        for change in inside:
            if since < change.at:
                _extend_lane(lane, change.from_state, since, change.at)
            since = change.at
        _extend_lane(lane, inside[-1].to_state, since, observed[number].end)
    return tuple(lane)


def _extend_lane(lane: list[Span], state: str, start: datetime, end: datetime) -> None:
    """Go on with ``state``; the time since the last span was not watched."""
    if lane and lane[-1].end < start:
        lane.append(Span(UNKNOWN, lane[-1].end, start))
    elif lane:
        start = lane[-1].end
    if start <= end:
        lane.append(Span(state, start, end))
