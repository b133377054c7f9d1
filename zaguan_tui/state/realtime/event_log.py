"""The event log of a session: every event in order, runs of deltas as one entry, bounded."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from zaguan_tui.state.realtime.frame_text import NOTE, format_frame
from zaguan_tui.state.realtime.summary import MAX_LENGTH, event_label, summarize_event
from zaguan_tui.text.format import size
from zaguan_tui.text.sentences import quote

MAX_ENTRIES: Final = 5_000
MAX_CHARACTERS: Final = 16_000_000
MAX_FRAMES: Final = 2_000
"""Deltas that one entry counts; a longer run becomes two."""


class Direction(enum.StrEnum):
    """Who sent an event: the client, the server, or this program about the connection."""

    SENT = "→"
    RECEIVED = "←"
    NOTE = "·"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One event, or a run of deltas of one kind.

    ``at_s`` and ``last_s`` are seconds since the session was asked for, ``gap_s`` those since the event
    before (``None`` for the first). ``octets`` counts the bytes of sound. Of ``frames``, folded JSON, the
    first ``times`` belong to this entry.
    """

    number: int
    session: int
    direction: Direction
    type: str
    at_s: float
    last_s: float
    gap_s: float | None = None
    summary: str = ""
    times: int = 1
    octets: int = 0
    trouble: bool = False
    frames: Sequence[str] = field(default=(), compare=False, repr=False)

    @property
    def label(self) -> str:
        """``text delta ×42``, ``session.created``."""
        return event_label(self.type) + (f" ×{self.times}" if self.times > 1 else "")

    @property
    def kept_frames(self) -> tuple[str, ...]:
        """The folded JSON of each of its events."""
        return tuple(self.frames[: self.times])


class EventLog:
    """Keeps the newest :data:`MAX_ENTRIES` entries, fewer when they are large. ``redact`` masks keys."""

    def __init__(self) -> None:
        self.redact: Callable[[str], str] = str
        self._entries: dict[int, LogEntry] = {}
        self._frames: dict[int, list[str]] = {}
        self._runs: dict[tuple[object, ...], int] = {}
        self._run_texts: dict[int, str] = {}
        self._numbers = 0
        self._weight = 0
        self._session = 0
        self._began_at = 0.0
        self._last_at: float | None = None
        self.events = 0
        """How many events were seen, each delta counted."""
        self.dropped = 0
        """How many entries were let go."""

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        """What is kept, oldest first."""
        return tuple(self._entries.values())

    def get(self, number: int) -> LogEntry | None:
        """The entry of that number; ``None`` when it was let go."""
        return self._entries.get(number)

    def begin(self, session: int, at: float) -> None:
        """A session is asked for: times count from here."""
        self._session, self._began_at, self._last_at = session, at, None
        self._end_runs()

    def note(self, word: str, about: str, at: float, *, trouble: bool = False) -> LogEntry:
        """Something about the connection itself."""
        self._end_runs()
        return self._add(Direction.NOTE, word, {"note": word, "about": about}, about, at, trouble=trouble)

    def sent(self, event_type: str, frame: Any, at: float) -> LogEntry:
        """We said this."""
        self._end_runs()
        self.events += 1
        return self._add(Direction.SENT, event_type, frame, summarize_event(event_type, frame), at)

    def received(
        self, event_type: str, frame: Any, at: float, *, octets: int = 0, trouble: bool = False
    ) -> LogEntry:
        """The server said this. A delta joins those of its kind, while nothing but deltas comes."""
        self.events += 1
        if not event_type.endswith(".delta"):
            self._end_runs()
            summary = summarize_event(event_type, frame)
            return self._add(Direction.RECEIVED, event_type, frame, summary, at, trouble=trouble)
        run = _run_key(event_type, frame)
        before = self._entries.get(self._runs.get(run, 0))
        if before is not None and before.times < MAX_FRAMES:
            return self._join(before, frame, at, octets)
        summary = summarize_event(event_type, frame)
        entry = self._add(Direction.RECEIVED, event_type, frame, summary, at, octets=octets)
        self._runs[run] = entry.number
        if isinstance(frame, dict) and isinstance(delta := frame.get("delta"), str) and not octets:
            self._run_texts[entry.number] = delta[:MAX_LENGTH]
        return entry

    def _end_runs(self) -> None:
        self._runs.clear()
        self._run_texts.clear()

    def _join(self, before: LogEntry, frame: Any, at: float, octets: int) -> LogEntry:
        text = self.redact(format_frame(frame))
        self._frames[before.number].append(text)
        self._weight += len(text)
        octets += before.octets
        entry = replace(
            before,
            times=before.times + 1,
            last_s=at - self._began_at,
            octets=octets,
            summary=f"{NOTE} {size(octets)}" if octets else self._run_beginning(before, frame),
        )
        self._entries[entry.number] = entry
        self._last_at = at
        self._evict_oldest()
        return entry

    def _run_beginning(self, before: LogEntry, frame: Any) -> str:
        """The beginning of what a run of deltas says."""
        text = self._run_texts.get(before.number, "")
        if len(text) < MAX_LENGTH and isinstance(delta := frame.get("delta"), str):
            text = self._run_texts[before.number] = text + delta[:MAX_LENGTH]
            return quote(self.redact(text), MAX_LENGTH)
        return before.summary

    def _add(
        self,
        direction: Direction,
        event_type: str,
        frame: Any,
        summary: str,
        at: float,
        *,
        octets: int = 0,
        trouble: bool = False,
    ) -> LogEntry:
        self._numbers += 1
        frames = [self.redact(format_frame(frame))]
        since = at - self._began_at
        entry = LogEntry(
            number=self._numbers,
            session=self._session,
            direction=direction,
            type=event_type,
            at_s=since,
            last_s=since,
            gap_s=None if self._last_at is None else at - self._last_at,
            summary=self.redact(summary),
            octets=octets,
            trouble=trouble,
            frames=frames,
        )
        self._entries[entry.number], self._frames[entry.number] = entry, frames
        self._weight += len(frames[0])
        self._last_at = at
        self._evict_oldest()
        return entry

    def _evict_oldest(self) -> None:
        """Drop the oldest entries beyond the bounds; the newest always stays."""
        while len(self._entries) > MAX_ENTRIES or (self._weight > MAX_CHARACTERS and len(self._entries) > 1):
            oldest = next(iter(self._entries))
            del self._entries[oldest]
            self._weight -= sum(map(len, self._frames.pop(oldest)))
            self._run_texts.pop(oldest, None)
            self.dropped += 1


def _run_key(event_type: str, frame: Any) -> tuple[object, ...]:
    """What makes two deltas the same run. Ids may be of any type on the wire."""
    names = ("response_id", "item_id", "output_index", "content_index")
    return (event_type, *(str(frame.get(name)) for name in names)) if isinstance(frame, dict) else ("",)
