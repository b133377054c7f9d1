"""What every endpoint says to a request it cannot use: the status, and the envelope of its dialect."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from served_gateway import ADMIN_KEY, Served
from test_sandbox_hostile_calls import ROWS

JSON_POSTS = sorted(
    path
    for method, path in ROWS
    if method == "POST"
    and not path.endswith(("/cancel", "/reload", "/edits", "/variations", "/transcriptions", "/translations"))
    and path != "/v1/files"
    and "{" not in path
)
FORMS = (
    "/v1/files",
    "/v1/images/edits",
    "/v1/images/variations",
    "/v1/audio/transcriptions",
    "/v1/audio/translations",
)
BY_ID = sorted(
    (method, path)
    for method, path in ROWS
    if "{" in path and not path.startswith("/sandbox") and "/admin/" not in path
)
ASK = [{"role": "user", "content": "hi"}]
WRONG: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("/v1/chat/completions", {"messages": ASK}, "model"),
    ("/v1/chat/completions", {"model": "openai/gpt-4o", "messages": "hi"}, "messages"),
    (
        "/v1/chat/completions",
        {"model": "openai/gpt-4o", "messages": ASK, "temperature": "hot"},
        "temperature",
    ),
    ("/v1/messages", {"model": "anthropic/claude-sonnet-4-5", "messages": ASK}, "max_tokens"),
    ("/v1/messages/count_tokens", {"messages": ASK}, "model"),
    ("/v1/messages/batches", {"requests": {}}, "requests"),
    ("/v1/embeddings", {"model": "openai/text-embedding-3-small", "input": 5}, "input"),
    ("/v1/moderations", {"input": {}}, "input"),
    ("/v1/images/generations", {"model": "openai/gpt-image-1"}, "prompt"),
    ("/v1/audio/speech", {"model": "openai/tts-1", "voice": "alloy"}, "input"),
    ("/v1/batches", {"endpoint": "/v1/chat/completions", "completion_window": "24h"}, "input_file_id"),
    ("/v1/fine_tuning/jobs", {"model": "openai/gpt-4o-mini"}, "training_file"),
    ("/v1/assistants", {"model": 5}, "model"),
    ("/v1/threads", {"messages": "hi"}, "messages"),
    ("/sandbox/scenario", {"name": 5}, "name"),
)


def check_envelope(path: str, body: Any) -> None:
    """The envelope of Anthropic on its paths, of OpenAI everywhere else."""
    error = body["error"]
    assert isinstance(error["message"], str)
    assert error["message"]
    assert isinstance(error["type"], str)
    if path.startswith("/v1/messages"):
        assert body["type"] == "error"
        assert body["request_id"].startswith("req_")
    else:
        assert set(body) == {"error"}
        assert {"code", "param"} <= set(error)


async def test_bad_json_is_a_400(sandbox: Served) -> None:
    for path in JSON_POSTS:
        for raw in (b"{", b"[]", b"\xff", b'{"model": NaN}'):
            answer = await sandbox.http.post(path, content=raw)
            assert answer.status_code == 400, f"{path} {raw!r} {answer.text}"
            check_envelope(path, answer.json())
        if path != "/v1/threads":  # an empty thread may be asked for with nothing at all
            assert (await sandbox.http.post(path, content=b"")).status_code == 400, path


@pytest.mark.parametrize(("path", "body", "param"), WRONG)
async def test_missing_fields_and_wrong_types_are_named(
    sandbox: Served, path: str, body: dict[str, Any], param: str
) -> None:
    answer = await sandbox.http.post(path, json=body)
    assert answer.status_code == 400, answer.text
    check_envelope(path, answer.json())
    assert answer.json()["error"]["param"] == param


async def test_unknown_ids_are_404(sandbox: Served) -> None:
    good = {
        "role": "user",
        "content": "hi",
        "assistant_id": "asst_none",
        "tool_outputs": [{"tool_call_id": "x", "output": "y"}],
    }
    for method, path in BY_ID:
        there = re.sub(r"\{[^}]*\}", "none", path)
        options: dict[str, Any] = {"json": good} if method == "POST" else {}
        answer = await sandbox.http.request(method, there, **options)
        assert answer.status_code == 404, f"{method} {there} {answer.text}"
        check_envelope(there, answer.json())


async def test_unknown_providers_are_404_for_the_admin(sandbox: Served) -> None:
    for verb in ("enable", "disable"):
        path = f"/v1/admin/providers/none/{verb}"
        answer = await sandbox.http.post(path, headers={"Authorization": f"Bearer {ADMIN_KEY}"})
        assert (answer.status_code, answer.json()["error"]["param"]) == (404, "provider")


@pytest.mark.parametrize("path", FORMS)
async def test_forms_without_a_file_or_without_a_form(sandbox: Served, path: str) -> None:
    plain = await sandbox.http.post(path, json={"file": "x"})
    assert plain.status_code == 400
    check_envelope(path, plain.json())
    empty = await sandbox.http.post(path, files={"other": ("x.txt", b"x")}, data={"purpose": "batch"})
    assert empty.status_code == 400
    check_envelope(path, empty.json())


async def status_of(sandbox: Served, path: str, kind: str, size: int) -> int:
    """The answer to a body that is announced and never sent."""
    host, port = sandbox.base_url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\n{kind}\r\ncontent-length: {size}\r\n"
    writer.write(f"{head}authorization: {sandbox.http.headers['authorization']}\r\n\r\n".encode())
    line = await asyncio.wait_for(reader.readline(), 2)
    writer.close()
    return int(line.split()[1])


async def test_oversized_bodies_are_refused_before_they_are_sent(sandbox: Served) -> None:
    form = "content-type: multipart/form-data; boundary=x"
    for path in (*JSON_POSTS, *FORMS):
        kind = form if path in FORMS else "content-type: application/json"
        assert await status_of(sandbox, path, kind, 2 * 1024**3) == 413, path
