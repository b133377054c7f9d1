"""The receipt sheet of an answer: estimate, usage, ledger row, and how they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.receipts.lines import ReceiptFacts, receipt_to_json, render_receipt
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.state.chat.message import Message
from zaguan_tui.state.conversations.notices import ConversationNotice, MessageAmended
from zaguan_tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from zaguan_tui.state.app_state import AppState

STILL_NO_ROW = "There is nothing to ask: no request id, no history, or no gateway."


class ReceiptSheet(Sheet[None]):
    """Shows the receipt of one answer, and follows its changes."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("receipt")]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, app_state: AppState, conversation_id: str, answer: Message) -> None:
        super().__init__()
        self._app_state = app_state
        self._conversation_id = conversation_id
        self._answer = answer

    def compose(self) -> ComposeResult:
        """A framed page."""
        with Vertical(classes="sheet receipt") as sheet:
            sheet.border_title = "Receipt"
            sheet.border_subtitle = "r asks the ledger again · y copies · esc closes"
            with VerticalScroll():
                yield Static("")

    def on_mount(self) -> None:
        """Show it, and follow what is learned; the search for the row moves once a second."""
        self._unsubscribe = self._app_state.conversations.watch(self._on_notice)
        self.set_interval(1.0, self._draw)
        self._draw()

    def on_unmount(self) -> None:
        """Follow it no more."""
        self._unsubscribe()

    def action_scroll(self, step: int) -> None:
        """Scroll a line."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)

    def action_copy(self) -> None:
        """Copy the receipt as JSON."""
        ChatServices(self).copy(receipt_to_json(self._facts))

    def action_look_again(self) -> None:
        """Ask the ledger once more."""
        if not self._app_state.receipts.look_again(self._conversation_id, self._answer):
            ChatServices(self).warn(STILL_NO_ROW)
        self._draw()

    def _on_notice(self, notice: ConversationNotice) -> None:
        if isinstance(notice, MessageAmended) and notice.message.id == self._answer.id:
            self._answer = notice.message
            self.call_later(self._draw)

    @property
    def _facts(self) -> ReceiptFacts:
        answer, app_state = self._answer, self._app_state
        models = app_state.models
        entry = models.entry(answer.answered_by or "") or models.entry(answer.model or "")
        search = app_state.receipts.search_of(answer.id)
        return ReceiptFacts(answer, entry, app_state.estimates.tariff, search, app_state.clock.monotonic())

    def _draw(self) -> None:
        if self.is_attached:
            self.query_one(Static).update(render_receipt(self._facts))
