"""Files, batches and fine-tuning jobs out of every fixture, and the curves they draw."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from wire_fixtures import FIXTURES, load

from zaguan_tui.client.errors.exceptions import RateLimitError
from zaguan_tui.client.types.core.deleted import Deleted, read_deleted
from zaguan_tui.client.types.core.job_error import Fault, read_fault, read_faults
from zaguan_tui.client.types.core.primitives import UnreadableValue
from zaguan_tui.client.types.jobs.batch_lines import read_batch_line
from zaguan_tui.client.types.jobs.batches import BatchCounts, read_batch, read_batches
from zaguan_tui.client.types.jobs.files import File, read_file, read_files
from zaguan_tui.client.types.jobs.fine_tuning import (
    read_fine_tuning_checkpoints,
    read_fine_tuning_events,
    read_fine_tuning_job,
    read_fine_tuning_jobs,
)
from zaguan_tui.client.types.jobs.training_curve import TrainingPoint, training_curve
from zaguan_tui.client.types.models.lifecycle import Stage


def unix(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def test_a_file() -> None:
    assert read_file(load("files/upload.json")) == File(
        id="file-bT4nQz81input",
        filename="night-eval.jsonl",
        purpose="batch",
        size=1843,
        created_at=unix(1795152600),
        status="uploaded",
    )
    assert read_file(load("files/get.json")).size == 2411893


def test_a_list_of_files() -> None:
    page = read_files(load("files/list.json"))
    assert [file.purpose for file in page.data] == [
        "batch_output",
        "batch",
        "fine-tune-results",
        "fine-tune",
        "fine-tune",
        "fine-tune",
    ]
    broken = page.data[3]
    assert (broken.status, broken.is_usable, broken.status_details) == (
        "error",
        False,
        "Line 3 is not valid JSON",
    )
    assert page.data[2].expires_at == unix(1796913000)
    assert (page.has_more, page.first_id, page.last_id) == (False, "file-Rr71output", "file-ftTrain01")
    one, two = read_files(load("files/list_page1.json")), read_files(load("files/list_page2.json"))
    assert (*one.data, *two.data) == page.data
    assert (one.has_more, one.next_cursor, two.has_more) == (True, "file-res01", False)


def test_files_in_other_wrappings_are_the_same() -> None:
    bare = load("files/upload.json")
    camel = {
        "id": bare["id"],
        "bytes": "1,843",
        "createdAt": "2026-11-20T05:30:00Z",
        "filename": "night-eval.jsonl",
    }
    camel |= {"purpose": "batch", "status": "Uploaded", "statusDetails": None}
    for body in ({"data": bare}, {"file": bare}, {"success": True, "data": bare}, [bare], camel):
        assert read_file(body) == read_file(bare)
    for listing in ([bare], {"files": [bare]}, {"data": {bare["id"]: bare}}, {"data": {"items": [bare]}}):
        assert read_files(listing).data == (read_file(bare),)
    assert read_files({"data": []}).data == ()
    assert read_files({"object": "list", "data": None}).data == ()


def test_a_deletion() -> None:
    assert read_deleted(load("files/delete.json")) == Deleted(id="file-bad00", deleted=True, object="file")
    assert read_deleted({"data": {"id": "x", "deleted": "true"}}).deleted is True
    with pytest.raises(UnreadableValue):
        read_deleted({"id": "x"})


@pytest.mark.parametrize(
    ("name", "stage", "counts", "ended"),
    [
        ("create", Stage.WAITING, (0, 0, 0), None),
        ("get_in_progress", Stage.RUNNING, (400, 263, 4), None),
        ("get_go_zero_times", Stage.RUNNING, (400, 263, 4), None),
        ("get_finalizing", Stage.RUNNING, (8, 6, 2), None),
        ("get_completed", Stage.SUCCEEDED, (8, 6, 2), 1795174200),
        ("get_failed", Stage.FAILED, (0, 0, 0), 1795141830),
        ("get_expired", Stage.EXPIRED, (400, 351, 0), 1795098600),
        ("get_cancelled", Stage.CANCELLED, (50, 20, 0), 1794926640),
        ("cancel", Stage.STOPPING, (400, 120, 1), None),
    ],
)
def test_a_batch_in_every_state(
    name: str, stage: Stage, counts: tuple[int, int, int], ended: int | None
) -> None:
    batch = read_batch(load(f"batches/{name}.json"))
    total, completed, failed = counts
    assert (batch.stage, batch.is_over) == (stage, stage.is_terminal)
    assert batch.counts == BatchCounts(total=total, completed=completed, failed=failed)
    assert batch.counts.done == completed + failed
    assert batch.ended_at == (unix(ended) if ended else None)
    assert batch.metadata == {"job": "night-eval"}
    assert batch.endpoint == "/v1/chat/completions"


def test_a_batch_that_failed_names_the_lines() -> None:
    assert read_batch(load("batches/get_failed.json")).errors == (
        Fault(code="invalid_json_line", message="Line 3 cannot be read as JSON", line=3),
        Fault(
            code="duplicate_custom_id",
            message="custom_id 'eval-2' occurs more than once",
            param="custom_id",
            line=7,
        ),
    )


def test_d56_zero_times_are_missing_ones() -> None:
    assert read_batch(load("batches/get_go_zero_times.json")) == read_batch(
        load("batches/get_in_progress.json")
    )


def test_d55_d76_counts_may_be_missing_and_spellings_differ() -> None:
    batch = read_batch({"id": "b", "status": "canceled", "canceled_at": 1794926640})
    assert (batch.status, batch.counts, batch.cancelled_at) == ("cancelled", None, unix(1794926640))
    assert read_batch({"id": "b", "status": "Defragmenting"}).status == "Defragmenting"
    assert read_batch({"id": "b"}).status == "unknown"
    assert BatchCounts(failed=2).done == 2
    assert BatchCounts().done is None


def test_a_finished_batch_has_files_and_usage() -> None:
    batch = read_batch(load("batches/get_completed.json"))
    assert (batch.output_file_id, batch.error_file_id) == ("file-Rr71output", "file-Rr72errors")
    assert batch.usage is not None
    assert (batch.usage.prompt_tokens, batch.usage.completion_tokens, batch.usage.total_tokens) == (
        1210,
        388,
        1598,
    )


def test_the_list_holds_a_batch_in_every_state() -> None:
    page = read_batches(load("batches/list.json"))
    singles = {
        load(f"batches/{path.name}")["id"]: path.name for path in (FIXTURES / "batches").glob("get_*.json")
    }
    for batch in page.data:
        if batch.id in singles:
            assert batch == read_batch(load(f"batches/{singles[batch.id]}"))
    assert {batch.stage for batch in page.data} == set(Stage) - {Stage.NEEDS_ACTION, Stage.INCOMPLETE}


def lines(name: str) -> list[Any]:
    return [json.loads(line) for line in (FIXTURES / name).read_text().splitlines()]


def test_output_lines_join_the_input_by_custom_id() -> None:
    outcomes = {line.custom_id: line for line in map(read_batch_line, lines("batches/output.jsonl"))}
    outcomes |= {line.custom_id: line for line in map(read_batch_line, lines("batches/errors.jsonl"))}
    assert list(outcomes) != sorted(outcomes)
    assert set(outcomes) == {line["custom_id"] for line in lines("batches/input.jsonl")}
    assert [name for name, line in sorted(outcomes.items()) if not line.is_good] == ["eval-6", "eval-7"]
    assert outcomes["eval-0"].body is not None
    assert outcomes["eval-0"].body["choices"][0]["message"]["content"] == "Kaixo!"
    limited = outcomes["eval-6"]
    assert limited.fault is not None
    assert (limited.status_code, limited.request_id) == (429, "req_0006")
    assert isinstance(limited.fault.error(), RateLimitError)
    lost = outcomes["eval-7"]
    assert lost.fault is not None
    assert (lost.status_code, lost.body, lost.fault.code) == (None, None, "batch_expired")


@pytest.mark.parametrize("value", [None, [], "x", {}, {"custom_id": None}, {"custom_id": {}}])
def test_a_line_without_a_name_is_none(value: object) -> None:
    with pytest.raises(UnreadableValue):
        read_batch_line(value)


def test_faults_in_every_shape() -> None:
    from zaguan_tui.client.types.core.base import Drift

    drift = Drift()
    for nothing in (
        None,
        {},
        {"code": "", "message": " "},
        {"code": None, "message": None, "param": None},
        [],
        5,
    ):
        assert read_fault(nothing, drift, "error") is None
    assert read_fault("broken", drift, "error") == Fault(message="broken")
    assert len(read_faults([{"message": "a"}, None, "b"], drift, "errors")) == 2
    assert read_faults({"message": "a"}, drift, "errors") == (Fault(message="a"),)


@pytest.mark.parametrize(
    ("name", "stage", "model", "tokens"),
    [
        ("create", Stage.WAITING, None, None),
        ("get_running", Stage.RUNNING, None, None),
        ("get_succeeded", Stage.SUCCEEDED, "ft:gpt-4o-mini-2024-07-18:demo:support:Bz1k9", 1884320),
        ("get_failed", Stage.FAILED, None, None),
        ("cancel", Stage.CANCELLED, None, None),
    ],
)
def test_a_fine_tuning_job_in_every_state(
    name: str, stage: Stage, model: str | None, tokens: int | None
) -> None:
    job = read_fine_tuning_job(load(f"fine_tuning/{name}.json"))
    assert (job.stage, job.fine_tuned_model, job.trained_tokens) == (stage, model, tokens)
    assert (job.model, job.seed, job.organization_id) == ("openai/gpt-4o-mini-2024-07-18", 7, "org-demo")
    assert job.method["type"] == "supervised"


def test_what_a_job_says_of_itself() -> None:
    running = read_fine_tuning_job(load("fine_tuning/get_running.json"))
    assert running.hyperparameters == {"n_epochs": 3, "batch_size": 8, "learning_rate_multiplier": 1.8}
    assert running.estimated_finish == unix(1795186500)
    failed = read_fine_tuning_job(load("fine_tuning/get_failed.json"))
    assert failed.error == Fault(
        code="invalid_training_file",
        message="Training file rejected: line 3 is not JSON",
        param="training_file",
    )
    assert read_fine_tuning_job(load("fine_tuning/get_succeeded.json")).result_files == ("file-res01",)


def test_an_empty_error_is_none() -> None:
    empty, null = load("fine_tuning/get_succeeded_empty_error.json"), load("fine_tuning/get_succeeded.json")
    assert read_fine_tuning_job(empty) == read_fine_tuning_job(null)
    assert read_fine_tuning_job(empty).error is None


def test_the_list_of_jobs_has_no_ids_of_its_own() -> None:
    page = read_fine_tuning_jobs(load("fine_tuning/list.json"))
    assert len({job.stage for job in page.data}) == 4
    assert (page.first_id, page.last_id, page.next_cursor) == (None, None, page.data[-1].id)


def test_events_and_checkpoints_draw_a_curve() -> None:
    events = read_fine_tuning_events(load("fine_tuning/events.json"))
    checkpoints = read_fine_tuning_checkpoints(load("fine_tuning/checkpoints.json"))
    assert len(events.data) == 46
    assert [event.level for event in events.data[:2]] == ["warn", "info"]
    curve = training_curve(events.data, checkpoints.data)
    assert curve.total_steps == 60
    assert [point.step for point in curve.points] == list(range(1, 41))
    assert curve.points[-1].values == {
        "train_loss": 0.4401,
        "train_accuracy": 0.91066,
        "valid_loss": 0.5201,
        "valid_accuracy": 0.89066,
        "full_valid_loss": 0.5001,
        "full_valid_accuracy": 0.89566,
    }
    assert len(curve.series("train_loss")) == 40
    assert 0 < len(curve.series("valid_loss")) < 40
    assert training_curve(reversed(events.data), checkpoints.data) == curve
    assert not any(point.from_text for point in curve.points)
    alone = training_curve((), checkpoints.data)
    assert [point.step for point in alone.points] == [20, 40]


def test_a_curve_out_of_sentences_says_so() -> None:
    curve = training_curve(read_fine_tuning_events(load("fine_tuning/events_text_only.json")).data)
    assert curve.total_steps == 60
    assert all(point.from_text for point in curve.points)
    last = curve.points[-1]
    assert last == TrainingPoint(
        step=40, at=unix(1795183800), values={"train_loss": 0.44, "valid_loss": 0.52}, from_text=True
    )
    assert training_curve(()).points == ()


def test_the_last_value_of_a_step_wins() -> None:
    def event(name: str, at: int, loss: object, message: str = "") -> dict[str, Any]:
        return {"id": name, "created_at": at, "message": message, "data": {"step": "3", "loss": loss}}

    body = [
        event("c", 30, 0.1),
        event("a", 10, 0.3),
        event("b", 20, "0.2"),
        event("d", 40, {}, "Step 3: loss=9.9"),
    ]
    body.append({"id": "e", "message": "", "data": {"step": {}, "loss": 1.0}})
    (point,) = training_curve(read_fine_tuning_events(body).data).points
    assert (point.step, point.values, point.from_text) == (3, {"train_loss": 0.1}, False)


def test_blank_texts_are_missing_ones() -> None:
    (event,) = read_fine_tuning_events([{"id": "e", "message": "", "level": " ", "type": ""}]).data
    assert (event.message, event.level, event.type) == ("", "info", "message")
    with pytest.raises(UnreadableValue):
        read_batch_line({"custom_id": " "})
    with pytest.raises(UnreadableValue):
        read_files({"data": {"": {"filename": "x"}}})
