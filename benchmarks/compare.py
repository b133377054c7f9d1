"""Four answers at a hundred tokens a second side by side: is anything ever behind, and how long do keys wait?

    pip install -e '.[bench]' && python benchmarks/compare.py [LANES] [TOKENS] [RUNS]

The real app in a real pty, on a server of plain frames that sends each lane one token every ten milliseconds.
The backlog is what the view has heard and not shown yet, read twenty times a second inside the program; the
lateness is how long after the last token the last "finished" was painted. While the answers stream a letter
is typed every 0.15 s; a key has been painted when its letter was written to the terminal. Linux and macOS.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from stream_server import HEAD, chat_frames
from terminal import Terminal

PACE = 100
SAMPLE_EVERY_S = 0.05
BETWEEN_KEYS_S = 0.15
LETTERS = [chr(code) for code in range(0x410, 0x44F)]
"""Letters that no answer holds: each is looked for in what the program writes."""

ENTER, ESCAPE, BACKSPACE, PICK, COMPARE = "\r", "\x1b", "\x7f", "\x0f", "\x1bc"


async def serve(lanes: int, count: int) -> None:
    """A gateway with so many models; every answer is ``count`` tokens, one each 10 ms by the clock."""
    frames = [b"%x\r\n%s\r\n" % (len(frame), frame) for frame in chat_frames(count)]
    models = [{"id": f"bench/lane-{n}", "object": "model", "owned_by": "bench"} for n in range(lanes)]
    listing = json.dumps({"object": "list", "data": models}).encode()

    async def stream(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD)
        began = time.perf_counter()
        for number, frame in enumerate(frames):
            if (early := began + number / PACE - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            writer.write(frame)
            await writer.drain()
        writer.write(b"0\r\n\r\n")
        print(f"sent {time.time()}", flush=True)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
                await reader.readexactly(int(fields.get(b"content-length", 0)))
                path = head.split(b" ", 2)[1]
                if path.endswith(b"/chat/completions"):
                    await stream(writer)
                    continue
                status, body = (
                    (b"200 OK", listing) if path.endswith(b"/models") else (b"404 Not Found", b"{}")
                )
                kind = b"HTTP/1.1 %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
                writer.write(kind % (status, len(body)) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


def run_app(address: str, samples: Path) -> None:
    """The app, with somebody inside who writes down how much waits."""
    from zaguan_tui.cli.main import main
    from zaguan_tui.screens.compare.listener import ComparisonListener

    run = ComparisonListener.run

    async def watched(listener: ComparisonListener) -> None:
        async def sample() -> None:
            with samples.open("w") as file:
                while True:
                    await asyncio.sleep(SAMPLE_EVERY_S)
                    file.write(f"{listener.waiting}\n")
                    file.flush()

        sampling = asyncio.create_task(sample())
        try:
            await run(listener)
        finally:
            sampling.cancel()

    ComparisonListener.run = watched  # type: ignore[method-assign,assignment]  # the one place to look from
    sys.exit(main(["--base-url", address]))


def compare(terminal: Terminal, server: Any, lanes: int, tokens: int) -> tuple[float, list[float]]:
    """One prompt down all lanes while somebody types; lateness in s, and the wait of each key in ms."""
    terminal.press("Go on")
    terminal.pass_time(0.5)
    terminal.press(ENTER)
    terminal.wait_for("streaming")
    began = time.perf_counter()
    terminal.press("i")
    terminal.pass_time(0.5)
    waits, place = [], 0
    while time.perf_counter() - began < tokens / PACE * 0.95:
        letter = LETTERS[place % len(LETTERS)]
        place += 1
        pressed = terminal.press(letter)
        waits.append((terminal.wait_for(letter) - pressed) * 1000)
        terminal.press(BACKSPACE)
        terminal.pass_time(BETWEEN_KEYS_S)
    for _ in range(lanes):
        terminal.wait_for("finished")
    painted = time.time()
    sent = max(float(server.stdout.readline().split()[1]) for _ in range(lanes))
    return painted - sent, waits


def main(lanes: int, tokens: int, runs: int) -> None:
    """Print a line for each run, and the figures of all."""
    os.environ["ZAGUAN_API_KEY"] = "bench"
    command = [sys.executable, str(Path(__file__)), "serve", str(lanes), str(tokens)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    address = f"http://127.0.0.1:{int(server.stdout.readline())}"
    with tempfile.TemporaryDirectory() as folder:
        samples = Path(folder) / "waiting"
        app = [sys.executable, str(Path(__file__).resolve()), "app", address, str(samples)]
        with Terminal(app, size=(160, 48)) as terminal:
            terminal.wait_for("lane-0")
            terminal.press(COMPARE)
            terminal.wait_for("one more to compare")
            terminal.press(PICK)
            terminal.wait_for("Models to compare")
            for n in range(1, lanes):
                terminal.press(f"lane-{n}")
                terminal.pass_time(0.5)
                terminal.press(ENTER)
                terminal.pass_time(0.5)
            terminal.press("\x13")
            terminal.wait_for("models of 6")
            terminal.pass_time(1.0)
            all_waits: list[float] = []
            for number in range(runs):
                already, cpu = len(samples.read_text().split()), terminal.cpu_s
                late, waits = compare(terminal, server, lanes, tokens)
                waiting = sorted(map(int, samples.read_text().split()[already:]))
                cpu = terminal.cpu_s - cpu
                all_waits += waits
                p50, p95 = statistics.median(waits), statistics.quantiles(waits, n=20)[-1]
                print(
                    f"run {number + 1}: {lanes} lanes of {tokens:,} tokens at {PACE}/s   waiting p50 "
                    f"{statistics.median(waiting):.0f}, p95 {waiting[int(len(waiting) * 0.95)]}, most "
                    f"{waiting[-1]} of {lanes * tokens:,}   late {late * 1000:.0f} ms   key to paint p50 "
                    f"{p50:.0f} ms, p95 {p95:.0f} ms (n={len(waits)})   "
                    f"{cpu / (tokens / PACE) * 100:.0f} % of a core   {terminal.rss_mb:.1f} MB"
                )
                terminal.pass_time(1.0)
            p95 = statistics.quantiles(all_waits, n=20)[-1]
            print(f"all: key to paint p50 {statistics.median(all_waits):.0f} ms, p95 {p95:.0f} ms")
    server.terminate()
    server.wait()


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        asyncio.run(serve(int(sys.argv[2]), int(sys.argv[3])))
    elif sys.argv[1:2] == ["app"]:
        run_app(sys.argv[2], Path(sys.argv[3]))
    else:
        arguments = [int(argument) for argument in sys.argv[1:]]
        main(*(arguments + [4, 2_000, 3][len(arguments) :]))
