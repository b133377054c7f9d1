"""Prompt in the transcript: its text, the results of tools, or that an answer is continued."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from zaguan_tui.screens.chat.composer.chips import format_chip
from zaguan_tui.state.chat.message import Message, ToolResult
from zaguan_tui.state.chat.prompt_request import CONTINUE
from zaguan_tui.widgets.foreign_text import foreign, identifier

MAX_PROMPT_LENGTH: Final = 20_000
MAX_PROMPT_LINES: Final = 30
MAX_RESULT_LINES: Final = 12


def render_prompt(prompt: Message) -> Content:
    """The text of a prompt, shortened where it is long."""
    if prompt.tool_results:
        return Content("\n").join([_result(result) for result in prompt.tool_results])
    if prompt.text == CONTINUE and not prompt.attachments:
        return Content.assemble(("↳ ", "$primary"), ("continues the answer above", "$ink-soft"))
    text = [_shortened(prompt.text, MAX_PROMPT_LINES)] if prompt.text or not prompt.attachments else []
    return Content("\n").join([*text, *(format_chip(file) for file in prompt.attachments)])


def _result(result: ToolResult) -> Content:
    mark = ("✖ ", "$error") if result.is_error else ("← ", "$primary")
    says = " failed: " if result.is_error else " gave: "
    name = identifier(result.name or "the tool", "bold $ink-strong")
    return Content.assemble(mark, name, (says, "$ink-faint"), _shortened(result.content, MAX_RESULT_LINES))


def _shortened(text: str, most: int) -> Content:
    lines = text[:MAX_PROMPT_LENGTH].splitlines()
    shown = foreign("\n".join(lines[:most]), "$ink-strong")
    if (more := len(lines) - most) > 0:
        return Content.assemble(shown, (f"\n… {more} more lines", "$ink-faint"))
    return shown
