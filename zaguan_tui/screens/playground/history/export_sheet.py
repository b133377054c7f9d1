"""Exports a conversation to a Markdown or JSON file, never over another file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.error_messages import CONVERSATION_DELETED
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.state.app_state import AppState
from zaguan_tui.text.format import size
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.foreign_text import foreign_line
from zaguan_tui.widgets.safe_input import SafeInput
from zaguan_tui.widgets.sheet import Sheet

MARKDOWN, JSON = ".md", ".json"
FORMS = {
    MARKDOWN: "Markdown: to be read, with how every answer went.",
    JSON: "JSON: OpenAI messages for other programs, and all facts of every answer; can be imported again.",
}


class ExportSheet(Sheet[Path | None]):
    """Dismisses with the path; its ending says the form."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("export")]
    AUTO_FOCUS = "Input"

    def __init__(self, title: str, path: Path) -> None:
        super().__init__()
        self._title, self._path = title, path

    def compose(self) -> ComposeResult:
        """What is written, as what, and where to."""
        with Vertical(classes="sheet export") as sheet:
            sheet.border_title = "Export"
            sheet.border_subtitle = "enter writes · alt+o other form · esc leaves it"
            yield Static(foreign_line(self._title, "bold"), classes="prose")
            yield Static("", id="forms", classes="prose")
            yield SafeInput(str(self._path), compact=True)
            about = "A file that is there already is never overwritten: the new one gets a number."
            yield Static(Content.styled(about, "$ink-faint"))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """The ending of the path says what is written."""
        chosen = file_format_of(event.value)
        lines = [
            Content.assemble(
                ("● " if form == chosen else "○ ", "$primary" if form == chosen else "$ink-faint"),
                (words, "" if form == chosen else "$ink-soft"),
            )
            for form, words in FORMS.items()
        ]
        self.query_one("#forms", Static).update(Content("\n").join(lines))

    def action_other_form(self) -> None:
        """Markdown instead of JSON, or the other way round."""
        field = self.query_one(Input)
        ending = JSON if file_format_of(field.value) == MARKDOWN else MARKDOWN
        path = Path(field.value.strip() or f"conversation{ending}")
        known = path.suffix.lower() in FORMS
        field.value = str(path.with_suffix(ending) if known else path.with_name(path.name + ending))
        field.cursor_position = len(field.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        if text := event.value.strip():
            self.dismiss(Path(text))


def file_format_of(path: str) -> str:
    """The form a path asks for: JSON when it says so."""
    return JSON if path.strip().lower().endswith(JSON) else MARKDOWN


async def export_conversation(services: ChatServices, app_state: AppState, conversation_id: str) -> None:
    """Ask where to, write it, and say what was written or why not."""
    from zaguan_tui.state.conversations.export import file_stem, to_json, to_markdown

    try:
        conversation = await app_state.conversations.open(conversation_id)
    except KeyError:
        services.warn(CONVERSATION_DELETED)
        return
    folder = await asyncio.to_thread(Path.cwd)
    path = folder / f"{file_stem(app_state.redact(conversation.title))}{MARKDOWN}"
    chosen = await services.show_sheet(ExportSheet(conversation.title, path))
    if chosen is None:
        return
    conversation = await app_state.conversations.open(conversation_id)
    serialize = to_json if file_format_of(str(chosen)) == JSON else to_markdown
    text = await asyncio.to_thread(lambda: app_state.redact(serialize(conversation)))
    if (place := await services.write_file(chosen, text)) is not None:
        services.inform(clean_line(f"Wrote {size(len(text.encode()))} to {place}"), title="Exported")
