"""What is attached at each place where one writes: every conversation has its own, as it has its draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zaguan_tui.state.chat.message import Attachment


class DraftAttachments:
    """Keeps the attachments of every place; ``place`` tells where one writes now."""

    def __init__(self, place: Callable[[], str]) -> None:
        self._place = place
        self._kept: dict[str, tuple[Attachment, ...]] = {}

    @property
    def here(self) -> tuple[Attachment, ...]:
        """What goes with the prompt that is being written."""
        return self._kept.get(self._place(), ())

    def add(self, attachments: Sequence[Attachment], place: str | None = None) -> None:
        """Put files beside the prompt of a place (``None``: this one); the same one twice is once."""
        at = self._place() if place is None else place
        kept = self._kept.get(at, ())
        self._kept[at] = (*kept, *(file for file in attachments if file not in kept))

    def remove(self, number: int = -1) -> Attachment | None:
        """Take one away (the last one by itself); ``None`` when there is none."""
        here = list(self.here)
        if not -len(here) <= number < len(here):
            return None
        taken = here.pop(number)
        self._kept[self._place()] = tuple(here)
        return taken

    def gone(self, place: str, attachments: Sequence[Attachment]) -> None:
        """These went out from there."""
        kept = self._kept.pop(place, ())
        if left := tuple(file for file in kept if file not in attachments):
            self._kept[place] = left
