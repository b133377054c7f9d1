"""Training curve: loss and accuracy over steps, from its events and checkpoints (`wire.md` 8).

The document types event ``data`` as a free object; the names below are those seen in the field (common).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from zaguan_tui.client.types.core.primitives import UnreadableValue, amount, count
from zaguan_tui.client.types.jobs.fine_tuning import FineTuningCheckpoint, FineTuningEvent

_NAMES: Mapping[str, str] = {
    "train_loss": "train_loss",
    "training_loss": "train_loss",
    "loss": "train_loss",
    "valid_loss": "valid_loss",
    "validation_loss": "valid_loss",
    "full_valid_loss": "full_valid_loss",
    "train_mean_token_accuracy": "train_accuracy",
    "train_accuracy": "train_accuracy",
    "valid_mean_token_accuracy": "valid_accuracy",
    "valid_accuracy": "valid_accuracy",
    "full_valid_mean_token_accuracy": "full_valid_accuracy",
}
_NEVER = datetime.min.replace(tzinfo=UTC)
_STEP = re.compile(r"\bstep\s+(\d{1,9})(?:\s*/\s*(\d{1,9}))?", re.IGNORECASE)
_LOSS = re.compile(
    r"\b(validation |valid |training |train )?loss\s*[=:]\s*(\d{1,9}(?:\.\d{1,12})?)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingPoint:
    """What is known of one step. ``values`` maps train_loss, valid_loss, full_valid_loss, train_accuracy …
    to numbers (accuracies 0..1). ``from_text``: read out of a sentence, so rounded by whoever wrote it."""

    step: int
    at: datetime | None = None
    values: Mapping[str, float] = field(default_factory=dict, hash=False)
    from_text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingCurve:
    """Points by step, gaps left as gaps. ``total_steps`` is what the job announced."""

    points: tuple[TrainingPoint, ...] = ()
    total_steps: int | None = None

    def series(self, name: str) -> tuple[tuple[int, float], ...]:
        """``(step, value)`` of one measure, for the steps that have it."""
        return tuple((point.step, point.values[name]) for point in self.points if name in point.values)


def training_curve(
    events: Iterable[FineTuningEvent], checkpoints: Iterable[FineTuningCheckpoint] = ()
) -> TrainingCurve:
    """The curve, whatever the order of ``events``. The last value per step and measure wins.

    Numbers from ``data`` win over those from sentences; checkpoints only add what events do not say.
    """
    log_points: list[TrainingPoint] = []
    totals: list[int] = []
    for event in events:
        point, total = _point_of(event)
        log_points += [point] if point else []
        totals += [total] if total else []
    log_points.sort(key=lambda point: (not point.from_text, point.at or _NEVER))
    steps: dict[int, TrainingPoint] = {}
    for point in [*_of_checkpoints(checkpoints), *log_points]:
        known = steps.get(point.step)
        values = {**(known.values if known else {}), **point.values}
        spoken = point.from_text and (known is None or known.from_text)
        steps[point.step] = TrainingPoint(step=point.step, at=point.at, values=values, from_text=spoken)
    ordered = tuple(steps[step] for step in sorted(steps))
    return TrainingCurve(points=ordered, total_steps=max(totals, default=None))


def _of_checkpoints(checkpoints: Iterable[FineTuningCheckpoint]) -> list[TrainingPoint]:
    points = []
    for checkpoint in checkpoints:
        values = _measures(checkpoint.metrics)
        step = checkpoint.step_number
        if step is not None and values:
            points.append(TrainingPoint(step=step, at=checkpoint.created_at, values=values))
    return points


def _point_of(event: FineTuningEvent) -> tuple[TrainingPoint | None, int | None]:
    data = event.data
    step = _whole(data, "step", "step_number")
    values = _measures(data)
    if step is not None and values:
        point = TrainingPoint(step=step, at=event.created_at, values=values)
        return point, _whole(data, "total_steps")
    spoken = _STEP.search(event.message[:500])
    if spoken is None:
        return None, None
    losses = {
        ("valid_loss" if kind.lower().startswith("valid") else "train_loss"): float(number)
        for kind, number in _LOSS.findall(event.message[:500])
    }
    if not losses:
        return None, None
    point = TrainingPoint(step=int(spoken[1]), at=event.created_at, values=losses, from_text=True)
    return point, int(spoken[2]) if spoken[2] else None


def _measures(data: Mapping[str, Any]) -> dict[str, float]:
    measures: dict[str, float] = {}
    for name, measure in _NAMES.items():
        try:
            number = amount(data.get(name), name)
        except UnreadableValue:
            continue
        if number is not None:
            measures.setdefault(measure, number)
    return measures


def _whole(data: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        try:
            number = count(data.get(name), name)
        except UnreadableValue:
            continue
        if number is not None:
            return number
    return None
