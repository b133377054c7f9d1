"""Random keys, clicks, wheels, pastes and resizes on a gateway that comes and goes: does the app live?

    pip install -e '.[bench]' && python benchmarks/monkey.py [INPUTS] [SEED ...]

The real app without a terminal, in this process; the sandbox is a child process that is killed and started
again with another scenario. Pastes go through the parser of terminal input. Prints for each seed: inputs,
faults with their place in the code, freezes (the loop stood still for over two seconds; time spent waiting
for a core that other programs use is left out, on Linux), how long an input took, and memory. The same seed
presses the same keys; what the gateway answers meanwhile depends on the machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from textual import events
from textual.geometry import Size
from textual.message_pump import MessagePump
from textual.widgets import Input

from zaguan_tui.actions.registry import ACTIONS
from zaguan_tui.app.app import ZaguanApp
from zaguan_tui.app.options import AppOptions
from zaguan_tui.app.workarounds.paste import PasteParser
from zaguan_tui.config.connection import Connection
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.secrets import Secret
from zaguan_tui.config.settings import Profile, Settings
from zaguan_tui.sandbox.config import scenario_names
from zaguan_tui.services import LiveSession

API_KEY, ADMIN_KEY = "sk-sandbox-monkey-key-1", "sk-sandbox-monkey-admin-1"
FREEZE_S = 2.0
GIVE_UP_S = 60.0
SIZES = ((120, 40), (80, 24), (100, 30), (160, 50), (60, 16), (40, 10), (20, 5), (200, 60))
LEAVING = ("app.quit", "app.interrupt", "app.suspend")
NAVIGATION = (
    *("enter", "escape", "tab", "up", "down", "left", "right", "pageup", "pagedown", "home", "end"),
    *("shift+tab", "space", "backspace", "delete", "ctrl+a", "ctrl+p", "f1"),
)
FORBIDDEN = {key for action in ACTIONS if action.id in LEAVING for key in action.keys.split(",")}
KEYS = sorted({key for action in ACTIONS for key in action.keys.split(",")} - FORBIDDEN)
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 .,:;!?-_äß語👍"
PASTES = (
    "one line",
    "three\rlines\rof text",
    "\x1b[31mred\x1b[0m build failed\rsee log\r",
    "csi \x1b[13u and an end \x1b[201~\rhere",
    '{"model": "openai/gpt-4o-mini", "messages": [{"role": "user", "content": "hi"}]}',
    "‮evil‬ ﻿ \x00\x07 ⚠️ 👨‍👩‍👧 ‎",
    "x" * 130_000,
    "word " * 26_000,
    "line of text\r" * 5_000,
    "((((((((((a+)+)+)+)+$" * 50,
)


@dataclass
class Report:
    """What came out for one seed."""

    inputs: int = 0
    quits: int = 0
    restarts: int = 0
    ended: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    freezes: list[tuple[float, str, str]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    recent: deque[str] = field(default_factory=lambda: deque(maxlen=12))
    watched: bool = False
    seen: set[int] = field(default_factory=set)
    collections: list[float] = field(default_factory=list)
    collection_began: float = 0.0

    def time_collection(self, phase: str, _info: dict[str, int]) -> None:
        """Note how long the garbage collector held the loop; called by :mod:`gc`."""
        now = time.thread_time()
        if phase == "start":
            self.collection_began = now
        else:
            self.collections.append(now - self.collection_began)

    def print_progress(self) -> None:
        """Say on the error output how far it is."""
        waits = sorted(self.waits[-700:]) or [0.0]
        memory = psutil.Process().memory_info().rss / 2**20
        print(
            f"  {self.inputs:,}: {len(self.faults)} kinds of fault, {len(self.freezes)} freezes, "
            f"p50 {waits[len(waits) // 2] * 1000:.0f} ms, p95 {waits[int(len(waits) * 0.95)] * 1000:.0f} ms, "
            f"longest collection {max(self.collections, default=0.0) * 1000:.0f} ms, {memory:.0f} MB, "
            f"{gc.get_freeze_count() + len(gc.get_objects()):,} objects",
            file=sys.stderr,
            flush=True,
        )

    def note(self, error: BaseException) -> None:
        """Count a fault under the place where it was raised."""
        if id(error) in self.seen:
            return
        self.seen.add(id(error))
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "zaguan_tui" in frame.filename]
        shown = [frame for frame in own if "workarounds" not in frame.filename] or frames
        places = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in shown[-2:]]
        key = f"{type(error).__name__}: {str(error)[:90]} @ {' > '.join(places)}"
        self.faults[key] += 1
        if key not in self.examples:
            last = "".join(traceback.format_exception(error)[-6:])
            self.examples[key] = f"after {' '.join(self.recent)}\n{last}"
            print(f"  {self.inputs:,}: {key}\n{self.examples[key]}", file=sys.stderr, flush=True)


class Gateway:
    """The sandbox as a child process on one port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._folder = folder
        self._child: asyncio.subprocess.Process | None = None

    @property
    def running(self) -> bool:
        """Whether the child has not been killed."""
        return self._child is not None

    async def start(self, scenario: str) -> None:
        """Start it; it listens a moment later."""
        self._child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "zaguan_tui.sandbox", "--port", str(self.port), "--scenario", scenario),
            *("--api-key", API_KEY, "--admin-key", ADMIN_KEY, "--time-scale", "20"),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=self._folder,
        )

    async def kill(self) -> None:
        """End it without a word."""
        child, self._child = self._child, None
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()


