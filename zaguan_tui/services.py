"""Composition root: opens storage, connects and disconnects clients, starts and ends the sandbox.

The app is painted before anything here touches the network: the client and its libraries are imported in a
thread once the first frame is out.
"""

from __future__ import annotations

import asyncio
import importlib
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from zaguan_tui.app.app import ZaguanApp
from zaguan_tui.app.heap import use_one_heap
from zaguan_tui.app.options import app_options
from zaguan_tui.client.dispatch.credentials import Redactor
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.connection.probe import find_obstacle, probe_gateway
from zaguan_tui.features.feature import load
from zaguan_tui.features.registry import FEATURES
from zaguan_tui.screens.common.connection_info import ConnectionInfo, NewConnection, initial_connection_info
from zaguan_tui.state.alerts.alert import Alert, Severity
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.core.clock import Clock, SystemClock
from zaguan_tui.state.core.governor import PollGovernor, RequestCounter
from zaguan_tui.state.core.problems import explain_error
from zaguan_tui.state.core.store import Problem, Store

if TYPE_CHECKING:
    from zaguan_tui.client.client import ZaguanClient
    from zaguan_tui.config.launch import SandboxProcess
    from zaguan_tui.storage.database import Database

CONVERSATIONS_FILE = "zaguan.sqlite"


