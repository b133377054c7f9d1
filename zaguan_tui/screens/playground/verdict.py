"""Under an answer that was asked for in a format: whether it is what was asked for, and where it is not."""

from __future__ import annotations

import asyncio

from textual import work
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from zaguan_tui.state.answer_check import Verdict, asked_format, check_answer, was_asked
from zaguan_tui.state.message import Message
from zaguan_tui.widgets.content import foreign_line


class FormatVerdict(Static):
    """One line, there as soon as the answer was checked."""

    def __init__(self, message: Message) -> None:
        super().__init__("", classes="verdict")
        self._answer = message

    def on_mount(self) -> None:
        """Check."""
        self._judge()

    @work(group="verdict", exclusive=True, exit_on_error=False)
    async def _judge(self) -> None:
        asked = asked_format(self._answer)
        if asked is not None:
            self.update(verdict_line(await asyncio.to_thread(check_answer, self._answer.text, asked)))


async def show_verdict(answer: Widget, message: Message, under: Widget) -> None:
    """Put the line under a widget of an answer, if there is something to check."""
    await answer.query(FormatVerdict).remove()
    if was_asked(message):
        await answer.mount(FormatVerdict(message), after=under)


def verdict_line(verdict: Verdict) -> Content:
    """The verdict in a line."""
    if verdict.fits:
        word = "fits the schema" if verdict.schema else "is JSON, as asked"
        return Content.assemble(("✓ ", "$success"), (word, "$ink-soft"))
    reason = foreign_line(f"{verdict.reason}.", "$foreground")
    if verdict.fits is None:
        why = "not checked, the schema itself is not well: "
        return Content.assemble(("◌ ", "$ink-soft"), (why, "$ink-soft"), reason)
    return Content.assemble(("✖ ", "$error"), ("not the JSON that was asked for: ", "$ink-soft"), reason)
