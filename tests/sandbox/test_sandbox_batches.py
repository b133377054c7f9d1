"""Files with real bytes; batches and message batches from the upload to the last line of the results."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from served_gateway import Serve, Served, served

QUICK = 3000.0


async def put_file(
    sandbox: Served, data: bytes, purpose: str = "batch", name: str = "in.jsonl"
) -> dict[str, Any]:
    answer = await sandbox.http.post("/v1/files", files={"file": (name, data)}, data={"purpose": purpose})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def line(name: object, **body: Any) -> dict[str, Any]:
    ask = [{"role": "user", "content": f"say: {name}"}]
    body = {"model": "sandbox/echo", "messages": ask, **body}
    return {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body}


def jsonl(*rows: Any) -> bytes:
    return "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows).encode()


async def start(sandbox: Served, data: bytes, **body: Any) -> httpx.Response:
    file = await put_file(sandbox, data)
    body = {
        "endpoint": "/v1/chat/completions",
        "completion_window": "24h",
        "input_file_id": file["id"],
        **body,
    }
    return await sandbox.http.post("/v1/batches", json=body)


async def until(read: Callable[[], Awaitable[dict[str, Any]]], key: str, ends: set[str]) -> dict[str, Any]:
    for _ in range(400):
        body = await read()
        if body[key] in ends:
            return body
        await asyncio.sleep(0.01)
    raise AssertionError(f"it never ended: {body}")


async def ended(sandbox: Served, batch: str) -> dict[str, Any]:
    async def read() -> dict[str, Any]:
        body: dict[str, Any] = (await sandbox.http.get(f"/v1/batches/{batch}")).json()
        return body

    return await until(read, "status", {"failed", "completed", "expired", "cancelled"})


async def rows_of(sandbox: Served, file: str | None) -> list[dict[str, Any]]:
    text = (await sandbox.http.get(f"/v1/files/{file}/content")).text
    return [json.loads(row) for row in text.splitlines()]


async def test_files(sandbox: Served) -> None:
    data = bytes(range(256)) * 3000
    file = await put_file(sandbox, data, "user_data", "../photo \U0001f600.bin")
    assert (file["bytes"], file["filename"], file["purpose"]) == (
        len(data),
        "photo \U0001f600.bin",
        "user_data",
    )
    assert (await sandbox.http.get(f"/v1/files/{file['id']}/content")).content == data
    assert (await sandbox.http.get(f"/v1/files/{file['id']}")).json() == file
    others = [await put_file(sandbox, b"x", "batch") for _ in range(3)]
    listed = (await sandbox.http.get("/v1/files", params={"limit": 2, "purpose": "batch"})).json()
    assert [row["id"] for row in listed["data"]] == [others[2]["id"], others[1]["id"]]
    assert listed["has_more"] is True
    second_page = (await sandbox.http.get("/v1/files", params={"after": listed["last_id"]})).json()
    assert [row["id"] for row in second_page["data"]] == [others[0]["id"], file["id"]]
    assert second_page["has_more"] is False
    assert (await sandbox.http.delete(f"/v1/files/{file['id']}")).json()["deleted"] is True
    for path in ("", "/content"):
        gone = await sandbox.http.get(f"/v1/files/{file['id']}{path}")
        assert (gone.status_code, gone.json()["error"]["code"]) == (404, "file_not_found")


async def test_a_file_expires(serve: Serve) -> None:
    sandbox = await serve(time_scale=10_000.0)
    form = {"purpose": "batch", "expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}
    file = (await sandbox.http.post("/v1/files", files={"file": b"x"}, data=form)).json()
    assert file["expires_at"] == file["created_at"] + 3600
    await asyncio.sleep(0.4)
    assert (await sandbox.http.get(f"/v1/files/{file['id']}")).status_code == 404


@pytest.mark.parametrize(
    ("form", "param"),
    [
        ({"files": {"file": b"x"}}, "purpose"),
        ({"files": {"file": b"x"}, "data": {"purpose": "fun"}}, "purpose"),
        ({"files": {"other": b"x"}, "data": {"purpose": "batch"}}, "file"),
        ({"files": {"file": b"x", "purpose": b"y"}}, "purpose"),
        ({"files": {"file": b"x"}, "data": {"purpose": "batch", "expires_after[anchor]": "x"}}, None),
        ({"json": {"purpose": "batch"}}, None),
        ({"content": b"junk", "headers": {"content-type": "multipart/form-data; boundary=x"}}, None),
        ({"content": b"junk", "headers": {"content-type": "multipart/form-data"}}, None),
    ],
)
async def test_bad_uploads_are_refused(sandbox: Served, form: dict[str, Any], param: str | None) -> None:
    answer = await sandbox.http.post("/v1/files", **form)
    assert answer.status_code == 400, answer.text
    assert param is None or answer.json()["error"]["param"] == param
    assert (await sandbox.http.get("/v1/files", params={"limit": "x"})).status_code == 400
    assert (await sandbox.http.get("/v1/files", params={"after": "file-none"})).status_code == 400
    assert (await sandbox.http.get("/v1/files", params={"order": "up"})).status_code == 400


async def test_a_batch_runs_to_its_end_with_errors_by_line(serve: Serve) -> None:
    sandbox = await serve(time_scale=QUICK)
    rows = [line(f"ask-{number}") for number in range(20)]
    rows += [line("nobody", model="no/model"), line("hot", temperature=9)]
    batch = (await start(sandbox, jsonl(*rows), metadata={"night": "one"})).json()
    assert (batch["status"], batch["request_counts"]["total"]) == ("validating", 0)
    done = await ended(sandbox, batch["id"])
    assert (done["status"], done["metadata"]) == ("completed", {"night": "one"})
    assert done["request_counts"] == {"total": 22, "completed": 20, "failed": 2}
    output = await rows_of(sandbox, done["output_file_id"])
    assert sorted(row["custom_id"] for row in output) == sorted(f"ask-{number}" for number in range(20))
    for row in output:
        message = row["response"]["body"]["choices"][0]["message"]["content"]
        assert message.endswith(row["custom_id"])
    failed = {row["custom_id"]: row for row in await rows_of(sandbox, done["error_file_id"])}
    assert failed["nobody"]["response"]["status_code"] == 404
    assert failed["hot"]["error"]["code"] == "invalid_request"
    total = sum(row["response"]["body"]["usage"]["total_tokens"] for row in output)
    assert done["usage"]["total_tokens"] == total
    assert len([row for row in await sandbox.rows("status") if row == ("success",)]) == 20
    times = [done[f"{name}_at"] for name in ("created", "in_progress", "finalizing", "completed")]
    assert times == sorted(times)
    listed = (await sandbox.http.get("/v1/batches")).json()["data"]
    assert [row["id"] for row in listed] == [batch["id"]]


async def test_a_broken_file_fails_the_batch_and_names_the_lines(serve: Serve) -> None:
    sandbox = await serve(time_scale=QUICK)
    wrong_url = {**line("b"), "url": "/v1/embeddings"}
    data = jsonl(
        line("a"), "not json\n", line("a"), wrong_url, {"custom_id": "c", "method": "GET"}, "[]\n", line(5)
    )
    done = await ended(sandbox, (await start(sandbox, data)).json()["id"])
    assert done["status"] == "failed"
    assert [(error["line"], error["code"]) for error in done["errors"]["data"]] == [
        (2, "invalid_json_line"),
        (3, "duplicate_custom_id"),
        (4, "invalid_url"),
        (5, "invalid_method"),
        (6, "invalid_json_line"),
        (7, "missing_required_parameter"),
    ]
    empty = await ended(sandbox, (await start(sandbox, b"\n\n")).json()["id"])
    assert empty["errors"]["data"][0]["code"] == "empty_file"


async def test_a_cancelled_batch_keeps_what_it_has(serve: Serve) -> None:
    sandbox = await serve(time_scale=60.0)
    rows = [line(f"ask-{number}", model="openai/gpt-4o") for number in range(400)]
    batch = (await start(sandbox, jsonl(*rows))).json()["id"]
    for _ in range(300):
        body = (await sandbox.http.get(f"/v1/batches/{batch}")).json()
        if body["request_counts"]["completed"] > 5:
            break
        await asyncio.sleep(0.01)
    assert (await sandbox.http.post(f"/v1/batches/{batch}/cancel")).json()["status"] == "cancelling"
    done = await ended(sandbox, batch)
    assert done["status"] == "cancelled"
    rows = await rows_of(sandbox, done["output_file_id"])
    assert 5 < len(rows) == done["request_counts"]["completed"] < 400
    again = await sandbox.http.post(f"/v1/batches/{batch}/cancel")
    assert (again.status_code, again.json()["error"]["type"]) == (409, "conflict")


async def test_a_batch_out_of_time_expires(serve: Serve) -> None:
    sandbox = await serve(time_scale=60.0)
    rows = [line(f"ask-{number}", model="openai/gpt-4o") for number in range(100)]
    batch = (await start(sandbox, jsonl(*rows))).json()["id"]
    job = (await sandbox.gateway.open_object_store()).get("batch", batch)
    assert job is not None
    for _ in range(500):
        if job["request_counts"]["completed"]:
            break
        await asyncio.sleep(0.01)
    job["expires_at"] = 0
    done = await ended(sandbox, batch)
    counts = done["request_counts"]
    assert (done["status"], counts["completed"] + counts["failed"], counts["total"]) == ("expired", 100, 100)
    errors = await rows_of(sandbox, done["error_file_id"])
    assert sum(row["error"]["code"] == "batch_expired" for row in errors) == 100 - len(
        await rows_of(sandbox, done["output_file_id"])
    )


async def test_a_restart_goes_on_where_it_was(serve: Serve, tmp_path: Path) -> None:
    at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    async with served(db=tmp_path / "s.db", time_scale=0.5, start_at=at) as first:
        batch = (await start(first, jsonl(*(line(f"ask-{number}") for number in range(5))))).json()["id"]
    second = await serve(db=tmp_path / "s.db", time_scale=QUICK, start_at=at)
    done = await ended(second, batch)
    assert (done["status"], done["request_counts"]["completed"]) == ("completed", 5)


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"endpoint": None}, "endpoint"),
        ({"endpoint": "/v1/none"}, "endpoint"),
        ({"completion_window": "1h"}, "completion_window"),
        ({"input_file_id": "file-none"}, "input_file_id"),
        ({"input_file_id": 5}, "input_file_id"),
        ({"metadata": {"a": 5}}, "metadata"),
    ],
)
async def test_bad_batches_are_refused(sandbox: Served, body: dict[str, Any], param: str) -> None:
    answer = await start(sandbox, b"x", **body)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
    image_file = await put_file(sandbox, b"x", "vision")
    assert (await start(sandbox, b"x", input_file_id=image_file["id"])).status_code == 400
    for method, path in (("GET", ""), ("POST", "/cancel")):
        unknown = await sandbox.http.request(method, f"/v1/batches/batch_none{path}")
        assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "batch_not_found")


async def test_message_batches(serve: Serve) -> None:
    sandbox = await serve(time_scale=QUICK)
    ask = [{"role": "user", "content": "say: hello"}]
    good = {"model": "sandbox/echo", "max_tokens": 50, "messages": ask}
    requests = [{"custom_id": f"m-{number}", "params": good} for number in range(6)]
    requests.append({"custom_id": "bad", "params": {**good, "max_tokens": 0}})
    made = (await sandbox.http.post("/v1/messages/batches", json={"requests": requests})).json()
    assert made["request_counts"]["processing"] == 7
    path = f"/v1/messages/batches/{made['id']}"

    async def read() -> dict[str, Any]:
        body: dict[str, Any] = (await sandbox.http.get(path)).json()
        return body

    done = await until(read, "processing_status", {"ended"})
    counts = {"processing": 0, "succeeded": 6, "errored": 1, "canceled": 0, "expired": 0}
    assert done["request_counts"] == counts
    answer = await sandbox.http.get(f"{path}/results")
    assert answer.headers["content-type"].startswith("application/x-jsonl")
    rows = {row["custom_id"]: row["result"] for row in map(json.loads, answer.text.splitlines())}
    assert rows["m-0"]["message"]["content"][0]["text"].endswith("hello")
    assert rows["bad"]["error"]["error"]["type"] == "invalid_request_error"
    page = (await sandbox.http.get("/v1/messages/batches", params={"limit": 1})).json()
    assert (page["first_id"], page["has_more"]) == (made["id"], False)
    assert (await sandbox.http.delete(path)).json()["type"] == "message_batch_deleted"
    gone = await sandbox.http.get(path)
    assert (gone.status_code, gone.json()["type"]) == (404, "error")


async def test_a_message_batch_is_cancelled(serve: Serve) -> None:
    sandbox = await serve(time_scale=20.0)
    params = {"model": "openai/gpt-4o", "max_tokens": 50, "messages": [{"role": "user", "content": "x"}]}
    body = {"requests": [{"custom_id": f"m-{number}", "params": params} for number in range(60)]}
    path = f"/v1/messages/batches/{(await sandbox.http.post('/v1/messages/batches', json=body)).json()['id']}"
    assert (await sandbox.http.get(f"{path}/results")).status_code == 404
    assert (await sandbox.http.delete(path)).status_code == 400
    assert (await sandbox.http.post(f"{path}/cancel")).json()["processing_status"] == "canceling"

    async def read() -> dict[str, Any]:
        body: dict[str, Any] = (await sandbox.http.get(path)).json()
        return body

    done = await until(read, "processing_status", {"ended"})
    assert done["request_counts"]["canceled"] == 60
    assert done["cancel_initiated_at"] and done["results_url"].endswith("/results")


@pytest.mark.parametrize(
    ("requests", "param"),
    [
        (None, "requests"),
        ([], "requests"),
        ([5], "requests.0.custom_id"),
        ([{"custom_id": "a b", "params": {}}], "requests.0.custom_id"),
        ([{"custom_id": "a"}], "requests.0.params"),
        ([{"custom_id": "a", "params": {}}, {"custom_id": "a", "params": {}}], "requests.1.custom_id"),
    ],
)
async def test_bad_message_batches_are_refused(sandbox: Served, requests: Any, param: str) -> None:
    answer = await sandbox.http.post("/v1/messages/batches", json={"requests": requests})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
