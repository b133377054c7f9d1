"""``kill -9`` in the middle of an answer: half of it, the draft, and a way on are there afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from journeys.test_pty import Terminal
from journeys.traveller import KEY, Gateway

pytestmark = pytest.mark.live

ENTER, ESCAPE, MODEL, HISTORY, QUIT = "\r", "\x1b", "\x0f", "\x12", "\x11"
CONTINUE = "\x1bn"


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    gateway = Gateway(time_scale=4)
    gateway.start()
    yield gateway
    gateway.kill()


@contextmanager
def running(home: Path, gateway: Gateway) -> Iterator[Terminal]:
    """The program on this gateway, at home."""
    terminal = Terminal(home, ZAGUAN_BASE_URL=gateway.address, ZAGUAN_API_KEY=KEY)
    try:
        terminal.sees("● live")
        yield terminal
    finally:
        terminal.close()


def test_a_killed_program_loses_nothing(tmp_path: Path, gateway: Gateway) -> None:
    with running(tmp_path, gateway) as first:
        first.types(MODEL)
        first.sees("Type a few letters")
        first.types("sandbox/slow")
        first.sees("sandbox/slow ")
        first.types(ENTER)
        first.sees("sandbox/slow · band")
        first.types("tell me something" + ENTER)
        first.sees("streaming")
        first.types("a thought for later")
        first.wait(lambda: "tok/s" in first.text)
        time.sleep(1.5)
        first.process.kill()
        first.process.wait()
    with running(tmp_path, gateway) as second:
        second.types(HISTORY)
        second.sees("tell me something")
        second.types(ENTER)
        second.sees("✖ truncated")
        second.sees("The program ended while this was streaming.")
        second.sees("a thought for later")
        second.types(CONTINUE)
        second.sees("continues the answer above")
        second.types(ESCAPE)
        second.sees("stopped by you")
        second.types(QUIT)
        assert second.ended() == 0
        assert b"Traceback" not in second.output
