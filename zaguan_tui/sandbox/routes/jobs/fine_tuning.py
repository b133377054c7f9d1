"""Fine-tuning jobs with events and checkpoints, and their models. Shapes: wire.md 3.8 and 8 (OpenAI spec)."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from zaguan_tui.sandbox.data.records import ModelData
from zaguan_tui.sandbox.engine.ledger.object_store import Body, ObjectStore
from zaguan_tui.sandbox.gateway import Gateway
from zaguan_tui.sandbox.http.bodies import metadata, optional_text, read_object, required_text
from zaguan_tui.sandbox.http.errors import (
    GatewayError,
    conflict,
    forbidden,
    invalid_request,
    model_not_found,
    not_found,
)
from zaguan_tui.sandbox.http.pages import openai_page
from zaguan_tui.sandbox.jobs.stored_files import find_file
from zaguan_tui.sandbox.jobs.tuning import TuningPlan, events
from zaguan_tui.sandbox.jobs.tuning_data import read_training_data
from zaguan_tui.sandbox.jobs.tuning_jobs import ENDED, KIND, error_of, job_row, plan_of, settle_jobs

METHODS = ("supervised", "dpo", "reinforcement")
_SUFFIX = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LIMITS = {"n_epochs": (1, 50), "batch_size": (1, 256)}


async def create_job(request: Request) -> Response:
    """Begin a job. A suffix that starts with ``diverge`` makes one that fails in the middle."""
    gateway: Gateway = request.app.state.gateway
    body = await read_object(request)
    base = _base(gateway, required_text(body, "model"))
    suffix = optional_text(body, "suffix", 64)
    if suffix is not None and not _SUFFIX.fullmatch(suffix):
        raise invalid_request("'suffix' must be 1 to 64 letters, digits, '_' or '-'.", "suffix")
    method, hyperparameters = _method(body)
    training = await _file(gateway, required_text(body, "training_file"), "training_file")
    validation = optional_text(body, "validation_file")
    if validation is not None:
        await _file(gateway, validation, "validation_file")
    notes = metadata(body)
    seed = body.get("seed")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**31):
        raise invalid_request("'seed' must be a whole number from 0.", "seed")
    object_store = await gateway.open_object_store()
    content = await object_store.read_bytes(training["id"])
    data = await asyncio.to_thread(read_training_data, content, method)
    name = f"ftjob-{uuid.uuid4().hex[:24]}"
    created = gateway.clock.now().timestamp()
    plan = TuningPlan(
        id=name,
        created_at=created,
        examples=data.examples,
        tokens=data.tokens,
        epochs=_number(hyperparameters, "n_epochs", 3),
        batch_size=_number(hyperparameters, "batch_size", max(1, min(256, data.examples // 100))),
        problem=data.problem,
        diverges=(suffix or "").startswith("diverge"),
        validated=validation is not None,
    )
    parts = (base.id.partition("/")[2], "sandbox", suffix or "", name[6:14])
    job: Body = {
        **_head(body, plan, base),
        "training_file": training["id"],
        "validation_file": validation,
        "method": {"type": method, method: {"hyperparameters": _hyperparameters(hyperparameters, plan)}},
        "hyperparameters": _hyperparameters(hyperparameters, plan),
        "seed": seed if seed is not None else 7,
        "metadata": notes or None,
        "_plan": asdict(plan),
        "_model": f"{base.provider}/ft:{':'.join(parts)}",
        "_suffix": suffix,
        "_settled": False,
    }
    object_store.put(KIND, job)
    return JSONResponse(job_row(job, created))


def _head(body: Mapping[str, Any], plan: TuningPlan, base: ModelData) -> Body:
    return {
        "id": plan.id,
        "object": "fine_tuning.job",
        "created_at": int(plan.created_at),
        "status": "validating_files",
        "model": base.id,
        "fine_tuned_model": None,
        "finished_at": None,
        "estimated_finish": None,
        "error": None,
        "trained_tokens": None,
        "result_files": [],
        "organization_id": "org-sandbox",
        "integrations": body.get("integrations") or [],
    }


async def list_jobs(request: Request) -> Response:
    """One page of jobs, newest first; ``metadata[key]=value`` filters."""
    object_store, now = await _ready(request)
    filters = {key[9:-1]: value for key, value in request.query_params.items() if key.startswith("metadata[")}
    jobs = [job_row(job, now) for job in object_store.list(KIND)[::-1]]
    jobs = [job for job in jobs if filters.items() <= (job["metadata"] or {}).items()]
    page = openai_page(request, jobs)
    return JSONResponse({name: page[name] for name in ("object", "data", "has_more")})


async def get_job(request: Request) -> Response:
    """One job as it stands."""
    object_store, now = await _ready(request)
    return JSONResponse(job_row(_find(object_store, request), now))


async def cancel_job(request: Request) -> Response:
    """Stop a job that has not ended."""
    object_store, now = await _ready(request)
    job = _find(object_store, request)
    status = plan_of(job).status(now)
    if status in ENDED:
        raise conflict(f"The job has ended: it is {status}.", "job_not_cancellable")
    job["_plan"]["cancelled_at"] = now
    object_store.put(KIND, job)
    return JSONResponse(job_row(job, now))


async def delete_model(request: Request) -> Response:
    """Delete a fine-tuned model; models of a provider cannot be deleted."""
    gateway: Gateway = request.app.state.gateway
    name = request.path_params["model_id"]
    object_store = await gateway.open_object_store()
    model = gateway.world.find(name)
    if model is None:
        raise model_not_found(name)
    if model not in gateway.tuned_models:
        raise forbidden(f"{model.id} belongs to its provider; only fine-tuned models can be deleted.")
    gateway.tuned_models.remove(model)
    gateway.world.remove(model)
    for job in object_store.list(KIND):
        if job["_model"] == model.id:
            job["_deleted"] = True
            object_store.put(KIND, job)
    return JSONResponse({"id": model.id, "object": "model", "deleted": True})


async def list_events(request: Request) -> Response:
    """One page of a job's events, newest first; the loss curve is in those of type ``metrics``."""
    object_store, now = await _ready(request)
    job = _find(object_store, request)
    plan = plan_of(job)
    error = error_of(plan)
    message = None if error is None else str(error["message"])
    rows = events(plan, now, message, job["_model"])
    page = openai_page(request, rows[::-1])
    return JSONResponse({name: page[name] for name in ("object", "data", "has_more")})


