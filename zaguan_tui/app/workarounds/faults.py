"""A fault in a message handler does not end the app: its sheet is closed, and the fault is reported.

Textual ends the app at the first exception in a handler, and prints a traceback with all local variables,
which may hold keys. Here the handler's widget lives on. A fault that leaves nothing to go on with (the app
itself or the screen below all sheets did not start), and faults that do not stop coming, end the app with
exit code 1; the error is in :attr:`FaultBarrier.fault` for whoever started it.
"""

from __future__ import annotations

import traceback
from collections import deque
from time import monotonic
from typing import Final, TypeVar

from textual._context import active_app
from textual.app import App
from textual.css.query import NoMatches
from textual.events import Compose, Mount
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerFailed

Result = TypeVar("Result")

MOST_FAULTS: Final = 10
FAULTS_WITHIN_S: Final = 10.0
"""More faults than :data:`MOST_FAULTS` within this time end the app."""

_dispatch_message = MessagePump._dispatch_message


class FaultBarrier(App[Result]):
    """An app that survives faults of its handlers; :meth:`on_fault` says what happens with one."""

    fault: Exception | None = None
    """The error that ended the app."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # an app's own arguments, passed on
        MessagePump._dispatch_message = _dispatch_and_go_on  # type: ignore[method-assign, assignment]
        self._fault_times: deque[float] = deque(maxlen=MOST_FAULTS + 1)
        self._in_loop = False
        self._latest_error: Exception | None = None

    def on_fault(self, error: Exception, sheet: Screen[object] | None) -> None:
        """Report a fault that the app survived; ``sheet`` is the modal screen that was closed for it."""

    def handle_fault(self, error: Exception) -> None:
        """Survive ``error``, or end the app with it."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        error = (
            error.error if isinstance(error, WorkerFailed) and isinstance(error.error, Exception) else error
        )
        if error is self._latest_error:  # of a worker: once from the worker, once as its state
            return
        self._latest_error, owner = error, _owner_of(error)
        if isinstance(error, NoMatches) and owner is not None and _is_removed(owner):
            return  # a late message to widgets that are being removed
        if self._exception is None:  # what a test's pilot raises at its end
            self._exception = error
            self._exception_event.set()
        screen = _screen_of(owner)
        if not self._can_go_on(screen):
            self._end_with(error)
            return
        sheet = screen if screen is not None and screen.is_modal else None
        try:
            if sheet is not None:
                sheet.dismiss(None)
            self.on_fault(error, sheet)
        except Exception as second:  # noqa: BLE001 - the last boundary: closing or reporting failed as well
            second.__context__ = error
            self._end_with(second)

    async def _process_messages_loop(self) -> None:
        self._in_loop = True
        try:
            await super()._process_messages_loop()
        finally:
            self._in_loop = False

    def _can_go_on(self, screen: Screen[object] | None) -> bool:
        now = monotonic()
        self._fault_times.append(now)
        storm = len(self._fault_times) > MOST_FAULTS and now - self._fault_times[0] < FAULTS_WITHIN_S
        unstarted_room = screen is not None and not screen.is_modal and not screen.is_running
        return self._in_loop and not storm and not unstarted_room

    def _end_with(self, error: Exception) -> None:
        self._return_code = 1
        if self.fault is None:
            self.fault = error
            self._close_messages_no_wait()


async def _dispatch_and_go_on(pump: MessagePump, message: Message) -> None:
    """Dispatch a message; a handler's fault is handled here, so that the message loop does not break."""
    try:
        await _dispatch_message(pump, message)
    except Exception as error:
        app = active_app.get(None)
        if not isinstance(app, FaultBarrier) or isinstance(message, (Compose, Mount)):
            raise
        app.handle_fault(error)


def _owner_of(error: Exception) -> Widget | None:
    """The widget in whose method ``error`` was raised: the innermost one of the traceback."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    owners = (frame.f_locals.get("self") for frame in reversed(frames))
    return next((owner for owner in owners if isinstance(owner, Widget)), None)


def _screen_of(owner: Widget | None) -> Screen[object] | None:
    if owner is None:
        return None
    return next((node for node in owner.ancestors_with_self if isinstance(node, Screen)), None)


def _is_removed(owner: Widget) -> bool:
    """Whether ``owner`` is gone or on its way."""
    leaving = any(node._closing or node._closed or node._pruning for node in owner.ancestors_with_self)
    return leaving or not owner.is_attached
