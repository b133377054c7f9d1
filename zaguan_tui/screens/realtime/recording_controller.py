"""Recording of a realtime session: save a turn's sound as WAV, export events as JSON lines, copy text."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.realtime.realtime_view import RealtimeView
from zaguan_tui.state.realtime.session import RealtimeSession
from zaguan_tui.state.realtime.turns import RealtimeTurn
from zaguan_tui.text.format import count, size
from zaguan_tui.text.sanitize import clean_line
from zaguan_tui.widgets.foreign_text import foreign

SOUND_DROPPED = "The sound of this turn was let go: only the newest 64 MB are kept."
NO_SOUND = "No sound came with this turn."
NO_EVENTS = "There are no events to export yet."
EXPORT_HELP = "Every event as a line of JSON with its time and direction. Sound is folded to its size."
NOTHING_TO_COPY = "There is nothing to copy yet."
MAX_STEM_LENGTH = 40


@dataclass(slots=True, eq=False)
class RecordingController:
    """Writes what a session recorded to files and to the clipboard."""

    services: ScreenServices
    session: RealtimeSession
    view: RealtimeView

    async def save_sound(self) -> None:
        """Write the sound of the focused turn, or of the newest that has some."""
        from zaguan_tui.state.realtime.audio import AudioError, write_wav

        turn = self._find_turn_with_sound()
        if turn is None or not turn.sound_kept:
            self.services.warn(self.explain_no_sound())
            return
        pieces, sound = self.session.book.sound_of(turn.id)
        octets = size(sum(map(len, pieces)))
        length = "" if turn.seconds is None else f"{turn.seconds:.1f} s, "
        shape = f"{clean_line(sound.name, 30)}, {sound.rate:,} samples a second, one channel"
        await self.services.save_file(
            "Save the sound",
            f"{self._stem}-turn-{turn.id}",
            (".wav",),
            foreign(f"The sound of turn {turn.id}: {length}{octets}, {shape}.", "$ink-soft"),
            lambda path: f"Wrote {write_wav(path, pieces, sound):.1f} s of sound, {octets}, to {path}.",
            (AudioError,),
        )

    def explain_no_sound(self) -> str:
        """Why no sound can be saved; empty when some can."""
        turn = self._find_turn_with_sound()
        if turn is None:
            return NO_SOUND
        return "" if turn.sound_kept else SOUND_DROPPED

    async def export_events(self) -> None:
        """Write the events, one JSON object a line, the sound folded to its size."""
        from zaguan_tui.state.realtime.export import write_events

        if reason := self.explain_no_events():
            self.services.warn(reason)
            return
        entries, dropped = self.session.log.entries, self.session.log.dropped
        omitted = f" {count(dropped)} older lines were let go and are not in it." if dropped else ""
        await self.services.save_file(
            "Export the events",
            self._stem,
            (".jsonl",),
            Content.styled(EXPORT_HELP + omitted, "$ink-soft"),
            lambda path: f"Wrote {count(write_events(path, entries))} events to {path}.",
        )

    def explain_no_events(self) -> str:
        """Why no events can be exported; empty when some can."""
        return "" if self.session.log.entries else NO_EVENTS

    def copy(self) -> None:
        """Copy the event under the cursor, or the focused (or newest) turn."""
        if text := self._copy_text:
            self.services.copy(text)
        else:
            self.services.inform(NOTHING_TO_COPY, timeout=3)

    def explain_no_copy(self) -> str:
        """Why there is nothing to copy; empty when there is something."""
        return "" if self._copy_text else NOTHING_TO_COPY

    @property
    def _copy_text(self) -> str:
        event = self.view.focused_event
        return "\n".join(event.kept_frames) if event is not None else self.view.turn_text

    def _find_turn_with_sound(self) -> RealtimeTurn | None:
        """The focused turn, if it has sound; without a focused turn the newest that has."""
        if (turn := self.view.focused_turn) is not None:
            return turn if turn.octets else None
        return next((turn for turn in reversed(self.session.book.turns) if turn.octets), None)

    @property
    def _stem(self) -> str:
        """The name of the session's model as part of a file's name."""
        name = (self.session.status.model or "session").rpartition("/")[2]
        letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
        return f"realtime-{letters.strip('-')[:MAX_STEM_LENGTH] or 'session'}"
