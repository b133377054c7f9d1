"""The half of the room that follows up an answer: go on, answer as the tool, receipt, both dialects."""

from __future__ import annotations

from zaguan_tui.screens.playground.asking import AskingRoom


class ConcludingRoom(AskingRoom):
    """A room whose answers can be followed up."""
