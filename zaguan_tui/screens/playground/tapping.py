"""The half of the room that watches the wire: the tap beside the answers, or in their place."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import events, work
from textual.content import Content
from textual.css.query import NoMatches

from zaguan_tui.screens.playground.asking import AskingRoom
from zaguan_tui.state.chat.message import Message
from zaguan_tui.text.format import size
from zaguan_tui.text.sanitize import clean, clean_line

if TYPE_CHECKING:
    from zaguan_tui.screens.chat.wire.pane import WirePane

BESIDE_FROM: Final = 110
SHOWN, BESIDE = "-wire", "-beside"
NO_REQUEST: Final = "No request of this answer is kept."


class TappingRoom(AskingRoom):
    """A room with a wire tap: ``#sides`` holds the transcript, and the tap once it was asked for."""

    _focused_answer: str | None = None
    _newest_answer: str | None = None

    def on_resize(self, event: events.Resize) -> None:
        """The tap stands beside the answers where there is room."""
        self.set_class(event.size.width >= BESIDE_FROM, BESIDE)

    def on_descendant_focus(self) -> None:
        """The answer that has the focus is the one whose wire is shown."""
        answers = self._transcript
        focused = answers.answer_at(self.focused)
        if focused is not None and focused is self.focused:
            self._focused_answer = None if focused is answers.newest else focused.message.id
            self._look_at_wire()

    def on_screen_resume(self, _event: events.ScreenResume) -> None:
        """What came meanwhile is shown."""
        self._look_at_wire()

    def tick(self) -> None:
        """A silence grows."""
        super().tick()
        self._look_at_wire()

    async def action_toggle_wire(self) -> None:
        """Show the tap, or the answers alone again. The keys go with it, but never out of the prompt."""
        pane = self._pane
        if pane is None:
            from zaguan_tui.screens.chat.wire.pane import WirePane

            pane = WirePane(self.app_state.wire, self.app_state.clock, self._tapped)
            await self.query_one("#sides").mount(pane)
        elif self.has_class(SHOWN):
            self._close_wire(pane)
            return
        self.add_class(SHOWN)
        pane.display = True
        pane.look()
        if self.focused is not self._prompt:
            pane.take_keys()

    def action_leave_wire(self) -> None:
        """Leave the replay; else go back to the answers."""
        if (pane := self._pane) is None or pane.leave_replay():
            return
        if self.has_class(BESIDE):
            self.set_focus(self._transcript.answer_at(None) or self._prompt)
        else:
            self._close_wire(pane)

    def action_leave(self) -> None:
        """Where the tap stands in the place of the answers, it gets the keys."""
        pane = self._pane
        if pane is not None and self._wire_alone:
            if self.focused is self._prompt and pane.take_keys():
                return
            self._close_wire(pane)
        super().action_leave()

    def action_page(self, step: int) -> None:
        """Read on or back in what is looked at."""
        pane = self._pane
        if pane is not None and (self._wire_has_keys(pane) or self._wire_alone):
            pane.page(step)
        else:
            super().action_page(step)

    def action_copy(self) -> None:
        """Copy the frame under the cursor or the section, where the tap has the keys."""
        pane = self._pane
        if pane is None or not self._wire_has_keys(pane):
            super().action_copy()
        elif text := pane.copy_text:
            self._to_clipboard(text)
        else:
            self._nothing("copy here")

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_copy_as(self) -> None:
        """Copy the request as code, or write it to a file."""
        from zaguan_tui.screens.chat.wire.copy_sheet import CopySheet, find_free_snippet_path, make_file_stem

        pane = self._pane
        record = pane.record if pane is not None else None
        if pane is None or record is None or record.attempt is None:
            self._warn(NO_REQUEST)
            return
        model = pane.message.model if pane.message is not None else None
        wire, message_id = self.app_state.wire, record.message_id
        with self._telling("The request could not be written as code."):
            chosen = await self.app.push_screen_wait(
                CopySheet(lambda language: wire.snippet(message_id, language))
            )
            if chosen is None:
                return
            if chosen.file:
                place = await asyncio.to_thread(find_free_snippet_path, make_file_stem(model), chosen.suffix)
                await self._write_wire(place, chosen.code, f"The request as {chosen.language}")
            else:
                self._to_clipboard(chosen.code, f" of {chosen.language}")

    @work(group="save", exclusive=True, exit_on_error=False)
    async def action_save_wire(self) -> None:
        """Write requests and frames to a file."""
        from zaguan_tui.screens.chat.wire.copy_sheet import find_free_snippet_path, make_file_stem
        from zaguan_tui.state.chat.wire.export import to_json_lines

        pane = self._pane
        if pane is None or pane.record is None or pane.record.attempt is None:
            self._warn(NO_REQUEST)
            return
        model = pane.message.model if pane.message is not None else None
        text = await asyncio.to_thread(to_json_lines, pane.record)
        stem = make_file_stem(model).replace("request", "wire", 1)
        place = await asyncio.to_thread(find_free_snippet_path, stem, ".jsonl")
        await self._write_wire(place, text, "Requests and frames with their moments, one JSON a line")

    async def _write_wire(self, place: Path, text: str, what: str) -> None:
        """Ask where, and write."""
        from zaguan_tui.screens.modals.save_file import SaveSheet
        from zaguan_tui.state.core.atomic_file import write_new_file

        octets = size(len(text.encode("utf-8", "replace")))
        about = Content.styled(f"{what}, {octets}. No key is in it.", "$ink-soft")
        chosen = await self.app.push_screen_wait(SaveSheet("Save to a file", place, about))
        if chosen is None:
            return
        try:
            written = await asyncio.to_thread(write_new_file, chosen, text)
        except OSError as error:
            self._warn(f"{error.filename or chosen} could not be written: {error.strerror or error}.")
        else:
            self.notify(clean_line(f"Wrote {octets} to {written}."), markup=False)

    @contextmanager
    def _turning_the_page(self) -> Iterator[None]:
        with super()._turning_the_page():
            yield
        self._focused_answer = None
        self._look_at_wire()

    def _tapped(self) -> Message | None:
        """The answer whose wire is shown: the one that had the focus last, else the newest."""
        conversation = self.chat_session.conversation
        if conversation is None or not conversation.turns:
            return None
        answers = [answer for turn in conversation.turns for answer in turn.answers]
        if answers and answers[-1].id != self._newest_answer:
            self._newest_answer, self._focused_answer = answers[-1].id, None
        chosen = [answer for answer in answers if answer.id == self._focused_answer] or answers
        return chosen[-1] if chosen else None

    def _look_at_wire(self) -> None:
        if self.has_class(SHOWN) and (pane := self._pane) is not None:
            pane.look()

    def _close_wire(self, pane: WirePane) -> None:
        had_keys = self._wire_has_keys(pane)
        pane.replay.stop()
        self.remove_class(SHOWN)
        pane.display = False
        if had_keys:
            self.set_focus(self._transcript.newest or self._prompt)

    def _to_clipboard(self, text: str, what: str = "") -> None:
        self.app.copy_to_clipboard(clean(text))
        self.notify(f"Sent {len(text):,} characters{what} to the terminal's clipboard.", markup=False)

    def _wire_has_keys(self, pane: WirePane) -> bool:
        return self.focused is not None and pane in self.focused.ancestors

    @property
    def _wire_alone(self) -> bool:
        return self.has_class(SHOWN) and not self.has_class(BESIDE)

    @property
    def _pane(self) -> WirePane | None:
        """The tap, once it was asked for."""
        try:
            return self.query_one("#wire")  # type: ignore[return-value]  # its class is not imported yet
        except NoMatches:
            return None