class WatchedSession(LiveSession):
    """A session that counts what it reports."""

    report: Report

    def report_fault(self, error: Exception) -> None:
        """Count it, and go on as always."""
        self.report.note(error)
        super().report_fault(error)


class WatchedApp(ZaguanApp):
    """An app that counts every exception that reaches it."""

    report: Report

    def _handle_exception(self, error: Exception) -> None:
        known = self._exception
        super()._handle_exception(error)
        if self._exception is not known or self.fault is not None:
            self.report.note(error)
        self._exception = None
        self._exception_event.clear()


class Watchdog(threading.Thread):
    """Notes where the loop stands when it has not turned for two seconds."""

    def __init__(self, report: Report) -> None:
        super().__init__(daemon=True)
        self._report, self._loop_thread = report, threading.get_ident()
        self._statistics = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self.beat_at, self._queued_at = time.monotonic(), self._queued_s()
        self.ended = threading.Event()

    def run(self) -> None:
        """Look ten times a second."""
        beat_at = 0.0
        while not self.ended.wait(0.1):
            late = time.monotonic() - self.beat_at - (self._queued_s() - self._queued_at)
            if late <= FREEZE_S or not self._report.watched:
                continue
            if beat_at != self.beat_at:  # another freeze than the last one
                beat_at = self.beat_at
                stack = traceback.extract_stack(sys._current_frames()[self._loop_thread])[-7:]
                place = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in stack)
                self._report.freezes.append((late, place, " ".join(self._report.recent)))
            else:
                self._report.freezes[-1] = (late, *self._report.freezes[-1][1:])

    def _queued_s(self) -> float:
        """Seconds that the loop's thread was ready to run and had no core."""
        try:
            return int(self._statistics.read_text().split()[1]) / 1e9
        except OSError:
            return 0.0

    async def beat(self) -> None:
        """Turn with the loop."""
        while not self.ended.is_set():
            self.beat_at, self._queued_at = time.monotonic(), self._queued_s()
            await asyncio.sleep(0.02)


