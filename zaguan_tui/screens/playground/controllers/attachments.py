"""Attaches files to the prompt: the file picker, dropped and pasted paths, and what the model cannot take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from textual.content import Content

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.chat.services import ChatServices
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import Attachment

PATH_BEGINNINGS = ("/", "~/", "./", "../", "file://", "'/", '"/')


@dataclass(eq=False)
class AttachmentController:
    """Keeps the files beside the prompt of every conversation. ``show`` gets those of the open one."""

    app_state: AppState
    session: ChatSession
    prompt: Prompt
    services: ChatServices
    show: Callable[[Sequence[Attachment]], None]
    _by_place: dict[str, tuple[Attachment, ...]] = field(default_factory=dict, init=False)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The files that go with the prompt as it stands."""
        return self._by_place.get(self.session.draft_place, ())

    def refresh(self) -> None:
        """Show the files of the conversation that is open."""
        self.show(self.files)

    def add(self, attachments: Sequence[Attachment], draft_place: str | None = None) -> None:
        """Put files beside the prompt, or beside the draft of another place; the same one twice is once."""
        place = self.session.draft_place if draft_place is None else draft_place
        files = self._by_place.get(place, ())
        self._by_place[place] = (*files, *(file for file in attachments if file not in files))
        self.refresh()

    def remove(self, number: int = -1) -> None:
        """Take a file away, the last one by itself."""
        files = list(self.files)
        if -len(files) <= number < len(files):
            del files[number]
            self._by_place[self.session.draft_place] = tuple(files)
            self.refresh()

    def remove_sent(self, draft_place: str, attachments: Sequence[Attachment]) -> None:
        """Take away the files that went out with a prompt."""
        files = self._by_place.pop(draft_place, ())
        if rest := tuple(file for file in files if file not in attachments):
            self._by_place[draft_place] = rest
        self.refresh()

    def explain_refusal(self, attachments: Sequence[Attachment]) -> str:
        """Why these files cannot go to the session's model; "" when they can."""
        if not attachments:
            return ""
        from zaguan_tui.state.chat.attachments import MAX_FILES, explain_unsupported

        if len(attachments) > MAX_FILES:
            return f"{MAX_FILES} files can go with one prompt."
        entry, others = self.session.entry, self.app_state.models.catalogue.entries
        reasons = (
            explain_unsupported(attachment, entry, self.session.dialect, others) for attachment in attachments
        )
        return next((reason for reason in reasons if reason is not None), "")

    async def choose(self, typed: str = "") -> None:
        """Choose a file. What was ``typed`` to get here goes when one is chosen, else it stays as typed."""
        from zaguan_tui.screens.chat.composer.file_picker import FilePicker

        picker = FilePicker(await asyncio.to_thread(Path.cwd))
        chosen = await self.services.show_sheet(picker)
        if chosen is not None:
            if typed:
                self.prompt.take_back(typed)
            await self.attach(Path(chosen))
        elif typed and picker.typed:
            self.prompt.insert(picker.typed)

    async def attach(self, path: Path) -> None:
        """Read a file and put it beside the prompt, or say why not."""
        from zaguan_tui.state.chat.attachments import (
            AttachmentError,
            describe_unknown_support,
            read_attachment,
        )

        try:
            attachment = await asyncio.to_thread(read_attachment, path)
        except AttachmentError as error:
            self.services.warn(str(error))
            return
        if reason := self.explain_refusal([*self.files, attachment]):
            self.services.warn(reason)
            return
        self.add([attachment])
        if (note := describe_unknown_support(attachment, self.session.entry)) is not None:
            self.services.warn(note)

    def offer_pasted(self, pasted: str) -> None:
        """A terminal pastes the path of a file that is dropped on it: offer to attach the picture."""
        if pasted.startswith(PATH_BEGINNINGS):
            self.services.run("pick", self._offer, pasted, exclusive=True)

    async def _offer(self, pasted: str) -> None:
        from zaguan_tui.state.chat.attachments import find_pasted_image, make_display_name

        if (path := await asyncio.to_thread(find_pasted_image, parse_pasted_path(pasted))) is None:
            return
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        name = make_display_name(path)
        body = Content(f"{name} is a picture. It can go with the prompt instead of its path.")
        if await self.services.show_sheet(
            ConfirmScreen("Attach it?", body, "Yes, attach it", "No, keep the path")
        ):
            self.prompt.take_back(pasted)
            await self.attach(path)


def parse_pasted_path(pasted: str) -> str:
    """The path in what a terminal pastes for a dropped file: quoted, escaped, or a ``file:`` address."""
    if pasted.startswith("file://"):
        return unquote(urlsplit(pasted).path)
    if len(pasted) > 1 and pasted[0] == pasted[-1] and pasted[0] in "'\"":
        return pasted[1:-1]
    return pasted.replace("\\ ", " ")
