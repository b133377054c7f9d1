"""The two themes of our own and the way to the style sheets.

Colour means something or is not there: blue is where you are, green, amber and red are how a thing is doing,
and everything else is a shade of ink. Widgets name only ``$variables``; a theme is the one place with
numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from textual.color import Color
from textual.theme import Theme

from zaguan_tui.theme.contrast import BLACK, MARK, TEXT, WHITE, find_legible_shade, is_legible, mix_shades

DARK = "zaguan-night"
LIGHT = "zaguan-day"

NIGHT = Theme(
    name=DARK,
    primary="#7ab0d6",
    secondary="#9aa7b5",
    accent="#7ab0d6",
    success="#86b98a",
    warning="#d8b25e",
    error="#df7a74",
    foreground="#ccd3da",
    background="#0f1317",
    surface="#141a20",
    panel="#1d252d",
    dark=True,
    variables={
        "ink-strong": "#eef2f5",
        "ink-soft": "#919daa",
        "ink-faint": "#6e7a86",
        "rule": "#2a343e",
        "cursor-row": "#22303c",
        "chart-1": "#7ab0d6",
        "chart-2": "#c2a5d8",
        "chart-3": "#86b98a",
        "block-cursor-background": "#22303c",
        "block-cursor-foreground": "#eef2f5",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#1a232b",
        "input-selection-background": "#7ab0d6 30%",
        "border": "#3d5568",
        "border-blurred": "#2a343e",
        "scrollbar": "#2a343e",
        "scrollbar-hover": "#3a4753",
        "scrollbar-active": "#7ab0d6",
        "scrollbar-background": "#0f1317",
        "scrollbar-background-hover": "#0f1317",
        "scrollbar-background-active": "#0f1317",
        "scrollbar-corner-color": "#0f1317",
        "footer-key-foreground": "#7ab0d6",
        "markdown-h1-color": "#eef2f5",
        "markdown-h2-color": "#eef2f5",
        "markdown-h3-color": "#ccd3da",
    },
)

DAY = Theme(
    name=LIGHT,
    primary="#1f6394",
    secondary="#5b6772",
    accent="#1f6394",
    success="#2f7440",
    warning="#8a5f00",
    error="#b3312c",
    foreground="#2b343c",
    background="#fbfaf7",
    surface="#f4f2ed",
    panel="#e9e6df",
    dark=False,
    variables={
        "ink-strong": "#11181e",
        "ink-soft": "#5a656f",
        "ink-faint": "#7a838b",
        "rule": "#d8d4cb",
        "cursor-row": "#dbe7f0",
        "chart-1": "#1f6394",
        "chart-2": "#7a4a99",
        "chart-3": "#2f7440",
        "block-cursor-background": "#dbe7f0",
        "block-cursor-foreground": "#11181e",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e9eef1",
        "input-selection-background": "#1f6394 25%",
        "border": "#8fb0c7",
        "border-blurred": "#d8d4cb",
        "scrollbar": "#d8d4cb",
        "scrollbar-hover": "#bdb8ad",
        "scrollbar-active": "#1f6394",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#fbfaf7",
        "scrollbar-background-active": "#fbfaf7",
        "scrollbar-corner-color": "#fbfaf7",
        "footer-key-foreground": "#1f6394",
        "markdown-h1-color": "#11181e",
        "markdown-h2-color": "#11181e",
        "markdown-h3-color": "#2b343c",
    },
)

OWN_THEMES = (NIGHT, DAY)


def variables_for(theme: Theme) -> dict[str, str]:
    """Our own colour names for a theme that is not ours, mixed from the colours every Textual theme has."""
    if theme in OWN_THEMES:
        return {}
    colors = theme.to_color_system().generate()
    ink, paper = Color.parse(colors["foreground"]), Color.parse(colors["background"])
    if theme.ansi:
        return _ANSI_VARIABLES
    cursor = _cursor_row(colors)
    grounds = (paper, Color.parse(colors["surface"]), cursor)
    return {
        "ink-strong": find_legible_shade(ink, ink, grounds, TEXT).hex,
        "ink-soft": find_legible_shade(paper.blend(ink, 0.62), ink, grounds, TEXT).hex,
        "ink-faint": find_legible_shade(paper.blend(ink, 0.35), ink, grounds, MARK).hex,
        "rule": paper.blend(ink, 0.2).hex,
        "cursor-row": cursor.hex,
        "chart-1": colors["primary"],
        "chart-2": colors["accent"],
        "chart-3": colors["success"],
    }


def _cursor_row(colors: Mapping[str, str]) -> Color:
    """The ground of the row with the cursor: tinted as strongly as text and states stay legible on it.

    A theme whose ink hardly stands out from its paper gets a row darker than the paper, or a lighter one. A
    state that cannot be read on the theme's own paper has no say.
    """
    paper, ink, primary = (Color.parse(colors[name]) for name in ("background", "foreground", "primary"))
    states = [Color.parse(colors[name]) for name in ("success", "warning", "error")]
    states = [state for state in states if is_legible(state, (paper,), MARK)]
    away = paper.blend(BLACK, 0.5) if is_legible(WHITE, (paper,), TEXT) else WHITE
    tints = [*mix_shades(paper.blend(primary, 0.2), paper.blend(primary, 0.1)), away]
    for tint in tints:
        if is_legible(ink, (tint,), TEXT) and all(is_legible(state, (tint,), MARK) for state in states):
            return tint
    return next((tint for tint in tints if is_legible(ink, (tint,), TEXT)), paper)


_ANSI_VARIABLES = {
    "ink-strong": "ansi_default",
    "ink-soft": "ansi_default",
    "ink-faint": "ansi_bright_black",
    "rule": "ansi_bright_black",
    "cursor-row": "ansi_blue",
    "chart-1": "ansi_blue",
    "chart-2": "ansi_magenta",
    "chart-3": "ansi_green",
}


def styles_directory() -> Path:
    """Where the ``.tcss`` files lie: inside the installed wheel, or beside the package in a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "styles"
    return packaged if packaged.is_dir() else package.parent / "styles"
