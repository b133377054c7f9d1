"""A program in a real pty, watched from outside: what it writes, when, and how much memory it holds."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import tempfile
import termios
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import psutil

GIVE_UP_AFTER_S = 60.0


class Terminal:
    """Runs ``command`` in a pty of its own with an empty home; a context manager that ends it."""

    def __init__(self, command: Sequence[str], *, size: tuple[int, int] = (120, 40)) -> None:
        self._home = tempfile.TemporaryDirectory()
        self.began = time.perf_counter()
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.chdir(self._home.name)
            environment = {"HOME": self._home.name, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.execve(command[0], list(command), os.environ | environment)
        width, height = size
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self._unseen = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGTERM)
        self._drain()
        os.waitpid(self.pid, 0)
        os.close(self._terminal)
        self._home.cleanup()

    def press(self, keys: str) -> float:
        """Send keys as typed; returns the moment."""
        os.write(self._terminal, keys.encode())
        return time.perf_counter()

    def wait_for(self, text: str, seconds: float = GIVE_UP_AFTER_S) -> float:
        """Read until ``text`` (a regular expression) was written after the last wait; returns the moment."""
        pattern = re.compile(text.encode())
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            if found := pattern.search(self._unseen):
                self._unseen = self._unseen[found.end() :]
                return time.perf_counter()
            self._unseen = self._unseen[-4096:] + self._read(0.05)
        raise TimeoutError(f"{text!r} was never painted; last was {self._unseen[-400:]!r}")

    def pass_time(self, seconds: float) -> int:
        """Read for so long; returns how many bytes came."""
        until, count = time.perf_counter() + seconds, 0
        while (left := until - time.perf_counter()) > 0:
            piece = self._read(min(left, 0.05))
            count += len(piece)
            self._unseen = self._unseen[-4096:] + piece
        return count

    @property
    def rss_mb(self) -> float:
        """The memory of the program itself, without its children, in MB."""
        rss: int = psutil.Process(self.pid).memory_info().rss
        return rss / 1e6

    @property
    def cpu_s(self) -> float:
        """CPU seconds of the program itself so far."""
        times = psutil.Process(self.pid).cpu_times()
        seconds: float = times.user + times.system
        return seconds

    def _read(self, seconds: float) -> bytes:
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        return os.read(self._terminal, 1 << 16) if ready else b""

    def _drain(self) -> None:
        """Take what the program still writes, or it would wait for us for ever."""
        try:
            while select.select([self._terminal], [], [], 2)[0] and os.read(self._terminal, 1 << 16):
                pass
        except OSError:
            pass  # the other side is gone: that is what we wait for
