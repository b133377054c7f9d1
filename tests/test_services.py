"""The composition root: what it asks before it connects, what it ends, what it says when it fails."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest
from state.fake_gateway import FakeGateway

from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.loader import load
from zaguan_tui.config.paths import Paths
from zaguan_tui.connection.probe import probe_gateway
from zaguan_tui.sandbox.embedded import EmbeddedSandbox
from zaguan_tui.screens.common.connection_info import UNENCRYPTED, NewConnection
from zaguan_tui.services import LiveSession
from zaguan_tui.state.core.clock import Clock, FakeClock
from zaguan_tui.state.core.link import LinkPhase

pytestmark = pytest.mark.live

KEY = "sk-live-0123456789abcdef"


def make_session(folder: Path, config: str = "", clock: Clock | None = None) -> LiveSession:
    paths = Paths(config_file=folder / "config.toml", data_dir=folder, config_named=False)
    paths.config_file.write_text(config)
    loaded = load(paths, {}, {})
    request = LaunchRequest(settings=loaded.settings, origins=loaded.origins, paths=paths)
    return LiveSession(request, clock=clock)


@pytest.fixture
def session(tmp_path: Path) -> LiveSession:
    return make_session(tmp_path)


def children() -> list[psutil.Process]:
    return [
        child for child in psutil.Process().children() if "zaguan_tui.sandbox" in " ".join(child.cmdline())
    ]


def reports_in(folder: Path) -> list[str]:
    return [file.read_text() for file in folder.rglob("crash-*.txt")]


async def test_a_key_never_travels_in_clear_without_being_asked(session: LiveSession) -> None:
    problem = await session.connect(NewConnection("http://192.0.2.1:9", KEY))
    assert problem is not None
    assert problem.kind == UNENCRYPTED
    assert "192.0.2.1:9" in problem.sentence
    assert not session.app_state.connected


async def test_a_wrong_door_is_told_and_left(session: LiveSession) -> None:
    problem = await session.connect(NewConnection("http://127.0.0.1:1", KEY))
    assert problem is not None
    assert problem.sentence.startswith("Nothing listens on 127.0.0.1:1")
    assert problem.next_step
    assert not session.app_state.connected


async def test_the_sandbox_is_one_child_and_ends_with_the_session(session: LiveSession) -> None:
    before = len(children())
    assert await session.try_sandbox() is None
    assert await session.try_sandbox() is None
    assert len(children()) == before + 1
    assert session.app_state.link.status.phase is LinkPhase.CONNECTING
    await session.close()
    assert len(children()) == before


async def test_a_cancelled_wait_for_the_sandbox_leaves_no_child() -> None:
    others = children()
    sandbox = EmbeddedSandbox()
    sandbox.spawn()
    child = next(child for child in children() if child not in others)
    os.kill(child.pid, signal.SIGSTOP)
    waiting = asyncio.create_task(sandbox.ready())
    await asyncio.sleep(0.1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    sandbox.stop()
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


async def test_the_child_inherits_nobodys_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("MY_GATEWAY_TOKEN", KEY)
    sandbox = EmbeddedSandbox()
    sandbox.spawn()
    try:
        await sandbox.ready()  # until then the process may still be a copy of this one
        environments = [child.environ() for child in children()]
        assert environments
        assert all(KEY not in environment.values() for environment in environments)
    finally:
        sandbox.stop()


async def test_a_fault_of_ours_is_an_alert_with_a_report_without_secrets(
    session: LiveSession, tmp_path: Path
) -> None:
    await session.connect(NewConnection("http://127.0.0.1:1", KEY))
    session.report_fault(ValueError(f"broken with {KEY}"))
    alert = session.app_state.alerts.entries[0]
    assert "ValueError" in alert.sentence
    (report,) = reports_in(tmp_path)
    assert KEY not in report
    assert "ValueError" in report


async def test_what_nobody_awaits_is_heard(session: LiveSession) -> None:
    await session.open()
    asyncio.get_running_loop().call_exception_handler({"message": "x", "exception": KeyError("poller")})
    assert "KeyError" in session.app_state.alerts.entries[0].sentence
    await session.close()


async def test_the_poll_timeout_of_the_settings_holds_for_every_reading(tmp_path: Path) -> None:
    clock = FakeClock()
    session = make_session(tmp_path, "[poll]\ntimeout = 2", clock)
    await session.open()
    state, gateway = session.app_state, FakeGateway(clock)
    gateway.delay = 3
    state.connect(gateway)
    state.models.set_visible(1)
    await clock.advance(20)
    assert state.models.store.snapshot.problem is None
    for store in (state.providers.status, state.providers.breakers, state.credits.store):
        assert store.snapshot.problem is not None
        assert store.snapshot.problem.kind == "timeout"
    await state.disconnect()
    await session.close()


@pytest.mark.parametrize(
    "address", ["https://xn--a.example", "http://[::1", "http://127.0.0.1:0", "https://a b"]
)
async def test_an_address_that_is_none_is_a_problem_in_the_form(address: str) -> None:
    client, problem = await probe_gateway(NewConnection(address, "key"), ())
    assert client is None
    assert problem is not None
    assert "address" in problem.sentence or "base_url" in problem.sentence
