"""Theme colours for Rich text: table cells know no ``$variables``, so they are mixed here, at the last
moment."""

from __future__ import annotations

from collections.abc import Mapping

from rich.style import Style
from rich.text import Text
from textual.color import Color

from zaguan_tui.widgets.status import Mark


class ThemeStyles:
    """The colours of one theme as Rich styles. Make a new one when the theme changes."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._styles: dict[tuple[str, bool], Style] = {}

    def style(self, color: str, *, bold: bool = False) -> Style:
        """The style of a theme colour name such as ``success`` or ``ink-soft``."""
        cached = self._styles.get((color, bold))
        if cached is None:
            value = Color.parse(self._variables.get(color, "ansi_default"))
            cached = self._styles[color, bold] = Style(color=value.rich_color, bold=bold)
        return cached

    def text(self, text: str, color: str = "foreground", *, bold: bool = False, right: bool = False) -> Text:
        """Literal text of this program in a colour. Foreign text goes through :func:`.foreign_text.cell`."""
        return Text(text, self.style(color, bold=bold), justify="right" if right else "left", no_wrap=True)

    def badge(self, mark: Mark) -> Text:
        """Shape and word of a state."""
        return self.text(f"{mark.shape} {mark.word}", mark.color)
