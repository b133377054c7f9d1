"""Options of the app: theme, first screen, animation, keymap, filled in by configuration and command line."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, cast

from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.paths import Paths
from zaguan_tui.features.registry import FIRST_SCREEN
from zaguan_tui.theme.themes import DARK, choose_theme


@dataclass(frozen=True, slots=True)
class AppOptions:
    """Theme name, first screen, what moves, what enter does, and keys by action id.

    ``save_theme`` remembers a theme by its name and raises ``ConfigError`` or ``OSError``.
    """

    theme: str = DARK
    first_screen: str = FIRST_SCREEN
    animation: Literal["none", "basic", "full"] = "basic"
    enter_sends: bool = True
    keymap: Mapping[str, str] = field(default_factory=dict)
    save_theme: Callable[[str], None] | None = None


def app_options(request: LaunchRequest) -> AppOptions:
    """The options that a checked command line and configuration ask for."""
    settings = request.settings
    return AppOptions(
        theme=request.theme or choose_theme(os.environ),
        first_screen=request.screen or FIRST_SCREEN,
        animation=cast(Literal["none", "basic", "full"], settings.animation),
        enter_sends=settings.prompt.enter == "send",
        keymap=settings.keys,
        save_theme=partial(_save_theme, request.paths),
    )


def _save_theme(paths: Paths, name: str) -> None:
    from zaguan_tui.config.save_profile import save_theme

    save_theme(paths, name)
