"""Fine-tuning: from the file to a model that can be chatted with, and every way it fails."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from served_gateway import KEY, Serve, Served, served

from zaguan_tui.sandbox.jobs.tuning import TuningPlan, events

QUICK = 5000.0
EXAMPLE = {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]}
GOOD = b"\n".join(json.dumps(EXAMPLE).encode() for _ in range(40))


async def upload(sandbox: Served, data: bytes = GOOD, purpose: str = "fine-tune") -> str:
    form = {"files": {"file": ("train.jsonl", data)}, "data": {"purpose": purpose}}
    answer = await sandbox.http.post("/v1/files", **form)  # type: ignore[arg-type]  # httpx wants a union here
    return str(answer.json()["id"])


async def start(sandbox: Served, data: bytes = GOOD, **body: Any) -> httpx.Response:
    body = {"model": "openai/gpt-4o-mini", "training_file": await upload(sandbox, data), **body}
    return await sandbox.http.post("/v1/fine_tuning/jobs", json=body)


async def ended(sandbox: Served, job: str) -> dict[str, Any]:
    for _ in range(300):
        body: dict[str, Any] = (await sandbox.http.get(f"/v1/fine_tuning/jobs/{job}")).json()
        if body["status"] in ("succeeded", "failed", "cancelled"):
            return body
        await asyncio.sleep(0.01)
    raise AssertionError(f"it never ended: {body}")


def test_the_course_of_a_job() -> None:
    plan = TuningPlan("ftjob-x", 0.0, 100, 5000, 3, 1, validated=True)
    assert [plan.status(now) for now in (0, 8, 30, plan.ends_at)] == [
        *("validating_files", "queued", "running", "succeeded"),
    ]
    losses = [plan.point(step) for step in range(1, plan.steps + 1)]
    assert losses[0]["train_loss"] > 2 * losses[-1]["train_loss"]
    assert all(point["valid_loss"] > point["train_loss"] for point in losses)
    job_events = events(plan, plan.ends_at, None, "m")
    metrics = [event["data"] for event in job_events if event["type"] == "metrics"]
    assert 90 <= len(metrics) <= 110
    assert [one["step"] for one in metrics] == sorted(one["step"] for one in metrics)
    assert job_events[-1]["message"] == "The job has successfully completed"
    early = events(plan, plan.started_at + 20, None, "m")
    assert early == job_events[: len(early)]
    wild = TuningPlan("ftjob-y", 0.0, 100, 5000, 3, 1, diverges=True)
    assert wild.point(wild.last_step)["train_loss"] > wild.point(wild.steps // 4)["train_loss"]


async def test_from_file_to_model(serve: Serve) -> None:
    sandbox = await serve(time_scale=QUICK)
    job = (
        await start(sandbox, suffix="mine", metadata={"a": "b"}, validation_file=await upload(sandbox))
    ).json()
    assert (job["status"], job["error"], job["fine_tuned_model"]) == ("validating_files", None, None)
    done = await ended(sandbox, job["id"])
    assert done["status"] == "succeeded"
    model = done["fine_tuned_model"]
    assert model.startswith("openai/ft:gpt-4o-mini:sandbox:mine:")
    assert done["trained_tokens"] > 0
    answer = await sandbox.chat(model)
    assert (answer.status_code, answer.json()["model"]) == (200, model)
    assert model in (await sandbox.http.get("/v1/models")).text
    csv = (await sandbox.http.get(f"/v1/files/{done['result_files'][0]}/content")).text
    assert csv.startswith("step,train_loss")
    path = f"/v1/fine_tuning/jobs/{job['id']}"
    page = (await sandbox.http.get(f"{path}/events", params={"limit": 5})).json()
    assert page["has_more"] and page["data"][0]["message"] == "The job has successfully completed"
    second_page = (
        await sandbox.http.get(f"{path}/events", params={"limit": 100, "after": page["data"][-1]["id"]})
    ).json()
    assert {event["type"] for event in second_page["data"]} == {"metrics", "message"}
    points = (await sandbox.http.get(f"{path}/checkpoints")).json()["data"]
    assert len(points) == 3 and points[0]["step_number"] > points[-1]["step_number"]
    filtered = (await sandbox.http.get("/v1/fine_tuning/jobs", params={"metadata[a]": "b"})).json()["data"]
    assert [one["id"] for one in filtered] == [job["id"]]
    assert (await sandbox.http.delete(f"/v1/models/{model}")).json()["deleted"] is True
    assert (await sandbox.chat(model)).status_code == 404
    assert (await sandbox.http.delete("/v1/models/openai/gpt-4o")).status_code == 403
    assert (await sandbox.http.delete("/v1/models/openai/none")).status_code == 404
    again = await sandbox.http.post(f"{path}/cancel")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"junk", "Line 1 is not valid JSON"),
        (b'{"prompt": "x"}', "Line 1: 'messages'"),
        (b'{"messages": [{"role": "user", "content": "x"}]}', "no assistant message"),
        (GOOD[:300], "Line"),
        (json.dumps(EXAMPLE).encode(), "at least 10"),
    ],
)
async def test_bad_training_files_fail_the_job(serve: Serve, data: bytes, words: str) -> None:
    sandbox = await serve(time_scale=QUICK)
    done = await ended(sandbox, (await start(sandbox, data)).json()["id"])
    assert (done["status"], done["error"]["param"]) == ("failed", "training_file")
    assert words in done["error"]["message"]


async def test_divergence_and_cancelling(serve: Serve) -> None:
    sandbox = await serve(time_scale=QUICK)
    wild = await ended(sandbox, (await start(sandbox, suffix="diverge-1")).json()["id"])
    assert (wild["status"], wild["error"]["code"]) == ("failed", "training_diverged")
    slow = await serve(time_scale=1.0)
    job = (await start(slow)).json()["id"]
    stopped = (await slow.http.post(f"/v1/fine_tuning/jobs/{job}/cancel")).json()
    assert (stopped["status"], stopped["fine_tuned_model"]) == ("cancelled", None)
    job_events = (await slow.http.get(f"/v1/fine_tuning/jobs/{job}/events")).json()["data"]
    assert job_events[0]["message"] == "The job has been cancelled"


async def test_a_tuned_model_is_there_after_a_restart(serve: Serve, tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    async with served(db=tmp_path / "s.db", time_scale=QUICK, start_at=at) as first:
        model = (await ended(first, (await start(first)).json()["id"]))["fine_tuned_model"]
    second = await serve(db=tmp_path / "s.db")
    assert (await second.chat(model)).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "param"),
    [
        ({"model": None}, 400, "model"),
        ({"model": "no/such"}, 404, "model"),
        ({"model": "anthropic/claude-sonnet-4-5"}, 400, "model"),
        ({"training_file": "file-none"}, 400, "training_file"),
        ({"validation_file": "file-none"}, 400, "validation_file"),
        ({"suffix": "a b"}, 400, "suffix"),
        ({"seed": -1}, 400, "seed"),
        ({"hyperparameters": {"n_epochs": 99}}, 400, "n_epochs"),
        ({"hyperparameters": "auto"}, 400, "hyperparameters"),
        ({"hyperparameters": {"learning_rate_multiplier": 0}}, 400, "learning_rate_multiplier"),
        ({"method": {"type": "magic"}}, 400, "method.type"),
        ({"metadata": 5}, 400, "metadata"),
    ],
)
async def test_bad_jobs_are_refused(sandbox: Served, body: dict[str, Any], status: int, param: str) -> None:
    answer = await start(sandbox, **body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (status, param)
    unknown = await sandbox.http.get("/v1/fine_tuning/jobs/ftjob-none")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "fine_tuning_job_not_found")
    wrong = await sandbox.http.post(
        "/v1/fine_tuning/jobs",
        json={"model": "openai/gpt-4o", "training_file": await upload(sandbox, b"x", "batch")},
    )
    assert wrong.status_code == 400


async def test_the_official_sdk(serve: Serve) -> None:
    openai = pytest.importorskip("openai", reason="the official OpenAI SDK is not installed")
    sandbox = await serve(time_scale=QUICK)
    async with openai.AsyncOpenAI(base_url=f"{sandbox.base_url}/v1", api_key=KEY) as sdk:
        file = await sdk.files.create(file=("t.jsonl", GOOD), purpose="fine-tune")
        job = await sdk.fine_tuning.jobs.create(training_file=file.id, model="gpt-4o-mini")
        await ended(sandbox, job.id)
        job = await sdk.fine_tuning.jobs.retrieve(job.id)
        assert job.status == "succeeded"
        job_events = [event async for event in sdk.fine_tuning.jobs.list_events(job.id)]
        assert len(job_events) > 50
        assert len((await sdk.fine_tuning.jobs.checkpoints.list(job.id)).data) == 3
