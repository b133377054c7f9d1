"""The providers in one sentence, and how far it may be believed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from textual.content import Content

from zaguan_tui.state.provider_board import ProviderBoard
from zaguan_tui.state.store import Phase, Snapshot
from zaguan_tui.widgets.content import foreign_line
from zaguan_tui.widgets.trust import SourceAge

LOADING = "Asking the gateway for its providers …"
ABSENT = "This gateway does not tell of its providers. It is asked again now and then."


def headline(snapshot: Snapshot[ProviderBoard], now: datetime) -> Content:
    """The board summed up; without one, why there is none."""
    board, problem = snapshot.value, snapshot.problem
    if board is not None:
        return foreign_line(board.summary(now), "$ink-strong")
    if snapshot.phase is Phase.ABSENT:
        return Content.styled(ABSENT, "$ink-soft")
    if problem is None:
        return Content.styled(LOADING, "$ink-soft")
    words = foreign_line(problem.sentence, "$foreground"), foreign_line(problem.next_step, "$ink-soft")
    return Content(" ").join([Content.styled("✖", "$error"), *words])


def source_age(snapshot: Snapshot[Any], now: datetime) -> SourceAge:
    """The trust of one source, as the strip under the panel shows it."""
    wait = None if snapshot.next_poll_at is None else (snapshot.next_poll_at - now) / timedelta(seconds=1)
    trouble = snapshot.problem.sentence if snapshot.problem is not None else None
    return SourceAge(snapshot.source, snapshot.phase, snapshot.age(now), snapshot.failures, wait, trouble)
