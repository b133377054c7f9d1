"""Resizes that end.

A screen that is resized lays itself out and posts itself a resize of its new size. Two resizes in quick
succession (somebody drags the edge of the window) with other messages between them bring two sizes under way,
each of which posts itself again for ever. A size that is no longer the terminal's is replaced here.
"""

from __future__ import annotations

from textual.events import Event, Resize
from textual.screen import Screen
from textual.widget import Widget


async def _on_event_with_present_size(screen: Screen[object], event: Event) -> None:
    size = screen.app.size
    if isinstance(event, Resize) and event.size != size:
        event.size = event.virtual_size = event.container_size = size
    await Widget.on_event(screen, event)


def end_resizes() -> None:
    """Let every screen take the present size of the terminal for its own."""
    Screen.on_event = _on_event_with_present_size  # type: ignore[method-assign, assignment]
