"""Exports the events of a session as JSON lines, audio folded to its size."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from zaguan_tui.state.realtime.event_log import Direction, LogEntry

_SIDES: Final = {Direction.SENT: "client", Direction.RECEIVED: "server", Direction.NOTE: "note"}


def event_lines(entry: LogEntry) -> list[str]:
    """A line for each event of an entry. Of a run of deltas only the first and last moment are known."""
    head = f'{{"dir":"{_SIDES[entry.direction]}","session":{entry.session},'
    last = len(entry.kept_frames) - 1
    lines = []
    for place, frame in enumerate(entry.kept_frames):
        moment = entry.at_s if place == 0 else entry.last_s if place == last else None
        lines.append(f'{head}"at_s":{json.dumps(moment and round(moment, 6))},"event":{frame}}}\n')
    return lines


def write_events(path: Path, entries: Sequence[LogEntry]) -> int:
    """Write a file where there is none yet; returns how many events are in it. Blocking: for a thread.

    Raises ``OSError``, ``FileExistsError`` when there is a file already.
    """
    written = 0
    with path.open("x", encoding="utf-8", errors="replace", newline="\n") as file:
        try:
            for entry in entries:
                lines = event_lines(entry)
                file.writelines(lines)
                written += len(lines)
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise
    return written
