"""Palette of the themes; the one that is chosen is remembered for the next start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.theme import ThemeProvider

from zaguan_tui.config.errors import ConfigError

if TYPE_CHECKING:
    from zaguan_tui.app.app import ZaguanApp


class ThemeCommands(ThemeProvider):
    """Offers the themes."""

    @property
    def commands(self) -> list[tuple[str, Callable[[], None]]]:
        """Names of all themes, with what chooses each."""
        app = cast("ZaguanApp", self.app)
        return [(name, partial(choose_theme, app, name)) for name in sorted(app.available_themes)]


def choose_theme(app: ZaguanApp, name: str) -> None:
    """Show a theme and remember it."""
    app.theme = name
    if (save := app.options.save_theme) is not None:
        app.run_worker(_save(app, save, name), group="theme", exit_on_error=False)


async def _save(app: ZaguanApp, save: Callable[[str], None], name: str) -> None:
    try:
        await asyncio.to_thread(save, name)
    except (ConfigError, OSError) as error:
        app.notify(f"The theme is not remembered: {error}", severity="warning", markup=False)
