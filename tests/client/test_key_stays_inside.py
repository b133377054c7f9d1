"""A key planted in an address, a header, a body or an error never leaves: not by repr, log, exception, event,
recording or copied code, in no spelling.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from client_doubles import FastTime, Notebook
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted import ScriptedServer, Seen, Step

from zaguan_tui.client import AttemptStarted, RequestOptions, ZaguanClient, ZaguanError
from zaguan_tui.client.copy_as.snippets import SnippetLanguage, copy_as
from zaguan_tui.client.tape.session import record

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda key: key,
    "in a url": lambda key: quote(key, safe=""),
    "in a url in a url": lambda key: quote(quote(key, safe=""), safe=""),
    "in JSON": lambda key: json.dumps(key)[1:-1],
    "in JSON in JSON": lambda key: json.dumps(json.dumps(key)[1:-1])[1:-1],
    "as code points": lambda key: "".join(
        c if c.isalnum() or c in "-._~" else f"\\u{ord(c):04x}" for c in key
    ),
    "in base64": lambda key: base64.b64encode(key.encode()).decode(),
    "in basic auth": lambda key: base64.b64encode(f"u:{key}".encode()).decode(),
}
KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=30).map(
    lambda tail: f"zk-Q7{tail}"
)
ASK: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


class Echo:
    """Answers with the key in every place an answer has."""

    def __init__(self, key: str, spelled: str) -> None:
        self.key, self.spelled = key, spelled

    def __call__(self, seen: Seen) -> Step:
        words = f"you sent {self.spelled} to us"
        headers = {"x-request-id": "r-1", "x-echo": self.spelled, "set-cookie": self.key}
        envelope = {"error": {"message": words, "code": words, "hint": {words: [words]}, "param": words}}
        path = seen.target.partition("?")[0]
        return {
            "/v1/models": Step(401, envelope, headers),
            "/v1/credits/balance": Step(200, {"tier": words, "credits_remaining": [words]}, headers),
            "/v1/credits/stats": Step(200, {"total": {words: words}}, headers),
            "/v1/capabilities": Step(200, words, headers),
            "/v1/providers/status": Step(502, f"<title>{words}</title>", headers, content_type="text/html"),
            "/v1/chat/completions": Step(
                body=f"data: {json.dumps(envelope)}\n\n", headers=headers, content_type="text/event-stream"
            ),
            "/v1/messages": Step(
                307, b"", {**headers, "location": f"http://127.0.0.2:9/{quote(self.spelled)}"}
            ),
            "/v1/realtime": Step(403, {"detail": words}, headers),
            "/v1/admin/reload": Step(
                422, {"error": {"message": words, "details": {"errors": [words]}}}, headers
            ),
        }.get(path, Step(500, words, headers, content_type="text/plain"))


async def chat(client: ZaguanClient) -> Any:
    async with client.chat_stream(**ASK) as stream:
        _ = [event async for event in stream]
    result = stream.result()
    assert result.error is not None
    raise result.error


async def talk(client: ZaguanClient, key: str) -> Any:
    async with client.realtime(model=key):
        pass


async def page_history(client: ZaguanClient, key: str) -> Any:
    client.iter_credits_history(start_date=key)


def acts(key: str) -> list[Callable[[ZaguanClient], Awaitable[Any]]]:
    """Calls that fail, each with the key somewhere."""
    return [
        lambda c: c.list_models(),
        lambda c: c.get_credits_balance(),
        lambda c: c.get_credits_stats(model=key),
        lambda c: c.get_capabilities(),
        lambda c: c.get_provider_status(options=RequestOptions(max_retries=0)),
        chat,
        lambda c: c.messages(**ASK, max_tokens=1, system=f"the key is {key}"),
        lambda c: talk(c, key),
        lambda c: c.reload_config(reason=key),
        lambda c: c.get_virtual_model(f"a/{key}" if "//" not in key else key.replace("/", "")),
        lambda c: c.raw.request("POST", "/v1/x", params={"key": key, key: "1"}, json={key: [key]}),
        lambda c: c.raw.request("PUT", "/v1/y", content=key.encode(), options=RequestOptions(request_id="r")),
        lambda c: c.raw.request("GET", "/v1/z", options=RequestOptions(headers={"x-note": f"<{key}>"})),
        lambda c: c.raw.request("GET", f"/v1/ é{key}"),
        lambda c: c.get_virtual_model(f"../{key}"),
        lambda c: page_history(c, key),
        lambda c: c.chat(model="m", messages=[{"role": key, "content": "x"}]),
    ]


def told(error: BaseException) -> str:
    """Everything an exception says."""
    parts = [str(error), repr(error), repr(vars(error)), "".join(traceback.format_exception(error))]
    meta = getattr(error, "meta", None)
    parts += [repr(getattr(error, "raw", b"")), repr(meta), repr(dict(meta.headers) if meta else {})]
    return "\n".join(parts)


class Ear(logging.Handler):
    """Hears what is logged, on every level."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.name}: {record.getMessage()}")


async def session(key: str, admin_key: str, spelled: str, folder: Path) -> dict[str, str]:
    """One try of everything; what left, by the way it left."""
    server = ScriptedServer([Echo(key, spelled)])
    await server.start()
    notebook, errors = Notebook(), []
    client = ZaguanClient(
        server.base_url, key, admin_key=admin_key, observers=[notebook], clock=FastTime().clock()
    )
    recording = record(client, folder / "tape.jsonl")
    for act in acts(key):
        try:
            await act(recording)
        except ZaguanError as error:
            errors.append(told(error))
        else:
            raise AssertionError("was to fail")
    shown = repr(client) + repr(recording.options) + repr(client._dispatcher)
    await recording.aclose()
    await server.stop()
    started = [event for event in notebook.events if isinstance(event, AttemptStarted)]
    events = [
        repr(event) + repr(getattr(event, "headers", "")) + repr(getattr(event, "body", ""))
        for event in notebook.events
    ]
    return {
        "repr": shown,
        "exceptions": "\n".join(errors),
        "events": "\n".join(events),
        "recording": (folder / "tape.jsonl").read_text(),
        "code": "\n".join(copy_as(snippet, event) for event in started for snippet in SnippetLanguage),
    }


def leaks(left: dict[str, str], key: str) -> list[str]:
    """How the key got out, and in which spelling; repr doubles backslashes, so those are looked for too."""
    found = []
    for way, text in left.items():
        for name, spell in SPELLINGS.items():
            form = spell(key)
            if name.startswith("in ba"):
                form = form.rstrip("=")[3:-1]  # the part that no neighbour changes
            if form in text or form in text.replace("\\\\", "\\"):
                found.append(f"{way}: {name}: …{text[max(0, text.find(form) - 60) : text.find(form) + 80]!r}")
    return found


@settings(max_examples=25, deadline=None)
@given(KEYS, KEYS, st.sampled_from(sorted(SPELLINGS)))
def test_the_key_never_leaves(key: str, admin_key: str, spelling: str) -> None:
    ear = Ear()
    root = logging.getLogger()
    before = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        with tempfile.TemporaryDirectory() as folder:
            left = asyncio.run(session(key, admin_key, SPELLINGS[spelling](key), Path(folder)))
    finally:
        root.removeHandler(ear)
        root.setLevel(before)
    left["logs"] = "\n".join(ear.heard)
    assert not leaks(left, key)
    assert not leaks(left, admin_key)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_test_would_notice(spelling: str) -> None:
    key = "zk-Q7/+secret=words"
    assert leaks({"log": f"x {SPELLINGS[spelling](key)} y"}, key)
