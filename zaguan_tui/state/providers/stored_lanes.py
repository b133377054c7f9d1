"""The lanes of breakers as far as transitions and watches of earlier runs of the program tell them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime

from zaguan_tui.state.providers.breaker_history import UNKNOWN, LaneKey, Span, Transition
from zaguan_tui.state.providers.observed_spans import ObservedSpan


def rebuild_lanes(
    transitions: Iterable[Transition], spells: Sequence[ObservedSpan]
) -> dict[LaneKey, tuple[Span, ...]]:
    """A lane for every breaker that changed; ``transitions`` and ``spells`` come oldest first.

    A state is known within the spell in which it changed and nowhere else: a breaker that stood still for a
    whole spell may have changed before it, unseen.
    """
    changes: dict[LaneKey, list[Transition]] = {}
    for change in transitions:
        changes.setdefault((change.provider, change.scope), []).append(change)
    return {key: _lane(own, spells) for key, own in changes.items()}


def _lane(changes: Iterable[Transition], spells: Sequence[ObservedSpan]) -> tuple[Span, ...]:
    starts = [spell.start for spell in spells]
    within: dict[int, list[Transition]] = {}
    for change in changes:
        seen_at = change.seen_at or change.at
        number = bisect_right(starts, seen_at) - 1
        if number >= 0 and seen_at <= spells[number].end:
            within.setdefault(number, []).append(change)
    spans: list[Span] = []
    for number, inside in within.items():
        since = spells[number].start
        for change in inside:
            if since < change.at:
                _extend_lane(spans, change.from_state, since, change.at)
            since = change.at
        _extend_lane(spans, inside[-1].to_state, since, spells[number].end)
    return tuple(spans)


def _extend_lane(spans: list[Span], state: str, start: datetime, end: datetime) -> None:
    """Go on with ``state``; the time since the last span was not watched."""
    if spans and spans[-1].end < start:
        spans.append(Span(UNKNOWN, spans[-1].end, start))
    elif spans:
        start = spans[-1].end
    if start <= end:
        spans.append(Span(state, start, end))
