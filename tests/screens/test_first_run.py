"""The first minute: every wrong way in gets a sentence and a next step, and nothing typed is lost."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from screens.stage import Stage, shown, staged, wait_until
from zaguan_tui.app.app import AppOptions, ZaguanApp
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.settings import Settings
from zaguan_tui.sandbox.embedded import EmbeddedSandbox
from zaguan_tui.screens.common.connection_info import ConnectionInfo
from zaguan_tui.screens.common.first_run import FirstRunScreen
from zaguan_tui.services import LiveSession
from zaguan_tui.state.core.store import Problem


@asynccontextmanager
async def newcomer(tmp_path: Path) -> AsyncIterator[tuple[ZaguanApp, Pilot[Any]]]:
    """The real app with nothing configured."""
    paths = Paths(tmp_path / "config.toml", tmp_path / "data")
    launch = LaunchRequest(settings=Settings(), origins=Origins(), paths=paths)
    app = ZaguanApp(LiveSession(launch), AppOptions(animation="none"))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, FirstRunScreen))
        yield app, pilot


@asynccontextmanager
async def html_server() -> AsyncIterator[str]:
    """A web server that is no gateway."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = b"<html><body><h1>It works [/]!</h1></body></html>"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def connect(app: ZaguanApp, pilot: Pilot[Any], url: str, key: str) -> str:
    """Type address and key, press connect, and read what the sheet says."""
    screen = app.screen
    outcome = screen.query_one("#outcome", Static)
    screen.query_one("#base-url", Input).value = url
    screen.query_one("#api-key", Input).value = key
    outcome.update("")
    screen.query_one("#api-key", Input).focus()
    await pilot.press("enter")

    def told() -> str:
        return "" if app.screen is not screen else str(outcome.render())

    await wait_until(
        pilot, lambda: app.screen is not screen or ("✖" in told() and "Asking" not in told()), 15
    )
    return " ".join(told().split())


async def test_every_wrong_way_in_is_told_and_the_right_one_works(
    tmp_path: Path, sandbox: EmbeddedSandbox
) -> None:
    assert sandbox.address is not None
    good, key = sandbox.address.base_url, sandbox.address.api_key
    async with newcomer(tmp_path) as (app, pilot), html_server() as html:
        assert "an address is missing" in await connect(app, pilot, "", key)
        assert app.screen.focused is app.screen.query_one("#base-url")
        assert "a key is missing" in await connect(app, pilot, good, "")
        assert app.screen.focused is app.screen.query_one("#api-key")
        wrong = await connect(app, pilot, good, "wrong-key")
        assert "key" in wrong
        closed = await connect(app, pilot, f"http://127.0.0.1:{closed_port()}", key)
        assert "127.0.0.1" in closed
        page = await connect(app, pilot, html, key)
        assert "HTML" in page or "web page" in page.casefold()
        tls = await connect(app, pilot, good.replace("http:", "https:"), key)
        assert "TLS" in tls or "https" in tls
        nonsense = await connect(app, pilot, "not an address", key)
        told = [wrong, closed, page, tls, nonsense]
        assert len(set(told)) == len(told), "each has a sentence of its own"
        assert all("Traceback" not in one and key not in one for one in told)
        assert app.screen.query_one("#api-key", Input).value == key, "nothing typed is lost"
        assert await connect(app, pilot, good, key) == ""
        await wait_until(pilot, lambda: "● live" in shown(app.screen), 15)
        assert key not in shown(app.screen)


async def test_the_sandbox_is_one_key_away(tmp_path: Path) -> None:
    async with newcomer(tmp_path) as (app, pilot):
        await pilot.press("enter")
        await wait_until(pilot, lambda: not isinstance(app.screen, FirstRunScreen), 20)
        await wait_until(pilot, lambda: "sandbox · demo" in shown(app.screen), 10)


async def test_looking_round_first_is_allowed() -> None:
    async with staged("playground", connected=False) as play:
        await play.until(lambda: isinstance(play.screen, FirstRunScreen))
        await play.press("escape", "5")
        assert not isinstance(play.screen, FirstRunScreen)


async def test_a_missing_key_is_told_at_once() -> None:
    problem = Problem("There is no API key for this gateway.", "Set ZAGUAN_API_KEY.", kind="no_key")
    async with staged("playground", connected=False, frame=ConnectionInfo("work", problem=problem)) as play:
        await play.until(lambda: "There is no API key for this gateway." in play.text())
        assert "Set ZAGUAN_API_KEY." in play.text()


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
async def test_the_sheet_fits(size: tuple[int, int]) -> None:
    async with staged("playground", connected=False, size=size) as play:
        await play.until(lambda: isinstance(play.screen, FirstRunScreen))
        assert "Try the sandbox" in play.text()
        await _through(play)


async def _through(play: Stage) -> None:
    for _ in range(5):
        await play.press("tab")
        assert play.screen.focused is not None


@pytest.mark.parametrize("size", [(80, 24), (60, 16)])
async def test_what_went_wrong_is_in_sight_on_a_small_terminal(size: tuple[int, int]) -> None:
    async with staged("playground", connected=False, size=size) as play:
        await play.until(lambda: isinstance(play.screen, FirstRunScreen))
        refusal = "The gateway refused the API key (401). It says: " + "no such key here, " * 6
        play.session.refuse = Problem(refusal, "Check this profile's key, and its very last word.")
        play.screen.query_one("#base-url", Input).value = "http://127.0.0.1:1"
        play.screen.query_one("#api-key", Input).value = "k"
        play.screen.query_one("#api-key", Input).focus()
        await play.press("enter")
        await play.until(lambda: "last word." in play.text())


async def test_pressed_three_times_it_starts_once_and_can_be_tried_again() -> None:
    async with staged("playground", connected=False) as play:
        await play.until(lambda: isinstance(play.screen, FirstRunScreen))
        started: list[str] = []
        go_on = asyncio.Event()

        async def try_sandbox(scenario: str = "calm") -> Problem | None:
            started.append(scenario)
            await go_on.wait()
            return Problem("It did not start.", "Try again.")

        play.session.try_sandbox = try_sandbox  # type: ignore[method-assign]
        await play.press("enter", "enter", "f2")
        assert len(started) == 1
        go_on.set()
        await play.until(lambda: "It did not start." in play.text())
        await play.press("enter")
        await play.until(lambda: len(started) == 2)


async def test_f1_explains_the_welcome_and_leads_back() -> None:
    async with staged("playground", connected=False) as play:
        await play.until(lambda: isinstance(play.screen, FirstRunScreen))
        await play.press("tab", "f1")
        assert "The sandbox needs nothing" in play.text()
        await play.press("escape")
        assert isinstance(play.screen, FirstRunScreen)
