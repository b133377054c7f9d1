"""Sheet that edits a JSON value. It is parsed while typed; an error has its line and column."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.state.chat.parameters.json_texts import (
    EXAMPLES,
    READERS,
    JsonTextError,
    ParsedJson,
    format_json,
    parse_json,
)
from zaguan_tui.widgets.foreign_text import foreign, foreign_line
from zaguan_tui.widgets.safe_text_area import SafeTextArea
from zaguan_tui.widgets.sheet import Sheet

EMPTY = "Empty: it is not sent. alt+x writes an example."


@dataclass(frozen=True, slots=True)
class JsonEdit:
    """The text, and its value; ``read`` is ``None`` for an empty text."""

    text: str
    read: ParsedJson | None


class JsonSheet(Sheet[JsonEdit | None]):
    """Dismisses with what was written once it can be read, or ``None`` when it is left as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("json")]
    AUTO_FOCUS = "TextArea"

    def __init__(self, name: str, text: str, explanation: str) -> None:
        super().__init__()
        self._parameter, self._text, self._explanation = name, text, explanation

    def compose(self) -> ComposeResult:
        """The purpose, the text, whether it is valid."""
        with Vertical(classes="sheet json-sheet") as sheet:
            sheet.border_title = self._parameter
            sheet.border_subtitle = "f2 keeps · alt+x example · alt+t tidies · esc leaves it as it was"
            yield Static(Content.styled(self._explanation, "$ink-soft"))
            area = SafeTextArea(self._text)
            area.show_line_numbers = True
            area.tab_behavior = "indent"
            yield area
            yield Static("", classes="json-state")

    def on_mount(self) -> None:
        """Show whether the text is valid."""
        self._check()

    @on(TextArea.Changed)
    def _changed(self) -> None:
        self._check()

    @work(group="check", exclusive=True, exit_on_error=False)
    async def _check(self) -> None:
        self._say(await self._read(self._area.text))

    @work(group="keep", exclusive=True, exit_on_error=False)
    async def action_keep(self) -> None:
        """Dismiss with the text if it is valid; else go to the error."""
        text = self._area.text
        read = await self._read(text)
        if isinstance(read, JsonTextError):
            self._say(read)
            if read.line is not None:
                self._area.move_cursor((read.line - 1, (read.column or 1) - 1))
            return
        self.dismiss(JsonEdit(text if read else "", read))

    def action_example(self) -> None:
        """Write a valid example in the place of the text; ctrl+z brings it back."""
        self._replace(EXAMPLES[self._parameter])

    def action_tidy(self) -> None:
        """Write the same JSON with line breaks and indents."""
        try:
            value = parse_json(self._area.text)
        except JsonTextError as error:
            self._say(error)
        else:
            self._replace(format_json(value))

    @property
    def _area(self) -> SafeTextArea:
        return self.query_one(SafeTextArea)

    def _replace(self, text: str) -> None:
        area = self._area
        area.replace(text, area.document.start, area.document.end)
        area.move_cursor((0, 0))

    async def _read(self, text: str) -> ParsedJson | JsonTextError | None:
        if not text.strip():
            return None
        try:
            return await asyncio.to_thread(READERS[self._parameter], text)
        except JsonTextError as error:
            return error

    def _say(self, read: ParsedJson | JsonTextError | None) -> None:
        if read is None:
            line = Content.styled(EMPTY, "$ink-faint")
        elif isinstance(read, JsonTextError):
            line = Content.assemble(("✖ ", "$error"), foreign(f"{read}.", "$foreground"))
        else:
            line = Content.assemble(("✓ ", "$success"), foreign_line(read.summary, "$foreground"))
        self.query_one(".json-state", Static).update(line)
