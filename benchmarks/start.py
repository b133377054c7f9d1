"""Time from the start of the process to the first useful paint, beside the smallest reasonable Textual app.

    python benchmarks/start.py [RUNS]

Each program runs in a real pty; the moment is when its text stands in what the terminal received. The two
alternate, and the ratio of the medians is the figure to keep. Linux and macOS.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

BARE = Path(__file__).with_name("bare_app.py")
PROGRAMS = {
    "bare Textual app": ([sys.executable, str(BARE)], rb"model-010"),
    "zaguan-tui --demo": ([sys.executable, "-m", "zaguan_tui", "--demo"], rb"sk something"),
}
GIVE_UP_AFTER_S = 30.0


def seconds_to(command: list[str], text: re.Pattern[bytes]) -> float:
    """Start ``command`` in a pty and return the seconds until ``text`` was written to it."""
    with tempfile.TemporaryDirectory() as home:
        began = time.perf_counter()
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(home)
            os.execve(
                command[0],
                command,
                os.environ | {"HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            )
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        try:
            return _wait_for(terminal, text, began)
        finally:
            os.kill(pid, signal.SIGTERM)
            _drain(terminal)
            os.waitpid(pid, 0)
            os.close(terminal)


def _wait_for(terminal: int, text: re.Pattern[bytes], began: float) -> float:
    seen = b""
    while time.perf_counter() - began < GIVE_UP_AFTER_S:
        if select.select([terminal], [], [], 0.05)[0]:
            seen += os.read(terminal, 65536)
            if text.search(seen):
                return time.perf_counter() - began
    raise TimeoutError(f"{text.pattern!r} was never painted")


def _drain(terminal: int) -> None:
    """Take what the program still writes, or it would wait for us for ever."""
    try:
        while select.select([terminal], [], [], 2)[0] and os.read(terminal, 65536):
            pass
    except OSError:
        pass  # the other side is gone: that is what we wait for


def main(runs: int) -> None:
    """Print the medians and their ratio."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for run in range(runs + 1):
        for name, (command, text) in PROGRAMS.items():
            taken = seconds_to(command, re.compile(text))
            if run:  # the first of each warms the page cache
                times[name].append(taken)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    floor = medians["bare Textual app"]
    for name, median in medians.items():
        taken = times[name]
        print(f"{name:<20} {median:6.3f} s  x {median / floor:.2f}  ({min(taken):.3f} to {max(taken):.3f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
