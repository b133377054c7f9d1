"""Checks an answer against the JSON schema that was requested, and shows where it does not fit."""

from __future__ import annotations

import asyncio

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from zaguan_tui.state.chat.answer_check import (
    FormatCheck,
    check_answer,
    has_requested_format,
    requested_format,
)
from zaguan_tui.state.chat.message import Message
from zaguan_tui.widgets.foreign_text import foreign_line


class FormatCheckLine(Static):
    """One line, there as soon as the answer was checked."""

    def __init__(self, message: Message) -> None:
        super().__init__("", classes="verdict")
        self._answer = message

    def on_mount(self) -> None:
        """Check."""
        self._judge()

    @work(group="format-check", exclusive=True, exit_on_error=False)
    async def _judge(self) -> None:
        requested = requested_format(self._answer)
        if requested is not None:
            self.update(
                format_check_text(await asyncio.to_thread(check_answer, self._answer.text, requested))
            )


async def mount_format_check(answer: Widget, message: Message, under: Widget) -> None:
    """Put the line under a widget of an answer, if there is something to check."""
    await answer.query(FormatCheckLine).remove()
    if has_requested_format(message):
        await answer.mount(FormatCheckLine(message), after=under)


def format_check_text(check: FormatCheck) -> Content:
    """The result of the check in one line."""
    if check.fits:
        word = "fits the schema" if check.schema else "is JSON, as requested"
        return Content.assemble(("✓ ", "$success"), (word, "$ink-soft"))
    reason = foreign_line(f"{check.reason}.", "$foreground")
    if check.fits is None:
        why = "not checked, the schema itself is not well: "
        return Content.assemble(("◌ ", "$ink-soft"), (why, "$ink-soft"), reason)
    return Content.assemble(("✖ ", "$error"), ("not the JSON that was asked for: ", "$ink-soft"), reason)
