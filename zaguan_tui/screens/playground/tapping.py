"""The half of the room that watches the wire."""

from __future__ import annotations

from zaguan_tui.screens.playground.asking import AskingRoom


class TappingRoom(AskingRoom):
    """A room with a wire tap beside the answers."""