async def list_checkpoints(request: Request) -> Response:
    """One page of a job's checkpoints, newest first: one at the end of every epoch."""
    object_store, now = await _ready(request)
    job = _find(object_store, request)
    plan = plan_of(job)
    rows: list[Body] = []
    for step, at in plan.checkpoints(now):
        metrics = {"step": step, **plan.point(step)}
        if plan.validated:
            metrics["full_valid_loss"] = metrics["valid_loss"]
        rows.append(
            {
                "id": f"ftckpt_{job['id'][6:]}-{step}",
                "object": "fine_tuning.job.checkpoint",
                "created_at": int(at),
                "step_number": step,
                "fine_tuned_model_checkpoint": f"{job['_model']}:ckpt-step-{step}",
                "fine_tuning_job_id": job["id"],
                "metrics": metrics,
            }
        )
    return JSONResponse(openai_page(request, rows[::-1], usual=10))


async def _ready(request: Request) -> tuple[ObjectStore, float]:
    """The object store with settled jobs, and the world time of that."""
    gateway: Gateway = request.app.state.gateway
    object_store = await gateway.open_object_store()
    now = gateway.clock.now().timestamp()
    await settle_jobs(gateway, object_store, now)
    return object_store, now


def _find(object_store: ObjectStore, request: Request) -> Body:
    name = request.path_params["job_id"]
    job = object_store.get(KIND, name)
    if job is None:
        raise not_found("fine-tuning job", name, "job_id")
    return job


def _base(gateway: Gateway, name: str) -> ModelData:
    model = gateway.world.find(name)
    if model is None:
        raise model_not_found(name)
    if "fine_tuning" not in model.features:
        raise invalid_request(f"{model.id} cannot be fine-tuned.", "model", "model_not_available")
    return model


async def _file(gateway: Gateway, name: str, field: str) -> Body:
    try:
        file = await find_file(gateway, name)
    except GatewayError as error:
        raise invalid_request(error.message, field, "file_not_found") from error
    if file["purpose"] != "fine-tune":
        raise invalid_request(f"The file's purpose is {file['purpose']!r}; it must be 'fine-tune'.", field)
    return file


def _method(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """The method's name and its hyperparameters, from the new place or the old one."""
    method = body.get("method")
    hyperparameters = body.get("hyperparameters") or {}
    name: object = "supervised"
    if method is not None:
        name = method.get("type") if isinstance(method, dict) else None
        if name not in METHODS:
            raise invalid_request(f"'method.type' must be one of {', '.join(METHODS)}.", "method.type")
        inner = method.get(name) or {}
        hyperparameters = inner.get("hyperparameters") or hyperparameters if isinstance(inner, dict) else None
    if not isinstance(hyperparameters, dict):
        raise invalid_request("'hyperparameters' must be an object.", "hyperparameters")
    for key, (low, high) in _LIMITS.items():
        value = hyperparameters.get(key, "auto")
        whole = isinstance(value, int) and not isinstance(value, bool)
        if value != "auto" and not (whole and low <= value <= high):
            raise invalid_request(f"'{key}' must be auto or a whole number from {low} to {high}.", key)
    rate = hyperparameters.get("learning_rate_multiplier", "auto")
    if rate != "auto" and not (isinstance(rate, int | float) and not isinstance(rate, bool) and rate > 0):
        raise invalid_request(
            "'learning_rate_multiplier' must be auto or above 0.", "learning_rate_multiplier"
        )
    return str(name), hyperparameters


def _number(hyperparameters: Mapping[str, Any], name: str, usual: int) -> int:
    value = hyperparameters.get(name, "auto")
    return usual if value == "auto" else int(value)


def _hyperparameters(hyperparameters: Mapping[str, Any], plan: TuningPlan) -> dict[str, Any]:
    rate = hyperparameters.get("learning_rate_multiplier", "auto")
    return {
        "n_epochs": plan.epochs,
        "batch_size": plan.batch_size,
        "learning_rate_multiplier": 1.8 if rate == "auto" else rate,
    }
