"""Sheet that shows one realtime event as JSON, its sound folded, and steps to the next."""

from __future__ import annotations

import json
from typing import Final

from zaguan_tui.screens.chat.stepping_sheet import SheetPage, SteppingSheet
from zaguan_tui.state.realtime.event_log import LogEntry
from zaguan_tui.text.format import count
from zaguan_tui.widgets.foreign_text import foreign

MAX_FRAMES: Final = 60
MAX_CHARACTERS: Final = 60_000


class EventSheet(SteppingSheet[LogEntry]):
    """One entry of the event log."""

    def laid_out(self, entry: LogEntry) -> SheetPage:
        """Direction, type and moment above the JSON."""
        text = format_entry_json(entry)
        title = f"{entry.direction} {entry.type or 'unreadable'} · {entry.at_s:.3f} s"
        return SheetPage(title, foreign(text), text)


def format_entry_json(entry: LogEntry) -> str:
    """The JSON of an entry, indented; of a run of deltas the first ones."""
    frames = entry.kept_frames
    parts = [json.dumps(json.loads(frame), ensure_ascii=False, indent=2) for frame in frames[:MAX_FRAMES]]
    if (more := len(frames) - MAX_FRAMES) > 0:
        parts.append(f"… {count(more)} more of the same kind; the export has them all")
    text = "\n".join(parts)
    if len(text) <= MAX_CHARACTERS:
        return text
    return f"{text[:MAX_CHARACTERS]}\n… {count(len(text) - MAX_CHARACTERS)} more characters"