class Monkey:
    """Presses, clicks, pastes and resizes at random."""

    def __init__(self, seed: int, folder: Path, report: Report) -> None:
        self.random = random.Random(seed)
        self.folder, self.report = folder, report
        self.gateway = Gateway(folder)
        self._parser = PasteParser()

    def build_app(self) -> WatchedApp:
        """A new app on the same files and the same gateway."""
        address = f"http://127.0.0.1:{self.gateway.port}"
        request = LaunchRequest(
            settings=Settings(),
            origins=Origins(),
            paths=Paths(self.folder / "config.toml", self.folder / "data"),
            connection=Connection(Profile(name="monkey", base_url=address)),
            api_key=Secret(API_KEY),
            admin_key=Secret(ADMIN_KEY),
        )
        session = WatchedSession(request)
        app = WatchedApp(session, AppOptions(animation="none", first_screen="playground"))
        session.report = app.report = self.report
        return app

    async def run(self, inputs: int) -> None:
        """Send so many inputs, with a new app whenever one has ended."""
        await self.gateway.start("calm")
        try:
            while self.report.inputs < inputs:
                app = self.build_app()
                try:
                    async with app.run_test(size=(120, 40), notifications=True, tooltips=True):
                        self.report.watched = True
                        await self._use(app, inputs)
                        await asyncio.wait_for(self._settle(app), GIVE_UP_S)  # no input comes while it closes
                        self.report.watched = False
                except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 - whatever ends the app is what is looked for
                    self.report.note(error)
                if app.fault is not None:
                    self.report.ended += 1
                    self.report.note(app.fault)
                elif self.report.inputs < inputs:
                    self.report.quits += 1
        finally:
            await self.gateway.kill()

    async def _use(self, app: WatchedApp, inputs: int) -> None:
        while self.report.inputs < inputs and not app._exit and app.fault is None and app._running:
            self.report.inputs += 1
            if self.report.inputs % 1000 == 0:
                self.report.print_progress()
            began = time.perf_counter()
            name = await self._send_one(app)
            self.report.recent.append(name)
            if self.random.random() < 0.7:
                await asyncio.wait_for(self._settle(app), GIVE_UP_S)
                wait = time.perf_counter() - began
                self.report.waits.append(wait)
                self.report.slowest = sorted([*self.report.slowest, (wait, name)], reverse=True)[:5]
            if self.random.random() < 0.02:
                await asyncio.sleep(self.random.random() * 0.3)

    async def _settle(self, app: WatchedApp) -> None:
        """Wait until the app, then the screen and the focused widget have handled what came."""
        if not app.is_running or app._exit or app.fault is not None:
            return
        await self._turn(app, app)
        for pump in (app.screen, app.focused):
            if pump is not None:
                await self._turn(app, pump)

    async def _turn(self, app: WatchedApp, pump: MessagePump) -> None:
        """Wait until ``pump`` has handled what was posted to it; one that went away never answers."""
        done = asyncio.Event()
        if not pump.call_later(done.set):
            return
        while not done.is_set() and pump.is_running and pump in (app, app.screen, app.focused):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), 0.02)

    async def _send_one(self, app: WatchedApp) -> str:
        draw = self.random.random()
        if draw < 0.44:
            return self._press(app, self.random.choice(KEYS))
        if draw < 0.72:
            return self._press(app, self.random.choice(NAVIGATION))
        if draw < 0.86:
            return self._press(app, self.random.choice(LETTERS))
        if draw < 0.94:
            return self._click(app)
        if draw < 0.97:
            return self._paste(app)
        if draw < 0.996:
            return self._resize(app)
        return await self._change_gateway()

    def _press(self, app: WatchedApp, key: str) -> str:
        name = events.Key(key, None).name if len(key) == 1 else key
        character = key if len(key) == 1 else {"space": " ", "enter": "\r", "tab": "\t"}.get(key)
        if key == "slash" or key == "/":
            character = "/"
        if character == "/" and isinstance(app.focused, Input):
            return "skipped"  # no file outside the folder
        self._post(app, events.Key(key, character))
        return name

    def _click(self, app: WatchedApp) -> str:
        x, y = self.random.randrange(app.size.width or 1), self.random.randrange(app.size.height or 1)
        if self.random.random() < 0.3:
            wheel = self.random.choice((events.MouseScrollUp, events.MouseScrollDown))
            self._post(app, wheel(None, x, y, 0, 0, 0, False, False, False, x, y))
            return f"{wheel.__name__}@{x},{y}"
        for kind in (events.MouseMove, events.MouseDown, events.MouseUp):
            self._post(app, kind(None, x, y, 0, 0, 1, False, False, False, x, y))
        return f"click@{x},{y}"

    def _paste(self, app: WatchedApp) -> str:
        number = self.random.randrange(len(PASTES))
        messages = [*self._parser.feed(f"\x1b[200~{PASTES[number]}\x1b[201~"), *self._parser._finish_paste()]
        if [type(message) for message in messages] != [events.Paste]:
            self.report.note(AssertionError(f"paste {number} became {messages}"))
        for message in messages:
            self._post(app, message)
        return f"paste{number}"

    def _resize(self, app: WatchedApp) -> str:
        size = Size(*self.random.choice(SIZES))
        app._driver._size = tuple(size)  # type: ignore[union-attr]  # the driver without a terminal
        app.post_message(events.Resize(size, size))
        return f"{size.width}x{size.height}"

    async def _change_gateway(self) -> str:
        self.report.restarts += 1
        if self.gateway.running:
            await self.gateway.kill()
            return "kill"
        scenario = self.random.choice(scenario_names())
        await self.gateway.start(scenario)
        return scenario

    @staticmethod
    def _post(app: WatchedApp, message: events.Event) -> None:
        message.set_sender(app)
        if app._driver is not None:
            app._driver.process_message(message)


