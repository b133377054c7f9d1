"""The half of the room that tunes: parameters, tools, formats, dialect, presets."""

from __future__ import annotations

from zaguan_tui.screens.playground.asking import AskingRoom


class TuningRoom(AskingRoom):
    """A room whose prompts have parameters."""
