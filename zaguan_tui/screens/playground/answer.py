"""One answer as it comes: settled Markdown above, the live tail below, reasoning folded, figures under it.

Textual rebuilds the last Markdown block at every append, so only what can no longer change is appended; the
rest is one plain widget, repainted at most twenty times a second (style: settled prefix and live tail).
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.screens.playground.meterline import ended_line, live_line, trouble
from zaguan_tui.state.message import Message, MessageStatus
from zaguan_tui.state.meter import Meter, estimate_tokens
from zaguan_tui.text.format import tokens
from zaguan_tui.text.sanitize import StreamCleaner, clean
from zaguan_tui.text.settle import Settler
from zaguan_tui.widgets.content import foreign, foreign_line, identifier

PAINT_EVERY_S = 0.05
LONGEST_MARKDOWN = 60_000
LONGEST_LINE = 8_000
SHOWN_REASONING = 20_000
SHOWN_TAIL = 4_000


class AnswerView(Vertical, can_focus=True):
    """Shows one :class:`Message` of the assistant, live or as it was kept."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "fold", "Fold", id="answer.fold", show=False)]

    def __init__(self, message: Message, *, folded: bool = False) -> None:
        super().__init__(classes="answer")
        self.message = message
        self._folded = folded
        self._cleaner, self._reasoning_cleaner = StreamCleaner(), StreamCleaner()
        self._settler = Settler()
        self._settled: list[str] = []
        self._said: list[str] = []
        self._reasoning = clean(message.reasoning)
        self._reasoning_open = False
        self._plain = False
        self._paint_due = False

    def compose(self) -> ComposeResult:
        """Who answers, what it thought, what it says, how it went."""
        yield Static(identifier(self.message.model, "bold $ink-strong"), classes="who")
        yield Static("", classes="reasoning")
        yield Vertical(classes="body")
        yield Static("", classes="tail")
        yield Static("", classes="foot")
        yield Static("", classes="trouble")

    async def on_mount(self) -> None:
        """Show what is there already."""
        if self.message.status is MessageStatus.ENDED:
            await self.end(self.message)
        else:
            self._show_foot(live_line(Meter()))
            self._show_reasoning()

    @property
    def copy_text(self) -> str:
        """The answer as copied: what the model said, harmless."""
        return clean(self.message.text)

    def feed(self, text: str, reasoning: str) -> None:
        """More came."""
        if reasoning:
            self._reasoning += self._reasoning_cleaner.feed(reasoning)
        if text:
            harmless = self._cleaner.feed(text)
            self._said.append(harmless)
            self._settled.append(self._settler.push(harmless))
        if not self._paint_due:
            self._paint_due = True
            self.set_timer(PAINT_EVERY_S, self._paint)

    def text_became_reasoning(self) -> None:
        """What was said so far was thought: a lone ``</think>`` came."""
        self._reasoning = "".join(self._said)
        self._said, self._settled, self._settler = [], [], Settler()
        self.query_one(".body", Vertical).remove_children()
        self._show_reasoning()

    def meter(self, meter: Meter) -> None:
        """New figures."""
        self._show_foot(live_line(meter))

    async def end(self, message: Message) -> None:
        """It is over: the whole text once more, properly, and how it ended."""
        self.message = message
        self._reasoning, self._settled, self._said = clean(message.reasoning), [], []
        self.query_one(".tail", Static).display = False
        self._show_reasoning()
        await self._show_whole()
        self._show_foot(ended_line(message))
        problem = trouble(message)
        line = self.query_one(".trouble", Static)
        line.display = problem is not None
        line.update(problem or "")

    async def fold(self) -> None:
        """Become one line, so that a long conversation stays quick to type in."""
        self._folded = True
        await self._show_whole()

    async def action_fold(self) -> None:
        """Fold or unfold."""
        self._folded = not self._folded
        await self._show_whole()

    def toggle_reasoning(self) -> None:
        """Show or hide what it thought."""
        self._reasoning_open = not self._reasoning_open
        self._show_reasoning()

    def on_click(self, event: events.Click) -> None:
        """A click on the folded reasoning opens it."""
        if event.widget is not None and event.widget.has_class("reasoning"):
            self.toggle_reasoning()

    async def _paint(self) -> None:
        settled, self._settled = "".join(self._settled), []
        self._show_reasoning()
        if settled:
            await self._append(settled)
        self._paint_due = False
        if self.message.status is MessageStatus.ENDED:
            return
        rest = self._settler.tail
        tail = self.query_one(".tail", Static)
        tail.display = bool(rest)
        tail.update(Content(rest[-SHOWN_TAIL:]))

    async def _append(self, settled: str) -> None:
        body = self.query_one(".body", Vertical)
        if max(map(len, settled.split("\n"))) > LONGEST_LINE:
            await body.mount(Static(Content(settled), classes="plain"))
            return
        last = body.children[-1] if body.children else None
        from textual.widgets import Markdown  # 40 ms of start that only an answer needs

        if not isinstance(last, Markdown) or len(last.source) > LONGEST_MARKDOWN // 6:
            last = Markdown(open_links=False)
            await body.mount(last)
        await last.append(settled)

    async def _show_whole(self) -> None:
        body = self.query_one(".body", Vertical)
        text = clean(self.message.text or self.message.refusal)
        await body.remove_children()
        if self._folded:
            await body.mount(Static(_summary(text), classes="folded"))
        elif len(text) > LONGEST_MARKDOWN or max(map(len, text.split("\n"))) > LONGEST_LINE:
            await body.mount(Static(Content(text), classes="plain"))
        elif text:
            from textual.widgets import Markdown

            await body.mount(Markdown(text, open_links=False))
        for call in self.message.tool_calls:
            arguments = foreign(call.arguments, "$ink-soft")
            name = Content.assemble(("→ ", "$primary"), identifier(call.name, "bold"), " ", arguments)
            await body.mount(Static(name, classes="tool-call"))

    def _show_reasoning(self) -> None:
        line = self.query_one(".reasoning", Static)
        line.display = bool(self._reasoning)
        if not self._reasoning:
            return
        count = tokens(estimate_tokens(self._reasoning))
        usage = self.message.usage
        if usage is not None and usage.reasoning_tokens:
            count = tokens(usage.reasoning_tokens)
        else:
            count = f"~{count}"
        mark = "▾" if self._reasoning_open else "▸"
        head = Content.styled(f"{mark} reasoning · {count} tokens", "$ink-soft")
        if self._reasoning_open:
            head = Content("\n").join([head, Content.styled(self._reasoning[-SHOWN_REASONING:], "$ink-soft")])
        elif self.message.status is not MessageStatus.ENDED and not self._said:
            head = Content("  ").join(
                [head, foreign_line(self._reasoning[-200:].splitlines()[-1], "$ink-faint", 100)]
            )
        line.update(head)

    def _show_foot(self, line: Content) -> None:
        self.query_one(".foot", Static).update(line)


def _summary(text: str) -> Content:
    first = next((line for line in text.splitlines() if line.strip()), "")
    more = text.count("\n")
    lines = f"  (+{more} lines, enter unfolds)" if more else ""
    return Content.assemble(("▸ ", "$ink-soft"), foreign_line(first, "$ink-soft", 100), (lines, "$ink-faint"))
