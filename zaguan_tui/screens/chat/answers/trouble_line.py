"""The line below an answer that says what went wrong and which keys go on from it."""

from __future__ import annotations

from datetime import datetime

from textual.widgets import Static

from zaguan_tui.client.streaming.endings import Ending
from zaguan_tui.screens.chat.answers.meter_line import format_problems
from zaguan_tui.screens.chat.next_steps import find_next_steps, format_next_steps, get_keymap
from zaguan_tui.state.chat.message import Message, MessageStatus
from zaguan_tui.state.core.skew import shift_instant


class TroubleLine(Static):
    """Shows the problems of one answer. Mounted once there are any: most answers do without."""

    def __init__(self) -> None:
        super().__init__("", classes="trouble")
        self._wait_s = 0.0
        self._retry_at: datetime | None = None
        self._is_newest = True

    def start_wait(self, message: Message) -> None:
        """Start the countdown of the seconds that the gateway asks to wait before a retry."""
        if message.problem is not None:
            self._wait_s = message.problem.retry_after or 0.0

    def show(self, message: Message) -> bool:
        """Show the problems of an ended answer; whether there are any."""
        steps = format_next_steps(
            find_next_steps(message) if self._is_newest else (), get_keymap(self.app), self._wait_s
        )
        answered = message.ending is Ending.TOOL_CALLS and not self._is_newest
        problem = None if answered and not message.notes else format_problems(message, steps)
        self.display = problem is not None
        if problem is not None:
            self.update(problem)
        return problem is not None

    def tick(self, message: Message, now: datetime) -> None:
        """Count down; called once a second."""
        if self._wait_s <= 0:
            return
        if self._retry_at is None:
            self._retry_at = shift_instant(now, self._wait_s)
        self._wait_s = (self._retry_at - now).total_seconds()
        self.show(message)

    def withdraw_steps(self, message: Message) -> None:
        """Withdraw the next steps: a newer prompt was sent."""
        if self._is_newest:
            self._is_newest, self._wait_s = False, 0.0
            if self.is_attached and message.status is MessageStatus.ENDED:
                self.show(message)
