"""A gateway that repeats the key in every answer: it stands on no screen, in no copy and in no file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from plain_server import Asked, Reply, serving

from journeys.traveller import Traveller, traveller
from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.settings import Settings
from zaguan_tui.screens.common.connection_info import NewConnection
from zaguan_tui.services import LiveSession

KEY = "zk-echo-0f1e2d3c4b5a6978"
PIECES = ("Your key is zk-ec", "ho-0f1e2d3c", "4b5a6978, keep it.")


def echo(asked: Asked) -> Reply:
    key = asked.headers["authorization"].removeprefix("Bearer ")
    if asked.path == "/v1/chat/completions":
        chunks = [{"choices": [{"delta": {"content": piece}}]} for piece in PIECES]
        chunks.append({"model": key, "choices": [{"delta": {"reasoning": key}, "finish_reason": key}]})
        body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
        return Reply(200, body.encode(), "text/event-stream", {"x-echo": key})
    provider = {"name": "acme", "status": "down", "last_error": f"key {key} is wrong", "note": key}
    answers = {
        "/v1/models": {"data": [{"id": f"acme/{key}"}, {"id": "acme/one"}]},
        "/v1/providers/status": {"providers": [provider]},
    }
    return Reply(200 if asked.path in answers else 404, answers.get(asked.path, {"error": key}))


def files_with_the_key(folder: Path) -> list[Path]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files, "the conversation is kept"
    return [file for file in files if KEY.encode() in file.read_bytes()]


async def copied(person: Traveller) -> str:
    """What ``y`` copies."""
    await person.presses("y")
    return person.app.clipboard


async def test_a_key_that_every_answer_repeats_is_seen_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = LiveSession(
        LaunchRequest(
            settings=Settings(),
            origins=Origins(),
            paths=Paths(tmp_path / "config.toml", tmp_path / "data"),
        )
    )
    app = ZaguanApp(session, AppOptions(animation="none", first_screen="playground"))
    seen = dict[str, str]()
    async with serving(echo) as base_url, traveller(app, (150, 50)) as person:
        await person.sees("Try the sandbox")
        assert await session.connect(NewConnection(base_url, KEY)) is None
        await person.presses("escape", "ctrl+o")
        await person.sees("acme/[redacted]")
        seen["picker"] = person.screen
        await person.presses("escape")
        await person.playground.choose("acme/one")
        await person.playground.ask("hello")
        await person.sees("Your key is [redacted], keep it.")
        seen["answer"] = person.screen
        await person.presses("escape", "escape")
        person.app.screen.set_focus(person.playground.answer)
        seen["copied answer"] = await copied(person)
        app.copy_to_clipboard(f"selected {KEY}")
        seen["selected"] = app.clipboard
        await person.presses("w")
        await person.sees("Replay")
        for section in range(6):
            seen[f"wire {section}"] = person.screen
            seen[f"copied wire {section}"] = await copied(person)
            await person.presses("right")
        await person.presses("escape", "5")
        await person.sees("acme")
        await person.sees("is wrong")
        await person.presses("enter")
        seen["providers"] = person.screen
        seen["copied provider"] = await copied(person)
        assert "[redacted]" in seen["copied provider"]
        await session.close()
    leaks = {place: text for place, text in seen.items() if KEY in text or KEY[:12] in text}
    assert not leaks
    assert not files_with_the_key(tmp_path)
