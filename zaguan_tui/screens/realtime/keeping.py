"""The half of the room that keeps: sound as WAV, events as JSON lines, copies, and the sheets that ask."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from textual import on, work
from textual.content import Content

from zaguan_tui.screens.common.base_screen import BaseScreen
from zaguan_tui.screens.realtime.log_pane import LogPane
from zaguan_tui.screens.realtime.log_view import EventLogView
from zaguan_tui.screens.realtime.turn_list import TurnList
from zaguan_tui.text.format import count, size
from zaguan_tui.text.sanitize import clean, clean_line
from zaguan_tui.widgets.foreign_text import foreign

if TYPE_CHECKING:
    from zaguan_tui.state.realtime.event_log import LogEntry
    from zaguan_tui.state.realtime.session import RealtimeSession
    from zaguan_tui.state.realtime.turns import RealtimeTurn

T = TypeVar("T")
LET_GO = "The sound of this turn was let go: only the newest 64 MB are kept."
NO_SOUND = "No sound came with this turn."
STEM_CELLS = 40


class KeepingRoom(BaseScreen):
    """A room with turns and a log. Subclasses compose them."""

    realtime: RealtimeSession

    @property
    def _talk(self) -> TurnList:
        return self.query_one(TurnList)

    @property
    def _pane(self) -> LogPane:
        return self.query_one(LogPane)

    @work(group="save", exclusive=True, exit_on_error=False)
    async def action_save_sound(self) -> None:
        """Write the sound of the focused (or newest) turn that has some."""
        from zaguan_tui.screens.modals.save_file import SaveSheet, find_free_path
        from zaguan_tui.state.realtime.audio import write_wav

        turn = self._turn_with_sound()
        if turn is None or not turn.sound_kept:
            self._warn(NO_SOUND if turn is None else LET_GO)
            return
        pieces, sound = self.realtime.book.sound_of(turn.id)
        octets = sum(map(len, pieces))
        stem = f"realtime-{_file_name(self.realtime.status.model)}-turn-{turn.id}"
        path = await asyncio.to_thread(find_free_path, Path.cwd(), stem, ".wav")
        length = "" if turn.seconds is None else f"{turn.seconds:.1f} s, "
        shape = f"{clean_line(sound.name, 30)}, {sound.rate:,} samples a second, one channel"
        about = foreign(f"The sound of turn {turn.id}: {length}{size(octets)}, {shape}.", "$ink-soft")
        chosen = await self.app.push_screen_wait(SaveSheet("Save the sound", path, about))
        if chosen is None:
            return
        if (seconds := await self._written(lambda: write_wav(chosen, pieces, sound))) is not None:
            self._tell(f"Wrote {seconds:.1f} s of sound, {size(octets)}, to {chosen}.")

    @work(group="save", exclusive=True, exit_on_error=False)
    async def action_export(self) -> None:
        """Write the events, one JSON object a line, the sound folded to its size."""
        from zaguan_tui.screens.modals.save_file import SaveSheet, find_free_path
        from zaguan_tui.state.realtime.export import write_events

        entries = self.realtime.log.entries
        if not entries:
            self._warn("There are no events to export yet.")
            return
        stem = f"realtime-{_file_name(self.realtime.status.model)}"
        path = await asyncio.to_thread(find_free_path, Path.cwd(), stem, ".jsonl")
        dropped = self.realtime.log.dropped
        lost = f" {count(dropped)} older lines were let go and are not in it." if dropped else ""
        about = "Every event as a line of JSON with its time and direction. Sound is folded to its size."
        sheet = SaveSheet("Export the events", path, Content.styled(about + lost, "$ink-soft"))
        if (chosen := await self.app.push_screen_wait(sheet)) is None:
            return
        if (written := await self._written(lambda: write_events(chosen, entries))) is not None:
            self._tell(f"Wrote {count(written)} events to {chosen}.")

    def action_copy(self) -> None:
        """Copy the event under the cursor, or the focused (or newest) turn."""
        if self.focused is self._pane.lines and (entry := self._pane.lines.current) is not None:
            text = "\n".join(entry.kept_frames)
        else:
            view = self._talk.view_at(self.focused)
            text = view.copy_text if view is not None else ""
        if not text:
            self.notify("There is nothing to copy yet.", timeout=3, markup=False)
            return
        self.app.copy_to_clipboard(clean(text))
        self._tell(f"Sent {len(text):,} characters to the terminal's clipboard.")

    @on(EventLogView.Opened)
    def _open_event(self, event: EventLogView.Opened) -> None:
        from zaguan_tui.screens.realtime.event_sheet import EventSheet

        if (entry := self.realtime.log.get(event.number)) is not None:
            self.app.push_screen(EventSheet(entry, self._step_event))

    def _step_event(self, step: int) -> LogEntry | None:
        return self._pane.lines.step(step)

    def _turn_with_sound(self) -> RealtimeTurn | None:
        """The focused turn, if one has the focus; else the newest with sound."""
        view = self._talk.view_at(self.focused)
        if view is not None and view is self.focused:
            return view.turn if view.turn.octets else None
        return next((turn for turn in reversed(self.realtime.book.turns) if turn.octets), None)

    async def _written(self, write: Callable[[], T]) -> T | None:
        """Write in a thread; what went wrong is a sentence, and the answer is ``None``."""
        from zaguan_tui.state.realtime.audio import AudioError

        try:
            return await asyncio.to_thread(write)
        except FileExistsError as error:
            self._warn(f"There is a file {error.filename} already: nothing was written.")
        except AudioError as error:
            self._warn(str(error))
        except OSError as error:
            self._warn(f"{error.filename or 'The file'} could not be written: {error.strerror or error}.")
        return None

    def _tell(self, sentence: str) -> None:
        self.notify(clean_line(sentence), markup=False)

    def _warn(self, sentence: str) -> None:
        self.notify(clean_line(sentence), severity="warning", markup=False)


def _file_name(model: str | None) -> str:
    """A model's name as part of a file's name."""
    name = (model or "session").rpartition("/")[2]
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)
    return kept.strip("-")[:STEM_CELLS] or "session"
