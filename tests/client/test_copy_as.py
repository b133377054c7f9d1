"""Requests as code: what is pasted makes the same request, and holds no key."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import shutil
import sys
from typing import Any

import pytest
from client_doubles import KEY, Notebook
from hypothesis import given
from hypothesis import strategies as st
from realtime_server import RealtimeServer
from scripted import ScriptedServer, Step

from zaguan_tui.client import AttemptStarted, RequestOptions, ZaguanClient
from zaguan_tui.client.copy_as.literals import (
    KEY_MARK,
    json_value,
    python_value,
    shell_text,
    typescript_value,
)
from zaguan_tui.client.copy_as.snippets import SnippetLanguage, copy_as

PROMPT = "it's \"$HOME\" `id` \\ ü \u202e \x1b[31m\n'$(id)'"
ASK: dict[str, Any] = {"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": PROMPT}]}


def started(notebook: Notebook) -> list[AttemptStarted]:
    return [event for event in notebook.events if isinstance(event, AttemptStarted)]


async def run(snippet: SnippetLanguage, code: str, variable: str = "ZAGUAN_API_KEY") -> None:
    """Run ``code`` in its own language, the key in its variable."""
    command = {
        SnippetLanguage.CURL: ["bash", "-c", code],
        SnippetLanguage.TYPESCRIPT: ["node", "--input-type=module", "-e", code.replace("body!", "body")],
    }.get(snippet, [sys.executable, "-c", code])
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, variable: KEY, "NO_PROXY": "127.0.0.1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, problems = await process.communicate()
    assert process.returncode == 0, problems.decode()


def needs(snippet: SnippetLanguage) -> None:
    program = {SnippetLanguage.CURL: "curl", SnippetLanguage.TYPESCRIPT: "node"}.get(snippet)
    if program and shutil.which(program) is None:
        pytest.skip(f"no {program} here")
    if snippet is SnippetLanguage.OPENAI:
        pytest.importorskip("openai")


@pytest.mark.parametrize("snippet", [SnippetLanguage.CURL, SnippetLanguage.HTTPX, SnippetLanguage.TYPESCRIPT])
async def test_pasted_code_makes_the_same_requests(
    serve, connect, notebook, snippet: SnippetLanguage
) -> None:  # type: ignore[no-untyped-def]
    needs(snippet)
    server: ScriptedServer = await serve(
        Step(body={"id": "c", "object": "chat.completion", "choices": [], "created": 1, "model": "m"})
    )
    client = connect(server)
    await client.chat(
        **ASK, temperature=0.5, virtual_model_id="fast", options=RequestOptions(headers={"X-Team": "a'b"})
    )
    (record,) = started(notebook)
    code = copy_as(snippet, record)
    assert KEY not in code
    assert "ZAGUAN_API_KEY" in code
    assert "\x1b" not in code
    assert "\u202e" not in code
    await run(snippet, code)
    ours, theirs = server.seen
    assert (theirs.method, theirs.target, theirs.json) == (ours.method, ours.target, ours.json)
    for name in ("authorization", "x-team", "content-type"):
        assert theirs.headers[name] == ours.headers[name]


@pytest.mark.parametrize("snippet", [SnippetLanguage.CURL, SnippetLanguage.TYPESCRIPT])
async def test_reads_and_acts_and_messages(serve, connect, notebook, snippet: SnippetLanguage) -> None:  # type: ignore[no-untyped-def]
    needs(snippet)
    server = await serve(Step(body={"data": [], "ok": True, "content": []}))
    client = connect(server, admin_key=KEY[::-1])
    await client.get_credits_history(limit=5, cursor="a+b/c==")
    await client.disable_provider("a/b")
    await client.messages(**ASK, max_tokens=5)
    records = started(notebook)
    codes = [copy_as(snippet, record) for record in records]
    assert "ZAGUAN_ADMIN_KEY" in codes[1]
    for code in codes:
        await run(snippet, code.replace("ZAGUAN_ADMIN_KEY", "ZAGUAN_API_KEY"))
    assert [(seen.method, seen.target, seen.body and seen.json) for seen in server.seen[3:]] == [
        (seen.method, seen.target, seen.body and seen.json) for seen in server.seen[:3]
    ]
    assert server.seen[5].headers["anthropic-version"] == "2023-06-01"


async def test_the_openai_package_is_spoken_to_properly(serve, connect, notebook) -> None:  # type: ignore[no-untyped-def]
    needs(SnippetLanguage.OPENAI)
    sse = Step(body='data: {"id":"c","choices":[]}\n\ndata: [DONE]\n\n', content_type="text/event-stream")
    whole = Step(body={"id": "c", "object": "x", "choices": [], "created": 1, "model": "m", "ok": True})
    server = await serve(lambda seen: sse if b'"stream":' in seen.body else whole)
    client = connect(server)
    await client.chat(**ASK, temperature=0.5, virtual_model_id="fast")
    await client.raw.request("GET", "/v1/batches/batch%2F1", params={"x": "1"})
    await client.raw.request("GET", "/v1/providers/status", params={"x": "a b"})
    await client.raw.request("POST", "/v1/admin/reload", json={"reason": "x"})
    async with client.chat_stream(**ASK) as stream:
        _ = [event async for event in stream]
    codes = [
        copy_as(SnippetLanguage.OPENAI, record, variable="ZAGUAN_API_KEY") for record in started(notebook)
    ]
    for code, words in zip(
        codes,
        ("extra_body=", "batches.retrieve(", "client.get(", "client.post(", "for chunk in stream"),
        strict=True,
    ):
        assert words in code
    await run(SnippetLanguage.OPENAI, "\n".join(codes))
    for ours, theirs in zip(server.seen[:5], server.seen[5:], strict=True):
        assert (theirs.method, theirs.body and theirs.json) == (ours.method, ours.body and ours.json)
        assert theirs.target.replace("+", "%20") == ours.target
        assert theirs.headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("snippet", list(SnippetLanguage))
async def test_streams_and_uploads_say_what_they_are(connect, notebook, snippet: SnippetLanguage) -> None:  # type: ignore[no-untyped-def]
    common = {"endpoint": "", "path": "", "request_id": "r", "attempt": 1, "at": 0.0}
    upload = AttemptStarted(
        method="POST",
        url="http://h/v1/files",
        headers={"content-type": "multipart/form-data; boundary=x", "Authorization": "[redacted]"},
        **common,
    )
    code = copy_as(snippet, upload)
    assert "body was not recorded" in code
    stream = AttemptStarted(
        method="POST",
        url="http://h/v1/chat/completions",
        headers={"accept": "text/event-stream", "Authorization": "[redacted]", "Cookie": "a=b"},
        body=b'{"stream": true}',
        **common,
    )
    code = copy_as(snippet, stream)
    assert {"curl": "-N", "httpx": "httpx.stream", "openai": "stream=True", "typescript": "TextDecoder"}[
        snippet
    ] in code
    assert "Cookie" not in code
    assert "cookie" not in code
    text = AttemptStarted(method="PUT", url="http://h/x[1]", headers={}, body="plain ü".encode(), **common)
    assert "plain ü" in copy_as(snippet, text) or snippet is SnippetLanguage.OPENAI


async def test_a_realtime_session_is_copied_as_one(connect, notebook) -> None:  # type: ignore[no-untyped-def]
    async def play(connection: Any, server: RealtimeServer) -> None:
        await connection.send('{"type":"session.created"}')
        await connection.close()

    server = await RealtimeServer(play).start()
    try:
        async with connect(server.base_url).realtime(model="openai/gpt realtime") as session:
            _ = [event async for event in session]
        (record,) = started(notebook)
        codes = {snippet: copy_as(snippet, record) for snippet in SnippetLanguage}
        await run(SnippetLanguage.HTTPX, codes[SnippetLanguage.HTTPX])
    finally:
        await server.stop()
    assert server.targets == ["/v1/realtime?model=openai%2Fgpt%20realtime"] * 2
    assert {headers["authorization"] for headers in server.headers} == {f"Bearer {KEY}"}
    assert all("ZAGUAN_API_KEY" in code and KEY not in code for code in codes.values())
    assert "model='openai/gpt realtime'" in codes[SnippetLanguage.OPENAI]
    ast.parse(codes[SnippetLanguage.OPENAI])
    assert "'ws://127.0.0.1" in codes[SnippetLanguage.CURL]
    assert '"ws://127.0.0.1' in codes[SnippetLanguage.TYPESCRIPT]


def test_a_word_that_looks_like_a_mask_does_not_become_the_key() -> None:
    body = json.dumps({"a": "say [redacted] ", "b": KEY}).encode()
    request = AttemptStarted("", "POST", "/x", f"http://h/x?k={KEY}", "r", 1, 0.0, {}, body)
    code = copy_as(SnippetLanguage.CURL, request, secrets=[KEY])
    assert "say [redacted] " in code
    assert code.count('"$ZAGUAN_API_KEY"') == 2
    assert KEY not in code


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_literals_mean_what_they_say(value: Any) -> None:
    assert ast.literal_eval(python_value(value, "X")) == value
    assert json.loads(json_value(value)) == value
    loose = typescript_value(value, "X").replace(",\n", "\n")
    assert all(letter.isprintable() or letter == "\n" for letter in loose + python_value(value, "X"))
    if not isinstance(value, (dict, list)):
        assert json.loads(typescript_value(value, "X")) == value


@given(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=30))
def test_shell_texts_are_one_word(text: str) -> None:
    import shlex

    if KEY_MARK not in text:
        assert shlex.split(shell_text(text, "X")) == [text]


@given(
    st.dictionaries(st.text(max_size=5), st.just(f"a{KEY_MARK}b"), max_size=2),
    st.sampled_from(list(SnippetLanguage)),
)
def test_marks_become_variables(body: dict[str, str], snippet: SnippetLanguage) -> None:
    record = AttemptStarted(
        "", "POST", "/x", "http://h/x", "r", 1, 0.0, {}, json.dumps({**body, KEY: KEY}).encode()
    )
    code = copy_as(snippet, record, secrets=[KEY], variable="MINE")
    assert "MINE" in code
    assert KEY not in code
    if snippet in (SnippetLanguage.HTTPX, SnippetLanguage.OPENAI):
        ast.parse(code)


async def test_a_client_that_was_never_used_can_be_copied_from() -> None:
    client = ZaguanClient("http://h/zaguan", KEY)
    url = f"{client.base_url}/v1/models?limit=1"
    code = copy_as(
        SnippetLanguage.OPENAI, AttemptStarted("GET /v1/models", "GET", "/v1/models", url, "r", 1, 0.0)
    )
    assert "base_url='http://h/zaguan/v1'" in code
    assert "client.models.list(\n    extra_query=" in code


@pytest.mark.parametrize("base", ["/api/paas/v4", "/v1beta/openai", "/openai/v1", "/zaguan/v1", "/v1"])
async def test_a_base_with_a_version_of_its_own_is_copied_as_it_is(serve, connect, notebook, base) -> None:  # type: ignore[no-untyped-def]
    server = await serve(Step(body={"data": []}))
    await connect(f"{server.base_url}{base}").list_models()
    code = copy_as(SnippetLanguage.OPENAI, started(notebook)[0])
    assert f"base_url='{server.base_url}{base}'" in code
    assert "client.models.list()" in code
    assert server.seen[0].target == f"{base}/models"
