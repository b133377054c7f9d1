"""A crash that keeps its manners: the error goes to whoever started the app, not over the person's terminal.

Textual prints a traceback with all local variables when an app fails; ours may hold keys. This is the one
place that touches Textual's private exit path (8.2), and ``tests/test_quiet_crash.py`` fails when that path
changes.
"""

from __future__ import annotations

from typing import TypeVar

from textual.app import App

Result = TypeVar("Result")


class QuietCrash(App[Result]):
    """An app that ends with exit code 1 and its error in :attr:`fault`, and prints nothing."""

    fault: Exception | None = None

    def _handle_exception(self, error: Exception) -> None:
        self._return_code = 1
        if self.fault is None:
            self.fault = error
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()
