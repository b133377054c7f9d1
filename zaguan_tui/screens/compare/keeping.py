"""The half of the comparing room that keeps: opening an earlier comparison, beginning a new one, files."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from textual import work

from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.error_messages import OPENING
from zaguan_tui.screens.compare.arranging import ArrangingRoom
from zaguan_tui.state.comparison.comparison import NEW_COMPARISON_DRAFT
from zaguan_tui.state.conversations.conversation import Conversation, ConversationKind
from zaguan_tui.text.format import size
from zaguan_tui.text.surrogates import repair
from zaguan_tui.widgets.foreign_text import foreign

STEM_CELLS: Final = 40
NOTHING_TO_EXPORT: Final = "There is nothing to export yet: ask something first."


class KeepingRoom(ArrangingRoom):
    """A room whose comparisons are kept."""

    _drafts: DraftKeeper

    @work(group="open", exclusive=True, exit_on_error=False)
    async def action_new_comparison(self) -> None:
        """Clear the desk; lanes, runs and parameters stay."""
        with self._telling("A new comparison could not be begun."):
            await self._drafts.fetch(NEW_COMPARISON_DRAFT)
            self.comparison.start_new()
            await self._turn_the_page()

    @work(group="pick", exclusive=True, exit_on_error=False)
    async def action_open_comparison(self) -> None:
        """Choose among earlier comparisons."""
        from zaguan_tui.screens.chat.finders import make_conversation_search
        from zaguan_tui.widgets.picker import Picker

        if self._listener is None:
            self._warn(OPENING)
            return
        recent = [
            one
            for one in await self.app_state.conversations.recent()
            if one.kind is ConversationKind.COMPARISON
        ]
        picker = Picker(
            "Comparisons",
            make_conversation_search(recent, self.app_state.clock.now()),
            total=len(recent),
            current=self.comparison.id,
            empty="No comparison is kept yet.",
        )
        if (chosen := await self.app.push_screen_wait(picker)) is not None:
            self._take(chosen)

    @work(group="open", exclusive=True, exit_on_error=False)
    async def _take(self, conversation_id: str) -> None:
        if self._listener is None:
            self._warn(OPENING)
            return
        with self._telling("The comparison could not be opened."):
            await self._drafts.fetch(f"conversation:{conversation_id}")
            await self.comparison.take(conversation_id)
            self._untouched = False
            await self._turn_the_page()

    async def _turn_the_page(self) -> None:
        self._turn_id = self._run = None
        self._drafts.move()
        self._board.enlarge(None)
        await self._look()
        self._prompt.focus()

    @work(group="save", exclusive=True, exit_on_error=False)
    async def action_export(self) -> None:
        """Write the comparison as Markdown and as JSON."""
        from zaguan_tui.screens.modals.save_file import SaveSheet

        comparison = self.comparison.conversation
        if comparison is None or not comparison.turns:
            self._warn(NOTHING_TO_EXPORT)
            return
        path = await asyncio.to_thread(_free_pair, Path.cwd(), _stem(comparison))
        about = "Prompts, parameters, every answer of every run and the rankings: as Markdown to read, and "
        about += f"beside it as JSON with the same name and {path.with_suffix('.json').suffix}."
        if self.comparison.hidden(self._turn):
            about += " The files tell the names that are hidden here."
        sheet = SaveSheet("Export the comparison", path, foreign(about, "$ink-soft"))
        if (chosen := await self.app.push_screen_wait(sheet)) is not None:
            await self._write(chosen, comparison)

    async def _write(self, path: Path, comparison: Conversation) -> None:
        from zaguan_tui.state.comparison.export import comparison_json, comparison_markdown
        from zaguan_tui.state.core.atomic_file import write_new_file

        def write() -> tuple[Path, Path, int]:
            markdown = repair(self.app_state.redact(comparison_markdown(comparison, self._price)))
            data = repair(self.app_state.redact(comparison_json(comparison, self._price)))
            read = write_new_file(path.with_suffix(".md"), markdown)
            return read, write_new_file(read.with_suffix(".json"), data), len((markdown + data).encode())

        try:
            read, data, octets = await asyncio.to_thread(write)
        except OSError as error:
            self._warn(f"{error.filename or path} could not be written: {error.strerror or error}.")
        else:
            self._tell(f"Wrote {size(octets)} to {read} and {data.name}.")


def _free_pair(folder: Path, stem: str) -> Path:
    """A Markdown path where neither it nor its JSON is there yet. Looks at the disk: for a thread."""
    path, number = folder / f"{stem}.md", 1
    while path.exists() or path.with_suffix(".json").exists():
        number += 1
        path = folder / f"{stem}-{number}.md"
    return path


def _stem(comparison: Conversation) -> str:
    kept = "".join(
        letter if letter.isascii() and letter.isalnum() else "-" for letter in comparison.title.casefold()
    )
    words = "-".join(part for part in kept.split("-") if part)[:STEM_CELLS].strip("-")
    return f"comparison-{words}" if words else "comparison"
