"""A breaker's last quarter of an hour as one line of cells, and its changes as sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from textual.content import Content

from zaguan_tui.state.breaker_history import Span, Transition
from zaguan_tui.text.format import age, duration
from zaguan_tui.widgets.content import foreign_line
from zaguan_tui.widgets.status import BREAKER_MARKS, mark_of

LANE_CELLS = {"closed": ("─", "$success"), "open": ("█", "$error"), "half_open": ("▒", "$warning")}
NOT_WATCHED = ("·", "$ink-faint")


def lane(spans: Sequence[Span], now: datetime, width: int, seconds: float) -> Content:
    """``width`` cells for the last ``seconds``; what nobody watched is dots, never a guess."""
    if width <= 0:
        return Content("")
    start = now - timedelta(seconds=seconds)
    parts: list[tuple[str, str]] = []
    for cell in range(width):
        since = start + timedelta(seconds=seconds * cell / width)
        until = start + timedelta(seconds=seconds * (cell + 1) / width)
        parts.append(_cell(spans, since, until))
    return Content.assemble(*parts)


def _cell(spans: Sequence[Span], since: datetime, until: datetime) -> tuple[str, str]:
    """The worst state seen within the cell: a short opening must not vanish."""
    states = {span.state for span in spans if span.start < until and span.end >= since}
    worst = next((state for state in ("open", "half_open", "closed") if state in states), None)
    return LANE_CELLS[worst] if worst else NOT_WATCHED


def transition_line(change: Transition, now: datetime) -> Content:
    """``open   4 s ago  5 failures in a row``."""
    mark = mark_of(BREAKER_MARKS, change.to_state)
    parts = [
        Content.styled(f"{mark.shape} {mark.word:<10}", f"${mark.color}"),
        Content.styled(f"{age((now - change.at).total_seconds()):<12}", "$ink-soft"),
        foreign_line(change.evidence, "$foreground"),
    ]
    if change.unwatched_s:
        parts.append(Content.styled(f" (nobody watched for {duration(change.unwatched_s)})", "$ink-faint"))
    return Content("").join(parts)
