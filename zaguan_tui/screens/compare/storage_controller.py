"""Storage of comparisons: start a new one, open an earlier one, export to Markdown and JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from zaguan_tui.screens.chat.drafts import DraftKeeper
from zaguan_tui.screens.chat.error_messages import OPENING
from zaguan_tui.screens.common.screen_services import ScreenServices
from zaguan_tui.screens.compare.compare_view import CompareView
from zaguan_tui.screens.compare.error_notices import warn_on_error
from zaguan_tui.screens.compare.selection import ComparisonSelection
from zaguan_tui.screens.compare.setup_controller import ComparisonSetupController
from zaguan_tui.state.comparison.comparison import NEW_COMPARISON_DRAFT, Comparison
from zaguan_tui.state.comparison.ranking import PriceOf
from zaguan_tui.state.conversations.conversation import Conversation, ConversationKind
from zaguan_tui.text.format import size
from zaguan_tui.text.surrogates import repair
from zaguan_tui.widgets.foreign_text import foreign

if TYPE_CHECKING:
    from zaguan_tui.state.app_state import AppState

MAX_STEM_LENGTH: Final = 40
NOTHING_TO_EXPORT: Final = "There is nothing to export yet: ask something first."
EXPORT_HELP: Final = (
    "Prompts, parameters, every answer of every run and the rankings: as Markdown to read, and beside it as "
    "JSON with the same name and .json."
)


@dataclass(slots=True, eq=False)
class ComparisonStorageController:
    """Opens and exports comparisons. ``is_open`` says whether conversations can be read and kept."""

    services: ScreenServices
    app_state: AppState
    comparison: Comparison
    selection: ComparisonSelection
    view: CompareView
    setup: ComparisonSetupController
    drafts: DraftKeeper
    price: PriceOf
    is_open: Callable[[], bool]

    async def start_new(self) -> None:
        """Begin a new comparison; models, runs and parameters stay."""
        with warn_on_error(self.services, "A new comparison could not be begun."):
            await self.drafts.fetch(NEW_COMPARISON_DRAFT)
            self.comparison.start_new()
            await self._show_newest()

    async def pick(self) -> None:
        """Choose among earlier comparisons."""
        from zaguan_tui.screens.chat.finders import make_conversation_search
        from zaguan_tui.widgets.picker import Picker

        if reason := self.explain_not_open():
            self.services.warn(reason)
            return
        conversations = await self.app_state.conversations.recent()
        comparisons = [one for one in conversations if one.kind is ConversationKind.COMPARISON]
        picker = Picker(
            "Comparisons",
            make_conversation_search(comparisons, self.app_state.clock.now()),
            total=len(comparisons),
            current=self.comparison.id,
            empty="No comparison is kept yet.",
        )
        if (chosen := await self.services.show_sheet(picker)) is not None:
            self.open(chosen)

    def open(self, conversation_id: str) -> None:
        """Open an earlier comparison."""
        self.services.run("open", self._open, conversation_id, exclusive=True)

    async def export(self) -> None:
        """Write the comparison as Markdown and as JSON."""
        comparison = self.comparison.conversation
        if comparison is None or not comparison.turns:
            self.services.warn(NOTHING_TO_EXPORT)
            return
        hint = " The files tell the names that are hidden here." if self.selection.names_hidden else ""
        await self.services.save_file(
            "Export the comparison",
            _make_stem(comparison.title),
            (".md", ".json"),
            foreign(EXPORT_HELP + hint, "$ink-soft"),
            lambda path: self._write(path, comparison),
        )

    def explain_not_open(self) -> str:
        """Why no comparison can be opened now; empty when one can."""
        return "" if self.is_open() else OPENING

    def explain_no_export(self) -> str:
        """Why there is nothing to export; empty when there is something."""
        return "" if self.comparison.turns else NOTHING_TO_EXPORT

    async def _open(self, conversation_id: str) -> None:
        if reason := self.explain_not_open():
            self.services.warn(reason)
            return
        with warn_on_error(self.services, "The comparison could not be opened."):
            await self.drafts.fetch(f"conversation:{conversation_id}")
            await self.comparison.take(conversation_id)
            self.setup.untouched = False
            await self._show_newest()

    async def _show_newest(self) -> None:
        self.selection.select_newest()
        self.drafts.move()
        self.view.grid.enlarge(None)
        await self.view.show()
        self.view.prompt.focus()

    def _write(self, path: Path, comparison: Conversation) -> str:
        from zaguan_tui.state.comparison.export import comparison_json, comparison_markdown
        from zaguan_tui.state.core.atomic_file import write_new_file

        redact = self.app_state.redact
        markdown = repair(redact(comparison_markdown(comparison, self.price)))
        data = repair(redact(comparison_json(comparison, self.price)))
        written = write_new_file(path.with_suffix(".md"), markdown)
        data_path = write_new_file(written.with_suffix(".json"), data)
        return f"Wrote {size(len((markdown + data).encode()))} to {written} and {data_path.name}."


def _make_stem(title: str) -> str:
    """The title of a comparison as part of a file's name."""
    letters = (letter if letter.isascii() and letter.isalnum() else "-" for letter in title.casefold())
    words = "-".join(filter(None, "".join(letters).split("-")))[:MAX_STEM_LENGTH].strip("-")
    return f"comparison-{words}" if words else "comparison"
