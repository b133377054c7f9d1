"""Imports conversations from a file or from pasted JSON, and shows what is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.widgets.foreign_text import foreign
from zaguan_tui.widgets.safe_text_area import SafeTextArea
from zaguan_tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from zaguan_tui.state.conversations.importing.reader import ImportedConversation

MAX_BYTES = 200_000_000
ABOUT = (
    "The path of a file, or the JSON itself: a list of OpenAI messages, the body of a chat or messages "
    "request, an exported conversation, or JSON lines of any of these."
)


class ImportSheet(Sheet["Sequence[ImportedConversation] | None"]):
    """Dismisses with what was read."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("import")]
    AUTO_FOCUS = "TextArea"

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now

    def compose(self) -> ComposeResult:
        """What can be taken in, a field for it, and what was wrong."""
        with Vertical(classes="sheet import") as sheet:
            sheet.border_title = "Import"
            sheet.border_subtitle = "enter takes in a path · f2 or ctrl+s what was pasted · esc closes"
            yield Static(Content.styled(ABOUT, "$ink-soft"))
            yield SafeTextArea()
            yield Static("", id="import-trouble")

    def action_enter(self) -> None:
        """A path is taken in; in JSON a line ends."""
        if _is_path(self.query_one(SafeTextArea).text):
            self.action_take()
        else:
            self.query_one(SafeTextArea).insert("\n")

    def action_take(self) -> None:
        """Read what was given."""
        if text := self.query_one(SafeTextArea).text.strip():
            self._read(text)

    @work(group="import", exclusive=True, exit_on_error=False)
    async def _read(self, text: str) -> None:
        from zaguan_tui.state.conversations.importing.checks import ImportFormatError
        from zaguan_tui.state.conversations.importing.reader import read_messages

        def read() -> Sequence[ImportedConversation]:
            return read_messages(_file(text) if _is_path(text) else text, self._now)

        self._say(Content.styled("Reading …", "$ink-soft"))
        try:
            imported = await asyncio.to_thread(read)
        except ImportFormatError as error:
            self._say(Content.assemble(("✖ ", "$error"), foreign(str(error))))
        except (OSError, RuntimeError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or str(error)
            self._say(Content.assemble(("✖ ", "$error"), foreign(f"{text} could not be read: {why}.")))
        else:
            self.dismiss(imported)

    def _say(self, words: Content) -> None:
        self.query_one("#import-trouble", Static).update(words)


def _is_path(text: str) -> bool:
    line = text.strip()
    return bool(line) and "\n" not in line and line[0] not in "[{"


def _file(text: str) -> str:
    """The text of a file. Blocks."""
    from zaguan_tui.state.conversations.importing.checks import ImportFormatError

    path = Path(text.strip().strip("'\"")).expanduser()
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise ImportFormatError(f"{path} is larger than 200 MB.")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportFormatError(f"{path} is no text in UTF-8: byte {error.start:,} fits nothing.") from error
