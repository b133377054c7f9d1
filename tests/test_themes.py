"""Contrast of every theme, and the theme to start in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from zaguan_tui.app.options import app_options
from zaguan_tui.config.launch import LaunchRequest
from zaguan_tui.config.origins import Origins
from zaguan_tui.config.paths import Paths
from zaguan_tui.config.settings import Settings
from zaguan_tui.theme.contrast import BLACK, MARK, TEXT, WHITE, contrast
from zaguan_tui.theme.themes import DARK, OWN_THEMES, choose_theme, variables_for

THEMES = [*OWN_THEMES, *BUILTIN_THEMES.values()]
TRUECOLOUR = [theme for theme in THEMES if not theme.ansi]


GROUNDS = ("background", "surface", "panel", "cursor-row")
TEXTS = (
    *("foreground", "ink-strong", "ink-soft", "ink-faint", "primary", "success", "warning", "error"),
    *("chart-1", "chart-2", "chart-3", "text-primary", "text-success", "text-warning", "text-error"),
)


def colors_of(theme: Theme) -> dict[str, Color]:
    variables = {**theme.to_color_system().generate(), **theme.variables, **variables_for(theme)}
    return {name: Color.parse(variables[name]) for name in (*GROUNDS, *TEXTS)}


def test_contrast_is_what_wcag_says() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == 1
    assert contrast(Color.parse("#777777"), WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", TRUECOLOUR, ids=lambda theme: theme.name)
def test_every_text_colour_is_legible_on_every_ground(theme: Theme) -> None:
    colors = colors_of(theme)
    faint = {
        (text, ground): round(contrast(colors[text], colors[ground]), 2)
        for text in TEXTS
        for ground in GROUNDS
        if contrast(colors[text], colors[ground]) < (MARK if (text, ground) == SIDE_NOTE else TEXT)
    }
    assert faint == {}


SIDE_NOTE = ("ink-faint", "cursor-row")
"""Side notes in the row with the cursor: the row is read, they are seen."""


@pytest.mark.parametrize("theme", TRUECOLOUR, ids=lambda theme: theme.name)
def test_the_row_with_the_cursor_is_in_sight(theme: Theme) -> None:
    colors = colors_of(theme)
    assert contrast(colors["cursor-row"], colors["background"]) > 1.05


@pytest.mark.parametrize("theme", [theme for theme in THEMES if theme.ansi], ids=lambda theme: theme.name)
def test_sixteen_colours_use_only_the_terminals_own(theme: Theme) -> None:
    variables = variables_for(theme)
    assert {value.partition("_")[0] for value in variables.values()} == {"ansi"}
    states = [variables[name] for name in ("success", "warning", "error", "primary", "ink-soft")]
    assert len(set(states)) == len(states), "each state has a colour of its own"


@pytest.mark.parametrize(
    ("environ", "theme"),
    [
        ({"TERM": "xterm"}, "ansi-dark"),
        ({"TERM": "xterm-16color"}, "ansi-dark"),
        ({"TERM": "linux", "COLORFGBG": "15;0"}, "ansi-dark"),
        ({"TERM": "xterm", "COLORFGBG": "0;15"}, "ansi-light"),
        ({"TERM": "rxvt", "COLORFGBG": "0;default;7"}, "ansi-light"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, "ansi-dark"),
        ({"TERM": "xterm-256color"}, DARK),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, DARK),
        ({"TERM": "xterm-256color", "COLORFGBG": "0;15"}, DARK),
        ({"TERM": "xterm-kitty"}, DARK),
    ],
)
def test_the_theme_to_start_in_follows_the_colours_of_the_terminal(
    environ: dict[str, str], theme: str
) -> None:
    assert choose_theme(environ) == theme


def test_a_theme_that_was_asked_for_is_used_on_every_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("COLORTERM", raising=False)
    paths = Paths(Path("config.toml"), Path("data"))
    request = LaunchRequest(settings=Settings(), origins=Origins(), paths=paths)
    assert app_options(request).theme == "ansi-dark"
    assert app_options(replace(request, theme="nord")).theme == "nord"
