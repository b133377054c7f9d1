"""Run the sandbox as a child process of another program. Standard library only.

The child never shares the caller's event loop or interpreter lock, and it ends by itself when its standard
input closes: even ``kill -9`` of the parent leaves no orphan.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

_NEEDED = frozenset(
    (
        "PATH",
        "HOME",
        "LANG",
        "TMPDIR",
        "TEMP",
        "TMP",
        "TZ",
        "SYSTEMROOT",
        "PYTHONPATH",
        "PYTHONHOME",
        "VIRTUAL_ENV",
    )
)

STOP_SECONDS = 2.0
"""How long `EmbeddedSandbox.stop` waits before it kills the child."""


class SandboxStartError(RuntimeError):
    """The child process did not start; the message is its standard error."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the sandbox listens and the keys it accepts."""

    base_url: str
    api_key: str = field(repr=False)
    admin_key: str = field(repr=False)
    pid: int = 0
    scenario: str = "calm"


class EmbeddedSandbox:
    """One sandbox in one child process: ``spawn()``, ``await ready()``, ``stop()``; also a context manager.

    ``start_at`` is an ISO text for a fixed world start, ``db`` a file for the ledger. Any free port is taken.
    """

    def __init__(
        self,
        *,
        scenario: str = "calm",
        seed: int = 7,
        time_scale: float = 1.0,
        start_at: str | None = None,
        db: Path | None = None,
    ) -> None:
        self.scenario = scenario
        self.seed = seed
        self.time_scale = time_scale
        self.start_at = start_at
        self.db = db
        self.address: Address | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the child process runs."""
        return self._child is not None and self._child.poll() is None

    def spawn(self) -> None:
        """Start the child and return at once. Raises `SandboxStartError` when no process can be made."""
        if self.running:
            return
        command = [sys.executable, "-m", "zaguan_tui.sandbox", "--announce", "--port", "0"]
        command += [
            "--scenario",
            self.scenario,
            "--seed",
            str(self.seed),
            "--time-scale",
            str(self.time_scale),
        ]
        command += [] if self.start_at is None else ["--start-at", self.start_at]
        command += [] if self.db is None else ["--db", str(self.db)]
        self.address = None
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_environment(),
                start_new_session=True,  # a Ctrl+C in the terminal is for the parent alone
            )
        except OSError as error:
            raise SandboxStartError(f"The sandbox process could not be started: {error}.") from error

    async def ready(self, timeout: float = 15.0) -> Address:
        """Wait until the child listens, at most ``timeout`` seconds. Raises `SandboxStartError`."""
        if self.address is not None:
            return self.address
        child = self._child
        if child is None or child.stdout is None:
            raise SandboxStartError("The sandbox was not spawned.")
        try:
            line = await asyncio.wait_for(asyncio.to_thread(child.stdout.readline), timeout)
        except BaseException as error:
            child.kill()  # also ends the thread that is still reading, for which the program would wait
            if isinstance(error, TimeoutError):
                raise SandboxStartError(f"The sandbox said nothing for {timeout:g} seconds.") from error
            raise
        if not line:
            errors = await asyncio.to_thread(_read_stderr, child)
            raise SandboxStartError(errors or "The sandbox ended before it listened.")
        try:
            self.address = Address(**json.loads(line))
        except (ValueError, TypeError) as error:
            child.kill()
            raise SandboxStartError("The sandbox printed an address line that cannot be read.") from error
        return self.address

    def stop(self) -> None:
        """Stop the child process and wait until it has ended; does nothing when there is none."""
        child, self._child = self._child, None
        if child is None:
            return
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()

    async def __aenter__(self) -> EmbeddedSandbox:
        """Spawn and wait until it listens."""
        self.spawn()
        try:
            await self.ready()
        except BaseException:
            self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the child."""
        await asyncio.to_thread(self.stop)


def _environment() -> dict[str, str]:
    """The child's environment: what an interpreter needs and the path of this package, without any keys."""
    environment = {
        name: value for name, value in os.environ.items() if name in _NEEDED or name.startswith("LC_")
    }
    package_parent = str(Path(__file__).resolve().parents[2])
    others = environment.get("PYTHONPATH")
    environment["PYTHONPATH"] = package_parent if not others else os.pathsep.join((package_parent, others))
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


def _read_stderr(child: subprocess.Popen[bytes]) -> str:
    if child.stderr is None:
        return ""
    return child.stderr.read().decode(errors="replace").strip()[-500:]
