"""The composition root on servers that lack calls, refuse them, or answer nothing."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from journeys.traveller import traveller
from plain_server import Asked, Reply, serving

from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.config.connection import Connection
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.secrets import Secret
from zaguan_tui.config.settings import Profile, Settings
from zaguan_tui.screens.common.connection_info import NewConnection
from zaguan_tui.services import LiveSession
from zaguan_tui.state.core.link import LinkPhase

KEY = "sk-live-0123456789abcdef"
NOT_FOUND = Reply(404, {"error": {"message": "Unknown request URL", "type": "invalid_request_error"}})
NO_CONTENT = Reply(204, b"", content_type="")
RESET = Reply(0)
MODELS = "/v1/models", "/v1/capabilities"


def chat_only(asked: Asked) -> Reply:
    """A server that has chat completions and nothing else."""
    if asked.path != "/v1/chat/completions":
        return NOT_FOUND
    words = b'data: {"choices":[{"delta":{"content":"Hello from %s."},"finish_reason":"stop"}]}\n\n'
    body = words % asked.json["model"].encode() + b"data: [DONE]\n\n"
    return Reply(body=body, content_type="text/event-stream")


@asynccontextmanager
async def session_on(base_url: str, folder: Path) -> AsyncIterator[LiveSession]:
    """A session that connects to ``base_url`` by a profile, with the models watched as by a room."""
    session = LiveSession(
        LaunchRequest(
            settings=Settings(),
            origins=Origins(),
            paths=Paths(folder / "config.toml", folder / "data"),
            connection=Connection(Profile(name="test", base_url=base_url)),
            api_key=Secret(KEY),
        )
    )
    session.app_state.models.set_visible(1)
    await session.open()
    yield session
    await session.close()


def reports_in(folder: Path) -> list[Path]:
    return list(folder.rglob("crash-*.txt"))


async def polled(session: LiveSession) -> None:
    """Every source was asked, twice."""
    for _ in range(2):
        await session.app_state.refresh()
    gc.collect()
    await asyncio.sleep(0)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(NOT_FOUND, id="404"),
        pytest.param(Reply(500, b""), id="500"),
        pytest.param(Reply(401, {"error": {"message": "Invalid key", "type": "auth"}}), id="401"),
        pytest.param(RESET, id="reset"),
        pytest.param(NO_CONTENT, id="204"),
    ],
)
async def test_models_and_capabilities_that_fail_together_give_sentences_and_no_report(
    step: Reply, tmp_path: Path
) -> None:
    balance = Reply(body={"credits_remaining": 5, "credits_total": 10})
    async with (
        serving(lambda asked: step if asked.path in MODELS else balance) as base_url,
        session_on(base_url, tmp_path) as session,
    ):
        await polled(session)
        problem = session.app_state.models.store.snapshot.problem
        assert problem is not None
        assert problem.sentence.endswith(".")
        assert not reports_in(tmp_path)
        assert not session.app_state.alerts.active


@pytest.mark.parametrize(
    ("step", "phase"),
    [
        pytest.param(NO_CONTENT, LinkPhase.NOT_A_GATEWAY, id="204"),
        pytest.param(Reply(200, b""), LinkPhase.NOT_A_GATEWAY, id="empty 200"),
        pytest.param(Reply(200, b"not json"), LinkPhase.NOT_A_GATEWAY, id="no JSON"),
        pytest.param(NOT_FOUND, LinkPhase.REACHABLE, id="404"),
        pytest.param(RESET, LinkPhase.RECONNECTING, id="reset"),
        pytest.param(
            Reply(401, {"error": {"message": "no", "type": "auth"}}), LinkPhase.UNAUTHORISED, id="401"
        ),
    ],
)
async def test_a_server_without_one_answer_that_says_something_is_never_live(
    step: Reply, phase: LinkPhase, tmp_path: Path
) -> None:
    async with serving(lambda _asked: step) as base_url:
        seen = set[LinkPhase]()
        async with session_on(base_url, tmp_path) as session:
            session.app_state.link.watch(lambda status: seen.add(status.phase))
            await polled(session)
            assert session.app_state.link.status.phase is phase
        assert LinkPhase.LIVE not in seen


async def test_no_call_gets_out_and_the_line_is_not_live(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_self: Any) -> Any:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("zaguan_tui.client.transport.lazy_transport.LazyTransport.get", fail)
    async with serving(lambda _asked: NOT_FOUND) as base_url, session_on(base_url, tmp_path) as session:
        await polled(session)
        assert session.app_state.link.status.phase is LinkPhase.BLOCKED
        assert not reports_in(tmp_path)


async def test_a_web_site_is_no_gateway_though_it_lacks_every_call(tmp_path: Path) -> None:
    page = Reply(404, b"<html><title>404</title></html>", content_type="text/html")
    async with serving(lambda _asked: page) as base_url:
        paths = Paths(tmp_path / "config.toml", tmp_path / "data")
        session = LiveSession(LaunchRequest(settings=Settings(), origins=Origins(), paths=paths))
        assert await session.connect(NewConnection(base_url, KEY)) is not None


async def test_chat_is_usable_where_no_models_are_listed(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "config.toml", tmp_path / "data")
    launch = LaunchRequest(settings=Settings(), origins=Origins(), paths=paths)
    async with serving(chat_only) as base_url:
        session = LiveSession(launch)
        app = ZaguanApp(session, AppOptions(animation="none", first_screen="playground"))
        async with traveller(app) as person:
            await person.sees("Try the sandbox")
            assert await session.connect(NewConnection(base_url, KEY)) is None
            await person.presses("escape")
            await person.sees("◌ reachable")
            await person.sees("ctrl+o takes the id of a model that you type.")
            await person.presses("ctrl+o")
            await person.sees("does not offer")
            await person.types("acme/own-model")
            await person.sees("as typed")
            await person.presses("enter")
            await person.playground.ask("hello")
            await person.sees("Hello from acme/own-model.")
            await person.sees("● live")
        again = ZaguanApp(LiveSession(launch), AppOptions(animation="none", first_screen="playground"))
        async with traveller(again) as person:
            await person.sees("Try the sandbox")
            session = again.session
            assert await session.connect(NewConnection(base_url, KEY)) is None
            await person.presses("escape")
            await person.sees("acme/own-model")