class LiveSession:
    """Connects, disconnects, and owns what must be closed at the end."""

    def __init__(self, request: LaunchRequest, *, clock: Clock | None = None) -> None:
        self._request = request
        self._redactor = request.redactor or Redactor()
        self._redactor.learn(request.api_key, request.admin_key)
        clock = clock or SystemClock()
        self.app_state = AppState.build(
            clock=clock,
            governor=PollGovernor(clock, counts_polls=False),
            seed=request.seed,
            settings=request.settings,
            redact=self._redactor.text,
        )
        self.frame: Store[ConnectionInfo] = Store("connection")
        self.ready: Store[bool] = Store("conversations")
        self._database: Database | None = None
        self.app_state.wire.clean = self._redactor.text
        self._observers = (RequestCounter(self.app_state.governor), self.app_state.wire)
        self._client: ZaguanClient | None = None
        self._sandbox: SandboxProcess | None = request.sandbox
        self._own_sandbox: SandboxProcess | None = None
        self._set_frame(initial_connection_info(request))

    async def open(self) -> None:
        """Open the store, then connect as asked."""
        asyncio.get_running_loop().set_exception_handler(self._handle_loop_error)
        await self._open_storage()
        self.app_state.start()
        request = self._request
        if request.sandbox is not None:
            self._show_problem(await self._enter_sandbox(request.sandbox, request.demo or "calm"))
        elif request.connection is not None:
            self._show_problem(
                find_obstacle(request.connection, request.api_key) or await self._use_profile()
            )

    async def open_unencrypted(self) -> None:
        """Connect with consent to send the key unencrypted."""
        self._show_problem(await self._use_profile())

    async def connect(self, connection: NewConnection) -> Problem | None:
        """Ask the gateway for its models with this key; only a gateway that answers is kept."""
        self._redactor.learn(connection.api_key)
        client, problem = await probe_gateway(connection, self._observers)
        if client is None:
            return problem
        host = urlsplit(client.base_url).netloc
        if connection.remember and (
            problem := await self._remember(host, client.base_url, connection.api_key)
        ):
            await client.aclose()
            return problem
        await self._use_client(
            client, replace(self._now, profile=host, environment="", host=host, scenario=None)
        )
        return None

    async def _remember(self, name: str, base_url: str, api_key: str) -> Problem | None:
        from zaguan_tui.config.errors import ConfigError
        from zaguan_tui.config.save_profile import save_profile

        try:
            await asyncio.to_thread(save_profile, self._request.paths, name, base_url, api_key)
        except (ConfigError, OSError) as error:
            return Problem(
                f"The connection works but cannot be remembered: {error}.", "Untick the box to go on."
            )
        return None

    async def try_sandbox(self, scenario: str = "calm") -> Problem | None:
        """Start the embedded gateway and connect to it."""
        from zaguan_tui.sandbox.embedded import EmbeddedSandbox

        await self._stop_own_sandbox()
        self._own_sandbox = sandbox = EmbeddedSandbox(scenario=scenario, seed=self._request.seed)
        entered = False
        try:
            problem = await self._enter_sandbox(sandbox, scenario)
            entered = problem is None
        finally:
            if not entered:
                await self._stop_own_sandbox()
        return problem

    async def close(self) -> None:
        """Stop polling, let running answers be saved, close everything."""
        await self.app_state.aclose()
        if self._client is not None:
            await self._client.aclose()
        if self._database is not None:
            await self._database.close()
        await self._stop_own_sandbox()
        if self._sandbox is not None:
            await asyncio.to_thread(self._sandbox.stop)

    def report_fault(self, error: Exception) -> None:
        """Write a report of a fault of this program, without secrets, and raise an alert that names it."""
        from zaguan_tui.app.crash_report import write_crash_report
        from zaguan_tui.config.paths import format_path

        try:
            where = format_path(write_crash_report(error, self._request.paths, self._redactor))
        except OSError as refused:
            where = f"not written: {refused.strerror}"
        sentence = f"{type(error).__name__}. The rest goes on. Report: {where}"
        alert = Alert(
            0, self.app_state.clock.now(), Severity.WARNING, "A part of the program failed", sentence
        )
        self.app_state.alerts.add([alert])

    def _handle_loop_error(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Faults that no one awaits: pollers and watchers."""
        error = context.get("exception")
        if isinstance(error, Exception):
            self.report_fault(error)

    async def _stop_own_sandbox(self) -> None:
        sandbox, self._own_sandbox = self._own_sandbox, None
        if sandbox is not None:
            await asyncio.to_thread(sandbox.stop)

    def _show_problem(self, problem: Problem | None) -> None:
        if problem is not None:
            self._set_frame(replace(self._now, configured=False, problem=problem))

    @property
    def _now(self) -> ConnectionInfo:
        return self.frame.snapshot.value or ConnectionInfo()

    def _set_frame(self, frame: ConnectionInfo) -> None:
        self.frame.succeed(frame, self.app_state.clock.now())

    async def _use_profile(self) -> Problem | None:
        request = self._request
        assert request.connection is not None
        connect = await asyncio.to_thread(importlib.import_module, "zaguan_tui.connection.build")
        try:
            client = connect.open_client(
                request.connection, request.api_key, request.admin_key, observers=self._observers
            )
        except ValueError as error:
            return explain_error(error)
        await self._use_client(client, replace(self._now, configured=True, problem=None))
        return None

    async def _enter_sandbox(self, sandbox: SandboxProcess, scenario: str) -> Problem | None:
        from zaguan_tui.sandbox.embedded import SandboxStartError

        loading = asyncio.to_thread(importlib.import_module, "zaguan_tui.client.client")
        try:
            sandbox.spawn()
            address, module = await asyncio.gather(sandbox.ready(), loading)
        except SandboxStartError as error:
            return Problem(f"The sandbox did not start: {error}", "Try again, or connect to a gateway.")
        self._redactor.learn(address.api_key, address.admin_key)
        client = module.ZaguanClient(
            address.base_url, address.api_key, admin_key=address.admin_key, observers=self._observers
        )
        host = urlsplit(address.base_url).netloc
        frame = replace(self._now, profile="sandbox", environment="demo", host=host, scenario=scenario)
        await self._use_client(client, frame)
        return None

    async def _use_client(self, client: ZaguanClient, frame: ConnectionInfo) -> None:
        """Leave the old gateway, use the new one."""
        if self.app_state.connected:
            await self.app_state.disconnect()
        if self._client is not None:
            await self._client.aclose()
        self._client = client
        self.app_state.connect(client)
        self._set_frame(replace(frame, configured=True, problem=None))

    async def _open_storage(self) -> None:
        """Open the history file; when it cannot be used, keep everything in memory and tell why."""
        from zaguan_tui.client.transport.chunk_redaction import TextMask
        from zaguan_tui.state.chat.answer_masks import AnswerMasks
        from zaguan_tui.storage.database import Database
        from zaguan_tui.storage.errors import StorageError

        path, redact = Path(self._request.paths.data_dir) / CONVERSATIONS_FILE, self._redactor.text
        tables = {feature.name: feature.tables for feature in FEATURES if feature.tables}
        try:
            self._database = await Database.open(path, redact, tables)
        except StorageError as error:
            self._set_frame(replace(self._now, notices=(f"{error} Conversations are kept in memory only.",)))
            self._database = await Database.open(None, redact, tables)
        else:
            self._set_frame(replace(self._now, notices=self._database.notices))
        masks = AnswerMasks(partial(TextMask, self._redactor), redact)
        states = [load(feature.state) for feature in FEATURES if feature.state]
        self.app_state.open_storage(self._database, masks, states)
        self.ready.succeed(True, self.app_state.clock.now())


def open_app(request: LaunchRequest) -> int:
    """Run the app as asked; returns the exit code. Raises what went wrong inside, once the terminal is
    restored."""
    use_one_heap()
    app = ZaguanApp(LiveSession(request), app_options(request))
    code = app.run(mouse=request.mouse)
    if app.fault is not None:
        raise app.fault
    return code or 0
