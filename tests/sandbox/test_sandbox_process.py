"""The sandbox as a process: start, flags, refusals to start, and every way it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
import pytest
from served_gateway import WORLD

from zaguan_tui.sandbox.config import EARLIEST_START, LATEST_START, ConfigError, SandboxConfig
from zaguan_tui.sandbox.embedded import Address, EmbeddedSandbox, SandboxStartError
from zaguan_tui.sandbox.engine.clock import WorldClock
from zaguan_tui.sandbox.engine.ledger.ledger import Ledger, LedgerError
from zaguan_tui.sandbox.gateway import Gateway

pytestmark = pytest.mark.live

COMMAND = [sys.executable, "-m", "zaguan_tui.sandbox"]


def try_it(*flags: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *flags], capture_output=True, text=True, timeout=15, check=False)


class MovedTime:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def gone(pid: int, within: float = 2.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


async def ask(address: Address, path: str = "/v1/models") -> httpx.Response:
    headers = {"Authorization": f"Bearer {address.api_key}"}
    async with httpx.AsyncClient(base_url=address.base_url, headers=headers, verify=False) as http:
        return await http.get(path)


async def test_an_embedded_sandbox_comes_and_goes() -> None:
    sandbox = EmbeddedSandbox(scenario="outage", seed=3, start_at="2026-11-20T09:00:00Z")
    async with sandbox:
        address = sandbox.address
        assert address is not None
        assert address.api_key.startswith("sk-sandbox-")
        assert address.api_key not in repr(address)
        scenario = (await ask(address, "/sandbox/scenario")).json()
        assert (scenario["name"], scenario["seed"]) == ("outage", 3)
        assert scenario["started_at"] == "2026-11-20T09:00:00.000Z"
        assert await sandbox.ready() is address
    assert not sandbox.running
    assert gone(address.pid)
    sandbox.stop()


async def test_it_ends_quickly_with_a_stream_open() -> None:
    sandbox = EmbeddedSandbox()
    sandbox.spawn()
    address = await sandbox.ready()
    body = {"model": "sandbox/slow", "messages": [{"role": "user", "content": "x"}], "stream": True}
    headers = {"Authorization": f"Bearer {address.api_key}"}
    async with httpx.AsyncClient(base_url=address.base_url, headers=headers, verify=False) as http:
        pending = asyncio.create_task(http.post("/v1/chat/completions", json=body))
        await asyncio.sleep(0.3)
        began = time.perf_counter()
        await asyncio.to_thread(sandbox.stop)
        assert time.perf_counter() - began < 1.5
        with pytest.raises(httpx.HTTPError):
            await pending


def test_a_killed_parent_leaves_no_orphan() -> None:
    code = (
        "import asyncio, time\n"
        "from zaguan_tui.sandbox.embedded import EmbeddedSandbox\n"
        "sandbox = EmbeddedSandbox()\n"
        "sandbox.spawn()\n"
        "print(asyncio.run(sandbox.ready()).pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert gone(child)


async def test_a_start_that_fails_says_why(tmp_path: Path) -> None:
    sandbox = EmbeddedSandbox(db=tmp_path / "no" / "place.db")
    sandbox.spawn()
    with pytest.raises(SandboxStartError, match="cannot be used"):
        await sandbox.ready()
    sandbox.stop()
    with pytest.raises(SandboxStartError, match="not spawned"):
        await EmbeddedSandbox().ready()


def test_embedding_imports_nothing_but_the_standard_library() -> None:
    code = (
        "import sys, zaguan_tui.sandbox.embedded, zaguan_tui.sandbox.config\n"
        "heavy = {'starlette', 'uvicorn', 'anyio', 'httpx', 'pydantic', 'textual', 'sqlite3'}\n"
        "print(heavy & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_taken_port_and_a_bad_host_are_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        busy = try_it("--port", port)
    assert busy.returncode == 2
    assert busy.stderr.startswith(f"sandbox: cannot listen on 127.0.0.1:{port}: ")
    assert busy.stderr.count("\n") == 1
    nowhere = try_it("--host", "256.1.1.1")
    assert nowhere.returncode == 2
    assert nowhere.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("flags", "word"),
    [
        (["--scenario", "apocalypse"], "brownout, calm"),
        (["--port", "70000"], "65535"),
        (["--time-scale", "0"], "0.01"),
        (["--time-scale", "nan"], "0.01"),
        (["--start-at", "yesterday"], "ISO"),
        (["--start-at", "0001-01-01"], "between 1971-01-01 and 9000-01-01"),
        (["--start-at", "9999-12-31T23:59:59-12:00"], "between 1971-01-01 and 9000-01-01"),
        (["--api-key", " "], "empty key"),
        (["--api-key", "sk-schlüssel"], "the API key may hold ASCII"),
    ],
)
def test_bad_flags_are_one_sentence(flags: list[str], word: str) -> None:
    done = try_it("--port", "0", *flags)
    assert done.returncode == 2
    assert done.stderr.startswith("sandbox: ")
    assert done.stderr.count("\n") == 1
    assert word in done.stderr


@pytest.mark.parametrize(
    "text",
    [
        *("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00-12:00", "1970-12-31T23:59:59Z"),
        *("1971-01-01T00:30:00+01:00", "9000-01-01T00:00:01Z", "9999-12-31T23:59:59.999999+14:00"),
    ],
)
def test_a_start_at_an_end_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="does not lie between"):
        SandboxConfig(start_at=datetime.fromisoformat(text))


@pytest.mark.parametrize("start", [EARLIEST_START, LATEST_START])
def test_a_world_can_begin_at_either_end(start: datetime) -> None:
    source = MovedTime()
    config = SandboxConfig(start_at=start)
    gateway = Gateway(config, clock=WorldClock(start_at=start, source=source), data=WORLD)
    source.now += 60.0
    assert gateway.catch_up() == 60.0
    gateway.close()


@pytest.mark.parametrize(
    "key", ["schlüssel", "sk-one two", " sk-one", "sk-one\n", "sk-\x7f", "ключ", "sk-\udcff"]
)
@pytest.mark.parametrize("flag", ["api_key", "admin_key"])
def test_a_key_that_no_header_carries_is_refused_and_not_repeated(flag: str, key: str) -> None:
    with pytest.raises(ConfigError, match="may hold ASCII letters") as caught:
        SandboxConfig(**{flag: key})  # type: ignore[arg-type]  # the flag's name is a parameter of the test
    assert key not in str(caught.value)


def test_a_second_sandbox_on_one_database_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    ledger = Ledger(file, seed=7, clock=WorldClock())
    done = try_it("--port", "0", "--db", str(file))
    assert done.returncode == 2
    assert done.stderr == (
        f"sandbox: The ledger {file} is in use by another sandbox; end that one or choose another file.\n"
    )
    with pytest.raises(LedgerError, match="in use by another sandbox"):
        Ledger(file, seed=7, clock=WorldClock())
    ledger.close()
    Ledger(file, seed=7, clock=WorldClock()).close()


def test_a_world_that_has_come_further_than_the_clock_says_where_it_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    Ledger(file, seed=7, clock=WorldClock(start_at=datetime(2999, 12, 31, 23, 59, tzinfo=UTC))).close()
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--db", str(file), "--start-at", "2028-02-29"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    _, errors = process.communicate(timeout=3)
    assert errors.startswith("sandbox: world time goes on at 2999-12-31T23:59:")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(("file_mode", "place_mode"), [(0o444, 0o755), (0o666, 0o555)])
def test_a_database_that_cannot_be_written_is_refused_at_start(file_mode: int, place_mode: int) -> None:
    with TemporaryDirectory() as name:  # one that others may enter, unlike `tmp_path`
        place = Path(name)
        Ledger(place / "ledger.db", seed=7, clock=WorldClock()).close()
        (place / "ledger.db").chmod(file_mode)
        place.chmod(place_mode)
        with (
            without_privileges(),
            pytest.raises(LedgerError, match="cannot be used: it is read-only"),
        ):
            Ledger(place / "ledger.db", seed=7, clock=WorldClock())
        place.chmod(0o755)


@contextmanager
def without_privileges() -> Iterator[None]:
    """Be nobody for a moment if the tests run as root, whom no mode stops."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_alone_it_prints_where_it_is_and_ends_on_ctrl_c() -> None:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--api-key", "sk-sandbox-mine"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "http://127.0.0.1:" in line
    assert "this machine only" in line
    assert "curl" in line
    assert "sk-sandbox-mine" in line
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    assert process.wait(3) == 0
    process.stdout.close()


