"""Every theme can be read: our own, and what we mix for those that are not ours."""

from __future__ import annotations

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from zaguan_tui.theme.contrast import BLACK, MARK, TEXT, WHITE, contrast
from zaguan_tui.theme.themes import OWN_THEMES, variables_for

THEMES = [*OWN_THEMES, *BUILTIN_THEMES.values()]
TRUECOLOUR = [theme for theme in THEMES if not theme.ansi]


def colors_of(theme: Theme) -> dict[str, Color]:
    variables = {**variables_for(theme), **theme.to_color_system().generate(), **theme.variables}
    names = ("background", "surface", "cursor-row", "foreground", "ink-strong", "ink-soft", "ink-faint")
    return {name: Color.parse(variables[name]) for name in (*names, "success", "warning", "error")}


def test_contrast_is_what_wcag_says() -> None:
    assert contrast(BLACK, WHITE) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == 1
    assert contrast(Color.parse("#777777"), WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", TRUECOLOUR, ids=lambda theme: theme.name)
def test_inks_are_legible(theme: Theme) -> None:
    colors = colors_of(theme)
    for ground in ("background", "surface", "cursor-row"):
        assert contrast(colors["ink-strong"], colors[ground]) >= TEXT
        assert contrast(colors["ink-soft"], colors[ground]) >= TEXT
        assert contrast(colors["ink-faint"], colors[ground]) >= MARK


@pytest.mark.parametrize("theme", TRUECOLOUR, ids=lambda theme: theme.name)
def test_the_row_with_the_cursor_is_legible_and_in_sight(theme: Theme) -> None:
    colors = colors_of(theme)
    row, paper = colors["cursor-row"], colors["background"]
    assert contrast(row, paper) > 1.05
    assert contrast(colors["foreground"], row) >= TEXT
    for state in ("success", "warning", "error"):
        if contrast(colors[state], paper) >= MARK:  # a theme's own colours are its own affair
            assert contrast(colors[state], row) >= MARK, state


@pytest.mark.parametrize("theme", OWN_THEMES, ids=lambda theme: theme.name)
def test_our_own_states_are_legible_everywhere(theme: Theme) -> None:
    colors = colors_of(theme)
    for state in ("success", "warning", "error"):
        for ground in ("background", "surface", "cursor-row"):
            assert contrast(colors[state], colors[ground]) >= TEXT, (state, ground)
