"""Pick a file by a few letters of its name, or walk to it: / ~ and .. lead out of the present folder."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from textual import on, work
from textual.content import Content
from textual.widgets import Input, OptionList

from zaguan_tui.state.chat.file_listing import (
    PathEntry,
    PathListing,
    list_files_below,
    list_folder,
    split_typed_path,
)
from zaguan_tui.text.cells import right
from zaguan_tui.text.format import size
from zaguan_tui.text.sanitize import clean_line, reveal
from zaguan_tui.widgets.match_list import PickerItem, PickerMatch, Search, make_search
from zaguan_tui.widgets.picker import Picker

SEARCHING: Final = "Looking for files …"
NO_FILES: Final = "No file here. Type a path: / ~/ or ../"


class FilePicker(Picker):
    """Dismisses with the path of a file. ``typed`` is what was typed, also when it was closed without one."""

    def __init__(self, root: Path) -> None:
        super().__init__("Attach a file", _nothing, total=0, empty=SEARCHING)
        self._root = root
        self._folder: tuple[Path, bool] | None = None
        self._below: tuple[Search, int, str] = (_nothing, 0, SEARCHING)
        self.typed = ""

    def on_mount(self) -> None:
        """List the files in a thread."""
        self._look()

    @work(group="look", exit_on_error=False)
    async def _look(self) -> None:
        search, places = await asyncio.to_thread(_search_files, self._root)
        self._below = (search, len(places.entries), "" if places.entries else NO_FILES)
        if self._folder is None:
            self._show_below()

    @work(group="enter", exclusive=True, exit_on_error=False)
    async def _enter(self, folder: Path, hidden: bool) -> None:
        places = await asyncio.to_thread(list_folder, folder, hidden=hidden)
        search = make_search(_items(places.entries))
        empty = "" if places.entries else "There is nothing in this folder that can be read."
        self.offer(lambda text: search(_last_part(text)), total=len(places.entries), empty=empty)

    @on(Input.Changed)
    def _path_typed(self, event: Input.Changed) -> None:
        event.prevent_default()
        self.typed = event.value
        place = split_typed_path(event.value, self._root)
        if place is None:
            if self._folder is None:
                self._show(event.value)
            else:
                self._folder = None
                self._show_below()
            return
        folder, rest = place
        listing = folder, rest.startswith(".")
        if listing == self._folder:
            self._show(event.value)
        else:
            self._folder = listing
            self._enter(*listing)

    @on(Input.Submitted)
    def _path_submitted(self, event: Input.Submitted) -> None:
        event.prevent_default()
        self._pick(self._highlighted)

    @on(OptionList.OptionSelected)
    def _path_selected(self, event: OptionList.OptionSelected) -> None:
        event.prevent_default()
        self._pick(event.option.id)

    def _pick(self, key: str | None) -> None:
        """A folder is entered, a file is taken."""
        if key is None:
            return
        if not key.endswith("/"):
            self.dismiss(key)
            return
        field = self.query_one(Input)
        before = field.value if field.value in ("~", "..", ".") else field.value.rpartition("/")[0]
        field.value = f"{before}/{Path(key).name}/"
        field.cursor_position = len(field.value)

    def _show_below(self) -> None:
        search, total, empty = self._below
        self.offer(search, total=total, empty=empty)


def _nothing(_text: str) -> Sequence[PickerMatch]:
    return ()


def _search_files(root: Path) -> tuple[Search, PathListing]:
    places = list_files_below(root)
    return make_search(_items(places.entries)), places


def _items(places: Sequence[PathEntry]) -> list[PickerItem]:
    return [
        PickerItem(
            f"{place.path}/" if place.folder else place.path,
            clean_line(reveal(place.name)),
            Content.styled(right("folder" if place.folder else size(place.size), 9), "$ink-soft"),
        )
        for place in places
    ]


def _last_part(text: str) -> str:
    return "" if text in ("~", ".", "..") else text.rpartition("/")[2]
