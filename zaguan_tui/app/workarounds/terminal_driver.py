"""Textual's driver for Linux and macOS: pastes read whole, emoji written as wide as measured."""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterable
from typing import Final

from textual._parser import ParseError
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from zaguan_tui.app.workarounds.emoji import plain_emoji
from zaguan_tui.app.workarounds.paste import PasteParser

_READ_BYTES: Final = 4096
_SELECT_S: Final = 0.1


class TerminalDriver(LinuxDriver):
    """A driver that delivers every paste as one event; bytes that are not UTF-8 are replaced, not fatal."""

    def write(self, data: str) -> None:
        """Write to the terminal."""
        super().write(plain_emoji(data))

    def run_input_thread(self) -> None:
        """Read the terminal until the app leaves it."""
        parser = PasteParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_SELECT_S):
                    if not (data := os.read(self.fileno, _READ_BYTES)):
                        self.exit_event.wait(_SELECT_S)  # the input has ended: it is readable for ever
                    if text := decode(data):
                        self._deliver(parser.feed(text))
                self._deliver(parser.tick())
        try:
            list(parser.feed(""))
        except (EOFError, ParseError):
            return

    def _deliver(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)
