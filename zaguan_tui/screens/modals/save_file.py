"""Sheet that asks for the path of a file to be written, and says what is written and how much."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from zaguan_tui.actions.registry import bindings_for
from zaguan_tui.widgets.safe_input import SafeInput
from zaguan_tui.widgets.sheet import Sheet


class SaveSheet(Sheet[Path | None]):
    """Dismisses with the path, or ``None``."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("edit")]
    AUTO_FOCUS = "Input"

    def __init__(self, title: str, path: Path, explanation: Content) -> None:
        super().__init__()
        self._title = title
        self._path = path
        self._explanation = explanation

    def compose(self) -> ComposeResult:
        """What is written, and where to."""
        with Vertical(classes="sheet save-sheet") as sheet:
            sheet.border_title = self._title
            sheet.border_subtitle = "enter writes · esc leaves it"
            yield Static(self._explanation, classes="prose")
            yield SafeInput(str(self._path), compact=True)
            yield Static(Content.styled("A file that is there already is never overwritten.", "$ink-faint"))

    @on(Input.Submitted)
    def action_keep(self) -> None:
        """Give the path back."""
        text = self.query_one(Input).value.strip()
        self.dismiss(Path(text).expanduser() if text else None)


def find_free_path(folder: Path, stem: str, suffix: str, *others: str) -> Path:
    """A path in ``folder`` where no file is yet, nor with another suffix. Reads the disk: for a thread."""
    path, number = folder / f"{stem}{suffix}", 1
    while path.exists() or any(path.with_suffix(other).exists() for other in others):
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path
