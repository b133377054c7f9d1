"""A form to answer as the tool: one field for each call of an answer, all sent in one go."""

from __future__ import annotations

import json
from collections.abc import MutableMapping, Sequence
from typing import ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Checkbox, Static, TextArea

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.screens.chat.answers.tool_calls import render_call
from zaguan_tui.state.chat.message import Dialect, Message, ToolResult
from zaguan_tui.widgets.safe_text_area import SafeTextArea
from zaguan_tui.widgets.sheet import Sheet

NO_WORD: Final = "The chat dialect has no word for an error: it is told to the model in the text alone."
MAX_CHECKED_LENGTH: Final = 200_000

Written = MutableMapping[str, tuple[str, bool]]
"""Drafts of results by place in the answer: the text, and whether it is an error."""


class ToolResultSheet(Sheet[tuple[ToolResult, ...] | None]):
    """Dismisses with one result for each call. The texts stay in ``written`` either way."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("tool_answer")]
    AUTO_FOCUS = "TextArea"

    def __init__(self, answer: Message, written: Written) -> None:
        super().__init__()
        self._calls = answer.tool_calls
        self._dialect = answer.dialect
        self._written = written

    def compose(self) -> ComposeResult:
        """The calls, each with its field."""
        count = len(self._calls)
        with Vertical(classes="sheet tool-answer") as sheet:
            sheet.border_title = "Answer as the tool" if count == 1 else f"Answer as the tools: {count} calls"
            sheet.border_subtitle = "tab next field · ctrl+s or f2 sends · esc keeps it for later"
            with VerticalScroll(can_focus=False):
                for place, call in enumerate(self._calls):
                    yield CallForm(place, call, *self._written.get(str(place), ("", False)))
                if self._dialect is Dialect.CHAT:
                    yield Static(Content.styled(NO_WORD, "$ink-faint"), classes="no-word")

    def on_mount(self) -> None:
        """The note on errors is there when there is one."""
        self._note()

    def action_send(self) -> None:
        """Send the text as the result; it may be empty."""
        self._keep()
        written = [self._written[str(place)] for place in range(len(self._calls))]
        self.dismiss(make_tool_results(self._calls, written))

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._keep()

    @on(Checkbox.Changed)
    def _switched(self) -> None:
        self._keep()
        self._note()

    def _keep(self) -> None:
        for form in self.query(CallForm):
            self._written[str(form.place)] = form.value

    def _note(self) -> None:
        for note in self.query(".no-word"):
            note.display = any(form.value[1] for form in self.query(CallForm))


class FailedBox(Checkbox):
    """A box that is empty while it is off: a colour alone tells nothing without colours."""

    BUTTON_INNER = " "

    def watch_value(self) -> None:
        """Another state, another shape."""
        self.BUTTON_INNER = "✖" if self.value else " "
        super().watch_value()


class CallForm(Vertical):
    """One call, a field for its result, and whether it failed."""

    def __init__(self, place: int, call: ToolCall, text: str, is_error: bool) -> None:
        super().__init__(classes="call-form")
        self.place = place
        self._call, self._text, self._is_error = call, text, is_error

    def compose(self) -> ComposeResult:
        """The call, the field, what it is, the switch."""
        yield Static(render_call(self._call, whole=True), classes="called")
        yield SafeTextArea(self._text)
        yield Static("", classes="kind")
        yield FailedBox("the tool failed: this is an error", self._is_error, compact=True)

    def on_mount(self) -> None:
        """Show the state of the text."""
        self._draw()

    @property
    def value(self) -> tuple[str, bool]:
        """The result as it is written, and whether it is an error."""
        return self.query_one(SafeTextArea).text, self.query_one(Checkbox).value

    @on(TextArea.Changed)
    def _draw(self) -> None:
        self.query_one(".kind", Static).update(describe_result_kind(self.query_one(SafeTextArea).text))


def make_tool_results(
    calls: Sequence[ToolCall], written: Sequence[tuple[str, bool]]
) -> tuple[ToolResult, ...]:
    """The result that is sent to the model."""
    return tuple(
        ToolResult(call.id or "", call.name, text, is_error)
        for call, (text, is_error) in zip(calls, written, strict=True)
    )


def describe_result_kind(text: str) -> Content:
    """Whether a result is JSON, text, or JSON that went wrong."""
    if not text.strip():
        return Content.styled("Empty: the model reads an empty result. JSON or plain text.", "$ink-faint")
    if text.lstrip()[0] not in "{[" or len(text) > MAX_CHECKED_LENGTH:
        return Content.styled("sent as text", "$ink-faint")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        return Content.styled(f"▲ looks like JSON, but {where}: {error.msg}. Sent as it is.", "$warning")
    except (ValueError, RecursionError):
        return Content.styled("▲ looks like JSON, but is none. Sent as it is.", "$warning")
    return Content.styled("● valid JSON", "$success")
