"""Attaches files to the prompt: the file picker, dropped and pasted paths, and what the model cannot take."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from textual.content import Content

from zaguan_tui.screens.chat.chat_session import ChatSession
from zaguan_tui.screens.chat.composer.draft_attachments import DraftAttachments
from zaguan_tui.screens.chat.prompt import Prompt
from zaguan_tui.screens.common.services import ScreenServices
from zaguan_tui.state.app_state import AppState
from zaguan_tui.state.chat.message import Attachment

PATH_BEGINNINGS = ("/", "~/", "./", "../", "file://", "'/", '"/')


class AttachmentController:
    """Keeps the files beside the prompt of every conversation. ``show`` gets those of the open one."""

    def __init__(
        self,
        app_state: AppState,
        session: ChatSession,
        prompt: Prompt,
        services: ScreenServices,
        show: Callable[[Sequence[Attachment]], None],
    ) -> None:
        self._app_state, self._session = app_state, session
        self._prompt, self._services, self._show = prompt, services, show
        self._by_draft = DraftAttachments(lambda: session.draft_place)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The files that go with the prompt as it stands."""
        return self._by_draft.files

    def refresh(self) -> None:
        """Show the files of the conversation that is open."""
        self._show(self.files)

    def add(self, attachments: Sequence[Attachment], draft_place: str | None = None) -> None:
        """Put files beside the prompt, or beside the draft of another conversation."""
        self._by_draft.add(attachments, draft_place)
        self.refresh()

    def remove(self, number: int = -1) -> None:
        """Take a file away, the last one by itself."""
        if self._by_draft.remove(number) is not None:
            self.refresh()

    def remove_sent(self, draft_place: str, attachments: Sequence[Attachment]) -> None:
        """Take away the files that went out with a prompt."""
        self._by_draft.remove_sent(draft_place, attachments)
        self.refresh()

    def explain_refusal(self, attachments: Sequence[Attachment]) -> str:
        """Why these files cannot go to the session's model; "" when they can."""
        if not attachments:
            return ""
        from zaguan_tui.state.chat.attachments import MAX_FILES, explain_unsupported

        if len(attachments) > MAX_FILES:
            return f"{MAX_FILES} files can go with one prompt."
        entry, others = self._session.entry, self._app_state.models.catalogue.entries
        reasons = (
            explain_unsupported(attachment, entry, self._session.dialect, others)
            for attachment in attachments
        )
        return next((reason for reason in reasons if reason is not None), "")

    async def choose(self, typed: str = "") -> None:
        """Choose a file. What was ``typed`` to get here goes when one is chosen, else it stays as typed."""
        from zaguan_tui.screens.chat.composer.file_picker import FilePicker

        picker = FilePicker(await asyncio.to_thread(Path.cwd))
        chosen = await self._services.ask(picker)
        if chosen is not None:
            if typed:
                self._prompt.take_back(typed)
            await self.attach(Path(chosen))
        elif typed and picker.typed:
            self._prompt.insert(picker.typed)

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
            self._services.warn(str(error))
            return
        if reason := self.explain_refusal([*self.files, attachment]):
            self._services.warn(reason)
            return
        self.add([attachment])
        if (note := describe_unknown_support(attachment, self._session.entry)) is not None:
            self._services.warn(note)

    def offer_pasted(self, pasted: str) -> None:
        """A terminal pastes the path of a file that is dropped on it: offer to attach the picture."""
        if pasted.startswith(PATH_BEGINNINGS):
            self._services.start(partial(self._offer, pasted), "pick")

    async def _offer(self, pasted: str) -> None:
        from zaguan_tui.state.chat.attachments import find_pasted_image, make_display_name

        if (path := await asyncio.to_thread(find_pasted_image, parse_pasted_path(pasted))) is None:
            return
        from zaguan_tui.screens.modals.confirm import ConfirmScreen

        name = make_display_name(path)
        body = Content(f"{name} is a picture. It can go with the prompt instead of its path.")
        if await self._services.ask(ConfirmScreen("Attach it?", body, "Yes, attach it", "No, keep the path")):
            self._prompt.take_back(pasted)
            await self.attach(path)


def parse_pasted_path(pasted: str) -> str:
    """The path in what a terminal pastes for a dropped file: quoted, escaped, or a ``file:`` address."""
    if pasted.startswith("file://"):
        return unquote(urlsplit(pasted).path)
    if len(pasted) > 1 and pasted[0] == pasted[-1] and pasted[0] in "'\"":
        return pasted[1:-1]
    return pasted.replace("\\ ", " ")
