"""How a person wants the app: the options that the configuration and the command line fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from zaguan_tui.screens.registry import FIRST_ROOM
from zaguan_tui.themes import DARK


@dataclass(frozen=True, slots=True)
class AppOptions:
    """How a person wants the app: theme name, first room, what moves, what enter does, keys by action id."""

    theme: str = DARK
    first_room: str = FIRST_ROOM
    animation: Literal["none", "basic", "full"] = "basic"
    enter_sends: bool = True
    keymap: Mapping[str, str] = field(default_factory=dict)
