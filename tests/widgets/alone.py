"""A widget alone on a screen, with our themes and style sheets, and a line to draw one-line widgets on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App, ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.pilot import Pilot
from textual.widget import Widget

from zaguan_tui.theme.themes import DARK, OWN_THEMES, styles_directory, variables_for


class Alone(App[None]):
    """Shows the widgets it is given, one below the other."""

    def __init__(self, *widgets: Widget, theme: str = DARK, css: str = "") -> None:
        if css:
            self.CSS = css  # type: ignore[misc]  # read by the base's constructor only
        super().__init__(css_path=[str(styles_directory() / name) for name in ("base.tcss", "chrome.tcss")])
        self._widgets = widgets
        for own in OWN_THEMES:
            self.register_theme(own)
        self.theme = theme
        self.animation_level = "none"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return variables_for(self.current_theme)

    def compose(self) -> ComposeResult:
        yield from self._widgets


@asynccontextmanager
async def alone(
    *widgets: Widget, size: tuple[int, int] = (80, 24), theme: str = DARK, css: str = ""
) -> AsyncIterator[Pilot[Any]]:
    """Run an app with these widgets; the first frame is painted when it begins."""
    async with Alone(*widgets, theme=theme, css=css).run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield pilot


def on_line(kind: type[Any], width: int, *arguments: Any) -> Any:
    """A one-line widget that believes to be ``width`` cells wide, without an app."""
    fixed = type(kind.__name__, (kind,), {"content_size": property(lambda self: Size(width, 1))})
    return fixed(*arguments)


def styles_in(content: Content) -> set[str]:
    """The styles a content is written in."""
    return {str(span.style) for span in content.spans}
