"""A sheet over one line of a list: what is in it in full, and a key away the next and the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.text.sanitize import clean, clean_line
from zaguan_tui.widgets.sheet import Sheet

T = TypeVar("T")
MAX_TITLE_LENGTH = 70


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One entry laid out: its title, what is shown, and what is copied."""

    title: str
    content: Content
    text: str


class SteppingSheet(Sheet[None], Generic[T]):
    """``step`` moves in the list below and gives the entry there. Subclasses lay an entry out."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("event")]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, entry: T, step: Callable[[int], T | None]) -> None:
        super().__init__()
        self._entry = entry
        self._step = step
        self._text = ""

    def compose(self) -> ComposeResult:
        """A framed page."""
        with Vertical(classes="sheet stepping-sheet") as sheet:
            sheet.border_subtitle = "n next · p before · y copies · esc closes"
            with VerticalScroll():
                yield Static("")

    def on_mount(self) -> None:
        """Show the entry."""
        self._show()

    def laid_out(self, entry: T) -> SheetPage:
        """The page of an entry. Called in a thread: it may be long."""
        raise NotImplementedError

    def action_step(self, step: int) -> None:
        """Go to another entry."""
        if (entry := self._step(step)) is not None:
            self._entry = entry
            self._show()

    def action_scroll(self, step: int) -> None:
        """Scroll a line."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)

    def action_copy(self) -> None:
        """Copy the whole text."""
        ChatServices(self).copy(clean(self._text))

    @work(group="page", exclusive=True, exit_on_error=False, thread=True)
    def _show(self) -> None:
        entry = self._entry
        self.app.call_from_thread(self._put, entry, self.laid_out(entry))

    def _put(self, entry: T, page: SheetPage) -> None:
        if entry is not self._entry or not self.is_attached:
            return
        self._text = page.text
        self.query_one(".stepping-sheet", Vertical).border_title = clean_line(page.title, MAX_TITLE_LENGTH)
        self.query_one(Static).update(page.content)
        self.query_one(VerticalScroll).scroll_home(animate=False)
