"""Waiting for jobs: patience, updates, passing failures, and the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from client_doubles import KEY, FastTime
from openai_calls import FIXTURES
from scripted import Step

from zaguan_tui.client import ArgumentError, Clock, NotFoundError, ServerError, ZaguanClient
from zaguan_tui.client.paging.job_wait import Patience, WaitTimeoutError, wait_until
from zaguan_tui.client.types.models.lifecycle import Stage, is_known_status, stage_of, status_word


def state(name: str) -> Step:
    return Step(body=(FIXTURES / name).read_bytes())


def batch(status: str, done: int = 0) -> Step:
    return Step(
        body={"id": "b", "status": status, "request_counts": {"total": 9, "completed": done, "failed": 0}}
    )


@dataclass
class FakeTime:
    """A clock that moves by sleeping alone."""

    now_s: float = 0.0
    waits: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        async def sleep(seconds: float) -> None:
            self.waits.append(seconds)
            self.now_s += seconds

        return Clock(sleep=sleep, monotonic=lambda: self.now_s, wall=lambda: 1795185000.0, chance=lambda: 0.0)


@dataclass(frozen=True)
class Work:
    status: str

    @property
    def stage(self) -> Stage:
        return stage_of(self.status)


def readings(*statuses: str) -> Callable[[], Any]:
    left = list(statuses)

    async def read() -> Work:
        return Work(left.pop(0) if len(left) > 1 else left[0])

    return read


async def test_a_batch_is_watched_to_its_end(serve: Any, connect: Any, fast: FastTime) -> None:
    server = await serve(
        batch("validating"),
        batch("in_progress"),
        batch("in_progress"),
        batch("in_progress", 4),
        batch("finalizing", 9),
        state("batches/get_completed.json"),
    )
    told: list[tuple[str, int]] = []
    done = await connect(server).wait_for_batch(
        "b", on_update=lambda b: told.append((b.status, b.counts.completed))
    )
    assert done.stage is Stage.SUCCEEDED
    assert told == [
        ("validating", 0),
        ("in_progress", 0),
        ("in_progress", 4),
        ("finalizing", 9),
        ("completed", 6),
    ]
    assert fast.waits == [1.0, 1.0, 1.5, 2.25, 1.0]
    assert {seen.target for seen in server.seen} == {"/v1/batches/b"}


async def test_a_fine_tuning_job_is_watched_by_a_coroutine(serve: Any, connect: Any) -> None:
    names = ("create", "get_running", "get_succeeded")
    server = await serve(*[state(f"fine_tuning/{name}.json") for name in names])
    told: list[str] = []

    async def update(job: Any) -> None:
        told.append(job.status)

    job = await connect(server).wait_for_fine_tuning_job("j", on_update=update)
    assert job.fine_tuned_model is not None
    assert told == ["validating_files", "running", "succeeded"]


async def test_a_run_that_needs_us_is_not_waited_for(serve: Any, connect: Any) -> None:
    server = await serve(state("runs/create.json"), state("runs/get_requires_action.json"))
    run = await connect(server).wait_for_run("t", "r")
    assert (run.stage, run.is_over) == (Stage.NEEDS_ACTION, False)
    server = await serve(state("runs/get_in_progress.json"), state("runs/get_incomplete.json"))
    run = await connect(server).wait_for_run("t", "r")
    assert (run.stage, run.incomplete_reason) == (Stage.INCOMPLETE, "max_completion_tokens")
    assert server.seen[0].headers["openai-beta"] == "assistants=v2"


async def test_a_passing_failure_does_not_end_a_wait(serve: Any, connect: Any, fast: FastTime) -> None:
    busy = Step(503, {"error": {"message": "busy"}}, headers={"retry-after": "7"})
    server = await serve(batch("in_progress"), busy, busy, busy, busy, state("batches/get_failed.json"))
    done = await connect(server).wait_for_batch("b")
    assert done.stage is Stage.FAILED
    assert [fault.line for fault in done.errors] == [3, 7]
    # Within one read the client itself waits 7 s twice; then the wait between reads obeys the server too.
    assert fast.waits == [1.0, 7.0, 7.0, 7.0, 7.0]


async def test_failures_that_do_not_pass_end_it(serve: Any, connect: Any) -> None:
    server = await serve(Step(404, {"error": {"message": "No batch b", "code": "not_found"}}))
    with pytest.raises(NotFoundError):
        await connect(server).wait_for_batch("b")
    assert len(server.seen) == 1
    server = await serve(Step(500, {"error": {"message": "down"}}))
    with pytest.raises(ServerError):
        await connect(server).wait_for_batch("b", patience=Patience(failures=2))
    assert len(server.seen) == 6


async def test_time_runs_out(serve: Any) -> None:
    server = await serve(batch("in_progress", 3))
    time = FakeTime()
    async with ZaguanClient(server.base_url, KEY, clock=time.clock()) as client:
        with pytest.raises(WaitTimeoutError, match="not over after 20 s") as caught:
            await client.wait_for_batch("b", patience=Patience(timeout=20))
    assert isinstance(caught.value, TimeoutError)
    assert caught.value.last.counts.completed == 3
    assert sum(time.waits) <= 20


async def test_waits_grow_and_are_jittered() -> None:
    time = FakeTime()
    read = readings(*["running"] * 12, "succeeded")
    await wait_until(read, lambda job: job.stage.is_terminal, clock=time.clock())
    assert time.waits == sorted(time.waits)
    assert time.waits[:3] == [1.0, 1.5, 2.25]
    assert max(time.waits) == 30.0
    patience = Patience()
    assert patience.wait(3, 0.999) < patience.wait(3, 0.0)
    assert patience.wait(500, 0.0) == 30.0


async def test_an_unknown_state_counts_as_running_and_is_asked_ever_more_seldom() -> None:
    time = FakeTime()
    read = readings(*["defragmenting"] * 20, "completed")
    job = await wait_until(read, lambda job: job.stage.is_terminal, clock=time.clock())
    assert job.status == "completed"
    assert max(time.waits) == 120.0


async def test_what_the_listener_raises_ends_the_wait() -> None:
    def listener(job: Work) -> None:
        raise LookupError("enough")

    with pytest.raises(LookupError):
        await wait_until(readings("running"), lambda job: False, clock=FakeTime().clock(), on_update=listener)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"first": 0}, "patience.first"),
        ({"longest": float("nan")}, "patience.longest"),
        ({"growth": 0.5}, "patience.growth"),
        ({"jitter": 1}, "patience.jitter"),
        ({"failures": 0}, "patience.failures"),
        ({"timeout": -1}, "patience.timeout"),
    ],
)
def test_impossible_patience(given: dict[str, Any], name: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        Patience(**given)
    assert caught.value.field == name


@pytest.mark.parametrize(
    ("sent", "word", "stage", "over"),
    [
        ("validating", "validating", Stage.WAITING, False),
        ("validating_files", "validating_files", Stage.WAITING, False),
        ("queued", "queued", Stage.WAITING, False),
        ("paused", "paused", Stage.WAITING, False),
        ("in_progress", "in_progress", Stage.RUNNING, False),
        ("IN-PROGRESS", "in_progress", Stage.RUNNING, False),
        ("inProgress", "in_progress", Stage.RUNNING, False),
        ("running", "running", Stage.RUNNING, False),
        ("finalizing", "finalizing", Stage.RUNNING, False),
        ("requires_action", "requires_action", Stage.NEEDS_ACTION, False),
        ("cancelling", "cancelling", Stage.STOPPING, False),
        ("canceling", "cancelling", Stage.STOPPING, False),
        ("completed", "completed", Stage.SUCCEEDED, True),
        ("succeeded", "succeeded", Stage.SUCCEEDED, True),
        ("incomplete", "incomplete", Stage.INCOMPLETE, True),
        ("failed", "failed", Stage.FAILED, True),
        ("canceled", "cancelled", Stage.CANCELLED, True),
        ("cancelled", "cancelled", Stage.CANCELLED, True),
        ("expired", "expired", Stage.EXPIRED, True),
        ("Defragmenting", "Defragmenting", Stage.RUNNING, False),
        (None, "unknown", Stage.RUNNING, False),
    ],
)
def test_one_vocabulary_for_every_life(sent: str | None, word: str, stage: Stage, over: bool) -> None:
    assert status_word(sent) == word
    assert (stage_of(word), stage_of(word).is_terminal) == (stage, over)
    assert is_known_status(word) is (word not in ("Defragmenting", "unknown"))


def test_every_state_of_the_fixtures_is_known() -> None:
    for folder in ("batches", "fine_tuning", "runs"):
        for path in (FIXTURES / folder).glob("*.json"):
            status = json.loads(path.read_text()).get("status")
            assert status is None or is_known_status(status), path
