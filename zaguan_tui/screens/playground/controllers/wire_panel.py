"""Shows what goes over the wire for an answer: the panel beside the answers, or in their place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual.content import Content
from textual.screen import Screen

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.error_messages import warn_of_errors
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.screens.chat.transcript import Transcript
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import Message
from zaguan_tui.text.format import size
from zaguan_tui.text.sanitize import clean, clean_line

if TYPE_CHECKING:
    from zaguan_tui.screens.chat.wire.pane import WirePane

BESIDE_FROM: Final = 110
SHOWN, BESIDE = "-wire", "-beside"
NO_REQUEST: Final = "No request of this answer is kept."
NOTHING_HERE: Final = "There is nothing to copy here."


@dataclass(eq=False)
class WirePanelController:
    """Mounts the panel in ``#sides`` when it is first asked for, and tells it which answer it shows.

    The answer is the one that had the focus last, else the newest. The classes ``-wire`` and ``-beside`` of
    the screen say whether the panel is shown and whether it stands beside the answers.
    """

    screen: Screen[Any]
    app_state: AppState
    session: ChatSession
    prompt: Prompt
    transcript: Transcript
    services: ChatServices
    _pane: WirePane | None = field(default=None, init=False)
    _focused_answer: str | None = field(default=None, init=False)
    _newest_answer: str | None = field(default=None, init=False)

    def resize(self, width: int) -> None:
        """Put the panel beside the answers where there is space."""
        self.screen.set_class(width >= BESIDE_FROM, BESIDE)

    def refresh(self) -> None:
        """Show what came meanwhile."""
        if self._pane is not None and self.screen.has_class(SHOWN):
            self._pane.look()

    def reset(self) -> None:
        """Another conversation is open: show its newest answer."""
        self._focused_answer = None
        self.refresh()

    def follow_focus(self) -> None:
        """Show the wire of the answer that got the focus."""
        focused = self.services.focused
        view = self.transcript.answer_at(focused)
        if view is not None and view is focused:
            self._focused_answer = None if view is self.transcript.newest else view.message.id
            self.refresh()

    async def toggle(self) -> None:
        """Show the panel, or the answers alone again. The keys go with it, but never out of the prompt."""
        pane = self._pane
        if pane is None:
            from zaguan_tui.screens.chat.wire.pane import WirePane

            pane = WirePane(self.app_state.wire, self.app_state.clock, self._find_answer)
            self._pane = pane
            await self.screen.query_one("#sides").mount(pane)
        elif self.screen.has_class(SHOWN):
            self._close(pane)
            return
        self.screen.add_class(SHOWN)
        pane.display = True
        pane.look()
        if self.services.focused is not self.prompt:
            pane.take_keys()

    def leave(self) -> None:
        """Leave the replay; else go back to the answers."""
        if (pane := self._pane) is None or pane.leave_replay():
            return
        if self.screen.has_class(BESIDE):
            self.services.focus(self.transcript.answer_at(None) or self.prompt)
        else:
            self._close(pane)

    def leave_prompt(self) -> bool:
        """Where the panel stands in the place of the answers, give it the keys; else close it.

        True when it has taken the keys.
        """
        pane = self._pane
        if pane is None or not self._alone:
            return False
        if self.services.focused is self.prompt and pane.take_keys():
            return True
        self._close(pane)
        return False

    def scroll_page(self, step: int) -> bool:
        """Scroll a page of the panel, if it is what the person looks at."""
        pane = self._pane
        if pane is None or not (self.has_focus or self._alone):
            return False
        pane.page(step)
        return True

    def copy(self) -> None:
        """Copy the frame under the cursor, or the section."""
        if self._pane is not None:
            self.services.copy(clean(self._pane.copy_text))

    def copy_reason(self) -> str:
        """Why there is nothing to copy in the panel."""
        return "" if self._pane is not None and self._pane.copy_text else NOTHING_HERE

    async def copy_as(self) -> None:
        """Copy the request as code, or write it to a file."""
        from zaguan_tui.screens.chat.wire.copy_sheet import CopySheet, find_free_snippet_path, make_file_stem

        pane = self._pane
        if pane is None or (record := pane.record) is None:
            return
        model = pane.message.model if pane.message is not None else None
        wire, message_id = self.app_state.wire, record.message_id
        with warn_of_errors(self.services.warn, "The request could not be written as code."):
            choice = await self.services.show_sheet(
                CopySheet(lambda language: wire.snippet(message_id, language))
            )
            if choice is None:
                return
            if choice.file:
                path = await asyncio.to_thread(find_free_snippet_path, make_file_stem(model), choice.suffix)
                await self._save(path, choice.code, f"The request as {choice.language}")
            else:
                code = clean(choice.code)
                self.services.copy(code, f"{len(code):,} characters of {choice.language}")

    async def save(self) -> None:
        """Write requests and frames to a file."""
        from zaguan_tui.screens.chat.wire.copy_sheet import find_free_snippet_path, make_file_stem
        from zaguan_tui.state.chat.wire.export import to_json_lines

        pane = self._pane
        if pane is None or pane.record is None:
            return
        model = pane.message.model if pane.message is not None else None
        text = await asyncio.to_thread(to_json_lines, pane.record)
        stem = make_file_stem(model).replace("request", "wire", 1)
        path = await asyncio.to_thread(find_free_snippet_path, stem, ".jsonl")
        await self._save(path, text, "Requests and frames with their moments, one JSON a line")

    async def _save(self, path: Path, text: str, content: str) -> None:
        octets = size(len(text.encode("utf-8", "replace")))
        about = Content.styled(f"{content}, {octets}. No key is in it.", "$ink-soft")
        if (place := await self.services.save("Save to a file", path, about, text)) is not None:
            self.services.inform(clean_line(f"Wrote {octets} to {place}."))

    def request_reason(self) -> str:
        """Why there is no request to copy or to save."""
        record = self._pane.record if self._pane is not None else None
        return NO_REQUEST if record is None or record.attempt is None else ""

    def _find_answer(self) -> Message | None:
        conversation = self.session.conversation
        if conversation is None or not conversation.turns:
            return None
        answers = [answer for turn in conversation.turns for answer in turn.answers]
        if answers and answers[-1].id != self._newest_answer:
            self._newest_answer, self._focused_answer = answers[-1].id, None
        chosen = [answer for answer in answers if answer.id == self._focused_answer] or answers
        return chosen[-1] if chosen else None

    def _close(self, pane: WirePane) -> None:
        had_focus = self.has_focus
        pane.replay.stop()
        self.screen.remove_class(SHOWN)
        pane.display = False
        if had_focus:
            self.services.focus(self.transcript.newest or self.prompt)

    @property
    def has_focus(self) -> bool:
        """Whether the panel has the keys."""
        focused = self.services.focused
        return self._pane is not None and focused is not None and self._pane in focused.ancestors

    @property
    def _alone(self) -> bool:
        return self.screen.has_class(SHOWN) and not self.screen.has_class(BESIDE)
