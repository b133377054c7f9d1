"""What hostile answers cost: peak memory and the wait of a key, with the real app in a real pty.

    pip install -e '.[bench]' && python benchmarks/hostile_bodies.py [SECONDS] [NAME …]

Every body of ``hostile_server.py`` is answered to a fresh app: to its polls, once a second, or to its chats,
of which one is sent. Letters are typed meanwhile for so many seconds. Limits: 150 MB, 100 ms. The first line
is an app without anything hostile: a machine that is busy shows there. Linux.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hostile_server import POLLED, STREAMED
from terminal import Terminal

MOST_MB, MOST_MS = 150.0, 100.0
LETTERS = [chr(code) for code in range(0x410, 0x44F)]
BACKSPACE, ENTER = "\x7f", "\r"
BETWEEN_KEYS_S = 0.12
QUIET = "nothing hostile"
CONFIG = """\
[poll]
providers = 1
providers_hidden = 1
credits = 5
credits_hidden = 5
[profiles.hostile]
base_url = "{address}"
api_key_env = "HOSTILE_KEY"
"""


@contextmanager
def server(name: str, streamed: bool) -> Iterator[str]:
    """The server of one body; its address."""
    place = Path(__file__).with_name("hostile_server.py")
    which = "streamed" if streamed else "polled"
    process = subprocess.Popen([sys.executable, str(place), which, name], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def peak_mb(pid: int) -> float:
    """The most memory the process ever held, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM"))


def type_letters(terminal: Terminal, seconds: float) -> list[float]:
    """Type for so long; the wait of each key in ms."""
    waits, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        letter = LETTERS[len(waits) % len(LETTERS)]
        pressed = terminal.press(letter)
        waits.append((terminal.wait_for(letter) - pressed) * 1000)
        terminal.press(BACKSPACE)
        terminal.pass_time(BETWEEN_KEYS_S)
    return waits


def measure(name: str, seconds: float, *, streamed: bool) -> bool:
    """Print one line; whether the limits were kept."""
    with server(name, streamed) as address, tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.toml")
        config.write_text(CONFIG.format(address=address))
        os.environ |= {"ZAGUAN_CONFIG": str(config), "HOSTILE_KEY": "hostile-key-0001"}
        with Terminal([sys.executable, "-m", "zaguan_tui", "--profile", "hostile"]) as terminal:
            terminal.wait_for("sk something")
            terminal.wait_for("live|hostile/one")
            terminal.pass_time(2.0)
            if streamed:
                terminal.press("Go on" + ENTER)
                terminal.wait_for("Go on")
            waits = type_letters(terminal, seconds)
            peak, worst = peak_mb(terminal.pid), max(waits)
            fine = peak <= MOST_MB and worst <= MOST_MS
            mark = "     " if fine else "OVER "
            where = "chat" if streamed else "poll"
            print(
                f"{mark}{where}: {name:32} peak {peak:6.1f} MB   at the end {terminal.rss_mb:6.1f} MB   "
                f"key to paint worst {worst:5.0f} ms, median {sorted(waits)[len(waits) // 2]:3.0f} ms",
                flush=True,
            )
            return fine


def main(arguments: list[str]) -> int:
    """Measure every body, or those named; 1 if one went over a limit."""
    seconds = float(arguments[0]) if arguments else 8.0
    wanted = arguments[1:]
    cases = [(QUIET, False), *((name, False) for name in POLLED), *((name, True) for name in STREAMED)]
    fine = [
        measure(name, seconds, streamed=streamed)
        for name, streamed in cases
        if not wanted or any(word in name for word in wanted)
    ]
    print(f"{fine.count(True)} of {len(fine)} within {MOST_MB:g} MB and {MOST_MS:g} ms")
    return 0 if all(fine) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
