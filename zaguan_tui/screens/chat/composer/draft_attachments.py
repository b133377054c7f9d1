"""The files attached to each draft: every conversation has its own, as it has its own text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zaguan_tui.state.chat.message import Attachment


class DraftAttachments:
    """Attachments by draft place; ``current_place`` gives that of the open conversation."""

    def __init__(self, current_place: Callable[[], str]) -> None:
        self._current_place = current_place
        self._by_place: dict[str, tuple[Attachment, ...]] = {}

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The attachments of the draft that is being written."""
        return self._by_place.get(self._current_place(), ())

    def add(self, attachments: Sequence[Attachment], place: str | None = None) -> None:
        """Attach files to a draft (``None``: the open one); the same file twice is once."""
        at = self._current_place() if place is None else place
        files = self._by_place.get(at, ())
        self._by_place[at] = (*files, *(file for file in attachments if file not in files))

    def remove(self, number: int = -1) -> Attachment | None:
        """Take one away (the last one by itself); ``None`` when there is none."""
        files = list(self.files)
        if not -len(files) <= number < len(files):
            return None
        removed = files.pop(number)
        self._by_place[self._current_place()] = tuple(files)
        return removed

    def remove_sent(self, place: str, attachments: Sequence[Attachment]) -> None:
        """Take away what was sent from a draft."""
        files = self._by_place.pop(place, ())
        if rest := tuple(file for file in files if file not in attachments):
            self._by_place[place] = rest
