"""The half of the room that keeps conversations: find, rename, fork, edit, export, import, delete."""

from __future__ import annotations

from zaguan_tui.screens.playground.asking import AskingRoom


class ConversingRoom(AskingRoom):
    """A room whose conversations can be managed."""
