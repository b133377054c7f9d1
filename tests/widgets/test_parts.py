"""Key bar, filter bar, words that change, paint, and the doors for foreign text."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from rich.style import Style
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Offset
from textual.theme import BUILTIN_THEMES
from textual.widgets import Input

from widgets.alone import Alone, alone
from zaguan_tui.actions.registry import ACTIONS, bindings_for
from zaguan_tui.theme.themes import OWN_THEMES
from zaguan_tui.widgets.clickable import ClickZone, zone_at
from zaguan_tui.widgets.filterbar import FilterBar
from zaguan_tui.widgets.foreign_text import cell, foreign, foreign_line, identifier
from zaguan_tui.widgets.keybar import KeyBar
from zaguan_tui.widgets.live_text import LiveText
from zaguan_tui.widgets.status import BREAKER_MARKS, PROVIDER_MARKS
from zaguan_tui.widgets.theme_styles import ThemeStyles


class Keyed(Alone):
    """An app with the providers room's keys and the global ones; notes which ran."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_for("everywhere"), *bindings_for("providers")]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__(KeyBar())
        self.ran: list[str] = []

    def action_sort(self) -> None:
        self.ran.append("sort")

    def action_filter(self) -> None:
        self.ran.append("filter")


async def test_the_key_bar_fits_at_every_width_and_keeps_the_registrys_order() -> None:
    app = Keyed()
    screen = [action for action in ACTIONS if action.shown and action.where == "providers"]
    titles = {action.title: place for place, action in enumerate(screen)}
    async with app.run_test(size=(120, 5)) as pilot:
        await pilot.pause()
        bar = app.screen.query_one(KeyBar)
        for width in (20, 30, 40, 60, 80, 120):
            await pilot.resize_terminal(width, 5)
            await pilot.pause()
            line = bar.render()
            assert line.cell_length <= bar.content_size.width
            shown = [
                word
                for word in line.plain.split()
                if word in titles and word not in ("Help", "Commands", "Quit")
            ]
            assert shown == sorted(shown, key=titles.__getitem__)
        assert "/ Filter  s Sort  esc Close  r Refresh" in bar.render().plain
        assert bar.render().plain.endswith("? Help  ^p Commands  ^q Quit")


async def test_a_click_on_a_key_presses_it() -> None:
    app = Keyed()
    async with app.run_test(size=(100, 5)) as pilot:
        await pilot.pause()
        bar = app.screen.query_one(KeyBar)
        line = bar.render().plain
        for word in ("Sort", "Filter"):
            await pilot.click(KeyBar, offset=(2 + line.index(word), 0))
            await pilot.pause()
        await pilot.click(KeyBar, offset=(2 + len(line.split("Refresh")[0]) + 20, 0))
        await pilot.pause()
        assert app.ran == ["sort", "filter"]


def test_zones() -> None:
    zones = [ClickZone(0, 4, "a"), ClickZone(6, 9, "b")]
    hits = [zone_at(zones, Offset(x, 0)) for x in (0, 3, 4, 5, 6, 8, 9)]
    assert [hit.target if hit else None for hit in hits] == ["a", "a", None, None, "b", "b", None]
    assert zone_at(zones, None) is None


