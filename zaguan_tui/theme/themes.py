"""Own themes, variables of foreign ones, the theme to start in, and the folder of the style sheets.

Colour means focus (blue) or state (green, amber, red); everything else is a shade of ink. Widgets name only
``$variables``; a theme is the one place with numbers. Text is read at 4.5:1 or better on every ground.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from textual.color import Color
from textual.theme import Theme

from zaguan_tui.theme.contrast import BLACK, TEXT, WHITE, find_legible_shade, is_legible, mix_shades

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
        "ink-soft": "#9da8b4",
        "ink-faint": "#818d99",
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
        "ink-soft": "#4c5761",
        "ink-faint": "#5d6871",
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
    """The variables that a foreign theme lacks, or whose colours cannot be read there; none for an own theme.

    The theme's own hues stay where they stand out enough, else they move towards its ink.
    """
    if theme in OWN_THEMES:
        return {}
    if theme.ansi:
        return _ANSI_DARK if theme.dark else _ANSI_LIGHT
    colors = {**theme.to_color_system().generate(), **theme.variables}
    ink, paper, surface, panel = (Color.parse(colors[name]) for name in ("foreground", *_GROUNDS))
    cursor = _cursor_row(ink, paper, Color.parse(colors["primary"]))
    grounds = (paper, surface, panel, cursor)

    def legible(start: Color) -> str:
        return find_legible_shade(start, ink, grounds, TEXT).hex

    hues = {name: legible(Color.parse(colors[name])) for name in _HUES}
    return {
        **hues,
        **{f"text-{name}": hue for name, hue in hues.items()},
        "foreground": legible(ink),
        "ink-strong": legible(ink),
        "ink-soft": legible(paper.blend(ink, 0.62)),
        "ink-faint": find_legible_shade(paper.blend(ink, 0.35), ink, grounds[:3], TEXT).hex,
        "rule": paper.blend(ink, 0.2).hex,
        "cursor-row": cursor.hex,
        "chart-1": hues["primary"],
        "chart-2": hues["accent"],
        "chart-3": hues["success"],
    }


_GROUNDS = ("background", "surface", "panel")
_HUES = ("primary", "accent", "success", "warning", "error")


def _cursor_row(ink: Color, paper: Color, primary: Color) -> Color:
    """The ground of the row with the cursor: tinted as strongly as the text stays legible on it.

    A theme whose ink hardly stands out from its paper gets a row darker than the paper, or a lighter one.
    """
    away = paper.blend(BLACK, 0.5) if is_legible(WHITE, (paper,), TEXT) else WHITE
    tints = (*mix_shades(paper.blend(primary, 0.2), paper.blend(primary, 0.1)), away)
    return next((tint for tint in tints if is_legible(ink, (tint,), TEXT)), paper)


_ANSI_DARK = {
    "primary": "ansi_cyan",
    "accent": "ansi_magenta",
    "success": "ansi_green",
    "warning": "ansi_yellow",
    "error": "ansi_bright_red",
    "text-primary": "ansi_cyan",
    "text-error": "ansi_bright_red",
    "ink-strong": "ansi_default",
    "ink-soft": "ansi_default",
    "ink-faint": "ansi_default",
    "rule": "ansi_bright_black",
    "border": "ansi_cyan",
    "cursor-row": "ansi_blue",
    "chart-1": "ansi_cyan",
    "chart-2": "ansi_magenta",
    "chart-3": "ansi_green",
}
"""Sixteen colours on a dark ground. A terminal's own blue is too dark for text, and bright black is the
ground itself in some palettes, so that only rules have it."""

_ANSI_LIGHT = {
    **_ANSI_DARK,
    "primary": "ansi_blue",
    "warning": "ansi_magenta",
    "error": "ansi_red",
    "text-primary": "ansi_blue",
    "text-warning": "ansi_magenta",
    "text-error": "ansi_red",
    "border": "ansi_blue",
    "chart-1": "ansi_blue",
}
"""Sixteen colours on a light ground, where yellow cannot be read."""


def choose_theme(environ: Mapping[str, str]) -> str:
    """The theme to start in where none was chosen: the terminal's own colours where it has only sixteen.

    ``COLORFGBG`` says which ground such a terminal has; without it, dark.
    """
    from rich.console import Console

    console = Console(force_terminal=True, _environ=environ)
    if console.color_system not in ("standard", "windows"):
        return DARK
    ground = environ.get("COLORFGBG", "").rpartition(";")[2]
    return "ansi-light" if ground in ("7", "15") else "ansi-dark"


def styles_directory() -> Path:
    """Where the ``.tcss`` files lie: inside the installed wheel, or beside the package in a checkout."""
    package = Path(__file__).parents[1]
    packaged = package / "styles"
    return packaged if packaged.is_dir() else package.parent / "styles"