def test_open_to_others_it_says_so() -> None:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--host", "0.0.0.0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "open to other machines" in process.stdout.readline()
    process.terminate()
    _, warning = process.communicate(timeout=3)
    assert warning.startswith("sandbox: listening on 0.0.0.0: other machines can reach it")


def test_announced_it_prints_one_json_line_and_ends_with_its_input() -> None:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", "--announce"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    line = json.loads(process.stdout.readline())
    assert set(line) == {"base_url", "api_key", "admin_key", "pid", "scenario"}
    assert line["pid"] == process.pid
    process.stdin.close()
    assert process.wait(3) == 0
    assert process.stdout.read() == ""
    process.stdout.close()


def test_keys_are_random_secret_and_apart() -> None:
    one, two = SandboxConfig(), SandboxConfig()
    assert len({one.api_key, one.admin_key, two.api_key, two.admin_key}) == 4
    assert one.api_key not in repr(one)
    assert one.admin_key not in repr(one)
    with pytest.raises(ConfigError):
        SandboxConfig(api_key="same", admin_key="same")
    assert SandboxConfig().on_loopback
    assert not SandboxConfig(host="0.0.0.0").on_loopback


async def test_a_kill_loses_and_doubles_no_debit(tmp_path: Path) -> None:
    file = tmp_path / "ledger.db"
    sandbox = EmbeddedSandbox(db=file, time_scale=500)
    sandbox.spawn()
    address = await sandbox.ready()
    body = {"model": "sandbox/echo", "messages": [{"role": "user", "content": "one two three"}]}
    confirmed: list[str] = []
    headers = {"Authorization": f"Bearer {address.api_key}"}

    async def send_requests(http: httpx.AsyncClient, worker: int) -> None:
        for number in range(10_000):
            name = f"lane-{worker}-{number}"
            await http.post("/v1/chat/completions", json=body, headers={"x-request-id": name})
            confirmed.append(name)

    async with httpx.AsyncClient(base_url=address.base_url, headers=headers, verify=False) as http:
        lanes = [asyncio.create_task(send_requests(http, worker)) for worker in range(8)]
        for _ in range(500):
            await asyncio.sleep(0.02)
            if len(confirmed) > 60:
                break
        os.kill(address.pid, signal.SIGKILL)
        await asyncio.wait(lanes)
    assert all(isinstance(worker.exception(), httpx.HTTPError) for worker in lanes)
    sandbox.stop()
    with sqlite3.connect(file) as connection:
        rows = connection.execute("SELECT request_id FROM entries WHERE tenant = 'you'").fetchall()
    connection.close()
    written = [name for (name,) in rows]
    assert len(confirmed) > 20
    assert set(confirmed) <= set(written)
    assert len(written) == len(set(written)) <= len(confirmed) + len(lanes)


def test_sigterm_ends_it() -> None:
    process = subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(3) in (0, -signal.SIGTERM)
    process.stdout.close()
