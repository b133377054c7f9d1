"""The tools an answer wants to be called: growing while they come, laid out and folded once whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from zaguan_tui.client.types.answers.tool_call import ToolCall
from zaguan_tui.screens.chat.next_steps import find_key, get_keymap
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.foreign_text import foreign, foreign_line, identifier

PAINT_EVERY_S: Final = 0.1
ONE_LINE: Final = 72
FOLDED_LINES: Final = 8
SHOWN: Final = 20_000
MAX_LAID_OUT_LENGTH: Final = 200_000
SHOWN_TAIL: Final = 160
UNFOLD: Final = "playground.reasoning"


class ToolCalls(Vertical):
    """Shows the calls of one answer. Hidden as long as there is none."""

    def __init__(self) -> None:
        super().__init__(classes="calls")
        self.display = False
        self._growing: dict[int, tuple[str, list[str]]] = {}
        self._calls: tuple[ToolCall, ...] = ()
        self._open = False
        self._paint_due = False

    def compose(self) -> ComposeResult:
        """The calls, one below the other."""
        yield Static("", classes="tool-call")

    def on_mount(self) -> None:
        """Show the calls so far."""
        self._paint()

    def feed(self, call: int, name: str, arguments: str) -> None:
        """More of the call number ``call`` came."""
        pieces = self._growing.get(call, ("", []))[1]
        pieces.append(arguments)
        self._growing[call] = (name, pieces)
        if not self._paint_due:
            self._paint_due = True
            self.set_timer(PAINT_EVERY_S, self._paint)

    def show(self, calls: Sequence[ToolCall]) -> None:
        """They are whole, or as whole as they will be."""
        self._calls, self._growing = tuple(calls), {}
        self._paint()

    def toggle(self) -> None:
        """Unfold the long ones, or fold them again."""
        self._open = not self._open
        self._paint()

    @property
    def foldable(self) -> bool:
        """Whether any is too long to be shown whole at once."""
        return any(
            len(format_arguments(call.arguments)[0].splitlines()) > FOLDED_LINES for call in self._calls
        )

    def _paint(self) -> None:
        self._paint_due = False
        if not self.children:
            return
        if self._calls:
            key = "" if self._open else find_key(UNFOLD, get_keymap(self.app))
            lines = [render_call(call, unfolds=key, whole=self._open) for call in self._calls]
        else:
            lines = [_growing(name, "".join(pieces)) for name, pieces in self._growing.values()]
        self.display = bool(lines)
        self.query_one(".tool-call", Static).update(Content("\n").join(lines))


def render_call(call: ToolCall, *, unfolds: str = "", whole: bool = False) -> Content:
    """``→ name(arguments)``, the JSON laid out; invalid JSON is shown unchanged, and marked.

    What is not ``whole`` is cut after a few lines; ``unfolds`` is the key that shows the rest.
    """
    text, fault = format_arguments(call.arguments)
    lines = text.splitlines() or [""]
    shown, more = (lines, 0) if whole else (lines[:FOLDED_LINES], len(lines) - FOLDED_LINES)
    arguments = foreign("\n".join(shown)[:SHOWN], "$ink-soft")
    if more > 0:
        how = f", {unfolds} unfolds" if unfolds else ""
        rest = (f"\n  … {more} more lines{how}", "$ink-faint")
    else:
        rest = (")", "$ink-faint")
    line = Content.assemble(_name(call.name), arguments, rest)
    return Content.assemble(line, (f"  ▲ {fault}", "$warning")) if fault else line


def format_arguments(arguments: str) -> tuple[str, str]:
    """The arguments laid out, and the JSON error in them; empty without one."""
    if not arguments.strip():
        return "", ""
    if len(arguments) > MAX_LAID_OUT_LENGTH:
        return arguments, ""
    try:
        value = json.loads(arguments)
        line = json.dumps(value, ensure_ascii=False)
        return (line if len(line) <= ONE_LINE else json.dumps(value, ensure_ascii=False, indent=2)), ""
    except json.JSONDecodeError as error:
        return arguments, f"not valid JSON: {error.msg} at character {error.pos + 1:,}"
    except (ValueError, RecursionError):
        return arguments, "not valid JSON"


def _growing(name: str, arguments: str) -> Content:
    tail = clean_line(arguments[-SHOWN_TAIL:])
    cut = "…" if len(arguments) > SHOWN_TAIL else ""
    return Content.assemble(_name(name), foreign_line(f"{cut}{tail}", "$ink-soft"))


def _name(name: str) -> Content:
    return Content.assemble(("→ ", "$primary"), identifier(name, "bold"), ("(", "$ink-faint"))