class Filtered(Vertical):
    """Holds a filter bar and notes what it posts."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        yield FilterBar("words, field:value")

    @on(FilterBar.Changed)
    def _changed(self, event: FilterBar.Changed) -> None:
        self.heard.append(event.text)

    @on(FilterBar.Left)
    def _left(self) -> None:
        self.heard.append("left")


async def test_the_filter_bars_life() -> None:
    around = Filtered()
    async with alone(around) as pilot:
        bar = around.query_one(FilterBar)
        assert not bar.display
        bar.open()
        await pilot.press("a", "b")
        assert around.heard == ["a", "ab"]
        await pilot.press("enter")
        assert around.heard[-1] == "left"
        assert bar.display, "a filter that is in force stays in sight"
        bar.open()
        await pilot.press("escape")
        await pilot.pause()
        assert (bar.text, bar.display) == ("", False)
        assert sorted(around.heard[-2:]) == ["", "left"]
        bar.open()
        await pilot.press("down")
        assert not bar.display, "an empty filter needs no line"


@pytest.mark.parametrize("width", [80, 120])
async def test_a_long_note_leaves_room_to_type_and_to_count(width: int) -> None:
    around = Filtered()
    async with alone(around, size=(width, 5)) as pilot:
        bar = around.query_one(FilterBar)
        bar.open()
        bar.show_counts(
            3,
            1842,
            "There is no field nosuch; there are name, id, state, verdict, breaker, p50, p95, errors.",
        )
        await pilot.pause()
        assert bar.query_one(Input).size.width >= 12
        strips = pilot.app.screen._compositor.render_strips()
        line = "".join(segment.text for segment in strips[bar.region.y])
        assert "3 of 1,842" in line


async def test_words_are_drawn_anew_only_when_they_say_something_else() -> None:
    words = LiveText()
    drawn: list[str] = []
    async with alone(words, css="LiveText { height: auto; }") as pilot:
        update = words.update

        def counted(content: Any = "", *, layout: bool = True) -> None:
            drawn.append(f"{content} {layout}")
            update(content, layout=layout)

        words.update = counted  # type: ignore[method-assign]
        words.say(Content("one"))
        await pilot.pause()
        words.say(Content("one"))
        words.say(Content("two"))
        words.say(Content("two\nlines"))
        await pilot.pause()
        assert drawn[1:] == ["two False", "two\nlines True"]
        assert words.size.height == 2


COLORS = (
    *("ink-strong", "ink-soft", "ink-faint", "foreground", "chart-1", "chart-2", "chart-3", "rule"),
    *("success", "warning", "error", "primary", "cursor-row"),
)


@pytest.mark.parametrize("theme", [*BUILTIN_THEMES, *(own.name for own in OWN_THEMES)])
async def test_every_theme_has_every_colour(theme: str) -> None:
    app = Alone()
    app.theme = theme
    variables = app.get_css_variables()
    paint = ThemeStyles(variables)
    for color in COLORS:
        assert color in variables
        style = paint.style(color)
        assert isinstance(style, Style)
        assert style.color is not None
        if theme.startswith("ansi"):
            assert style.color.is_default or style.color.number is not None, (
                f"{color} is not the terminal's own"
            )
    for mark in (*PROVIDER_MARKS.values(), *BREAKER_MARKS.values()):
        assert paint.badge(mark).plain == f"{mark.shape} {mark.word}"


def test_paint_asks_for_each_style_once_and_survives_an_unknown_colour() -> None:
    paint = ThemeStyles({"error": "#ff0000"})
    assert paint.style("error") is paint.style("error")
    assert paint.style("error", bold=True).bold
    assert paint.style("no-such").color is not None
    assert paint.text("x", "error", right=True).justify == "right"


def test_the_doors_for_foreign_text() -> None:
    assert (
        foreign(None).plain == foreign_line(None).plain == identifier(None).plain == cell(None).plain == "–"
    )
    assert foreign("a\n[b]").plain == "a\n[b]"
    assert foreign_line("a\nb [red]").plain == "a␤b [red]"
    assert foreign_line("abcdef", limit=4).plain == "abc…"
    assert identifier("a\u202eb").plain == "a‹U+202E›b"
    assert cell("a\x1b[31mb", right=True).justify == "right"
    assert "\x1b" not in cell("a\x1b[31mb").plain
    assert not cell("[red]x[/red]").spans


def test_bindings_know_what_they_are() -> None:
    for binding in bindings_for("providers"):
        assert isinstance(binding, Binding)
        assert binding.id
        assert binding.tooltip
