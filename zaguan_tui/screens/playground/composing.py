"""The half of the room that composes: attachments, the editor, the library, and what was asked before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from textual import on, work
from textual.content import Content

from zaguan_tui.features.feature import Feature
from zaguan_tui.screens.chat.composer.chips import AttachmentChips
from zaguan_tui.screens.chat.composer.draft_attachments import DraftAttachments
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.send_request import SendRequest
from zaguan_tui.screens.common.connection_info import Session
from zaguan_tui.screens.playground.weighing import WeighingRoom
from zaguan_tui.state.chat.message import Attachment
from zaguan_tui.state.chat.prompt_request import ModelTarget, PromptRequest
from zaguan_tui.state.core.store import Snapshot
from zaguan_tui.text.sanitize import clean

LIKE_A_PATH = ("/", "~/", "./", "../", "file://", "'/", '"/')


class ComposingRoom(WeighingRoom):
    """A room whose prompt is more than text."""

    def __init__(self, session: Session, info: Feature | None = None) -> None:
        super().__init__(session, info)
        self._files = DraftAttachments(lambda: self.chat_session.draft_place)

    def on_mount(self) -> None:
        """What was asked in earlier runs of the program can be walked through, once it can be read."""
        self.follow(self.session.ready, self._recall)

    def _recall(self, snapshot: Snapshot[bool]) -> None:
        if snapshot.value:
            self._remember_earlier()

    @work(group="recall", exclusive=True, exit_on_error=False)
    async def _remember_earlier(self) -> None:
        if self.app_state.prompts is not None:
            self._prompt.recall(await self.app_state.prompts.recent())

    def _question(self, text: str) -> PromptRequest:
        """The text with the files beside it."""
        return PromptRequest(text, self._files.here)

    def _submit(self, text: str) -> bool:
        """Refuse what the model cannot look at: it would be paid for and answered with an error."""
        if (why_not := self._objection(self._files.here)) is not None:
            self._warn(why_not)
            return False
        return super()._submit(text)

    def _send(self, question: PromptRequest, lanes: Sequence[ModelTarget] = ()) -> None:
        """Send, and take what went out away from beside the prompt."""
        place = self.chat_session.draft_place
        super()._send(question, lanes)
        self._files.gone(place, question.attachments)
        self._draw_files()

    async def _give_back(self, send_request: SendRequest) -> None:
        """The files come back with the text."""
        await super()._give_back(send_request)
        if send_request.question is not None:
            self._files.add(send_request.question.attachments, send_request.draft_place)
            self._draw_files()

    def _put_back(self, text: str) -> None:
        """A prompt that got no answer is given back with its files, unless something else is written."""
        free = not self._prompt.text.strip()
        self._prompt.put_back(text)
        conversation = self.chat_session.conversation
        if free and not self._files.here and conversation is not None and conversation.turns:
            self._put_beside(conversation.turns[-1].prompt.attachments)

    def _put_beside(self, attachments: Sequence[Attachment]) -> None:
        """Put files beside the prompt."""
        self._files.add(attachments)
        self._draw_files()

    @contextmanager
    def _turning_the_page(self) -> Iterator[None]:
        """Every conversation has its own files beside its prompt."""
        with super()._turning_the_page():
            yield
        self._draw_files()

    @on(Prompt.AtTyped)
    def _at_typed(self) -> None:
        self._choose_file(typed="@")

    def action_attach(self) -> None:
        """Choose a file to go with the prompt."""
        self._choose_file()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def _choose_file(self, typed: str = "") -> None:
        """Choose a file. What was typed to get here goes when one is chosen, else it stays as typed."""
        from zaguan_tui.screens.chat.composer.file_picker import FilePicker

        picker = FilePicker(await asyncio.to_thread(Path.cwd))
        chosen = await self.app.push_screen_wait(picker)
        if chosen is not None:
            if typed:
                self._prompt.take_back(typed)
            await self._take_file(Path(chosen))
        elif typed and picker.typed:
            self._prompt.insert(picker.typed)

    async def _take_file(self, path: Path) -> None:
        from zaguan_tui.state.chat.attachments import (
            AttachmentError,
            describe_unknown_support,
            read_attachment,
        )

        try:
            attachment = await asyncio.to_thread(read_attachment, path)
        except AttachmentError as error:
            self._warn(str(error))
            return
        why_not = self._objection([*self._files.here, attachment])
        if why_not is not None:
            self._warn(why_not)
            return
        self._put_beside([attachment])
        if (note := describe_unknown_support(attachment, self.chat_session.entry)) is not None:
            self._warn(note)

    def _objection(self, attachments: Sequence[Attachment]) -> str | None:
        """Why these cannot go to the model of the desk."""
        if not attachments:
            return None
        from zaguan_tui.state.chat.attachments import MAX_FILES, explain_unsupported

        if len(attachments) > MAX_FILES:
            return f"{MAX_FILES} files can go with one prompt."
        entry, others = self.chat_session.entry, self.app_state.models.catalogue.entries
        told = (
            explain_unsupported(attachment, entry, self.chat_session.dialect, others)
            for attachment in attachments
        )
        return next((sentence for sentence in told if sentence is not None), None)

    @on(Prompt.LinePasted)
    def _line_pasted(self, event: Prompt.LinePasted) -> None:
        if event.text.startswith(LIKE_A_PATH):
            self._offer_file(event.text)

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def _offer_file(self, pasted: str) -> None:
        """A terminal pastes the path of a file that is dropped on it: offer to attach the picture."""
        from zaguan_tui.state.chat.attachments import find_pasted_image, make_display_name

        if (path := await asyncio.to_thread(find_pasted_image, _path_of(pasted))) is None:
            return
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        body = Content(
            f"{make_display_name(path)} is a picture. It can go with the prompt instead of its path."
        )
        sheet = ConfirmScreen("Attach it?", body, "Yes, attach it", "No, keep the path")
        if await self.app.push_screen_wait(sheet):
            self._prompt.take_back(pasted)
            await self._take_file(path)

    @on(AttachmentChips.Removed)
    def _cross_clicked(self, event: AttachmentChips.Removed) -> None:
        self._files.remove(event.place)
        self._draw_files()

    @on(Prompt.NothingLeft)
    def action_detach(self) -> None:
        """Take the last file away."""
        if self._files.remove() is not None:
            self._draw_files()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_edit_outside(self) -> None:
        """Write the prompt in the person's own editor."""
        from zaguan_tui.screens.chat.composer.editor import EditorError, edit_text

        try:
            text = await edit_text(self.app, self._prompt.text)
        except EditorError as error:
            self._warn(str(error))
        else:
            self._prompt.write(text)
        self._prompt.focus()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_library(self) -> None:
        """Take a text from the library, or keep one there."""
        from zaguan_tui.screens.chat.composer.library_sheet import LibrarySheet

        sheet = LibrarySheet(
            self.app_state.library, {"prompt": self._prompt.text, "system": self.chat_session.system_prompt}
        )
        taken = await self.app.push_screen_wait(sheet)
        if taken is None:
            return
        if taken.kind == "prompt":
            self._prompt.insert(clean(taken.text))
            self._prompt.focus()
            return
        with self._telling("The system prompt could not be changed."):
            await self.chat_session.set_system_prompt(taken.text)
        self._system_changed()

    def _system_changed(self) -> None:
        """Another system prompt is in force."""

    def _draw_files(self) -> None:
        self.query_one(AttachmentChips).show(self._files.here)
        self._estimate_cost()


def _path_of(pasted: str) -> str:
    """The path in what a terminal pastes for a dropped file: quoted, escaped, or a ``file:`` address."""
    if pasted.startswith("file://"):
        return unquote(urlsplit(pasted).path)
    if len(pasted) > 1 and pasted[0] == pasted[-1] and pasted[0] in "'\"":
        return pasted[1:-1]
    return pasted.replace("\\ ", " ")
