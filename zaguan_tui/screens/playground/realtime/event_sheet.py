"""One event as JSON, its sound folded; the next and the one before are a key away."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import ClassVar, Final

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from zaguan_tui.keys import bindings_for
from zaguan_tui.state.realtime.log import LogEntry
from zaguan_tui.text.format import count
from zaguan_tui.text.sanitize import clean, clean_line
from zaguan_tui.widgets.content import foreign

MOST_FRAMES: Final = 60
MOST_CHARACTERS: Final = 60_000


class EventSheet(ModalScreen[None]):
    """``step`` moves in the log below and gives the entry there."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("event")]
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, entry: LogEntry, step: Callable[[int], LogEntry | None]) -> None:
        super().__init__()
        self._entry = entry
        self._step = step
        self._text = ""

    def compose(self) -> ComposeResult:
        """A framed page."""
        with Vertical(classes="sheet event-sheet") as sheet:
            sheet.border_subtitle = "n next · p before · y copies · esc closes"
            with VerticalScroll():
                yield Static("")

    def on_mount(self) -> None:
        """Show the event."""
        self._show()

    def action_step(self, step: int) -> None:
        """Go to another event."""
        if (entry := self._step(step)) is not None:
            self._entry = entry
            self._show()

    def action_scroll(self, step: int) -> None:
        """Scroll a line."""
        self.query_one(VerticalScroll).scroll_relative(y=step, animate=False)

    def action_copy(self) -> None:
        """Copy the JSON."""
        self.app.copy_to_clipboard(clean(self._text))
        self.notify(f"Sent {len(self._text):,} characters to the terminal's clipboard.", markup=False)

    @work(group="event", exclusive=True, exit_on_error=False, thread=True)
    def _show(self) -> None:
        """Lay the JSON out in a thread: it may be long."""
        entry = self._entry
        text = pretty(entry)
        self.app.call_from_thread(self._put, entry, text)

    def _put(self, entry: LogEntry, text: str) -> None:
        if entry is not self._entry or not self.is_attached:
            return
        self._text = text
        sheet = self.query_one(".event-sheet", Vertical)
        sheet.border_title = clean_line(
            f"{entry.direction} {entry.type or 'unreadable'} · {entry.at_s:.3f} s", 70
        )
        self.query_one(Static).update(foreign(text))
        self.query_one(VerticalScroll).scroll_home(animate=False)


def pretty(entry: LogEntry) -> str:
    """The JSON of an entry, indented; of a run of deltas the first ones."""
    frames = entry.kept_frames
    parts = [json.dumps(json.loads(frame), ensure_ascii=False, indent=2) for frame in frames[:MOST_FRAMES]]
    if (more := len(frames) - MOST_FRAMES) > 0:
        parts.append(f"… {count(more)} more of the same kind; the export has them all")
    text = "\n".join(parts)
    if len(text) <= MOST_CHARACTERS:
        return text
    return f"{text[:MOST_CHARACTERS]}\n… {count(len(text) - MOST_CHARACTERS)} more characters"
