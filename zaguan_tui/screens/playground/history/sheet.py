"""The conversation history: search by title and text; open, rename, delete, undo, export."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.error_messages import CONVERSATION_DELETED, NOTHING_DELETED
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.playground.history.export_sheet import export_conversation
from zaguan_tui.screens.playground.history.preview import render_preview
from zaguan_tui.screens.playground.history.rows import HistoryRow, TitleIndex, render_row
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.conversations.conversation import ConversationKind
from zaguan_tui.state.conversations.search import SearchHit
from zaguan_tui.state.conversations.undo_delete import ConversationTrash, DeleteWhileAnsweringError
from zaguan_tui.storage.errors import StorageError
from zaguan_tui.storage.search import split_query
from zaguan_tui.text.fuzzy import QUERY_LIMIT
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.safe_input import SafeInput
from zaguan_tui.widgets.sheet import Sheet

AT_ONCE = 60
"""Lines that are drawn; at the last of them as many more are."""

WAIT_S = 0.12
"""Seconds without a key before messages are searched."""

WIDE = 116
KEYS = "enter opens · alt+t title · alt+d delete · alt+u undo · alt+x export"


@dataclass(frozen=True, slots=True)
class HistoryChoice:
    """What to open, and at which turn."""

    conversation_id: str
    kind: ConversationKind
    turn_id: str | None = None


class HistorySheet(Sheet[HistoryChoice | None]):
    """Dismisses with what to open. ``current`` is the id of the open conversation."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("history")]
    AUTO_FOCUS = "Input"

    def __init__(self, app_state: AppState, trash: ConversationTrash, current: str | None) -> None:
        super().__init__()
        self._app_state, self._trash, self._current = app_state, trash, current
        self._services = ChatServices(self)
        self._index = TitleIndex(())
        self._hits: tuple[str, list[SearchHit]] = ("", [])
        self._rows: list[HistoryRow] = []
        self._now: datetime = app_state.clock.now()
        self._quiet: Timer | None = None
        self._loaded = False
        self._max_rows = AT_ONCE

    def compose(self) -> ComposeResult:
        """A line to type on, the list and the preview beside it, and how much of it one sees."""
        with Vertical(classes="sheet history") as sheet:
            sheet.border_title = "Conversations"
            sheet.border_subtitle = KEYS
            yield SafeInput(
                placeholder="Words of a title, or of what was said …", max_length=QUERY_LIMIT, compact=True
            )
            with Horizontal(classes="history-body"):
                yield OptionList(compact=True, markup=False)
                with VerticalScroll(classes="history-preview", can_focus=False):
                    yield Static("", id="preview")
            yield Static("", classes="picker-count")

    def on_mount(self) -> None:
        """Read the list."""
        self._load()

    def on_resize(self, event: events.Resize) -> None:
        """Show the preview beside the list where it fits."""
        self.query_one(".history-preview").display = event.size.width >= WIDE
        self.query_one(".history").border_subtitle = f"{KEYS} · esc" if event.size.width >= 90 else KEYS
        self.call_after_refresh(self._draw)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """Search titles at once, messages as soon as nobody types."""
        self._max_rows = AT_ONCE
        self._draw()
        if self._quiet is not None:
            self._quiet.stop()
        self._quiet = self.set_timer(WAIT_S, self._search) if event.value.strip() else None

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._open(self._highlighted)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self._open(next((row for row in self._rows if row.listed.id == event.option.id), None))

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_index == self._max_rows - 1:
            self._max_rows += AT_ONCE
            self._draw(event.option.id)
        if self.query_one(".history-preview").display:
            self._preview()

    def action_move(self, step: int) -> None:
        """Move the highlight while the cursor stays in the text."""
        options = self.query_one(OptionList)
        if options.option_count:
            highlighted = options.highlighted or 0
            options.highlighted = min(options.option_count - 1, max(0, highlighted + step))

    @work(group="act", exclusive=True, exit_on_error=False)
    async def action_rename(self) -> None:
        """Give the highlighted conversation another title."""
        from zaguan_tui.screens.modals.ask_text import AskTextScreen

        if (row := self._highlighted) is None:
            return
        sheet = AskTextScreen("Rename", "The title of the conversation.", row.title)
        if (title := await self.app.push_screen_wait(sheet)) is not None:
            try:
                await self._app_state.conversations.open(row.listed.id)
                await self._app_state.conversations.change(row.listed.id, title=title)
            except KeyError:
                self._services.warn(CONVERSATION_DELETED)
            await self._read(keep=row.listed.id)

    @work(group="act", exclusive=True, exit_on_error=False)
    async def action_delete(self) -> None:
        """Delete the highlighted conversation."""
        if (row := self._highlighted) is None:
            return
        options = self.query_one(OptionList)
        highlighted = options.highlighted or 0
        try:
            await self._trash.remove(row.listed.id)
        except DeleteWhileAnsweringError:
            self._services.warn("An answer is coming in that conversation; stop it first.")
            return
        except KeyError:
            self._services.warn(CONVERSATION_DELETED)
        else:
            ChatServices(self).inform(f"Deleted “{row.title}”. alt+u brings it back.")
        left = [other.listed.id for other in self._rows if other is not row]
        await self._read(keep=left[min(highlighted, len(left) - 1)] if left else None)

    @work(group="act", exclusive=True, exit_on_error=False)
    async def action_undo(self) -> None:
        """Bring back what was deleted last."""
        if (conversation := await self._trash.bring_back()) is None:
            self._services.warn(NOTHING_DELETED)
            return
        ChatServices(self).inform(f"“{clean_line(conversation.title)}” is back.")
        await self._read(keep=conversation.id)

    @work(group="act", exclusive=True, exit_on_error=False)
    async def action_export(self) -> None:
        """Write the highlighted conversation to a file."""
        if (row := self._highlighted) is not None:
            await export_conversation(self._services, self._app_state, row.listed.id)

    @work(group="load", exclusive=True, exit_on_error=False)
    async def _load(self) -> None:
        await self._read(keep=self._current)

    async def _read(self, keep: str | None) -> None:
        try:
            everything = await self._app_state.conversations.search.listed()
        except StorageError as error:
            self._services.warn(str(error))
            return
        self._loaded = True
        self._index, self._now = TitleIndex(everything), self._app_state.clock.now()
        if self._written.strip():
            await self._look()
        self._draw(keep)

    @work(group="search", exclusive=True, exit_on_error=False)
    async def _search(self) -> None:
        await self._look()
        self._draw(self._highlighted.listed.id if self._highlighted is not None else None)

    async def _look(self) -> None:
        typed = self._written
        try:
            self._hits = typed, await self._app_state.conversations.search.find(typed)
        except StorageError as error:
            self._services.warn(str(error))

    @work(group="preview", exclusive=True, exit_on_error=False)
    async def _preview(self) -> None:
        row = self._highlighted
        shown = Content("")
        if row is not None:
            turn = row.hit.turn_id if row.hit is not None else None
            try:
                excerpts = await self._app_state.conversations.search.glimpse(row.listed.id, turn)
            except StorageError as error:
                self._services.warn(str(error))
                return
            shown = render_preview(excerpts, split_query(self._written))
        self.query_one("#preview", Static).update(shown)
        self.query_one(".history-preview").scroll_home(animate=False)

    def _open(self, row: HistoryRow | None) -> None:
        if row is not None:
            turn = row.hit.turn_id if row.hit is not None else None
            self.dismiss(HistoryChoice(row.listed.id, row.listed.kind, turn))

    @property
    def _written(self) -> str:
        return self.query_one(Input).value

    @property
    def _highlighted(self) -> HistoryRow | None:
        place = self.query_one(OptionList).highlighted
        return self._rows[place] if place is not None and place < len(self._rows) else None

    def _draw(self, keep: str | None = None) -> None:
        typed = self._written
        hits = self._hits[1] if self._hits[0] == typed else []
        matches = self._index.find(typed, hits)
        self._rows = matches[: self._max_rows]
        options = self.query_one(OptionList)
        width = max(20, options.scrollable_content_region.width - 3)
        options.set_options(
            [
                Option(
                    render_row(row, typed, self._now, width, current=row.listed.id == self._current),
                    id=row.listed.id,
                )
                for row in self._rows
            ]
        )
        if self._rows:
            ids = [row.listed.id for row in self._rows]
            options.highlighted = ids.index(keep) if keep in ids else 0
        elif self.query_one(".history-preview").display:
            self._preview()
        self._count(matches, len(hits))

    def _count(self, matches: list[HistoryRow], hits: int) -> None:
        total = len(self._index.everything)
        if not self._loaded:
            words = "Reading …"
        elif not total:
            words = "No conversation is kept yet."
        elif not self._written.strip():
            words = f"{total:,} conversations" if total != 1 else "1 conversation"
        else:
            words = f"{len(matches):,} of {total:,} fit, {hits:,} by what was said"
        if len(matches) > self._max_rows:
            words += f"; the first {self._max_rows} are shown, the others further down"
        self.query_one(".picker-count", Static).update(Content.styled(words, "$ink-soft"))
