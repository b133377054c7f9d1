"""Stored fine-tuning jobs: their state on the wire, and the resulting model."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from typing import Any

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.ledger.object_store import Body, ObjectStore, public_fields
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.jobs.stored_files import store_file
from zaguan_tui.sandbox.jobs.tuning import TuningPlan

KIND = "fine-tuning job"
ENDED = frozenset({"succeeded", "failed", "cancelled"})


def plan_of(job: Body) -> TuningPlan:
    """The course of a job."""
    return TuningPlan(**job["_plan"])


def job_row(job: Body, now: float) -> dict[str, Any]:
    """The job as it stands at ``now``, in the wire's shape."""
    plan = plan_of(job)
    status = plan.status(now)
    body = {**public_fields(job), "status": status}
    if status == "running":
        body["estimated_finish"] = int(plan.ends_at)
    if status in ENDED:
        ended = plan.ends_at if plan.cancelled_at is None else plan.cancelled_at
        body["finished_at"] = int(ended)
    if status == "failed":
        body["error"] = error_of(plan)
    if status == "succeeded":
        body["fine_tuned_model"] = job["_model"]
        body["trained_tokens"] = plan.tokens * plan.epochs
    return body


def error_of(plan: TuningPlan) -> dict[str, Any] | None:
    """Why a job fails, ``None`` when it does not."""
    if plan.problem is not None:
        return {"code": "invalid_training_file", "message": plan.problem, "param": "training_file"}
    if plan.diverges:
        message = f"The training loss did not converge; stopped at step {plan.last_step}."
        return {"code": "training_diverged", "message": message, "param": None}
    return None


async def settle_jobs(gateway: Gateway, object_store: ObjectStore, now: float) -> None:
    """Apply the ends of jobs up to ``now``: publish the model and store the result file."""
    for job in object_store.list(KIND):
        plan = plan_of(job)
        if job["_settled"] or plan.status(now) != "succeeded":
            continue
        job["_settled"] = True  # set first: a caller that reads the job as succeeded can call its model
        _publish(gateway, job)
        async with gateway.ledger.transaction():
            file = await store_file(gateway, "step_metrics.csv", "fine-tune-results", _results(plan))
            job["result_files"] = [file["id"]]
            object_store.put(KIND, job)


def republish(gateway: Gateway, object_store: ObjectStore) -> None:
    """Make the models of an earlier run known again."""
    for job in object_store.list(KIND):
        if job["_settled"]:
            _publish(gateway, job)


def _publish(gateway: Gateway, job: Body) -> None:
    base = gateway.world.find(job["model"])
    if base is None or job["_model"] in gateway.world.models or job.get("_deleted"):
        return
    tuned = _tuned(base, job)
    gateway.tuned_models.append(tuned)
    gateway.world.add(tuned)


def _tuned(base: ModelData, job: Body) -> ModelData:
    suffix = job["_suffix"] or job["id"]
    return replace(
        base,
        id=job["_model"],
        name=f"{base.name}, tuned ({suffix})",
        description=f"Fine-tuned from {base.id} by {job['id']}",
        created=int(plan_of(job).ends_at),
        input_cost_per_1m=base.input_cost_per_1m * 1.5,
        output_cost_per_1m=base.output_cost_per_1m * 1.5,
    )


def _results(plan: TuningPlan) -> bytes:
    """The metrics of every step as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = list(plan.point(1))
    writer.writerow(["step", *names])
    every = math.ceil(plan.steps / 2000)
    for step in range(1, plan.steps + 1, every):
        point = plan.point(step)
        writer.writerow([step, *(point[name] for name in names)])
    return out.getvalue().encode()
