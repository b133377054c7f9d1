"""Chat and messages side by side: both answers as they come, then what they have in common."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.widgets import Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.screens.chat.answers.answer import AnswerView
from zaguan_tui.screens.chat.listener import answer_id_of, show_notice
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.common.notice_queue import NoticeQueue
from zaguan_tui.screens.playground.dialect_comparison import lines
from zaguan_tui.state.chat.dialect_diff import WordDiff, compare_answers, compare_words
from zaguan_tui.state.chat.message import Message, MessageStatus
from zaguan_tui.state.conversations import notices as news
from zaguan_tui.state.conversations.notices import ConversationNotice
from zaguan_tui.widgets.keybar import KeyBar
from zaguan_tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from zaguan_tui.state.app_state import AppState


LAID_OUT_AFTER_S: Final = 0.15
"""What is nested takes more than one refresh to get its height."""


class DialectComparisonScreen(Sheet[bool]):
    """Dismisses with whether to send to both again."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("both")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    AUTO_FOCUS = ""

    def __init__(self, app_state: AppState, conversation_id: str, pair: tuple[Message, Message]) -> None:
        super().__init__()
        self._app_state = app_state
        self._conversation_id = conversation_id
        ids = tuple(message.id for message in pair)
        self._queue: NoticeQueue[ConversationNotice] = NoticeQueue(
            app_state.conversations.watch, lambda notice: answer_id_of(notice) in ids
        )
        now = {
            answer.id: answer
            for turn in app_state.conversations.get(conversation_id).turns
            for answer in turn.answers
            if answer.id in ids
        }
        self._answers = {message.id: now.get(message.id, message) for message in pair}
        self._diff: WordDiff | None = None

    def compose(self) -> ComposeResult:
        """A head, both answers, the table, the words, the keys."""
        with Vertical(id="both"):
            yield Static(lines.format_head(*self._answers.values()), id="both-head")
            with VerticalScroll(id="both-page"), Vertical(id="both-column"):
                with Container(id="both-answers"):
                    for answer in self._answers.values():
                        with Vertical(classes="side"):
                            yield AnswerView(answer)
                yield Static("", id="both-summary")
                yield Static("", id="both-table")
                yield Static("", id="words-head")
                with Container(id="both-words"):
                    yield Static("", classes="side words")
                    yield Static("", classes="side words")
            yield KeyBar()

    def on_mount(self) -> None:
        """Listen, and follow what comes."""
        page = self.query_one("#both-page", VerticalScroll)
        if self._under_way:
            page.anchor()
        page.focus()
        ChatServices(self).run("listen", self._queue.drain, self._show)
        self.set_interval(1.0, self._tick)
        self._conclude()

    def on_unmount(self) -> None:
        """Follow the answers no more."""
        self._queue.close()

    def on_resize(self) -> None:
        """Other columns for another width."""
        self.call_after_refresh(self._draw)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to stop only while something comes."""
        return self._under_way if action == "stop" else super().check_action(action, parameters)

    def action_leave(self) -> None:
        """Back to the conversation."""
        self.dismiss(False)

    def action_again(self) -> None:
        """Ask both once more, if they are over."""
        if self._under_way:
            ChatServices(self).inform("Both answers have to be over first: x stops them.")
        else:
            self.dismiss(True)

    def action_stop(self) -> None:
        """Stop both."""
        for message_id in self._answers:
            self._app_state.turns.stop(self._conversation_id, message_id)

    def action_copy(self) -> None:
        """Copy the differences."""
        if self._under_way:
            ChatServices(self).inform("There is nothing to compare yet.")
            return
        chat, messages = self._answers.values()
        ChatServices(self).copy(lines.format_plain_table(compare_answers(chat, messages)))

    def action_toggle_reasoning(self) -> None:
        """Fold or unfold what both thought."""
        for view in self.query(AnswerView):
            view.toggle_reasoning()

    def action_scroll(self, step: int) -> None:
        """Scroll a line."""
        self.query_one("#both-page", VerticalScroll).scroll_relative(y=step, animate=False)

    def action_page(self, step: int) -> None:
        """Scroll a page."""
        page = self.query_one("#both-page", VerticalScroll)
        page.scroll_page_down(animate=False) if step > 0 else page.scroll_page_up(animate=False)

    def action_top(self) -> None:
        """Go to the top."""
        self.query_one("#both-page", VerticalScroll).scroll_home(animate=False)

    def action_follow(self) -> None:
        """Go to the end and stay there."""
        page = self.query_one("#both-page", VerticalScroll)
        page.anchor()
        page.scroll_end(animate=False)

    @property
    def _under_way(self) -> bool:
        return any(answer.status is not MessageStatus.ENDED for answer in self._answers.values())

    async def _show(self, notice: ConversationNotice) -> None:
        message_id = answer_id_of(notice)
        if isinstance(notice, news.TurnEnded):
            self._answers[message_id] = notice.answer
        elif isinstance(notice, news.MessageAmended):
            self._answers[message_id] = notice.message
        await show_notice(
            next(view for view in self.query(AnswerView) if view.message.id == message_id), notice
        )
        if isinstance(notice, news.TurnEnded):
            self._conclude()
        elif isinstance(notice, news.MessageAmended):
            self._draw()

    def _tick(self) -> None:
        for view in self.query(AnswerView):
            view.tick(self._app_state.clock.now())

    @work(group="compare", exclusive=True, exit_on_error=False)
    async def _conclude(self) -> None:
        """Both are over: compare them."""
        self.refresh_bindings()
        if not self._under_way:
            left, right = self._answers.values()
            self._diff = await asyncio.to_thread(compare_words, left.text, right.text)
            page = self.query_one("#both-page", VerticalScroll)
            followed = page.is_anchored and not page._anchor_released  # no other way to know of the wheel
            self._draw()
            if followed:
                page.release_anchor()
                self.set_timer(LAID_OUT_AFTER_S, self._show_summary)

    def _show_summary(self) -> None:
        """Scroll until the whole table is visible, but not past its head."""
        page = self.query_one("#both-page", VerticalScroll)
        column = self.query_one("#both-column")
        top = self.query_one("#both-summary").virtual_region.y - 1
        bottom = self.query_one("#both-table").virtual_region.bottom - page.content_size.height
        page.scroll_to(y=column.virtual_region.y + min(top, bottom), animate=False, force=True)

    def _draw(self) -> None:
        diff = self._diff
        if diff is None or not self.is_attached:
            return
        left, right = self._answers.values()
        rows = compare_answers(left, right, diff.first)
        self.query_one("#both-summary", Static).update(lines.format_summary(rows))
        table = self.query_one("#both-table", Static)
        table.update(lines.format_table(rows, table.content_size.width))
        self.query_one("#words-head", Static).update(lines.format_word_diff_head(diff))
        sides = self.query_one("#both-words")
        sides.display = diff.first is not None
        named = (("chat", diff.left), ("messages", diff.right))
        for side, (name, runs) in zip(self.query(".words").results(Static), named, strict=True):
            side.update(lines.format_word_diff(name, runs))