async def measure(seed: int, inputs: int) -> Report:
    """One seed in an empty folder."""
    report = Report()
    with tempfile.TemporaryDirectory(prefix="monkey-") as name:
        os.environ["HOME"] = name
        os.chdir(name)
        watchdog = Watchdog(report)
        watchdog.start()
        gc.callbacks.append(report.time_collection)
        beating = asyncio.create_task(watchdog.beat())
        try:
            await Monkey(seed, Path(name), report).run(inputs)
        finally:
            watchdog.ended.set()
            gc.callbacks.remove(report.time_collection)
            await beating
            os.chdir("/")
    return report


def main(inputs: int, seeds: list[int]) -> int:
    """Print a line for each seed and the faults below; the exit code is 1 when there was one."""
    for name in [name for name in os.environ if name.startswith(("ZAGUAN_", "TEXTUAL_"))]:
        del os.environ[name]
    os.environ |= {"EDITOR": "true", "VISUAL": "true"}
    failed = False
    for seed in seeds:
        began = time.perf_counter()
        report = asyncio.run(measure(seed, inputs))
        waits = [wait * 1000 for wait in report.waits] or [0.0, 0.0]
        p50, p95 = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
        print(
            f"seed {seed}: {report.inputs:,} inputs in {time.perf_counter() - began:.0f} s   "
            f"faults {sum(report.faults.values())}, ended the app {report.ended}   "
            f"freezes {len(report.freezes)}   input handled p50 {p50:.0f} ms, p95 {p95:.0f} ms, "
            f"worst {max(waits):.0f} ms   "
            f"longest collection {max(report.collections, default=0.0) * 1000:.0f} ms   "
            f"gateway changes {report.restarts}, quits {report.quits}   "
            f"{psutil.Process().memory_info().rss / 2**20:.0f} MB",
            flush=True,
        )
        print("  slowest: " + ", ".join(f"{name} {wait:.2f} s" for wait, name in report.slowest))
        for key, times in report.faults.most_common():
            print(f"  {times} × {key}\n    " + report.examples[key].replace("\n", "\n    "))
        for late, place, keys in report.freezes:
            print(f"  {late:.1f} s in {place}\n    after {keys}")
        failed = failed or bool(report.faults or report.freezes)
    return int(failed)


if __name__ == "__main__":
    arguments = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(arguments[0] if arguments else 20_000, arguments[1:] or [1, 2, 3, 4, 5]))
