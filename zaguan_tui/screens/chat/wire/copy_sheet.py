"""Sheet that copies the request as code in a chosen language, or writes it to a file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.text.format import count
from zaguan_tui.text.sanitize import clean, clean_line
from zaguan_tui.widgets.sheet import Sheet

LANGUAGES: Final = {
    "curl": ("curl", ".sh"),
    "httpx": ("Python with httpx", ".py"),
    "openai": ("Python with the openai package", ".py"),
    "typescript": ("TypeScript with fetch", ".ts"),
}
MAX_SHOWN: Final = 6_000
KEY_NOTE: Final = "The key is not in it: the code reads it from the environment."


@dataclass(frozen=True, slots=True)
class CopyChoice:
    """What was chosen: the code, as the name of its language and the ending of a file; ``file`` says that
    it is to be written.
    """

    code: str
    language: str
    suffix: str
    file: bool


class CopySheet(Sheet[CopyChoice | None]):
    """``snippet`` makes the code in a language; it is called in a thread."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("wire_copy")]
    AUTO_FOCUS = "OptionList"

    def __init__(self, snippet: Callable[[str], str]) -> None:
        super().__init__()
        self._snippet = snippet
        self._made: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """The languages, and the code below."""
        with Vertical(classes="sheet copy-sheet") as sheet:
            sheet.border_title = "Copy the request as"
            sheet.border_subtitle = "enter copies · s writes a file · esc closes"
            yield OptionList(
                *[Option(title, id=name) for name, (title, _) in LANGUAGES.items()],
                compact=True,
                markup=False,
            )
            yield Static(Content.styled(KEY_NOTE, "$ink-faint"), classes="gap")
            with VerticalScroll(can_focus=False, classes="gap"):
                yield Static("", classes="code")

    def action_move(self, step: int) -> None:
        """Move the highlight."""
        options = self.query_one(OptionList)
        options.highlighted = ((options.highlighted or 0) + step) % len(LANGUAGES)

    def action_take(self) -> None:
        """Copy the highlighted snippet."""
        self._give(file=False)

    def action_save(self) -> None:
        """Write the highlighted snippet."""
        self._give(file=True)

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._show(event.option.id or "")

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self._give(file=False)

    @property
    def _language(self) -> str:
        options = self.query_one(OptionList)
        return options.get_option_at_index(options.highlighted or 0).id or ""

    @work(group="snippet", exclusive=True, exit_on_error=False)
    async def _show(self, language: str) -> None:
        code = await self._code(language)
        more = len(code) - MAX_SHOWN
        tail = f"\n… {count(more)} more characters" if more > 0 else ""
        self.query_one(".code", Static).update(
            Content.assemble((clean(code[:MAX_SHOWN]), "$foreground"), (tail, "$ink-faint"))
        )
        self.query_one(VerticalScroll).scroll_home(animate=False)

    @work(group="give", exclusive=True, exit_on_error=False)
    async def _give(self, *, file: bool) -> None:
        language = self._language
        code = await self._code(language)
        title, suffix = LANGUAGES[language]
        self.dismiss(CopyChoice(code, title, suffix, file))

    async def _code(self, language: str) -> str:
        if language not in self._made:
            self._made[language] = await asyncio.to_thread(self._snippet, language)
        return self._made[language]


def make_file_stem(model: str | None) -> str:
    """A name for a file, from the name of a model."""
    name = clean_line(model or "").rpartition("/")[2]
    stem = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name).strip("-")
    return f"request-{stem[:40]}" if stem else "request"


def find_free_snippet_path(stem: str, suffix: str) -> Path:
    """Where a file of this name can be written. Looks at the disk: for a thread."""
    from zaguan_tui.screens.modals.save_file import find_free_path

    return find_free_path(Path.cwd(), stem, suffix)
