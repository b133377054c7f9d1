"""The receipt of an answer: what was expected, what was counted, what the ledger took, and how they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from zaguan_tui.keys import bindings_for
from zaguan_tui.screens.playground.receipt_lines import Facts, as_json, receipt_content
from zaguan_tui.state.conversation_changes import ConversationNotice, MessageAmended
from zaguan_tui.state.message import Message
from zaguan_tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from zaguan_tui.state.house import House

AGAIN_IN_VAIN = "There is nothing to ask: no request id, no history, or no gateway."


class ReceiptSheet(Sheet[None]):
    """Shows the receipt of one answer, and what is learned of it meanwhile."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("receipt")]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, house: House, conversation_id: str, answer: Message) -> None:
        super().__init__()
        self._house = house
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
        self._unwatch = self._house.conversations.watch(self._hear)
        self.set_interval(1.0, self._draw)
        self._draw()

    def on_unmount(self) -> None:
        """Hear no more."""
        self._unwatch()

    def action_scroll(self, step: int) -> None:
        """Scroll a line."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)

    def action_copy(self) -> None:
        """Copy the receipt as JSON."""
        text = as_json(self._facts)
        self.app.copy_to_clipboard(text)
        self.notify(f"Sent {len(text):,} characters to the terminal's clipboard.", markup=False)

    def action_look_again(self) -> None:
        """Ask the ledger once more."""
        receipts = self._house.receipts
        if receipts is None or not receipts.look_again(self._conversation_id, self._answer):
            self.notify(AGAIN_IN_VAIN, severity="warning", markup=False)
        self._draw()

    def _hear(self, notice: ConversationNotice) -> None:
        if isinstance(notice, MessageAmended) and notice.message.id == self._answer.id:
            self._answer = notice.message
            self.call_later(self._draw)

    @property
    def _facts(self) -> Facts:
        answer, house = self._answer, self._house
        models, receipts = house.models, house.receipts
        entry = models.entry(answer.answered_by or "") or models.entry(answer.model or "")
        search = receipts.search_of(answer.id) if receipts is not None else None
        return Facts(answer, entry, house.estimates.tariff, search, house.clock.monotonic())

    def _draw(self) -> None:
        if self.is_attached:
            self.query_one(Static).update(receipt_content(self._facts))
