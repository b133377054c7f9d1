"""Converts breaker transitions to database rows and back, tolerant of what is missing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from zaguan_tui.state.providers.breaker_history import Transition
from zaguan_tui.storage.transitions import TransitionRow


def transition_to_row(transition: Transition, gateway: str) -> TransitionRow:
    """The row of a transition seen at ``gateway``."""
    details: dict[str, Any] = {"evidence": transition.evidence}
    if transition.seen_at is not None:
        details["seen_at"] = transition.seen_at.timestamp()
    if transition.unwatched_s:
        details["unwatched_s"] = transition.unwatched_s
    if transition.missed:
        details["missed"] = transition.missed
    return TransitionRow(
        gateway=gateway,
        provider=transition.provider,
        from_state=transition.from_state,
        to_state=transition.to_state,
        at=transition.at.timestamp(),
        scope=transition.scope or "",
        details=json.dumps(details, ensure_ascii=False),
    )


def transition_from_row(row: TransitionRow) -> Transition:
    """The transition of a row, marked as remembered."""
    details = _details(row.details)
    evidence, missed = details.get("evidence"), details.get("missed")
    return Transition(
        provider=row.provider,
        from_state=row.from_state,
        to_state=row.to_state,
        at=datetime.fromtimestamp(row.at, UTC),
        evidence=evidence if isinstance(evidence, str) else "",
        scope=row.scope or None,
        seen_at=datetime.fromtimestamp(_number(details.get("seen_at")) or row.at, UTC),
        unwatched_s=_number(details.get("unwatched_s")),
        missed=missed if isinstance(missed, int) else 0,
        remembered=True,
    )


def _details(text: str) -> dict[str, Any]:
    try:
        details = json.loads(text)
    except ValueError:
        return {}
    return details if isinstance(details, dict) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
