"""A polite request to end, or a terminal that closes, ends the app as ctrl+q does: all modes are restored."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

ENDING = ("SIGTERM", "SIGHUP")


def install_signal_handlers(leave: Callable[[int], object]) -> None:
    """Call ``leave`` with the exit code that is usual for the signal. Does nothing where there are none."""
    loop = asyncio.get_running_loop()
    for name in ENDING:
        with suppress(AttributeError, NotImplementedError, ValueError, RuntimeError):  # Windows, threads
            number = int(getattr(signal, name))
            loop.add_signal_handler(number, leave, 128 + number)
