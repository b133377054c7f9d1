"""Headline of the providers: the board in one sentence, its age, and why there is none."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from textual.content import Content

from zaguan_tui.state.core.store import Phase, Snapshot
from zaguan_tui.state.providers.board import ProviderBoard
from zaguan_tui.text.format import age
from zaguan_tui.widgets.foreign_text import foreign_line
from zaguan_tui.widgets.trust import SourceAge

LOADING = "Asking the gateway for its providers …"
NOT_CONNECTED = "No gateway is connected."
ABSENT = "This gateway does not tell of its providers. It is asked again now and then."

OLD_S = 15.0
"""A board of this age is old, unless it is read so seldom on purpose."""

MISSED_POLLS = 3


def is_fresh(snapshot: Snapshot[ProviderBoard], now: datetime) -> bool:
    """Whether the board is fresh: its sources answer, and did so lately."""
    seconds = snapshot.age(now)
    if snapshot.phase is not Phase.FRESH or snapshot.at is None or seconds is None:
        return False
    due = snapshot.next_poll_at
    interval = 0.0 if due is None else (due - snapshot.at).total_seconds()
    return seconds <= max(OLD_S, MISSED_POLLS * interval)


def format_headline(snapshot: Snapshot[ProviderBoard], now: datetime, *, expected: bool = True) -> Content:
    """The board summed up, with its age and what is wrong once it is no longer fresh; without a board, why
    there is none. ``expected``: there is a gateway to ask, or will be."""
    board, problem = snapshot.value, snapshot.problem
    if board is not None and is_fresh(snapshot, now):
        return foreign_line(board.summary(now), "$ink-strong")
    if board is not None:
        color = "$error" if snapshot.phase is Phase.FAILED else "$warning"
        past = Content.styled(f"▲ As of {age(snapshot.age(now))}: ", color)
        summary = foreign_line(board.summary(snapshot.at or now), "$ink-soft")
        why = foreign_line(f".  {problem.sentence}", "$foreground") if problem else Content("")
        return past + summary + why
    if snapshot.phase is Phase.ABSENT:
        return Content.styled(ABSENT, "$ink-soft")
    if problem is None:
        return Content.styled(LOADING if expected else NOT_CONNECTED, "$ink-soft")
    words = foreign_line(problem.sentence, "$foreground"), foreign_line(problem.next_step, "$ink-soft")
    return Content(" ").join([Content.styled("✖", "$error"), *words])


def make_source_age(snapshot: Snapshot[Any], now: datetime) -> SourceAge:
    """The trust of one source, as the strip under the panel shows it."""
    wait = None if snapshot.next_poll_at is None else (snapshot.next_poll_at - now) / timedelta(seconds=1)
    trouble = snapshot.problem.sentence if snapshot.problem is not None else None
    return SourceAge(snapshot.source, snapshot.phase, snapshot.age(now), snapshot.failures, wait, trouble)
