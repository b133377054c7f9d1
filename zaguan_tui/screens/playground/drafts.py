"""What is being written, brought to disk twice a second however fast one types, a draft for each place."""

from __future__ import annotations

from zaguan_tui.screens.playground.desk import Desk
from zaguan_tui.screens.playground.prompt import Prompt
from zaguan_tui.state.house import House

SAVE_AFTER_S = 0.5


class Drafts:
    """Keeps the prompt's text at the desk's place. Works once the conversations are open."""

    def __init__(self, house: House, desk: Desk, prompt: Prompt) -> None:
        self._house, self._desk, self._prompt = house, desk, prompt
        self._due = False
        self.open = False

    def written(self) -> None:
        """Something was written: it is on disk in half a second."""
        if not self._due:
            self._due = True
            self._prompt.set_timer(SAVE_AFTER_S, self.keep)

    async def keep(self) -> None:
        """Bring the text to disk."""
        self._due = False
        if self.open:
            await self._house.conversations.save_draft(self._desk.draft_place, self._prompt.text)

    async def show(self) -> None:
        """Put the draft of this place into the prompt, whatever was there."""
        self._prompt.write(await self._house.conversations.read_draft(self._desk.draft_place))

    async def begin(self) -> None:
        """The conversations are open: put the draft into the prompt, unless one is writing already."""
        self._prompt.put_back(await self._house.conversations.read_draft(self._desk.draft_place))
        self.open = True

    async def sent(self) -> None:
        """The text went out: there is no draft any more."""
        await self._house.conversations.save_draft(self._desk.draft_place, "")
