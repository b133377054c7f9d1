"""Text that changes often: redrawn only when it says something else, laid out anew only when it grows.

``Static.update`` lays the whole screen out again each time; once a second, that is most of what an idle
program does.
"""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static


class LiveText(Static):
    """A Static for content that a clock moves: ages, countdowns, figures."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  # Textual's name
        super().__init__("", id=id, classes=classes)
        self._shown_content = Content("")

    def say(self, content: Content) -> None:
        """Show ``content``; costs nothing when it is what stands there already."""
        if content.is_same(self._shown_content):
            return
        before, self._shown_content = self._shown_content, content
        self.update(content, layout=self._height_of(content) != self._height_of(before))

    def _height_of(self, content: Content) -> int:
        width = self.content_size.width
        return content.get_height({}, width) if width else -1
