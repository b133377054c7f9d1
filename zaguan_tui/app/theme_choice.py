"""Palette of the themes; the one that is chosen is remembered for the next start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.theme import ThemeProvider

from zaguan_tui.app.options import AppOptions
from zaguan_tui.config.errors import ConfigError


@runtime_checkable
class AppWithOptions(Protocol):
    """An app that was started with options."""

    options: AppOptions


class ThemeCommands(ThemeProvider):
    """Offers the themes."""

    @property
    def commands(self) -> list[tuple[str, Callable[[], None]]]:
        """Names of all themes, with what chooses each."""
        save = self.app.options.save_theme if isinstance(self.app, AppWithOptions) else None
        choose = partial(choose_theme, self.app, save)
        return [(name, partial(choose, name)) for name in sorted(self.app.available_themes)]


def choose_theme(app: App[Any], save: Callable[[str], None] | None, name: str) -> None:
    """Show a theme and remember it."""
    app.theme = name
    if save is not None:
        app.run_worker(_save(app, save, name), group="theme", exit_on_error=False)


async def _save(app: App[Any], save: Callable[[str], None], name: str) -> None:
    try:
        await asyncio.to_thread(save, name)
    except (ConfigError, OSError) as error:
        app.notify(f"The theme is not remembered: {error}", severity="warning", markup=False)
