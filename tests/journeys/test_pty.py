"""The program in a real terminal: it paints, answers, and leaves without a trace, also on a signal."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest

pytestmark = pytest.mark.live

COLUMNS, ROWS = 100, 30
MODES = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
FIELD = Path(__file__).parents[1] / "fixtures" / "field"
MUST_BE_OFF = {b"1049", b"1000", b"1002", b"1003", b"1006", b"2004"}


class Terminal:
    """A pty with the program at its other end."""

    def __init__(self, home: Path, *arguments: str, **variables: str) -> None:
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self.screen)
        self.output = b""
        self._fd, child = pty.openpty()
        termios.tcsetwinsize(child, (ROWS, COLUMNS))
        self._before = termios.tcgetattr(child)
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ZAGUAN_", "TEXTUAL_", "XDG_"))
            and name not in ("NO_COLOR", "COLUMNS", "LINES")
        }
        environment |= {
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "HOME": str(home),
            "LANG": "C.UTF-8",
            **variables,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "zaguan_tui", *arguments],
            stdin=child,
            stdout=child,
            stderr=child,
            env=environment,
            start_new_session=True,
            cwd=home,
        )
        self._child = child

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    def read(self, seconds: float) -> None:
        """Take in what comes within so many seconds of silence."""
        while select.select([self._fd], [], [], seconds)[0]:
            piece = os.read(self._fd, 65536)
            self.output += piece
            # pyte knows neither private markers of the kitty protocol nor synchronised updates
            self._stream.feed(re.sub(rb"\x1b\[[<>=?][\d;]*[u$]p?|\x1b\[>[\d;]*[a-z]", b"", piece))

    def wait(self, predicate: Callable[[], bool], seconds: float = 20.0) -> None:
        until = time.monotonic() + seconds
        while not predicate():
            assert time.monotonic() < until, self.text
            assert self.process.poll() is None, self.text
            self.read(0.05)

    def sees(self, words: str) -> None:
        self.wait(lambda: words in self.text)

    def types(self, keys: str) -> None:
        for key in keys:
            os.write(self._fd, key.encode())
            self.read(0.01)

    def pastes(self, data: bytes) -> None:
        """What a terminal sends for a paste, in one piece."""
        os.write(self._fd, data)

    def ended(self, seconds: float = 10.0) -> int:
        """Wait for the end; returns the exit code."""
        until = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < until:
            self.read(0.05)
        self.read(0.05)
        assert self.process.returncode is not None, self.text
        return self.process.returncode

    @property
    def left_on(self) -> set[bytes]:
        """Terminal modes that were switched on and never off again."""
        on: set[bytes] = set()
        for modes, switch in MODES.findall(self.output):
            for mode in modes.split(b";"):
                on.add(mode) if switch == b"h" else on.discard(mode)
        return on & MUST_BE_OFF

    @property
    def restored(self) -> bool:
        return termios.tcgetattr(self._child)[:4] == self._before[:4]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._fd)
        os.close(self._child)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, "--demo")
    yield terminal
    terminal.close()


def test_an_answer_in_a_real_terminal_and_a_clean_leave(demo: Terminal, tmp_path: Path) -> None:
    demo.sees("Ask something")
    demo.sees("● live")
    demo.sees("openai/gpt-4o-mini")
    demo.types("hello\r")
    demo.sees("● finished")
    demo.types("\x11")
    assert demo.ended() == 0
    assert demo.left_on == set()
    assert demo.restored
    assert b"Traceback" not in demo.output
    assert not list(tmp_path.rglob("*.sqlite")), "a demo leaves nothing behind"


def test_coloured_output_is_pasted_as_it_reads_and_not_sent(demo: Terminal) -> None:
    demo.sees("Ask something")
    demo.sees("openai/gpt-4o-mini")
    demo.pastes((FIELD / "paste_with_colours.bin").read_bytes())
    demo.sees("and the rest of a long report")
    demo.read(0.5)
    lines = [line.strip(" │┃▌") for line in demo.text.splitlines()]
    place = lines.index("red build failed")
    assert lines[place : place + 3] == ["red build failed", "see log", "and the rest of a long report"]
    assert "streaming" not in demo.text
    assert "finished" not in demo.text


def test_a_polite_signal_ends_it_cleanly(demo: Terminal) -> None:
    demo.sees("● live")
    demo.process.send_signal(signal.SIGTERM)
    assert demo.ended() == 128 + signal.SIGTERM
    assert demo.left_on == set()
    assert demo.restored
