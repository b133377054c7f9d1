"""Progress of a fine-tuning job as a pure function of the job and of world time.

Nothing runs in the background. State, events, loss curve and checkpoints are derived when they are read,
so a job goes on over a restart as if nothing had happened.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zaguan_tui.sandbox.engine.seeds import stream

VALIDATING_SECONDS = 8.0
QUEUED_SECONDS = 22.0
_SECONDS_A_STEP = 1.6
_MAX_SECONDS = 3600.0
_MAX_POINTS = 100


@dataclass(frozen=True, slots=True)
class TuningPlan:
    """What decides a job's course. Times are unix seconds of world time.

    ``problem`` fails it after validation, ``diverges`` in the middle; ``cancelled_at`` ends it there.
    """

    id: str
    created_at: float
    examples: int
    tokens: int
    epochs: int
    batch_size: int
    problem: str | None = None
    diverges: bool = False
    validated: bool = False
    """Whether there is a validation file, hence a second curve."""
    cancelled_at: float | None = None

    @property
    def steps(self) -> int:
        """Steps of all epochs."""
        return max(1, self.epochs * math.ceil(self.examples / self.batch_size))

    @property
    def started_at(self) -> float:
        """When training begins."""
        return self.created_at + VALIDATING_SECONDS + QUEUED_SECONDS

    @property
    def step_seconds(self) -> float:
        """World seconds of one step."""
        return min(_SECONDS_A_STEP, _MAX_SECONDS / self.steps)

    @property
    def last_step(self) -> int:
        """The step at which it ends, well or not."""
        return max(1, round(self.steps * 0.55)) if self.diverges else self.steps

    @property
    def ends_at(self) -> float:
        """When it ends if it is not cancelled."""
        if self.problem is not None:
            return self.created_at + VALIDATING_SECONDS
        return self.started_at + self.last_step * self.step_seconds + 6.0

    @property
    def outcome(self) -> str:
        """How it ends if it is not cancelled."""
        return "failed" if self.problem is not None or self.diverges else "succeeded"

    def status(self, now: float) -> str:
        """The state at ``now``."""
        if self.cancelled_at is not None and now >= self.cancelled_at:
            return "cancelled"
        if now >= self.ends_at:
            return self.outcome
        if now < self.created_at + VALIDATING_SECONDS:
            return "validating_files"
        return "queued" if now < self.started_at else "running"

    def step_at(self, now: float) -> int:
        """Steps done by ``now``."""
        now = now if self.cancelled_at is None else min(now, self.cancelled_at)
        return max(0, min(self.last_step, int((now - self.started_at) / self.step_seconds)))

    def point(self, step: int) -> dict[str, float]:
        """The metrics of one step, the same whenever they are asked for."""
        rng = stream(0, "tuning", self.id, step)
        progress = step / self.steps
        shape = stream(0, "tuning", self.id)
        start, floor = shape.uniform(2.1, 3.2), shape.uniform(0.35, 0.8)
        loss = floor + (start - floor) * math.exp(-5.0 * progress) + rng.gauss(0, 0.05)
        if self.diverges and progress > 0.3:
            loss += 14 * (progress - 0.3) ** 1.5
        loss = max(0.02, loss)
        point = {"train_loss": round(loss, 4), "train_mean_token_accuracy": round(math.exp(-loss / 2.2), 4)}
        if self.validated:
            valid = loss * 1.06 + 0.12 * progress + abs(rng.gauss(0, 0.03))
            point["valid_loss"] = round(valid, 4)
            point["valid_mean_token_accuracy"] = round(math.exp(-valid / 2.2), 4)
        return point

    def points(self, now: float) -> Iterator[tuple[int, float]]:
        """Steps whose metrics are reported by ``now``, with their instants."""
        every = max(1, self.steps // _MAX_POINTS)
        for step in range(1, self.step_at(now) + 1):
            if step == 1 or step % every == 0 or step == self.last_step:
                yield step, self.started_at + step * self.step_seconds

    def checkpoints(self, now: float) -> list[tuple[int, float]]:
        """The last steps of the epochs done by ``now``, with their instants."""
        an_epoch = self.steps // self.epochs
        done = self.step_at(now)
        return [
            (step, self.started_at + step * self.step_seconds)
            for step in (an_epoch * epoch for epoch in range(1, self.epochs + 1))
            if 0 < step <= done
        ]


def events(plan: TuningPlan, now: float, error: str | None, model: str) -> list[dict[str, Any]]:
    """The job's events up to ``now``, oldest first (wire.md 8)."""
    until = now if plan.cancelled_at is None else min(now, plan.cancelled_at)
    rows = [_event(plan, plan.created_at, "info", f"Created fine-tuning job: {plan.id}")]
    rows.append(_event(plan, plan.created_at + 1, "info", "Validating training file"))
    if plan.problem is None:
        queued = plan.created_at + VALIDATING_SECONDS
        rows.append(_event(plan, queued, "info", "Files validated, moving job to queued state"))
        rows.append(_event(plan, plan.started_at, "info", "Fine-tuning job started"))
    for step, at in plan.points(now):
        rows.append(_metrics(plan, step, at))
    for step, at in plan.checkpoints(now):
        rows.append(_event(plan, at, "info", f"Checkpoint created at step {step}"))
    if plan.diverges and plan.step_at(now) > plan.steps * 0.4:
        at = plan.started_at + plan.steps * 0.4 * plan.step_seconds
        rows.append(_event(plan, at, "warn", "The training loss is rising: the job may not converge"))
    if plan.outcome == "succeeded":
        rows.append(_event(plan, plan.ends_at, "info", f"New fine-tuned model created: {model}"))
        rows.append(_event(plan, plan.ends_at, "info", "The job has successfully completed"))
    else:
        rows.append(_event(plan, plan.ends_at, "error", error or "The job failed"))
    rows = sorted(
        (event for event in rows if event["created_at"] <= until), key=lambda one: one["created_at"]
    )
    if plan.cancelled_at is not None and now >= plan.cancelled_at:
        rows.append(_event(plan, plan.cancelled_at, "info", "The job has been cancelled"))
    return [{"id": f"ftevent-{plan.id[6:]}-{index}", **event} for index, event in enumerate(rows)]


def _event(plan: TuningPlan, at: float, level: str, message: str, **more: Any) -> dict[str, Any]:
    head = {"object": "fine_tuning.job.event", "created_at": int(at), "level": level, "message": message}
    return {**head, "type": "message", **more}


def _metrics(plan: TuningPlan, step: int, at: float) -> dict[str, Any]:
    point = plan.point(step)
    valid = f", validation loss={point['valid_loss']:.2f}" if "valid_loss" in point else ""
    message = f"Step {step}/{plan.steps}: training loss={point['train_loss']:.2f}{valid}"
    data = {"step": step, "total_steps": plan.steps, **point}
    return _event(plan, at, "info", message, type="metrics", data=data)
