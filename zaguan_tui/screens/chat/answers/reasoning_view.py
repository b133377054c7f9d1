"""The reasoning of an answer: one line while folded, all of it when unfolded.

Parts that the provider keeps to itself (``redacted_thinking`` blocks of the Messages dialect) are named.
"""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.state.chat.message import Message, MessageStatus
from zaguan_tui.state.chat.stream_meter import estimate_tokens
from zaguan_tui.text.format import tokens
from zaguan_tui.text.sanitize import StreamCleaner, clean
from zaguan_tui.widgets.foreign_text import foreign_line

PAINT_EVERY_S: Final = 0.1
SHOWN: Final = 20_000
PREVIEW_LENGTH: Final = 300
REDACTED: Final = "redacted_thinking"


class ReasoningView(Vertical):
    """The reasoning of one answer, folded at first. Hidden as long as there is none."""

    def __init__(self, message: Message) -> None:
        super().__init__(classes="thought")
        self.display = False
        self._cleaner = StreamCleaner()
        self._pieces: list[str] = []
        self._reported_tokens: int | None = None
        self._redacted = 0
        self._weight = 0.0
        self._open = False
        self._thinking = message.status is not MessageStatus.ENDED
        self._paint_due = False
        self._take(message)

    def compose(self) -> ComposeResult:
        """The line with the number of tokens, and the text."""
        yield Static("", classes="thought-head")
        yield Static("", classes="thought-text")

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self._pieces and not self._redacted

    def on_mount(self) -> None:
        """Show the reasoning so far."""
        self._paint()

    def feed(self, piece: str) -> None:
        """Append streamed reasoning."""
        self._add(self._cleaner.feed(piece))
        if not self._paint_due:
            self._paint_due = True
            self.set_timer(PAINT_EVERY_S, self._paint)

    def answering(self) -> None:
        """The text of the answer has begun: the reasoning is complete."""
        if self._thinking:
            self._thinking = False
            self._paint()

    def show(self, message: Message) -> None:
        """Show the reasoning of ``message`` as it stands."""
        self._thinking = self._thinking and message.status is not MessageStatus.ENDED
        self._take(message)
        self._paint()

    def toggle(self) -> None:
        """Fold or unfold; what is unfolded is read from its beginning."""
        self._open = not self._open
        self._paint()
        if self._open and not self._thinking:
            self.call_after_refresh(self.scroll_visible, animate=False, top=True)

    def _take(self, message: Message) -> None:
        self._pieces, self._weight = [], 0.0
        self._reported_tokens = message.usage.reasoning_tokens if message.usage is not None else None
        self._redacted = sum(block.get("type") == REDACTED for block in message.blocks)
        self._add(clean(message.reasoning))

    def _add(self, piece: str) -> None:
        if piece:
            self._pieces.append(piece)
            self._weight += estimate_tokens(piece)

    def _paint(self) -> None:
        self._paint_due = False
        self.display = not self.empty
        if not self.display or not self.children:
            return
        if not self._pieces:
            self.query_one(".thought-head", Static).update(self._withheld())
            return
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        text = self._pieces[0]
        self.query_one(".thought-head", Static).update(self._head(text))
        body = self.query_one(".thought-text", Static)
        body.display = self._open
        if self._open:
            shown = text[-SHOWN:] if self._thinking else text[:SHOWN]
            left_out = Content.styled("\n…" if len(text) > SHOWN and not self._thinking else "")
            body.update(Content.assemble(Content(shown.strip("\n")), left_out))

    def _head(self, text: str) -> Content:
        count = tokens(self._reported_tokens) if self._reported_tokens else f"~{tokens(round(self._weight))}"
        mark = "▾" if self._open else "▸"
        head = Content.styled(f"{mark} reasoning · {count} tokens", "$ink-soft")
        if self._redacted:
            parts = "part" if self._redacted == 1 else "parts"
            head = Content.assemble(head, (f" · {self._redacted} {parts} redacted", "$ink-faint"))
        if self._open or not self._thinking:
            return head
        lines = text[-PREVIEW_LENGTH:].split("\n")
        glimpse = next((line for line in reversed(lines) if line.strip()), "")
        return Content("  ").join([head, foreign_line(glimpse, "$ink-faint")])

    def _withheld(self) -> Content:
        """The line for reasoning that the provider withholds."""
        count = f" · {tokens(self._reported_tokens)} tokens" if self._reported_tokens else ""
        return Content.styled(f"⊘ reasoning redacted by the provider{count}", "$ink-soft")
