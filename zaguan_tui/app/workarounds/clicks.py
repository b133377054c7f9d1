"""A click on a widget that was removed, but is still on the screen until the next layout, does nothing."""

from __future__ import annotations

from typing import TypeVar

from textual import events
from textual.app import App
from textual.errors import NoWidget
from textual.screen import Screen

Result = TypeVar("Result")


class AttachedClicks(App[Result]):
    """An app that ignores a mouse button pressed over a removed widget.

    Textual starts a text selection there and reads the region of the widget's parent, which is ``None``.
    """

    async def on_event(self, event: events.Event) -> None:
        """Pass on every event except a press over what has no parent any more."""
        if isinstance(event, events.MouseDown) and self._is_over_removed(event):
            return
        await super().on_event(event)

    def _is_over_removed(self, event: events.MouseDown) -> bool:
        try:
            widget, _ = self.get_widget_at(event.x, event.y)
        except NoWidget:
            return False
        return widget.parent is None and not isinstance(widget, Screen)
