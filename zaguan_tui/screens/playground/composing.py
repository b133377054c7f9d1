"""The half of the room that composes: attachments, the editor, the library, and what a send would cost."""

from __future__ import annotations

from zaguan_tui.screens.playground.asking import AskingRoom


class ComposingRoom(AskingRoom):
    """A room whose prompt is more than text."""
