"""Formats a breaker's history: a line of cells for the last quarter of an hour, transitions as sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from textual.content import Content

from zaguan_tui.state.providers.breaker_history import Span, Transition
from zaguan_tui.text.format import duration
from zaguan_tui.text.sentences import format_span
from zaguan_tui.widgets.foreign_text import foreign_line, identifier
from zaguan_tui.widgets.status import BREAKER_MARKS, mark_of

LANE_CELLS = {"closed": ("─", "$success"), "open": ("━", "$error"), "half_open": ("╍", "$warning")}
NOT_WATCHED = ("·", "$ink-faint")
HOLDS_SECONDS = 8.0
"""The newest poll speaks for the time until the next one, so the end of a lane does not flicker."""


def render_lane(spans: Sequence[Span], now: datetime, width: int, seconds: float) -> Content:
    """``width`` cells for the last ``seconds``; unwatched time is dots.

    Cells begin at whole multiples of their length, so that a lane moves cell by cell and not every second.
    """
    if width <= 0:
        return Content("")
    if spans and now - spans[-1].end <= timedelta(seconds=HOLDS_SECONDS):
        spans = (*spans[:-1], replace(spans[-1], end=now))
    step = seconds / width
    end = datetime.fromtimestamp(math.ceil(now.timestamp() / step) * step, now.tzinfo)
    start = end - timedelta(seconds=seconds)
    parts: list[tuple[str, str]] = []
    for cell in range(width):
        since = start + timedelta(seconds=step * cell)
        until = start + timedelta(seconds=step * (cell + 1))
        parts.append(_cell(spans, since, until))
    return Content.assemble(*parts)


def _cell(spans: Sequence[Span], since: datetime, until: datetime) -> tuple[str, str]:
    """The worst state seen within the cell: a short opening must not vanish."""
    touching = (span for span in spans if span.start < until and (span.end > since or span.start >= since))
    states = {span.state for span in touching}
    worst = next((state for state in ("open", "half_open", "closed") if state in states), None)
    return LANE_CELLS[worst] if worst else NOT_WATCHED


def _ago(seconds: float) -> str:
    """By the same clock as the headline and the breaker line, which tell of the same moment."""
    return f"{format_span(seconds)} ago" if seconds >= 1 else "now"


def format_transition(change: Transition, now: datetime) -> Content:
    """``╱ open  4 s ago`` and below it what the breaker's counters give as the reason."""
    mark = mark_of(BREAKER_MARKS, change.to_state)
    head = Content.assemble(
        (f"{mark.shape} {mark.word}", f"${mark.color}"),
        (f"  {_ago((now - change.at).total_seconds())}", "$ink-soft"),
    )
    if change.scope is not None:
        head = Content.assemble(head, "  ", identifier(change.scope, "$ink-soft"))
    lines = [head]
    if change.evidence:
        lines.append(foreign_line(change.evidence, "$ink-soft", 200))
    if change.missed:
        lines.append(Content.styled(f"{change.missed} more in between, unseen", "$ink-faint"))
    if change.unwatched_s:
        lines.append(Content.styled(f"nobody watched for {duration(change.unwatched_s)}", "$ink-faint"))
    return Content("\n").join(lines)
